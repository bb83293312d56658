"""Damaged pictures of which something decodes."""

from corrupt_samples.encode import encode, jpeg, png
from corrupt_samples.surgery import cut, zeroed

SAMPLES = {
    "sanitize.toml": b"salvage = true\n",
    "cut.jpg": lambda picture: cut(jpeg(picture), 0.7),
    "cut_progressive.jpg": lambda picture: cut(jpeg(picture, progressive=True), 0.75),
    "zeroed.jpg": lambda picture: zeroed(jpeg(picture), 0.6, 400),
    "cut.png": lambda picture: cut(png(picture), 0.7),
    "cut.bmp": lambda picture: cut(encode(picture, "BMP"), 0.7),
}
