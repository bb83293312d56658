"""The same picture under two labels: as one file, within a list and between two, and as copies."""

import io

from PIL import Image

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo

_COPIED = jpeg(photo("conflicting-labels/copied.jpg"))
_LOSSLESS = jpeg(photo("conflicting-labels/lossless.jpg"))
_SAVED_AGAIN = photo("conflicting-labels/saved_again.jpg")

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt", "val.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\na.jpg 1\nc.jpg 0\ne.jpg 0\n"
    b"copied.jpg 0\ncopy.jpg 1\nlossless.jpg 0\nlossless.png 1\nsaved_again.jpg 0\n",
    "val.txt": b"c.jpg 1\nd.jpg 1\nsaved_again_small.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
    "e.jpg": jpeg,
    "copied.jpg": _COPIED,
    "copy.jpg": _COPIED,
    "lossless.jpg": _LOSSLESS,
    "lossless.png": png(Image.open(io.BytesIO(_LOSSLESS))),
    "saved_again.jpg": jpeg(_SAVED_AGAIN),
    "saved_again_small.jpg": jpeg(_SAVED_AGAIN.resize((72, 72)), quality=70),
}
