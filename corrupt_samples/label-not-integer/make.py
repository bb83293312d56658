"""Labels of which Caffe's `atoi` makes 0, 1 and anything."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\nc.jpg cat\nd.jpg 1.9\ne.jpg 99999999999\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
    "e.jpg": jpeg,
}
