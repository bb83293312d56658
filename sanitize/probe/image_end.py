"""Where the image ends within its file, by format."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from sanitize.probe import containers, jpeg_segments, rare_ends, tiff_end
from sanitize.probe.sniff_weak import LONGEST_HEADER

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_EOI = b"\xff\xd9"
# Second bytes of markers of images, ends, scans, comments and more; those of restarts and stuffed bytes are less, and of tables.
_LEAST_KIND = 0xD8
_MARKED = re.compile(rb"\xff[\xd8-\xff]")
_CHUNK = 1 << 18
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
    except (struct.error, IndexError, OverflowError):
        return None
    return end if end is not None and 0 < end <= len(data) else None


def jpeg(data: bytes, scan: int) -> tuple[int | None, bool]:
    """Return the first byte behind the end marker of a JPEG whose first scan's data begin at `scan`. Never raises.

    Also whether there may be comments before that. In an ordinary file the only marker behind the header, but for restarts, is
    its last two bytes: in entropy-coded data FF is followed by zero or a restart. Otherwise the scans are walked, as tables
    between them may hold anything.
    """
    last = len(data) - len(_EOI)
    if data.endswith(_EOI):
        is_marked = _is_marked(data, scan, last)
        if not is_marked or data.find(_EOI, scan, last) < 0:
            return len(data), is_marked
    return _walked(data, scan), True


def _walked(data: bytes, scan: int) -> int | None:
    """Return the first byte behind the end marker, whatever stands between the scans; None without one."""
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


def _is_marked(data: bytes, start: int, stop: int) -> bool:
    """Tell whether there is a marker in `data[start:stop]`, at least a byte before their end, that is no restart and no table."""
    if stop - start < _FEW:
        return _MARKED.search(data, start, stop) is not None
    import numpy as np  # rules that only ask for columns import this module too

    # A search of the bytes takes several times as long. Memory that is there already is filled faster.
    for at in range(start, stop, _CHUNK):
        size = min(_CHUNK, stop - at)
        is_first, is_kind = (room[:size] for room in _scratch())
        np.equal(np.frombuffer(data, np.uint8, size, at), 0xFF, out=is_first)
        np.greater_equal(np.frombuffer(data, np.uint8, size, at + 1), _LEAST_KIND, out=is_kind)
        if np.logical_and(is_first, is_kind, out=is_kind).any():
            return True
    return False


@cache
def _scratch() -> npt.NDArray[np.bool_]:
    import numpy as np

    return np.empty((2, _CHUNK), np.bool_)


def _jpeg(data: bytes) -> int | None:
    if data[:2] != b"\xff\xd8":
        return None
    _segments, scan, _tidy = jpeg_segments.walk(data, 2)
    return jpeg(data, scan)[0] if scan else None


def _png(data: bytes) -> int | None:
    chunks = containers.png_chunks(data)
    return chunks[-1][2] + 4 if chunks and chunks[-1][0] == b"IEND" else None


def _gif(data: bytes) -> int | None:
    return containers.gif_blocks(data)[1]


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


def _iso(data: bytes) -> int | None:
    found = containers.boxes(data)
    return found[-1][2] if found else None


def _jpeg2000(data: bytes) -> int | None:
    if data.startswith(b"\xff\x4f"):
        return _codestream(data, 0)
    found = containers.boxes(data)
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


QOI_END = bytes(7) + b"\1"


def _qoi(data: bytes) -> int | None:
    first = data.find(QOI_END, 14) + len(QOI_END)
    if first in (len(QOI_END) - 1, len(data)):
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
    return at + 8 if data[at : at + 8] == QOI_END else None


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
    if data[1:2] in b"123":
        return rare_ends.plain_netpbm(data)
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
    "tiff": tiff_end.tiff,
    "avif": _iso,
    "jpeg2000": _jpeg2000,
    "ico": _icon,
    "cur": _icon,
    "qoi": _qoi,
    "psd": _psd,
    "ppm": _netpbm,
    "sgi": _sgi,
    "tga": rare_ends.tga,
    "dib": rare_ends.dib,
    "dds": rare_ends.dds,
    "pcx": rare_ends.pcx,
    "msp": rare_ends.msp,
    "xbm": rare_ends.xbm,
    "icns": _icns,
    "sun": _sun,
    "fli": _fli,
}
