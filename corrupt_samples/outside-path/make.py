"""Paths that leave the folder of images."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\n../../secret.jpg 0\n/etc/elsewhere.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
}
