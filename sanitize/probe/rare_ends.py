"""Where images end within their files, of formats that training data rarely has."""

from __future__ import annotations

import re
import struct
from functools import lru_cache

from sanitize.probe import tga_header

# So many runs are walked, in some hundredths of a second; of a picture with more the end is not told.
_MOST_RUNS = 1 << 17


def tga(data: bytes) -> int | None:
    """Return the end of a Targa: of its pixels, or of the footer that ends it (Truevision TGA 2.0, "File Footer").

    Of a long packed one only the footer tells.
    """
    pixels = _tga_pixels(data)
    if pixels is None:
        # Where in a packed one the footer's areas begin does not matter.
        return _tga_footer(data, 18) if data[2] in tga_header.PACKED else None
    return _tga_footer(data, pixels) or pixels


def tga_areas(data: bytes) -> tuple[int, int] | None:
    """Return where the areas lie that may stand between the pixels of a Targa and its footer; None without. Never raises."""
    try:
        pixels = _tga_pixels(data)
        end = _tga_footer(data, pixels) if pixels is not None else None
    except (struct.error, IndexError):
        return None
    areas = None if pixels is None or end is None else (pixels, end - tga_header.FOOTER_BYTES)
    return areas if areas and areas[0] < areas[1] else None


def _tga_footer(data: bytes, pixels: int) -> int | None:
    """Return the end of the first footer behind the pixels that points at nothing but what lies between the two."""
    name = data.find(tga_header.SIGNATURE, pixels + 8)
    if name < 0:
        return None
    is_sound = all(area == 0 or pixels <= area < name for area in struct.unpack_from("<II", data, name - 8))
    return name + len(tga_header.SIGNATURE) if is_sound else None


