"""Lines that name the same file with the same label again."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\na.jpg 0\n./b.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
}
