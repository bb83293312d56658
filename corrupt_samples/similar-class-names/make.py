"""A table in which one class is written in three ways."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.csv"]\n',
    "train.csv": b"path,label\na.jpg,happiness\nb.jpg,HAPPINESS\nc.jpg,anger\nd.jpg, Happiness\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
}
