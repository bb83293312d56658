"""Sound pictures that need an RGB copy, and the copy another extension."""

from corrupt_samples.encode import encode, palette, tiff, transparent, webp

SAMPLES = {
    "sanitize.toml": b"images = true\n",
    "photo.gif": lambda picture: encode(picture, "GIF"),
    "photo.webp": webp,
    "alpha.webp": lambda picture: webp(transparent(picture)),
    "photo.bmp": lambda picture: encode(picture, "BMP"),
    "palette.bmp": lambda picture: encode(palette(picture), "BMP"),
    "cmyk.tif": lambda picture: tiff(picture.convert("CMYK")),
}
