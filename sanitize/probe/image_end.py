"""Where the image ends within its file, by format."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from sanitize.probe import jpeg_segments
from sanitize.probe.sniff_weak import LONGEST_HEADER

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_EOI = b"\xff\xd9"
_EOI_WORD = 0xD9FF  # the marker as a little-endian number
_CHUNK = 65_536
# Below so many bytes a search of the bytes is faster than making arrays of them.
_FEW = 4096


def of(data: bytes, content: str) -> int | None:
    """Return the first byte behind the image; None where that cannot be told. Never raises.

    It may lie before the end of the file where the format itself allows more to follow (a second Netpbm picture is a
    part of the first). `content` is a key of `formats.OPENED`.
    """
    read = _READERS.get(content)
    if read is None:
        return None
    try:
        end = read(data)
    except (struct.error, IndexError):
        return None
    return end if end is not None and 0 < end <= len(data) else None


def jpeg(data: bytes, scan: int) -> int | None:
    """Return the first byte behind the end marker of a JPEG whose first scan's data begin at `scan`. Never raises.

    In an ordinary file the only end marker behind the header is its last two bytes: in entropy-coded data FF is followed
    by zero or a restart. Otherwise the scans are walked, as tables between them may hold anything.
    """
    size = len(data)
    if data.endswith(_EOI) and not _ends_before(data, scan, size - 2):
        return size
    at = scan
    while at:
        found = jpeg_segments.SCAN_END.search(data, at)
        if found is None:
            return None
        if data[found.end() - 1] == jpeg_segments.EOI:
            return found.end()
        segments, at, _tidy = jpeg_segments.walk(data, found.start())
        if not at:
            end = data.find(_EOI, segments[-1][2] if segments else found.start())
            return end + 2 if end >= 0 else None
    return None


def boxes(data: bytes, at: int = 0) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the content of the boxes of an ISO base media file from `at` on. Never raises.

    It stops before what is no box, and before a second file.
    """
    found: list[tuple[bytes, int, int]] = []
    size, typed = len(data), False
    while at + 8 <= size:
        length, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if length == 1 and at + 16 <= size:
            length, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        end = size if length == 0 else at + length
        if end < start or end > size or not _BOX.fullmatch(kind) or (kind == b"ftyp" and typed):
            break
        typed = typed or kind == b"ftyp"
        found.append((kind, start, end))
        at = end
    return found


def gif_blocks(data: bytes) -> tuple[list[tuple[int, int, int]], int | None]:
    """Return the extensions of a GIF (label, begin, end), and the byte behind its trailer. Raises IndexError where it is cut."""
    extensions: list[tuple[int, int, int]] = []
    at = 13 + _gif_table(data[10])
    while True:
        kind = data[at]
        if kind == 0x3B:
            return extensions, at + 1
        start = at
        if kind == 0x21:
            at += 2
        elif kind == 0x2C:
            at += 11 + _gif_table(data[at + 9])
        elif kind == 0:
            at += 1
            continue
        else:
            return extensions, None
        while data[at]:
            at += 1 + data[at]
        at += 1
        if kind == 0x21:
            extensions.append((data[start + 1], start + 2, at))


