"""A list with the line ends of Windows on some of its lines."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\r\nb.jpg 1\r\nc.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
}
