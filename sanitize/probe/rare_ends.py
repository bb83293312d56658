"""Where images end within their files, of formats that training data rarely has."""

from __future__ import annotations

import re
import struct

_TARGA = b"TRUEVISION-XFILE.\0"
_TARGA_FOOTER = 8 + len(_TARGA)


def tga(data: bytes) -> int | None:
    """Return the end of a Targa, with its footer (Truevision TGA, version 2.0); of a packed one only that tells.

    The footer says where an extension area and a developer area lie before it, which may be anything.
    """
    (id_length, map_type, kind, _first, colors, color_bits, _x, _y, width, height, depth) = struct.unpack_from(
        "<BBBHHBHHHHB", data, 0
    )
    end = 18 + id_length + (colors * ((color_bits + 7) // 8) if map_type else 0)
    if kind in (1, 2, 3):
        end += (width * depth + 7) // 8 * height
    elif kind not in (9, 10, 11):
        return None
    footer = data.find(_TARGA, end) - 8
    if footer >= end and (kind > 3 or footer == end or any(end <= at < footer for at in _areas(data, footer))):
        return footer + _TARGA_FOOTER
    return end if kind <= 3 else None


def _areas(data: bytes, footer: int) -> tuple[int, ...]:
    return struct.unpack_from("<II", data, footer)


def dib(data: bytes) -> int | None:
    """Return the end of a bitmap that begins with its own header and not with the file's (Windows `BITMAPINFOHEADER`)."""
    header, width, height, _planes, bits, compression, coded, _x, _y, colors = struct.unpack_from(
        "<IiiHHIIiiI", data, 0
    )
    if header < 40 or width <= 0 or compression not in (0, 3):
        return None
    masks = 12 if compression == 3 and header == 40 else 0
    palette = 4 * (colors or (1 << bits if bits <= 8 else 0))
    end = header + masks + palette + max((width * bits + 31) // 32 * 4 * abs(height), coded)
    if header >= 124:
        place, size = struct.unpack_from("<II", data, 112)
        end = max(end, place + size if size else 0)
    return int(end)


# Bytes of a block of 4 × 4 pixels, by the four letters of its compression and by DXGI's number.
_BLOCKS = {b"DXT1": 8, b"ATI1": 8, b"BC4U": 8, b"BC4S": 8}
_BLOCKS |= dict.fromkeys((b"DXT2", b"DXT3", b"DXT4", b"DXT5", b"ATI2", b"BC5U", b"BC5S"), 16)
_BLOCKS_OF_DXGI = dict.fromkeys((*range(70, 73), *range(79, 82)), 8)
_BLOCKS_OF_DXGI |= dict.fromkeys((*range(73, 79), *range(82, 85), *range(94, 100)), 16)
_FOUR_LETTERS, _PALETTE, _CUBE, _FACES, _VOLUME = 0x4, 0x20, 0x200, 0xFC00, 0x200000
_FLAT_TEXTURE, _CUBE_OF_DX10 = 3, 0x4


def dds(data: bytes) -> int | None:
    """Return the end of a texture with all its sizes and faces (DirectDraw Surface, Microsoft's programming guide)."""
    height, width, _pitch, _depth, sizes = struct.unpack_from("<IIIII", data, 12)
    flags, letters, bits = struct.unpack_from("<I4sI", data, 80)
    (more,) = struct.unpack_from("<I", data, 112)
    start, block = 128, None
    if flags & _FOUR_LETTERS and letters == b"DX10":
        format_number, dimension, misc, count = struct.unpack_from("<IIII", data, 128)
        start, block = 148, _BLOCKS_OF_DXGI.get(format_number)
        if block is None or count > 1 or dimension != _FLAT_TEXTURE:  # some writers say 0
            return None
        more |= _CUBE | _FACES if misc & _CUBE_OF_DX10 else 0
    elif flags & _FOUR_LETTERS:
        block = _BLOCKS.get(letters)
    if more & _VOLUME or (flags & _FOUR_LETTERS and block is None) or max(width, height) > 1 << 16 or sizes > 17:
        return None
    start += 1024 if flags & _PALETTE else 0
    size = 0
    for _ in range(max(1, sizes)):
        rows, columns = max(1, height), max(1, width)
        size += -(-columns // 4) * -(-rows // 4) * block if block else (columns * bits + 7) // 8 * rows
        height, width = rows // 2, columns // 2
    return start + size * ((more & _FACES).bit_count() if more & _CUBE else 1)


_BLANK = rb"(?:\s|#[^\r\n]*[\r\n])+"
_PLAIN = re.compile(rb"\s*P([123])" + _BLANK + rb"(\d{1,6})" + _BLANK + rb"(\d{1,6})\s(?:\s|#[^\r\n]*[\r\n])*")
# Of so many numbers the end is found in less time than they are decoded in.
_MOST_NUMBERS = 1 << 25


def plain_netpbm(data: bytes) -> int | None:
    """Return the end of Netpbm pictures whose levels are written as text; None where comments are among these."""
    end = None
    while header := _PLAIN.match(data, end or 0):
        kind, count = header[1], int(header[2]) * int(header[3]) * (3 if header[1] == b"3" else 1)
        if not 0 < count <= _MOST_NUMBERS:
            return None
        end = _last_number(data, header.end(), count, kind)
        if end is None or data.find(b"#", header.end(), end) >= 0:
            return None
    return end


def _last_number(data: bytes, start: int, count: int, kind: bytes) -> int | None:
    """Return the byte behind so many levels, before which comes the largest there may be, but for black and white."""
    import numpy as np  # rules that only ask for columns import this module too

    text = np.frombuffer(data, np.uint8, offset=start)
    if kind == b"1":  # a digit is a pixel, with or without blanks between them
        places = np.flatnonzero((text == ord("0")) | (text == ord("1")))
        return start + int(places[count - 1]) + 1 if len(places) >= count else None
    blank = (text <= ord(" ")).astype(np.int8)
    ends = np.flatnonzero(np.diff(blank, prepend=np.int8(1), append=np.int8(1)) == 1)
    return start + int(ends[count]) if len(ends) > count else None
