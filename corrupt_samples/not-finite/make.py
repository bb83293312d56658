"""Pictures of floating-point pixels of which one is no number."""

from math import inf, nan

from corrupt_samples.encode import floats, pfm, tiff

SAMPLES = {
    "nan.tif": lambda picture: tiff(floats(picture, spoil=nan)),
    "infinite.tif": lambda picture: tiff(floats(picture, spoil=inf)),
    "deflate.tif": lambda picture: tiff(floats(picture, spoil=-inf), compression="tiff_adobe_deflate"),
    "nan.pfm": lambda picture: pfm(picture, spoil=nan),
}
