"""Pictures whose pixels are numbers of colours."""

from corrupt_samples.encode import encode, palette, png, tiff

SAMPLES = {
    "photo.png": lambda picture: png(palette(picture)),
    "sixteen_colours.png": lambda picture: png(palette(picture, 16), bits=4),
    "photo.gif": lambda picture: encode(palette(picture), "GIF"),
    "photo.bmp": lambda picture: encode(palette(picture), "BMP"),
    "photo.tif": lambda picture: tiff(palette(picture)),
    "photo.pcx": lambda picture: encode(palette(picture), "PCX"),
}
