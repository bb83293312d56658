"""Pictures with transparency, as a channel or as a colour that is declared transparent."""

from corrupt_samples.encode import avif, chunk, encode, palette, png, tiff, transparent, webp
from corrupt_samples.surgery import png_inserted

SAMPLES = {
    "rgb.png": lambda picture: png(transparent(picture)),
    "grey.png": lambda picture: png(transparent(picture).convert("LA")),
    "palette.png": lambda picture: png(palette(picture), transparency=3),
    "colour.png": lambda picture: png_inserted(png(picture), b"IDAT", chunk(b"tRNS", bytes(6))),
    "photo.gif": lambda picture: encode(palette(picture), "GIF", transparency=3),
    "photo.webp": lambda picture: webp(transparent(picture)),
    "lossless.webp": lambda picture: webp(transparent(picture), lossless=True),
    "photo.avif": lambda picture: avif(transparent(picture)),
    "photo.tif": lambda picture: tiff(transparent(picture), compression="tiff_lzw"),
    "photo.tga": lambda picture: encode(transparent(picture), "TGA", compression="tga_rle"),
}
