"""Paths in other letters than the files': case, Unicode form, backslashes."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": "a.jpg 0\nB.JPG 1\ncafe\u0301.jpg 0\ncats\\d.jpg 1\n".encode(),
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "caf\u00e9.jpg": jpeg,
    "cats/d.jpg": jpeg,
}
