"""Pictures whose bitstream is damaged though most loaders take them."""

from corrupt_samples.encode import animated, avif, chunk, encode, jpeg, png, png_interlaced, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import dropped, flipped, png_changed, png_inserted, spliced, zeroed


def _other(name: str) -> bytes:
    return jpeg(photo(f"another photo for {name}"))


SAMPLES = {
    "zeroed.jpg": lambda picture: zeroed(jpeg(picture), 0.5, 512),
    "zeroed_grey.jpg": lambda picture: zeroed(jpeg(picture.convert("L")), 0.5, 256),
    "zeroed_optimised.jpg": lambda picture: zeroed(jpeg(picture, optimize=True), 0.5, 512),
    "zeroed_progressive.jpg": lambda picture: zeroed(jpeg(picture, progressive=True), 0.4, 512),
    "flipped.jpg": lambda picture: flipped(jpeg(picture), 0.3, 40),
    "dropped.jpg": lambda picture: dropped(jpeg(picture), 0.5, 300),
    "spliced.jpg": lambda picture: spliced(jpeg(picture), _other("spliced.jpg"), 0.6, 0.4),
    "line_ends.jpg": lambda picture: jpeg(picture).replace(b"\n", b"\r\n"),
    "no_end.jpg": lambda picture: jpeg(picture)[:-2],
    "no_end_progressive.jpg": lambda picture: jpeg(picture, progressive=True)[:-2],
    "checksum.png": lambda picture: png_changed(
        png(picture, compress_level=0), b"IDAT", lambda data: flipped(data, 0.5), checked=False
    ),
    "checksum_text.png": lambda picture: png_inserted(
        png(picture), b"IDAT", chunk(b"tEXt", b"Comment\0written by hand")[:-1] + b"\0"
    ),
    "zeroed.png": lambda picture: zeroed(png(picture), 0.5, 512),
    "flipped_interlaced.png": lambda picture: flipped(png_interlaced(picture), 0.7, 3),
    "line_ends.png": lambda picture: png(picture)[:8] + png(picture)[8:].replace(b"\n", b"\r\n"),
    "no_end.png": lambda picture: png(picture)[:-12],
    "second_frame.png": lambda picture: flipped(animated(picture, "PNG"), 0.6, 3),
    "no_trailer.gif": lambda picture: encode(picture, "GIF")[:-1],
    "zeroed.gif": lambda picture: zeroed(encode(picture, "GIF"), 0.6, 512),
    "zeroed.webp": lambda picture: zeroed(webp(picture, quality=90), 0.5, 512),
    "zeroed_lossless.webp": lambda picture: zeroed(webp(picture, lossless=True), 0.5, 1024),
    "zeroed.avif": lambda picture: zeroed(avif(picture, quality=90), 0.6, 512),
}
