"""Pictures that are bright all over."""

from corrupt_samples.encode import jpeg, png, webp

SAMPLES = {
    "overexposed.jpg": lambda picture: jpeg(picture.point(lambda level: min(255, 242 + level // 16))),
    "overexposed_grey.jpg": lambda picture: jpeg(picture.convert("L").point(lambda level: 242 + level // 16)),
    "overexposed.png": lambda picture: png(picture.point(lambda level: min(255, 234 + level // 4))),
    "faded.webp": lambda picture: webp(picture.point(lambda level: 243 + level // 21)),
}
