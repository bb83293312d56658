"""Pictures whose end is missing, in every format that says something of what is left."""

from corrupt_samples.encode import animated, encode, jpeg, palette, png, png_interlaced, sixteen_bits
from corrupt_samples.surgery import cut

SAMPLES = {
    "baseline.jpg": lambda picture: cut(jpeg(picture), 0.6),
    "baseline_late.jpg": lambda picture: cut(jpeg(picture), 0.95),
    "optimised.jpg": lambda picture: cut(jpeg(picture, optimize=True), 0.7),
    "progressive.jpg": lambda picture: cut(jpeg(picture, progressive=True), 0.5),
    "restarts.jpg": lambda picture: cut(jpeg(picture, restart_marker_rows=1), 0.5),
    "grey.jpg": lambda picture: cut(jpeg(picture.convert("L")), 0.5),
    "cmyk.jpg": lambda picture: cut(jpeg(picture.convert("CMYK")), 0.5),
    "rgb.png": lambda picture: cut(png(picture), 0.6),
    "grey.png": lambda picture: cut(png(picture.convert("L")), 0.9),
    "palette.png": lambda picture: cut(png(palette(picture)), 0.6),
    "interlaced.png": lambda picture: cut(png_interlaced(picture), 0.5),
    "sixteen_bits.png": lambda picture: cut(png(sixteen_bits(picture)), 0.5),
    "photo.gif": lambda picture: cut(encode(picture, "GIF"), 0.7),
    "animated.gif": lambda picture: cut(animated(picture, "GIF"), 0.2),
    "animated_late.gif": lambda picture: cut(animated(picture, "GIF"), 0.8),
    "photo.bmp": lambda picture: cut(encode(picture, "BMP"), 0.6),
    "raw.tif": lambda picture: cut(encode(palette(picture), "TIFF"), 0.6),
    "photo.ppm": lambda picture: cut(encode(picture, "PPM"), 0.6),
    "photo.tga": lambda picture: cut(encode(picture, "TGA"), 0.6),
    "packed.tga": lambda picture: cut(encode(picture, "TGA", compression="tga_rle"), 0.6),
    "photo.pcx": lambda picture: cut(encode(picture, "PCX"), 0.6),
    "photo.sgi": lambda picture: cut(encode(picture, "SGI"), 0.6),
    "photo.jp2": lambda picture: cut(encode(picture, "JPEG2000"), 0.5),
}
