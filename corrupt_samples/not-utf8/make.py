"""A list with a name in Latin-1, from a time before UTF-8."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\ncaf\xe9.jpg 1\nb.jpg 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
}
