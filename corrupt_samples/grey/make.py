"""Pictures of one channel."""

from corrupt_samples.encode import encode, jpeg, png, sixteen_bits, tiff

SAMPLES = {
    "photo.jpg": lambda picture: jpeg(picture.convert("L")),
    "progressive.jpg": lambda picture: jpeg(picture.convert("L"), progressive=True),
    "photo.png": lambda picture: png(picture.convert("L")),
    "alpha.png": lambda picture: png(picture.convert("LA")),
    "two_tones.png": lambda picture: png(picture.convert("1", dither=0)),
    "sixteen_bits.png": lambda picture: png(sixteen_bits(picture)),
    "photo.tif": lambda picture: tiff(picture.convert("L")),
    "photo.pgm": lambda picture: encode(picture.convert("L"), "PPM"),
    "photo.jp2": lambda picture: encode(picture.convert("L"), "JPEG2000"),
}
