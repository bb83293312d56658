"""A long name; the limit is lowered here, for not every file system holds a path of 502 bytes."""

from corrupt_samples.encode import jpeg

_NAME = "photo_" + "of_a_very_long_description_" * 3 + "1.jpg"

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n\n[long-name]\nmax-bytes = 60\n',
    "train.txt": f"a.jpg 0\n{_NAME} 1\n".encode(),
    "a.jpg": jpeg,
    _NAME: jpeg,
}
