"""Pictures of every kind and format with which nothing is wrong."""

from corrupt_samples.encode import (
    animated,
    animated_avif,
    avif,
    chunk,
    encode,
    exif,
    floats,
    jpeg,
    palette,
    pfm,
    png,
    png_interlaced,
    png_sixteen_rgb,
    ppm_sixteen,
    profile,
    sixteen_bits,
    tiff,
    transparent,
    webp,
)  # fmt: skip
from corrupt_samples.pictures import gradient, letterboxed, line_art, product, screenshot
from corrupt_samples.surgery import png_inserted

_JPEG = {
    "photo_baseline.jpg": jpeg,
    "photo_progressive.jpg": lambda picture: jpeg(picture, progressive=True),
    "photo_optimised.jpg": lambda picture: jpeg(picture, optimize=True),
    "photo_444.jpg": lambda picture: jpeg(picture, subsampling=0),
    "photo_422.jpg": lambda picture: jpeg(picture, subsampling=1),
    "photo_quality_30.jpg": lambda picture: jpeg(picture, quality=30),
    "photo_rgb.jpg": lambda picture: jpeg(picture, keep_rgb=True),
    "photo_restarts.jpg": lambda picture: jpeg(picture, restart_marker_rows=1),
    "photo_comment.jpg": lambda picture: jpeg(picture, comment=b"a remark"),
    "photo_grey.jpg": lambda picture: jpeg(picture.convert("L")),
    "photo_cmyk.jpg": lambda picture: jpeg(picture.convert("CMYK")),
    "photo_srgb.jpg": lambda picture: jpeg(picture, icc_profile=profile("sRGB")),
    "photo_wide.jpg": lambda picture: jpeg(picture, icc_profile=profile("A wide space", wide=True)),
    "UPPER.JPG": jpeg,
    "long.jpeg": jpeg,
    "short.jpe": jpeg,
    "old.jfif": jpeg,
    "two words, (1).jpg": jpeg,
    "café ✓ 写真.jpg": jpeg,
    "-rf; $(echo) & 'quoted'.jpg": jpeg,
    "=1+1.jpg": jpeg,
    "100%.tar.jpg": jpeg,
} | {
    f"orientation_{number}.jpg": lambda picture, number=number: jpeg(picture, exif=exif(number))
    for number in range(1, 9)
}

_PNG = {
    "photo_rgb.png": png,
    "photo_grey.png": lambda picture: png(picture.convert("L")),
    "photo_palette.png": lambda picture: png(palette(picture)),
    "photo_four_colours.png": lambda picture: png(palette(picture, 4), bits=2),
    "photo_two_tones.png": lambda picture: png(picture.convert("1", dither=0)),
    "photo_alpha.png": lambda picture: png(transparent(picture)),
    "photo_grey_alpha.png": lambda picture: png(transparent(picture).convert("LA")),
    "photo_sixteen_bits.png": lambda picture: png(sixteen_bits(picture)),
    "photo_sixteen_bits_rgb.png": png_sixteen_rgb,
    "photo_interlaced.png": png_interlaced,
    "photo_uncompressed.png": lambda picture: png(picture.resize((48, 48)), compress_level=0),
    "photo_text.png": lambda picture: png_inserted(png(picture), b"IDAT", chunk(b"tEXt", b"Title\0a remark")),
    "photo_wide.png": lambda picture: png(picture, icc_profile=profile("A wide space", wide=True)),
    "animated.png": lambda picture: animated(picture, "PNG"),
}

_OTHERS = {
    "photo.gif": lambda picture: encode(picture, "GIF"),
    "photo_transparent.gif": lambda picture: encode(palette(picture), "GIF", transparency=3),
    "photo_interlaced.gif": lambda picture: encode(palette(picture), "GIF", interlace=1),
    "animated.gif": lambda picture: animated(picture, "GIF"),
    "photo.bmp": lambda picture: encode(picture, "BMP"),
    "photo_palette.bmp": lambda picture: encode(palette(picture), "BMP"),
    "photo_alpha.bmp": lambda picture: encode(transparent(picture), "BMP"),
    "photo_raw.tif": tiff,
    "photo_lzw.tiff": lambda picture: tiff(picture, compression="tiff_lzw"),
    "photo_deflate.tif": lambda picture: tiff(picture, compression="tiff_adobe_deflate"),
    "photo_packbits.tif": lambda picture: tiff(palette(picture, 8), compression="packbits"),
    "photo_jpeg.tif": lambda picture: tiff(picture, compression="jpeg"),
    "photo_fax.tif": lambda picture: tiff(picture.convert("1", dither=0), compression="group4"),
    "photo_sixteen_bits.tif": lambda picture: tiff(sixteen_bits(picture)),
    "photo_floats.tif": lambda picture: tiff(floats(picture)),
    "photo_cmyk.tif": lambda picture: tiff(picture.convert("CMYK"), compression="tiff_lzw"),
    "pages.tif": lambda picture: animated(picture, "TIFF", compression="jpeg"),
    "photo_lossy.webp": webp,
    "photo_lossless.webp": lambda picture: webp(picture, lossless=True),
    "photo_alpha.webp": lambda picture: webp(transparent(picture)),
    "animated.webp": lambda picture: animated(picture, "WEBP"),
    "photo.avif": avif,
    "photo_alpha.avif": lambda picture: avif(transparent(picture)),
    "animated.avif": animated_avif,
    "photo.jp2": lambda picture: encode(picture, "JPEG2000"),
    "photo_lossy.j2k": lambda picture: encode(
        picture, "JPEG2000", no_jp2=True, quality_mode="rates", quality_layers=[20]
    ),
    "photo.ppm": lambda picture: encode(picture, "PPM"),
    "photo.pgm": lambda picture: encode(picture.convert("L"), "PPM"),
    "photo.pbm": lambda picture: encode(picture.convert("1", dither=0), "PPM"),
    "photo_sixteen_bits.pgm": ppm_sixteen,
    "photo.pfm": pfm,
    "photo.ico": lambda picture: encode(picture, "ICO", sizes=[(64, 64)]),
    "photo.tga": lambda picture: encode(picture, "TGA"),
    "photo_packed.tga": lambda picture: encode(palette(picture, 8), "TGA", compression="tga_rle"),
    "photo.qoi": lambda picture: encode(picture, "QOI"),
    "photo.pcx": lambda picture: encode(palette(picture), "PCX"),
    "photo.sgi": lambda picture: encode(picture, "SGI"),
    "photo.dds": lambda picture: encode(picture, "DDS"),
    "photo.xbm": lambda picture: encode(picture.convert("1", dither=0), "XBM"),
}

_KINDS = {"product": product, "letterbox": letterboxed, "line_art": line_art, "screenshot": screenshot, "sky": gradient}
_WRITERS = {
    ".jpg": jpeg,
    "_optimised.jpg": lambda picture: jpeg(picture, optimize=True),
    "_progressive.jpg": lambda picture: jpeg(picture, progressive=True, optimize=True),
    ".png": png,
    "_lossy.webp": webp,
    "_lossless.webp": lambda picture: webp(picture, lossless=True),
    ".avif": avif,
}

SAMPLES = (
    _JPEG
    | _PNG
    | _OTHERS
    | {
        kind + ending: lambda _photo, draw=draw, write=write, seed=kind + ending: write(draw(f"sound/{seed}"))
        for kind, draw in _KINDS.items()
        for ending, write in _WRITERS.items()
    }
)
