"""Pictures with a side of a few pixels."""

from corrupt_samples.encode import encode, jpeg, palette, png

SAMPLES = {
    "pixel.gif": lambda picture: encode(palette(picture.crop((48, 48, 49, 49)), 2), "GIF"),
    "icon.png": lambda picture: png(picture.resize((8, 8))),
    "icon.jpg": lambda picture: jpeg(picture.resize((9, 9))),
    "line.jpg": lambda picture: jpeg(picture.crop((0, 0, 24, 8))),
}
