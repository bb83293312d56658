"""Four classes, of which one is on no line and one only on a line whose picture is damaged."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\nclasses = "classes.txt"\n',
    "classes.txt": b"cat\ndog\nfox\nowl\n",
    "train.txt": b"a.jpg 0\nb.jpg 2\nempty.jpg 3\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "empty.jpg": b"",
}
