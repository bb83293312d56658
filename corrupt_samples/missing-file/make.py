"""Lines whose file is not there: one is misspelt, one has another extension, of one there is no trace."""

from corrupt_samples.encode import jpeg

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": b"photo_1.jpg 0\nphoto_2.jpg 1\nphoto_1.png 0\nphoto_22.jpg 1\nnowhere/else.jpg 1\n",
    "photo_1.jpg": jpeg,
    "photo_2.jpg": jpeg,
}
