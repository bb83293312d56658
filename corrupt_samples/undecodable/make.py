"""Files that begin like pictures, or are named so, and give none."""

from corrupt_samples.encode import animated, avif, encode, jpeg, palette, png, tiff, webp
from corrupt_samples.surgery import cut, flipped, jpeg_patched, noise, png_changed, zeroed

SAMPLES = {
    "header_only.jpg": lambda picture: jpeg(picture)[:24],
    "before_scan.jpg": lambda picture: jpeg(picture)[:300],
    "no_height.jpg": lambda picture: jpeg_patched(jpeg(picture), 0xC0, 7, bytes(2)),
    "zeroed_head.jpg": lambda picture: zeroed(jpeg(picture), 0, 400)[:3000] + noise("zeroed head", 40),
    "random.jpg": noise("random.jpg", 3000),
    "random.png": noise("random.png", 3000),
    "signature_only.png": lambda picture: png(picture)[:8] + noise("signature_only.png", 500),
    "no_width.png": lambda picture: png_changed(png(picture), b"IHDR", lambda header: bytes(4) + header[4:]),
    "checksum_palette.png": lambda picture: png_changed(
        png(palette(picture)), b"PLTE", lambda data: flipped(data, 0.5), checked=False
    ),
    "no_pixels.png": lambda picture: png(picture)[:33] + png(picture)[-12:],
    "header_only.gif": lambda picture: encode(picture, "GIF")[:40],
    "header_only.bmp": lambda picture: encode(picture, "BMP")[:30],
    "header_only.webp": lambda picture: webp(picture)[:20],
    "animated_head.webp": lambda picture: cut(animated(picture, "WEBP"), 0.02),
    "header_only.avif": lambda picture: cut(avif(picture), 0.03),
    "no_directory.tif": lambda picture: tiff(picture)[:8] + bytes(200),
    "cut_deflate.tif": lambda picture: cut(tiff(picture, compression="tiff_adobe_deflate"), 0.8),
    "zeroed_lzw.tif": lambda picture: zeroed(tiff(picture, compression="tiff_lzw"), 0.5, 512),
    "cut.avif": lambda picture: cut(avif(picture), 0.7),
    "cut.qoi": lambda picture: cut(encode(picture, "QOI"), 0.6),
    "cut.webp": lambda picture: cut(webp(picture), 0.6),
    "header_only.jp2": lambda picture: encode(picture, "JPEG2000")[:60],
    "header_only.ppm": b"P6\n96 96\n",
}
