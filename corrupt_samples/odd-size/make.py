"""Pictures far larger or smaller than all the other samples."""

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import product

SAMPLES = {
    "large.jpg": lambda _picture: jpeg(product("odd-size/large.jpg", 1024, 768)),
    "large.png": lambda _picture: png(product("odd-size/large.png", 800, 900)),
    "small.jpg": lambda picture: jpeg(picture.resize((16, 12))),
    "small.png": lambda picture: png(picture.resize((14, 14))),
}
