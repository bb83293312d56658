"""A walk over the segments of a JPEG, up to its first scan and through all of them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from sanitize.probe import jpeg_exif

EOI, SOS, DQT, DHT, DAC, DRI = 0xD9, 0xDA, 0xDB, 0xC4, 0xCC, 0xDD
APP0, APP1, APP2, APP13, APP14, COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE

#: Start-of-frame markers (ITU T.81, table B.1).
FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
SEQUENTIAL = frozenset({0xC0, 0xC1})
PROGRESSIVE = frozenset({0xC2})
#: Coded with Huffman tables, and taken by every reader; arithmetic coding is not.
USUAL = SEQUENTIAL | PROGRESSIVE

_TABLES = frozenset({DQT, DHT, DAC, DRI})
# What stands in the header of nearly every JPEG and holds nothing that a reader could stumble over.
_HARMLESS = frozenset({DQT, DHT, DRI, COM, SOS, *range(0xE0, 0xF0)})
# Markers without a payload: a stuffed byte, TEM, the restarts, SOI, EOI and a fill byte.
_STANDALONE = frozenset({0x00, 0x01, *range(0xD0, 0xDA), 0xFF})
#: The next marker that has a payload or ends the picture.
NEXT = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
#: What ends entropy-coded data: a marker that is no stuffed byte, restart or fill byte.
SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

#: Marker, first byte of the payload, first byte after it.
Segment = tuple[int, int, int]
#: The segments up to a scan, where its data begin (or 0), and whether all is in place.
Walk = tuple[list[Segment], int, bool]
#: The segments up to the first scan, and where its data begin (or 0).
Start = tuple[list[Segment], int]


class Header(NamedTuple):
    """What the segments before the first scan say."""

    segments: list[Segment]
    scan: int  #: where the data of the first scan begin; 0 where there is none
    ordinary: bool  #: nothing that Pillow's header reader might refuse although libjpeg takes it
    process: int  #: the start-of-frame marker; 0 where there is none
    width: int
    height: int
    bits: int
    components: int
    unit_rows: int  #: rows of pixels that one row of minimum coded units covers
    orientation: int
    exif_clean: bool  #: there are no EXIF data, or no reader stumbles over them
    icc: list[bytes]  #: payloads of the ICC segments: number, count, data
    multi_picture: bool
    several_scans: bool  #: one scan does not make the picture
    shifted: bool  #: bytes stand between a table or the frame and the next segment: something in there was changed


class Scan(NamedTuple):
    """One scan of a JPEG: its entropy-coded data are `data[start:end]`."""

    start: int
    end: int
    zero_symbols: frozenset[int]  #: what the all-zero code of each of its AC tables means
    band: tuple[int, int]  #: first and last coefficient, as the scan's header has them
    refines: bool  #: it adds a bit to what earlier scans gave
    left: int  #: bits that later scans are to add
    components: bytes  #: numbers of the components that it has, four at most


class Body(NamedTuple):
    """The scans of a JPEG, and what comes after the last of them."""

    scans: list[Scan]
    ended: bool  #: an end marker follows
    in_scan: bool  #: the file ends inside entropy-coded data


def read_header(data: bytes) -> Header:
    """Walk `data`, which starts with an SOI marker, to its first scan or as far as it goes. Never raises."""
    segments, scan, tidy = walk(data, 2)
    process = width = height = bits = components = 0
    unit_rows, orientation, exifs, exif_clean, multi_picture = 8, 1, 0, True, False
    icc: list[bytes] = []
    for marker, start, end in segments:
        if marker == APP1:
            if data.startswith(b"Exif\0\0", start):
                exifs += 1
                exif = jpeg_exif.read(data[start + 6 : end])
                orientation = exif.orientation if exifs == 1 else orientation
                exif_clean = exif.clean and exifs == 1
        elif marker == APP2:
            if data.startswith(b"ICC_PROFILE\0", start):
                tidy = tidy and end - start > 14
                icc.append(data[start + 12 : end])
            multi_picture = multi_picture or data.startswith(b"MPF\0", start)
        elif marker in FRAMES:
            tidy = tidy and process == 0 and end - start >= 6 and marker in USUAL
            if end - start >= 6:
                bits, height, width, components = _frame(data, start)
                # Of a single component a unit is one block, whatever its factors.
                factors = data[start + 7 : end : 3] if components > 1 else b"\x11"
                process, unit_rows = marker, 8 * max([1, *(factor & 15 for factor in factors)])
        elif marker == APP0:
            tidy = tidy and (end - start >= 14 or not data.startswith(b"JFIF", start))
        elif marker == APP14 and data.startswith(b"Adobe", start):
            tidy = tidy and end - start >= 12
        elif marker == APP13:
            tidy = tidy and _photoshop_is_whole(data[start:end])
        elif marker not in _HARMLESS:
            tidy = False
    ordinary = tidy and scan > 0 and bits == 8 and components in (1, 3, 4) and width > 0 and height > 0
    several_scans = scan > 0 and (
        process not in SEQUENTIAL or sum(data[segments[-1][1] : segments[-1][1] + 1]) < components
    )
    return Header(
        segments, scan, ordinary, process, width, height, bits, components, unit_rows, orientation, exif_clean,
        icc, multi_picture, several_scans, not tidy and _is_shifted(data, segments),
    )  # fmt: skip


def read_body(data: bytes, header: Header, *, most: int = 0) -> Body:
    """Walk the scans of `data` to the end marker, or the first `most` of them. Never raises."""
    tables = _zero_symbols(data, header.segments, {})
    segments, start, scans = header.segments, header.scan, []
    while start:
        found = SCAN_END.search(data, start)
        end = found.start() if found else len(data)
        _marker, first, last = segments[-1]
        used = {tables.get(selector & 15, 0) for selector in data[first + 2 : last - 3 : 2]}
        band, bits = (data[last - 3], data[last - 2]), data[last - 1]
        scans.append(Scan(start, end, frozenset(used), band, bits > 15, bits & 15, data[first + 1 : last - 3 : 2][:4]))
        if len(scans) == most:
            break
        if found is None or data[end + 1] == EOI:
            return Body(scans, ended=found is not None, in_scan=found is None)
        segments, start, _tidy = walk(data, end)
        if not start:
            # Where the walk stopped at an end marker, it stopped before its two bytes.
            stop = segments[-1][2] if segments else end
            found = NEXT.search(data, stop)
            return Body(scans, ended=found is not None and data[found.start() + 1] == EOI, in_scan=False)
        tables = _zero_symbols(data, segments, tables)
    return Body(scans, ended=False, in_scan=False)


def profile_of(header: Header) -> bytes:
    """Return the ICC profile, put together as Pillow does; empty where there is none or a piece of it is missing."""
    pieces = sorted(header.icc)
    if not pieces or len(pieces[0]) < 2 or pieces[0][1] != len(pieces):
        return b""
    return b"".join(piece[2:] for piece in pieces)


def walk(data: bytes, at: int) -> Walk:
    """Walk the segments from `at` to the next scan. Never raises."""
    segments: list[Segment] = []
    tidy, size = True, len(data)
    while at + 4 <= size:
        marker = data[at + 1]
        if data[at] != 0xFF or marker in _STANDALONE:
            found = NEXT.search(data, at)
            tidy = False
            if found is None or data[found.start() + 1] == EOI:
                break
            at = found.start()
            continue
        end = at + 2 + (data[at + 2] << 8 | data[at + 3])
        if end < at + 4 or end > size:
            tidy = False
            break
        segments.append((marker, at + 4, end))
        if marker == SOS:
            return segments, end, tidy
        at = end
    return segments, 0, False


def _frame(data: bytes, start: int) -> tuple[int, int, int, int]:
    return (
        data[start],
        data[start + 1] << 8 | data[start + 2],
        data[start + 3] << 8 | data[start + 4],
        data[start + 5],
    )


def _photoshop_is_whole(block: bytes) -> bool:
    """Tell whether Pillow gets through a block of Photoshop resources; over a short one it may refuse the file."""
    if not block.startswith(b"Photoshop 3.0\0"):
        return True
    at, size = 14, len(block)
    while block[at : at + 4] == b"8BIM":
        if at + 12 > size:
            return False
        at += 7 + block[at + 6]
        at += at & 1
        if at + 4 > size:
            return False
        length = int.from_bytes(block[at : at + 4], "big")
        if length < 16 and block[at - 6 : at - 4] == b"\x03\xed":
            return False
        at += 4 + length
        at += at & 1
    return True


def _is_shifted(data: bytes, segments: list[Segment]) -> bool:
    """Tell whether stray bytes, padding apart, follow a segment that decoding depends on.

    After application data they are an encoder's mistake in a length that nobody reads. After a table they are the
    table's own last bytes, pushed out by others, or a segment whose marker is gone.
    """
    for (marker, _start, end), (_marker, start, _end) in pairwise(segments):
        if (marker in _TABLES or marker in FRAMES) and data[end : start - 4].strip(b"\0\xff"):
            return True
    return False


def _zero_symbols(data: bytes, segments: list[Segment], tables: dict[int, int]) -> dict[int, int]:
    """Return what the all-zero code means in each AC table, `tables` being those defined before `segments`."""
    tables = dict(tables)
    for marker, start, end in segments:
        while marker == DHT and start + 17 < end:
            if data[start] >= 16:
                tables[data[start] & 15] = data[start + 17]
            start += 17 + sum(data[start + 1 : start + 17])
    return tables
