"""Headers that announce more pixels than any memory holds: some lie, and some are bombs of a few thousand bytes."""

import struct
import zlib

from corrupt_samples.encode import animated, chunk, encode, jpeg, png, webp
from corrupt_samples.surgery import jpeg_patched, png_changed

_SIDE = 20_000


def _png_bomb() -> bytes:
    """Return a PNG of black pixels, one bit each, that is sound and truly unpacks to so many."""
    row = bytes(1 + _SIDE // 8)
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(row * 100) for _ in range(_SIDE // 100)] + [packer.flush()])
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _fax_bomb() -> bytes:
    """Return a TIFF of white rows in fax coding: one bit each."""
    rows = b"\xff" * (_SIDE // 8) + b"\x00\x10\x01"
    tags = [
        (256, 4, _SIDE), (257, 4, _SIDE), (258, 3, 1), (259, 3, 4), (262, 3, 0),
        (273, 4, 8), (277, 3, 1), (278, 4, _SIDE), (279, 4, len(rows)),
    ]  # fmt: skip
    rows += bytes(len(rows) % 2)
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(rows)) + rows + directory


SAMPLES = {
    "lie.jpg": lambda picture: jpeg_patched(jpeg(picture), 0xC0, 5, struct.pack(">HH", 65_500, 65_500)),
    "lie.png": lambda picture: png_changed(
        png(picture), b"IHDR", lambda header: struct.pack(">II", 100_000, 100_000) + header[8:]
    ),
    "lie.gif": lambda picture: encode(picture, "GIF")[:6] + b"\xff\xff\xff\xff" + encode(picture, "GIF")[10:],
    "lie.bmp": lambda picture: encode(picture, "BMP")[:18] + struct.pack("<ii", _SIDE, _SIDE)
    + encode(picture, "BMP")[26:],
    "lie.ppm": b"P6\n50000 50000\n255\n" + bytes(100),
    "lie.webp": lambda picture: animated(picture, "WEBP")[:24] + b"\xff\x3f\0\xff\x3f\0" + webp(picture)[30:],
    "bomb.png": _png_bomb(),
    "bomb.tif": _fax_bomb(),
}  # fmt: skip
