"""Pictures of floating-point pixels."""

from corrupt_samples.encode import floats, pfm, tiff

SAMPLES = {
    "raw.tif": lambda picture: tiff(floats(picture)),
    "deflate.tif": lambda picture: tiff(floats(picture), compression="tiff_adobe_deflate"),
    "photo.pfm": pfm,
}
