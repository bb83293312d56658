"""Finds where the trailer begins that a program or a camera has written behind an image, by the structure of each."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import NamedTuple

from sanitize.probe import photoshop
from sanitize.probe.payload import little


class Trailer(NamedTuple):
    """A vendor's trailer, from `start` to the end of the file."""

    name: str
    start: int
    #: First byte of what it holds, and the byte behind it, in their order; none lies on top of another.
    values: tuple[tuple[int, int], ...] = ()


def find(data: bytes, start: int) -> Trailer | None:
    """Return the trailer that ends a file and lies behind `start`; several in a row are one, of the last one's name.

    A vendor's last bytes behind other data are no trailer. Never raises.
    """
    found, end = None, len(data)
    for _ in range(_MOST_TRAILERS):
        trailer = _ending(data, start, end)
        if trailer is None:
            break
        found = trailer._replace(name=found.name, values=trailer.values + found.values) if found else trailer
        end = trailer.start
    return found


def of_maker(data: bytes, start: int, exif: bytes) -> Trailer | None:
    """Return what begins at `start` or stands behind it and is a trailer only in files of the camera that the EXIF data name.

    Never raises.
    """
    if b"SONY" in exif and data.startswith(_SONY, start):
        return Trailer("Sony's hidden data", start, ((start, len(data)),))
    depth = data.find(_HUAWEI, start) + 1 if b"HUAWEI" in exif or b"HONOR" in exif else 0
    if not depth or len(data) < depth + _HUAWEI_HEADER:
        return None
    columns, rows = struct.unpack_from("<HH", data, depth + 20)
    if not (columns and rows and depth + _HUAWEI_HEADER + columns * rows <= len(data)):
        return None
    # The picture as it was taken stands before the depths.
    first = max(start, data.find(b"\xff\xd8\xff", start, depth))
    return Trailer("a Huawei depth map", start, ((start, start), (first, depth), (depth, len(data))))


# How what ExifTool calls `SonyHiddenData` begins. The depths of Huawei's have a name and a header, which holds columns and
# rows, and are a byte each.
_SONY, _HUAWEI, _HUAWEI_HEADER = b"\x55\x26\x11\x05\0", b"\0edof\0", 72

# FotoStation's records count singly; of Samsung's blocks, all but the directory's are few.
_MOST_TRAILERS, _MOST_BLOCKS = 64, 1000
_LONGEST_FOOTER = 64


def _ending(data: bytes, start: int, end: int) -> Trailer | None:
    last = data[max(start, end - _LONGEST_FOOTER) : end]
    for name, footer, begin in _VENDORS:
        if footer.search(last):
            values = begin(data, start, end)
            return Trailer(name, values[0][0], tuple(values)) if values else None
    return None


#: Returns the values of a trailer between two places, the first one at its beginning; none if it is no such trailer.
Begin = Callable[[bytes, int, int], list[tuple[int, int]]]


