"""A list that is older than its folder."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"old_1.jpg 0\nold_2.jpg 1\n",
    "old_1.jpg": jpeg,
    "old_2.jpg": jpeg,
    "new_1.jpg": jpeg,
    "new_2.jpg": jpeg,
}
