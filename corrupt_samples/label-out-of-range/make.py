"""Two classes, and a label 2; the label 255 is one that training ignores."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\nnum-classes = 2\nignore-label = [255]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\nc.jpg 2\nd.jpg 255\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
}
