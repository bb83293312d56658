"""A list with a byte-order mark, which Caffe takes for a part of the first name."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"\xef\xbb\xbfa.jpg 0\nb.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
}
