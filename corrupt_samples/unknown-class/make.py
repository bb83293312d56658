"""Class names that are not in the list of classes, one of them misspelt."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.csv"]\nclasses = "classes.txt"\n',
    "classes.txt": b"cat\ndog\n",
    "train.csv": b"path,label\na.jpg,cat\nb.jpg,dog\nc.jpg,Dog\nd.jpg,horse\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
}
