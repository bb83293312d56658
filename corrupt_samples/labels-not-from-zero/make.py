"""Labels 1 to 3."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 1\nb.jpg 2\nc.jpg 3\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
}
