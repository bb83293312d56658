"""A list with an empty line and one of blanks only."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\n\nb.jpg 1\n  \nc.jpg 0\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
}
