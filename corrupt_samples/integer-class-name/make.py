"""A table in which most labels are names, and some are numbers."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.csv"]\n',
    "train.csv": b"path,label\na.jpg,cat\nb.jpg,1\nc.jpg,dog\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
}
