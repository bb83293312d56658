"""Pictures on two lists: as the same file, as a copy, and as one that was saved again."""

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo

_COPIED = jpeg(photo("split-leak/copied.jpg"))
_SAVED_AGAIN = photo("split-leak/saved_again.jpg")

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt", "test.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\ncopied.jpg 0\nsaved_again.jpg 1\n",
    "test.txt": b"c.jpg 0\nb.jpg 1\ncopy.jpg 0\nsaved_again.png 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "copied.jpg": _COPIED,
    "copy.jpg": _COPIED,
    "saved_again.jpg": jpeg(_SAVED_AGAIN, quality=70),
    "saved_again.png": png(_SAVED_AGAIN),
}