def png_chunks(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the data of every chunk of a PNG to its IEND. Never raises."""
    found: list[tuple[bytes, int, int]] = []
    at, size = 8, len(data)
    while at + 12 <= size:
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if end + 4 > size:
            break
        found.append((kind, at + 8, end))
        if kind == b"IEND":
            break
        at = end + 4
    return found


def riff_chunks(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the data of the chunks of a RIFF file. Never raises."""
    found: list[tuple[bytes, int, int]] = []
    at, limit = 12, min(len(data), int.from_bytes(data[4:8], "little") + 8)
    while at + 8 <= limit:
        kind, length = struct.unpack_from("<4sI", data, at)
        found.append((kind, at + 8, min(at + 8 + length, limit)))
        at += 8 + length + (length & 1)
    return found


def _ends_before(data: bytes, start: int, stop: int) -> bool:
    """Tell whether there is an end marker in `data[start:stop]`."""
    if stop - start < _FEW:
        return data.find(_EOI, start, stop) >= 0
    import numpy as np  # rules that only ask for columns import this module too

    # As 16-bit numbers, from even places and from odd ones, into memory that is there already: a search of the bytes
    # takes several times as long.
    found, size = _scratch(), _CHUNK
    for place in (start, start + 1):
        numbers = np.frombuffer(data, "<u2", (stop - place) // 2, place)
        for at in range(0, numbers.size, size):
            piece = numbers[at : at + size]
            if np.equal(piece, _EOI_WORD, out=found[: piece.size]).any():
                return True
    return False


@cache
def _scratch() -> npt.NDArray[np.bool_]:
    import numpy as np

    return np.empty(_CHUNK, np.bool_)


def _jpeg(data: bytes) -> int | None:
    if data[:2] != b"\xff\xd8":
        return None
    _segments, scan, _tidy = jpeg_segments.walk(data, 2)
    return jpeg(data, scan) if scan else None


def _png(data: bytes) -> int | None:
    chunks = png_chunks(data)
    return chunks[-1][2] + 4 if chunks and chunks[-1][0] == b"IEND" else None


def _gif(data: bytes) -> int | None:
    return gif_blocks(data)[1]


def _gif_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> int | None:
    # A chunk of odd length is padded; some writers leave the last one's padding out of the size.
    end = 8 + int.from_bytes(data[4:8], "little")
    return end + 1 if end & 1 and data[end : end + 1] == b"\0" else end


def _bmp(data: bytes) -> int | None:
    start, header, width, height, _planes, bits, compression, coded = struct.unpack_from("<IIiiHHII", data, 10)
    if header < 40 or width <= 0:
        return None
    if compression in (0, 3, 6):
        end = start + (width * bits + 31) // 32 * 4 * abs(height)
    elif coded:
        end = start + coded
    else:
        return None
    if header >= 124:
        place, size = struct.unpack_from("<II", data, 14 + 112)
        end = max(end, 14 + place + size if size else 0)
    return int(end)


#: Bytes of one value of each TIFF type (TIFF 6.0, section 2; the later ones are BigTIFF's).
_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_DIRECTORIES = frozenset({330, 34665, 34853, 40965})
_PIECES = {273: 279, 324: 325, 513: 514, 288: 289}
_DESCRIPTION, _MAKER_NOTE, _JPEG_TABLES = 270, 37500, 519
# Tags above those of TIFF 6.0 that are known to hold their data themselves: SGI's, CFA, copyright, GeoTIFF, IPTC,
# Photoshop, ICC, EXIF, Windows' titles, GDAL's, print matching.
_PLAIN = frozenset({
    32995, 32996, 32997, 32998, 33421, 33422, 33432, 33434, 33437, 33550, 33723, 33922, 34264, 34377, 34675, 34735,
    34736, 34737, 34850, 34852, 34855, 34856, 34858, 34859, 34864, 34865, 34866, 34867, 34868, 34869, 42112, 42113,
    50341, *_DIRECTORIES, *range(36864, 42241),
}) - {_MAKER_NOTE}  # fmt: skip
# Directories may all lie on top of each other: so many entries and values are read.
_MOST_VALUES = 1 << 20


def _tiff(data: bytes) -> int | None:
    """Return the end of all that the directories point at; None where a tag may point at more."""
    order = "<" if data[:2] == b"II" else ">"
    big = 43 in (data[2], data[3])
    place, number, entry, layout, inline = ("Q", "Q", 20, "HHQ", 8) if big else ("I", "H", 12, "HHI", 4)
    link = 8 if big else 4
    (first,) = struct.unpack_from(order + place, data, link)
    waiting, seen, end, spent = [first], set[int](), 8, 0
    while waiting:
        at = waiting.pop()
        if at == 0 or at in seen:
            continue
        seen.add(at)
        (count,) = struct.unpack_from(order + number, data, at)
        at += struct.calcsize(order + number)
        spent += count
        if spent > _MOST_VALUES:
            return None
        values: dict[int, tuple[int, ...]] = {}
        for here in range(at, at + count * entry, entry):
            tag, kind, length = struct.unpack_from(order + layout, data, here)
            size = _TIFF_SIZES.get(kind, 0) * length
            where = here + entry - inline
            if size > inline:
                (where,) = struct.unpack_from(order + place, data, where)
                end = max(end, where + size)
            if (tag > 32767 and tag not in _PLAIN) or tag == _JPEG_TABLES:
                return None
            if tag == _DESCRIPTION and data.startswith(b"ImageJ=", where):
                return None  # the planes of a stack follow the first without a directory
            if tag in _DIRECTORIES or tag in _PIECES or tag in _PIECES.values():
                code = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(kind)
                spent += length
                if code is None or spent > _MOST_VALUES:
                    return None
                values[tag] = struct.unpack_from(f"{order}{length}{code}", data, where)
        at += count * entry
        end = max(end, at + struct.calcsize(order + place))
        waiting += struct.unpack_from(order + place, data, at)
        for tag, found in values.items():
            if tag in _DIRECTORIES:
                waiting += found
            elif tag in _PIECES:
                lengths = values.get(_PIECES[tag], ())
                if len(lengths) != len(found):
                    return None
                end = max([end, *map(sum, zip(found, lengths, strict=True))])
    # Strips begin at even places, and some writers fill up the last one.
    return min(end, len(data))


_BOX = re.compile(rb"[\x20-\x7e\xa9][\x20-\x7e]{3}")


def _iso(data: bytes) -> int | None:
    found = boxes(data)
    return found[-1][2] if found else None


def _jpeg2000(data: bytes) -> int | None:
    if data.startswith(b"\xff\x4f"):
        return _codestream(data, 0)
    found = boxes(data)
    if found and found[-1][0] == b"jp2c" and found[-1][2] == len(data):
        # The last box may say that it goes on to the end of the file.
        return _codestream(data, found[-1][1])
    return found[-1][2] if found else None


def _codestream(data: bytes, at: int) -> int | None:
    """Return the end of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A): its header, and tile parts of known lengths."""
    at += 2
    while data[at] == 0xFF and data[at + 1] not in (0x90, 0xD9):
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    while data[at : at + 2] == b"\xff\x90":
        length = int.from_bytes(data[at + 6 : at + 10], "big")
        if length < 14:
            return None
        at += length
    return at + 2 if data[at : at + 2] == _EOI else None


def _icon(data: bytes) -> int | None:
    count = int.from_bytes(data[4:6], "little")
    end = 6 + 16 * count
    for at in range(6, end, 16):
        size, start = struct.unpack_from("<II", data, at + 8)
        end = max(end, start + size)
    return end


_QOI_END = bytes(7) + b"\1"


def _qoi(data: bytes) -> int | None:
    first = data.find(_QOI_END, 14) + len(_QOI_END)
    if first in (len(_QOI_END) - 1, len(data)):
        return first if first == len(data) else None
    return _qoi_walked(data)


def _qoi_walked(data: bytes) -> int | None:
    """Return the end of a QOI by counting the pixels that its operations give: a careless writer may repeat the marker."""
    width, height = struct.unpack_from(">II", data, 4)
    left, at = width * height, 14
    while left > 0:
        tag = data[at]
        at += 5 if tag == 0xFF else 4 if tag == 0xFE else 2 if tag >> 6 == 2 else 1
        left -= (tag & 63) + 1 if 0xC0 <= tag < 0xFE else 1
    return at + 8 if data[at : at + 8] == _QOI_END else None


def _psd(data: bytes) -> int | None:
    channels, height, width, depth = struct.unpack_from(">HIIH", data, 12)
    at = 26
    for _section in range(3):
        at += 4 + int.from_bytes(data[at : at + 4], "big")
    compression = int.from_bytes(data[at : at + 2], "big")
    at += 2
    if compression == 0:
        return int(at + channels * height * ((width * depth + 7) // 8))
    if compression == 1:
        rows = channels * height
        return int(at + 2 * rows + sum(struct.unpack_from(f">{rows}H", data, at)))
    return None


_NETPBM = re.compile(
    rb"P([456Ff])(?:\s|#[^\r\n]*[\r\n])+(\d{1,9})(?:\s|#[^\r\n]*[\r\n])+(\d{1,9})"
    rb"(?:(?<=\d)(?:\s|#[^\r\n]*[\r\n])+([-+.\deE]{1,20}))?"
)


def _netpbm(data: bytes) -> int | None:
    at = 0
    end: int | None = None
    while at < len(data):
        header = (_NETPBM if data[at + 1 : at + 2] != b"4" else _BITMAP).match(data, at, at + LONGEST_HEADER)
        if header is None:
            break
        kind, width, height = header[1], int(header[2]), int(header[3])
        if kind == b"4":
            row = (width + 7) // 8
        else:
            number = header[4]
            if number is None:
                break
            wide = 4 if kind in b"Ff" else 2 if number.isdigit() and int(number) > 255 else 1
            row = width * wide * (3 if kind in (b"6", b"F") else 1)
        at = end = header.end() + 1 + row * height
    return end


_BITMAP = re.compile(rb"P(4)(?:\s|#[^\r\n]*[\r\n])+(\d{1,9})(?:\s|#[^\r\n]*[\r\n])+(\d{1,9})")


def _sgi(data: bytes) -> int | None:
    packed, wide, dimensions, width, height, channels = struct.unpack_from(">BBHHHH", data, 2)
    rows = (height if dimensions > 1 else 1) * (channels if dimensions > 2 else 1)
    if not packed:
        return int(512 + width * rows * wide)
    starts = struct.unpack_from(f">{rows}I", data, 512)
    lengths = struct.unpack_from(f">{rows}I", data, 512 + 4 * rows)
    return max([512 + 8 * rows, *map(sum, zip(starts, lengths, strict=True))])


def _tga(data: bytes) -> int | None:
    if data.endswith(b"TRUEVISION-XFILE.\0"):
        return None  # extension and developer areas, which may be anything
    (id_length, map_type, kind, _first, colors, color_bits, _x, _y, width, height, depth) = struct.unpack_from(
        "<BBBHHBHHHHB", data, 0
    )
    if kind not in (1, 2, 3):
        return None
    return int(
        18 + id_length + (colors * ((color_bits + 7) // 8) if map_type else 0) + (width * depth + 7) // 8 * height
    )


def _icns(data: bytes) -> int | None:
    return int.from_bytes(data[4:8], "big")


def _sun(data: bytes) -> int | None:
    length, _kind, _map, map_length = struct.unpack_from(">IIII", data, 16)
    return 32 + map_length + length if length else None


def _fli(data: bytes) -> int | None:
    return int.from_bytes(data[:4], "little")


_READERS: dict[str, Callable[[bytes], int | None]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "webp": _webp,
    "bmp": _bmp,
    "tiff": _tiff,
    "avif": _iso,
    "jpeg2000": _jpeg2000,
    "ico": _icon,
    "cur": _icon,
    "qoi": _qoi,
    "psd": _psd,
    "ppm": _netpbm,
    "sgi": _sgi,
    "tga": _tga,
    "icns": _icns,
    "sun": _sun,
    "fli": _fli,
}
