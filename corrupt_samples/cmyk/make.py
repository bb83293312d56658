"""Pictures of printing inks."""

from corrupt_samples.encode import encode, jpeg, tiff

SAMPLES = {
    "photo.jpg": lambda picture: jpeg(picture.convert("CMYK")),
    "progressive.jpg": lambda picture: jpeg(picture.convert("CMYK"), progressive=True),
    "photo.tif": lambda picture: tiff(picture.convert("CMYK"), compression="tiff_lzw"),
    "photo.jp2": lambda picture: encode(picture.convert("CMYK"), "JPEG2000"),
}