def _samsung(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Walk back over blocks, which are data, their length and a type; before a block SEFT lies what it lists."""
    values: list[tuple[int, int]] = []
    at = end - 2 if data.endswith(b"QDIOBS", start, end) else end
    while at - 8 >= start and len(values) < _MOST_BLOCKS:
        length = little(data, at - 8)
        first = at - 8 - length
        if not 4 <= length < 65_536 or first < start:
            break
        if data.startswith(b"SEFT", at - 4):
            listed = _listed(data, start, first, length)
            return listed and listed + values[::-1]
        values.append((first, at - 8))
        at = first
    return values[::-1]


def _listed(data: bytes, start: int, place: int, length: int) -> list[tuple[int, int]]:
    """Return the values that a Samsung directory lists, and its own rest; an entry says how far before it a block begins.

    A block is a type, the length of a name, that name and the value. They lie one behind the other up to the directory.
    """
    count = little(data, place + 8)
    if not data.startswith(b"SEFH", place) or length < 12 or 12 + 12 * count > length:
        return []
    behind = place + 12 + 12 * count
    entries = struct.iter_unpack("<HHII", data[place + 12 : behind])
    blocks = {place - back + size: place - back for _, _, back, size in entries if 8 <= size <= back <= place - start}
    values, at = [(behind, place + length), (place, behind)], place
    while at in blocks:
        first, last = blocks[at], at
        value = min(last, first + 8 + little(data, first + 4))
        values += [(value, last), (first + 8, value)]
        at = first
    return [(at, at), *values[::-1]]


def _fotostation(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the one record that ends here: its last ten bytes are a tag, the size of it all and the signature."""
    size = int.from_bytes(data[end - 8 : end - 4], "big")
    return _with_records(data, end - size, end - 10) if 10 <= size <= end - start else []


def _photo_mechanic(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    size = int.from_bytes(data[end - 12 : end - 8], "big")
    return _with_records(data, end - 12 - size, end - 12) if size <= end - 12 - start else []


def _with_records(data: bytes, first: int, last: int) -> list[tuple[int, int]]:
    """Return what may be records of IPTC, and their values."""
    return [(first, first), *photoshop.records(data, first, last)]


def _canon(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return what lies between a header of 28 bytes and a footer of 64, which holds its size."""
    first = end - 64 - int.from_bytes(data[end - 44 : end - 40], "big") - 28
    is_one = first >= start and data.startswith(b"CANON OPTIONAL DATA\0", first)
    return [(first, first), (first + 28, end - 64)] if is_one else []


def _insta360(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return what lies before the last 78 bytes, of which four hold the size of it all."""
    size = little(data, end - 40)
    return [(end - size, end - 78)] if 78 <= size <= end - start else []


def _oneplus(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return a list in JSON that ends here with its size, and what lies before it, as far back as the list says."""
    size = little(data, end - 4)
    listed = end - size
    if not 8 < size <= end - start or not data.startswith(b"[", listed):
        return []
    first = listed - max((int(offset[1]) for offset in _OFFSET.finditer(data, listed, end)), default=0)
    return [(first, listed), (listed, end - 8)] if first >= start else []


_OFFSET = re.compile(rb"\"offset\"\s*:\s*(\d{1,10})\b")


def _from(beginning: bytes) -> Begin:
    """Return a way to find a trailer by how it begins, as its last bytes do not tell for sure where that is."""
    pattern = re.compile(beginning, re.DOTALL)

    def begin(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
        match = pattern.search(data, start, end)
        return [(match.start(), end)] if match else []

    return begin


# The last bytes of trailers that programs and cameras write, and their structure; from ExifTool, but for the last.
_VENDORS: tuple[tuple[str, re.Pattern[bytes], Begin], ...] = (
    ("a Samsung trailer", re.compile(rb"\0\0(?:QDIOBS|SEFT)\Z"), _samsung),
    ("an AFCP trailer", re.compile(rb"AXS[!*].{8}\Z", re.DOTALL), _from(rb"AXS[!*](?=.{8}.{12})")),
    ("a FotoStation trailer", re.compile(rb"\xa1\xb2\xc3\xd4\Z"), _fotostation),
    ("a Photo Mechanic trailer", re.compile(rb"cbipcbbl\Z"), _photo_mechanic),
    ("a Canon VRD trailer", re.compile(rb"CANON OPTIONAL DATA\0.{44}\Z", re.DOTALL), _canon),
    (
        "an MIE trailer",
        re.compile(rb"~\0\x04\0zmie~\0\0(?:\x06.{4}[\x10\x18]\x04|\x0a.{8}[\x10\x18]\x08)\Z", re.DOTALL),
        _from(rb"~[\x10\x18]\x04.0MIE"),
    ),
    ("an Insta360 trailer", re.compile(rb"8db42d694ccc418790edff439fe026bf\Z"), _insta360),
    ("a Nikon trailer", re.compile(rb"\0{6}/NIKON APP\Z"), _from(b"")),
    ("a Vivo trailer", re.compile(rb"\xff{4}\x1b\*9HWfu\x84\x93\xa2\xb1\Z"), _from(rb"vivo\{\"|streamdata")),
    ("a OnePlus trailer", re.compile(rb"jxrs...\0\Z", re.DOTALL), _oneplus),
    (
        "a Huawei trailer",
        re.compile(rb"LIVE_\d{1,16}[\0 ]*\Z"),
        _from(rb"(?:v\d_f\d{1,3}[ \w:]{1,40})?LIVE_\d{1,16}[\0 ]*\Z"),
    ),
)
