"""Lines that cannot be taken apart: a carriage return inside, a NUL byte, a label without a path."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"a.jpg 0\nb.jpg 1\nc.jpg 0\rd.jpg 1\na\0.jpg 0\n 1\n",
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
    "d.jpg": jpeg,
}
