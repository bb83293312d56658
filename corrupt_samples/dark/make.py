"""Pictures that are dark all over."""

from corrupt_samples.encode import jpeg, png, webp

SAMPLES = {
    "underexposed.jpg": lambda picture: jpeg(picture.point(lambda level: level // 5)),
    "underexposed_grey.jpg": lambda picture: jpeg(picture.convert("L").point(lambda level: level // 4)),
    "underexposed.png": lambda picture: png(picture.point(lambda level: level // 8)),
    "covered.webp": lambda picture: webp(picture.point(lambda level: 4 + level // 10)),
}
