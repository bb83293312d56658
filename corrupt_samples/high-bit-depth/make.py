"""Pictures of more than 8 bits a channel."""

from corrupt_samples.encode import encode, png, png_sixteen_rgb, ppm_sixteen, sixteen_bits, tiff

SAMPLES = {
    "grey.png": lambda picture: png(sixteen_bits(picture)),
    "rgb.png": png_sixteen_rgb,
    "grey.tif": lambda picture: tiff(sixteen_bits(picture)),
    "grey.pgm": ppm_sixteen,
    "grey.jp2": lambda picture: encode(sixteen_bits(picture), "JPEG2000"),
}
