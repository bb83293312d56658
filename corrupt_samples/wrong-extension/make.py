"""Sound pictures under the extension of another format, or under none."""

from corrupt_samples.encode import avif, encode, jpeg, png, webp

SAMPLES = {
    "png.jpg": png,
    "webp.jpg": webp,
    "avif.jpg": avif,
    "gif.jpg": lambda picture: encode(picture, "GIF"),
    "bmp.png": lambda picture: encode(picture, "BMP"),
    "jpeg.png": jpeg,
    "jpeg.gif": jpeg,
    "jpeg.tif": jpeg,
    "no_extension": jpeg,
    "unfinished.jpg.part": jpeg,
    "addressed.jpg@width=200": jpeg,
}