@lru_cache(maxsize=1)  # both the end and the areas before the footer are asked for
def _tga_pixels(data: bytes) -> int | None:
    """Return the first byte behind the pixels; None where the runs are too many or do not come out even."""
    header = tga_header.read(data)
    if header is None or header.kind not in tga_header.PLAIN + tga_header.PACKED:
        return None
    if header.kind in tga_header.PLAIN:
        return header.start + header.stride * header.height
    return _tga_runs(data, header.start, header.width * header.height, (header.depth + 7) // 8)


def _tga_runs(data: bytes, at: int, pixels: int, size: int) -> int | None:
    """Walk runs, which are a byte and one pixel of `size` bytes, and others of that many pixels."""
    for _ in range(_MOST_RUNS):
        if pixels <= 0:
            return at if pixels == 0 else None
        count = (data[at] & 127) + 1
        at += 1 + (size if data[at] & 128 else size * count)
        pixels -= count
    return None


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


def dds(data: bytes) -> int | None:
    """Return the end of a DDS texture, by its header: of all its faces and their ever smaller copies.

    Of blocks of 4 × 4 pixels and of plain pixels; None of others (Microsoft, "DDS_HEADER", "Programming Guide for DDS").
    """
    (size, flags, height, width, pitch, depth, levels) = struct.unpack_from("<7I", data, 4)
    kind, code, bits = struct.unpack_from("<I4sI", data, 80)
    caps, more = struct.unpack_from("<II", data, 108)
    start, faces, block = 128, 1, 0
    if size != 124 or not width or not height:
        return None
    if more & _CUBE:
        faces = (more & _FACES).bit_count() or 6
    if kind & _CODED and code == b"DX10":
        layout, _dimension, misc, count = struct.unpack_from("<4I", data, 128)
        block, start, faces = _LAYOUTS.get(layout, 0), 148, max(count, 1) * (6 if misc & 4 else 1)
        if not block:
            return None
    elif kind & _CODED:
        block = _BLOCKS.get(code, 0)
        if not block:
            return None
    elif not kind & _PLAIN or not bits:
        return None
    elif kind & _PALETTE:
        start += 1024
    sides, block_or_bits = (width, height, depth if more & _VOLUME else 1), (block, bits)
    least = pitch if flags & _PITCH and not block else 0
    # Some writers of cubes set the bits of few faces or of none, and some of copies do not count these.
    whole = max(sides).bit_length()
    told = start + faces * _dds_face(sides, block_or_bits, max(levels, 1), least)
    likely = {
        start + count * _dds_face(sides, block_or_bits, number, least)
        for count in {faces, 6 if more & _CUBE else faces}
        for number in {max(levels, 1), whole if caps & _COPIES else 1}
    }
    return len(data) if len(data) in likely else told


def _dds_face(sides: tuple[int, int, int], block_or_bits: tuple[int, int], levels: int, pitch: int) -> int:
    """Return how many bytes a face and its copies take up; a row of plain pixels may be as long as the header says."""
    total, (block, bits) = 0, block_or_bits
    for level in range(min(levels, 32)):
        columns, rows, slices = (max(1, side >> level) for side in sides)
        row = (columns + 3) // 4 * block if block else (columns * bits + 7) // 8
        if level == 0:
            row = max(row, min(pitch, (row + 3) // 4 * 4))  # some fill rows up to whole numbers of 32 bits
        total += row * ((rows + 3) // 4 if block else rows) * slices
    return total


_PITCH, _CODED, _PALETTE, _PLAIN = 0x8, 0x4, 0x20, 0x20062  # plain: alpha, palette, RGB, luminance
_CUBE, _FACES, _VOLUME, _COPIES = 0x200, 0xFC00, 0x200000, 0x400000
# Bytes of a block: by its code, and by its number in DXGI_FORMAT.
_BLOCKS = {
    **dict.fromkeys((b"DXT1", b"ATI1", b"BC4U", b"BC4S"), 8),
    **dict.fromkeys((b"DXT2", b"DXT3", b"DXT4", b"DXT5", b"ATI2", b"BC5U", b"BC5S"), 16),
}
_LAYOUTS = {
    **dict.fromkeys((70, 71, 72, 79, 80, 81), 8),
    **dict.fromkeys((73, 74, 75, 76, 77, 78, 82, 83, 84, 94, 95, 96, 97, 98, 99), 16),
}


_BLANK = rb"(?:\s|#[^\r\n]*[\r\n])+"
_PLAIN_HEADER = re.compile(rb"\s*P([123])" + _BLANK + rb"(\d{1,6})" + _BLANK + rb"(\d{1,6})\s(?:\s|#[^\r\n]*[\r\n])*")
# Of so many numbers the end is found in less time than they are decoded in.
_MOST_NUMBERS = 1 << 25
# So many pictures one behind the other are counted.
_MOST_PICTURES = 8


def plain_netpbm(data: bytes) -> int | None:
    """Return the end of Netpbm pictures whose levels are written as text, with the comments behind these.

    None where comments are among them.
    """
    end = None
    for _ in range(_MOST_PICTURES):
        header = _PLAIN_HEADER.match(data, end or 0)
        if header is None:
            break
        kind, count = header[1], int(header[2]) * int(header[3]) * (3 if header[1] == b"3" else 1)
        if not 0 < count <= _MOST_NUMBERS:
            return None
        end = _last_number(data, header.end(), count, kind)
        if end is None or data.find(b"#", header.end(), end) >= 0:
            return None
        remarks = _REMARKS.match(data, end)
        end = remarks.end() if remarks else end
    return end


# Lines of text behind the last number; one that begins with the name of an interpreter is a script.
_REMARKS = re.compile(rb"(?:\s+#(?!!)[^\x00-\x08\x0a-\x1f\x7f]{0,1000}(?=[\r\n]|\Z))+")


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


def pcx(data: bytes) -> int | None:
    """Return the end of a PCX: of its runs, or of the 256 colours behind them, which a 12 announces (ZSoft's PCX manual)."""
    version, packed, bits, left, top, right, bottom = struct.unpack_from("<BBBHHHH", data, 1)
    planes, row = struct.unpack_from("<BH", data, 65)
    wanted, at = (bottom - top + 1) * planes * row, 128
    if packed != 1 or right < left:
        return None
    for _ in range(_MOST_RUNS):
        if wanted <= 0:
            break
        literal = _PCX_LITERAL.match(data, at, at + wanted)
        count = literal.end() - at if literal else data[at] & 63
        at += count if literal else 2
        wanted -= count
    if wanted > 0 or at > len(data):
        return None
    if version < 5 or bits != 8 or planes != 1:
        return at
    if data[at : at + 1] == _COLORS_FOLLOW:
        return at + _COLORS
    # Readers look for the colours at the very end.
    return len(data) if data[-_COLORS:].startswith(_COLORS_FOLLOW) else None


_PCX_LITERAL = re.compile(rb"[\x00-\xbf]+")
_COLORS_FOLLOW, _COLORS = b"\x0c", 769


def msp(data: bytes) -> int | None:
    """Return the end of a Windows Paint picture, whose second version has a length for each row (Microsoft Paint, 1987)."""
    width, height = struct.unpack_from("<HH", data, 4)
    if data.startswith(b"DanM"):
        return int(32 + (width + 7) // 8 * height)
    return int(32 + 2 * height + sum(struct.unpack_from(f"<{height}H", data, 32)))


def xbm(data: bytes) -> int | None:
    """Return the end of an X bitmap, which is arrays of numbers in C, with what a file of C may have around these."""
    found = _XBM.search(data)
    rest = _XBM_REST.match(data, found.end()) if found else None
    return rest.end() if rest else None


def xbm_comments(data: bytes) -> list[tuple[int, int]]:
    """Return where the comments of an X bitmap lie, without the signs around them. Never raises."""
    found: list[tuple[int, int]] = []
    at = 0
    while len(found) < _MOST_COMMENTS and (opening := _OPENING.search(data, at)) is not None:
        closing = _CLOSING[opening[0]].search(data, opening.end())
        end, at = closing.span() if closing else (len(data), len(data))
        found.append((opening.end(), end))
    return found


_MOST_COMMENTS = 1000
_OPENING = re.compile(rb"/[*/]")
_CLOSING = {b"/*": re.compile(rb"\*/"), b"//": re.compile(rb"[\r\n]")}
# Each ends in one place only, or a list of numbers that is not closed would be tried in all ways.
_REMARK = (
    rb"/\*(?:[\t\n\r\x20-\x29\x2b-\x7e\x80-\xff]|\*(?!/)){0,2000}\*/|//[\t\x20-\x7e\x80-\xff]{0,2000}(?=[\r\n]|\Z)"
)
_NUMBERS = rb"\{[0-9A-Fa-fxX,\s]*(?:(?:" + _REMARK + rb")[0-9A-Fa-fxX,\s]*)*\}(?:\s*;)?"
_XBM = re.compile(rb"_bits\s*\[[^\]\r\n]{0,40}\]\s*=\s*" + _NUMBERS)
# Comments, the end of a guard, sizes, and further arrays, such as a mask.
_XBM_REST = re.compile(
    rb"(?:[ \t\r\n]|" + _REMARK + rb"|\#[ \t]*(?:endif|if|ifn?def|else|undef)\b[\t\x20-\x7e]{0,200}"
    rb"|\#[ \t]*define[ \t]+\w{1,200}(?:[ \t]+-?\w{1,20})?[ \t]*(?=[\r\n]|\Z)"
    rb"|(?:(?:static|const|unsigned|signed|char|short|int|uint8_t)\s+){1,5}\w{1,200}\s*\[[^\]\r\n]{0,40}\]\s*=\s*"
    + _NUMBERS
    + rb")*"
)
