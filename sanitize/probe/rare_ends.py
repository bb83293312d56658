"""Where images end within their files, of formats that training data rarely has."""

from __future__ import annotations

import re
import struct

_TARGA = b"TRUEVISION-XFILE.\0"
# Where neither an extension nor a developer area lies before it.
_TARGA_FOOTER = bytes(8) + _TARGA


def tga(data: bytes) -> int | None:
    """Return the end of a Targa, with its footer (Truevision TGA, version 2.0); of a packed one only that tells."""
    (id_length, map_type, kind, _first, colors, color_bits, _x, _y, width, height, depth) = struct.unpack_from(
        "<BBBHHBHHHHB", data, 0
    )
    if kind in (9, 10, 11):
        footer = data.find(_TARGA_FOOTER, 18)
        return footer + len(_TARGA_FOOTER) if footer >= 0 else None
    if kind not in (1, 2, 3):
        return None
    end = int(
        18 + id_length + (colors * ((color_bits + 7) // 8) if map_type else 0) + (width * depth + 7) // 8 * height
    )
    if data.startswith(_TARGA_FOOTER, end):
        return end + len(_TARGA_FOOTER)
    return None if data.endswith(_TARGA) else end  # extension and developer areas, which may be anything


def dib(data: bytes) -> int | None:
    """Return the end of a bitmap that begins with its own header and not with the file's (Windows `BITMAPINFOHEADER`)."""
    header, width, height, _planes, bits, compression, coded, _x, _y, colors = struct.unpack_from(
        "<IiiHHIIiiI", data, 0
    )
    if header < 40 or width <= 0 or compression not in (0, 3):
        return None
    masks = 12 if compression == 3 and header == 40 else 0
    palette = 4 * (colors or (1 << bits if bits <= 8 else 0))
    return int(header + masks + palette + max((width * bits + 31) // 32 * 4 * abs(height), coded))


# Bytes of a block of 4 × 4 pixels, by the four letters of its compression and by DXGI's number.
_BLOCKS = {b"DXT1": 8, b"ATI1": 8, b"BC4U": 8, b"BC4S": 8}
_BLOCKS |= dict.fromkeys((b"DXT2", b"DXT3", b"DXT4", b"DXT5", b"ATI2", b"BC5U", b"BC5S"), 16)
_BLOCKS_OF_DXGI = dict.fromkeys((*range(70, 73), *range(79, 82)), 8)
_BLOCKS_OF_DXGI |= dict.fromkeys((*range(73, 79), *range(82, 85), *range(94, 100)), 16)
_FOUR_LETTERS, _CUBE, _FACES, _VOLUME = 0x4, 0x200, 0xFC00, 0x200000


def dds(data: bytes) -> int | None:
    """Return the end of a texture with all its sizes and faces (DirectDraw Surface, Microsoft's programming guide)."""
    height, width, _pitch, _depth, sizes = struct.unpack_from("<IIIII", data, 12)
    flags, letters, bits = struct.unpack_from("<I4sI", data, 80)
    (more,) = struct.unpack_from("<I", data, 112)
    start, block = 128, None
    if flags & _FOUR_LETTERS and letters == b"DX10":
        format_number, _dimension, _misc, count = struct.unpack_from("<IIII", data, 128)
        start, block = 148, _BLOCKS_OF_DXGI.get(format_number)
        if block is None or count > 1:  # some writers say 0
            return None
    elif flags & _FOUR_LETTERS:
        block = _BLOCKS.get(letters)
    if more & _VOLUME or (flags & _FOUR_LETTERS and block is None) or max(width, height) > 1 << 16 or sizes > 17:
        return None
    size = 0
    for _ in range(max(1, sizes)):
        rows, columns = max(1, height), max(1, width)
        size += -(-columns // 4) * -(-rows // 4) * block if block else (columns * bits + 7) // 8 * rows
        height, width = rows // 2, columns // 2
    return start + size * ((more & _FACES).bit_count() if more & _CUBE else 1)


_PLAIN = re.compile(rb"P([123])\s+(\d{1,6})\s+(\d{1,6})\s")
# Of so many numbers the end is found in less time than they are decoded in.
_MOST_NUMBERS = 1 << 22


def plain_netpbm(data: bytes) -> int | None:
    """Return the end of a Netpbm picture whose levels are written as text; None where it has comments."""
    header = _PLAIN.match(data)
    if header is None:
        return None
    kind, count = header[1], int(header[2]) * int(header[3]) * (3 if header[1] == b"3" else 1)
    if not 0 < count <= _MOST_NUMBERS:
        return None
    import numpy as np  # rules that only ask for columns import this module too

    text = np.frombuffer(data, np.uint8, offset=header.end())
    if kind == b"1":  # a digit is a pixel, with or without blanks between them
        places = np.flatnonzero((text == ord("0")) | (text == ord("1")))
        last = int(places[count - 1]) + 1 if len(places) >= count else None
        return _uncommented(data, header.end(), last)
    blank = (text <= ord(" ")).astype(np.int8)
    ends = np.flatnonzero(np.diff(blank, prepend=np.int8(1), append=np.int8(1)) == 1)
    # The largest level comes before those of the pixels.
    return _uncommented(data, header.end(), int(ends[count]) if len(ends) > count else None)


def _uncommented(data: bytes, start: int, length: int | None) -> int | None:
    """Return the end of so many bytes from `start` on; None where there is a comment among them, or no end."""
    return None if length is None or data.find(b"#", start, start + length) >= 0 else start + length
