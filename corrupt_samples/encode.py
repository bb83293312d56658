"""Pictures as the bytes of files."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from corrupt_samples.pictures import depth

_EXIF_ORIENTATION = 0x112
# Adam7: first column, first row, step across and down of each pass.
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_SRGB = {"rXYZ": (0.4361, 0.2225, 0.0139), "gXYZ": (0.3851, 0.7169, 0.0971), "bXYZ": (0.1431, 0.0606, 0.7141)}
_WIDE = {"rXYZ": (0.6097, 0.3111, 0.0195), "gXYZ": (0.2053, 0.6257, 0.0609), "bXYZ": (0.1492, 0.0632, 0.7446)}


def encode(picture: Image.Image, name: str, **options: Any) -> bytes:
    """Return the picture as Pillow saves it in the format of that name."""
    target = io.BytesIO()
    picture.save(target, name, **options)
    return target.getvalue()


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    """Return a baseline JPEG of quality 80."""
    return encode(picture, "JPEG", **{"quality": 80, **options})


def png(picture: Image.Image, **options: Any) -> bytes:
    """Return a PNG."""
    return encode(picture, "PNG", **options)


def webp(picture: Image.Image, **options: Any) -> bytes:
    """Return a lossy WebP."""
    return encode(picture, "WEBP", **{"quality": 80, **options})


def avif(picture: Image.Image, **options: Any) -> bytes:
    """Return an AVIF."""
    return encode(picture, "AVIF", **{"quality": 70, "speed": 8, "max_threads": 1, **options})


def tiff(picture: Image.Image, **options: Any) -> bytes:
    """Return a TIFF, uncompressed where no `compression` is named."""
    return encode(picture, "TIFF", **options)


def frames(picture: Image.Image, count: int = 2) -> list[Image.Image]:
    """Return the picture and views of it turned, of the same size."""
    return [picture.rotate(20 * number, Image.Resampling.BILINEAR) for number in range(count)]


def animated(picture: Image.Image, name: str, **options: Any) -> bytes:
    """Return a file of several frames."""
    first, *others = frames(picture)
    return encode(first, name, save_all=True, append_images=others, **options)


def animated_avif(picture: Image.Image) -> bytes:
    """Return an AVIF of several frames that does not tell when it was made."""
    data = bytearray(animated(picture, "AVIF", speed=8, max_threads=1))
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        at = data.find(box)
        while at >= 0:
            times = 16 if data[at + 4] == 1 else 8
            data[at + 8 : at + 8 + times] = bytes(times)
            at = data.find(box, at + 4)
    return bytes(data)


def exif(orientation: int) -> bytes:
    """Return EXIF data that say no more than the orientation."""
    data = Image.Exif()
    data[_EXIF_ORIENTATION] = orientation
    return data.tobytes()


def exif_with_thumbnail(thumbnail: bytes, orientation: int = 1) -> bytes:
    """Return EXIF data with the orientation, and a thumbnail that is a JPEG in their second directory."""
    first = struct.pack(">HHHIHHI", 1, _EXIF_ORIENTATION, 3, 1, orientation, 0, 26)
    entries = ((0x103, 3, 6 << 16), (0x201, 4, 68), (0x202, 4, len(thumbnail)))
    second = struct.pack(">H", 3) + b"".join(struct.pack(">HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"Exif\0\0MM\0*\0\0\0\x08" + first + second + bytes(4) + thumbnail


def transparent(picture: Image.Image) -> Image.Image:
    """Return the picture with an alpha channel that fades from left to right."""
    width, height = picture.size
    fade = Image.frombytes("L", (width, 1), bytes(255 * column // (width - 1) for column in range(width)))
    copy = picture.convert("RGBA")
    copy.putalpha(fade.resize((width, height), Image.Resampling.NEAREST))
    return copy


def palette(picture: Image.Image, colors: int = 64) -> Image.Image:
    """Return the picture with a palette."""
    return picture.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def sixteen_bits(picture: Image.Image) -> Image.Image:
    """Return the picture as 16-bit grey."""
    return Image.fromarray(depth(picture))


def floats(picture: Image.Image, *, spoil: float | None = None) -> Image.Image:
    """Return the picture as grey numbers from 0 to 1; `spoil` is the value of one pixel in the middle."""
    values = np.asarray(picture.convert("L"), np.float32) / np.float32(256)
    if spoil is not None:
        values[values.shape[0] // 2, values.shape[1] // 2] = spoil
    return Image.fromarray(values)


def pfm(picture: Image.Image, *, spoil: float | None = None) -> bytes:
    """Return a portable float map."""
    return encode(floats(picture, spoil=spoil), "PPM")


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width: int, height: int, bits: int, color: int, pixels: bytes, *, interlaced: bool = False) -> bytes:
    """Return a PNG of rows that are already filtered."""
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlaced)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def png_interlaced(picture: Image.Image) -> bytes:
    """Return an Adam7 PNG, which Pillow reads but does not write."""
    pixels = np.asarray(picture.convert("RGB"))
    passes = [pixels[row::down, column::across] for column, row, across, down in _ADAM7]
    rows = b"".join(b"\0" + row.tobytes() for part in passes for row in part if row.size)
    return png_of(picture.width, picture.height, 8, 2, rows, interlaced=True)


def png_sixteen_rgb(picture: Image.Image) -> bytes:
    """Return a PNG of three 16-bit channels."""
    pixels = np.stack([depth(channel) for channel in picture.split()], axis=2).astype(">u2")
    return png_of(picture.width, picture.height, 16, 2, b"".join(b"\0" + row.tobytes() for row in pixels))


def ppm_sixteen(picture: Image.Image) -> bytes:
    """Return a PGM of 16 bits."""
    values = depth(picture).astype(">u2").tobytes()
    return b"P5\n%d %d\n65535\n" % picture.size + values


def mpo(picture: Image.Image) -> bytes:
    """Return two JPEGs in one file, as stereo cameras write."""
    return animated(picture, "MPO", quality=85)


def jpeg_segment(marker: int, content: bytes) -> bytes:
    """Return a segment of a JPEG's header."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def profile(name: str, *, wide: bool = False, gamma: float = 2.2) -> bytes:
    """Return a small ICC display profile with sRGB's colorants, or those of a wider space."""
    tags = {"desc": _description(name), "wtpt": _xyz((0.9642, 1.0, 0.8249))}
    tags |= {tag: _xyz(values) for tag, values in (_WIDE if wide else _SRGB).items()}
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + b"\0\0"
    tags |= dict.fromkeys(("rTRC", "gTRC", "bTRC"), curve)
    return _icc(b"mntr", b"RGB ", tags)


def _icc(kind: bytes, space: bytes, tags: dict[str, bytes]) -> bytes:
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        table += name.encode() + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">4xI4s4s4s12x4s", 0x02200000, kind, space, b"XYZ ", b"acsp") + bytes(28)
    head += struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    head = head.ljust(124, b"\0")
    data = head + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(data) + 4) + data


def _description(name: str) -> bytes:
    text = name.encode() + b"\0"
    return b"desc" + struct.pack(">II", 0, len(text)) + text + bytes(78)


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + struct.pack(">I3i", 0, *(round(value * 65536) for value in values))
