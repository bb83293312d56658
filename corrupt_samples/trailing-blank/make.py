"""Blanks after the label; the last line's file is not there either."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0 \nb.jpg 1\nc.jpg 1   \nnowhere.jpg 1 \n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
}
