"""The same file under two labels, within a list and between two."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt", "val.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\na.jpg 1\nc.jpg 0\ne.jpg 0\n",
    "val.txt": b"c.jpg 1\nd.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
    "e.jpg": jpeg,
}
