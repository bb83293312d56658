"""The compressed strips and tiles of a TIFF, unpacked by readers that check more than libtiff does."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

from sanitize.probe import jpeg_segments, jpeg_strict, jpeg_zeros, tiff_pages
from sanitize.probe.complaint import BITSTREAM, CHECKSUM, ENDED_EARLY, ZERO_RUN, Complaint
from sanitize.probe.tiff_pages import Page

_DEFLATE, _JPEG = (8, 32946), 7
# All parts together are unpacked up to this many bytes.
_MOST = 1 << 29
_STEP = 1 << 18
# What costs pixels; a TIFF's own words say the rest better than the header of a strip.
_LOSS = re.compile(r"Corrupt JPEG data|Premature end of JPEG")


def damage(data: bytes, pages: Sequence[Page]) -> Complaint | None:
    """Return what is wrong with the first bad strip or tile; None where nothing is, or nothing can be told.

    libtiff stops unpacking where it has its rows, and never sees the checksum behind them.
    """
    left = _MOST
    seen: set[tuple[int, int]] = set()
    for page_number, page in enumerate(pages, 1):
        compression = page.one(tiff_pages.COMPRESSION, 1)
        if compression not in _DEFLATE and compression != _JPEG:
            continue
        tables = bytes(value & 0xFF for value in page.tags.get(tiff_pages.JPEG_TABLES, ()))
        for number, (start, length) in enumerate(_parts(page)):
            if left < 0 or (start, length) in seen:
                return None
            seen.add((start, length))
            part = memoryview(data)[start : start + length]
            if compression == _JPEG:
                cost, found = _jpeg(bytes(part), tables, left)
            else:
                cost, found = _deflated(part, tiff_pages.needed(page, number), left)
            left -= cost
            if found is not None:
                kind = "tile" if tiff_pages.TILES in page.tags else "strip"
                of = f"page {page_number} of {len(pages)}, " if len(pages) > 1 else ""
                return Complaint(f"{of}{kind} {number + 1}: {found.text}", found.kind)
    return None


def _parts(page: Page) -> Iterator[tuple[int, int]]:
    """Yield begin and length of every part that is there: sparse files leave some out."""
    tiled = tiff_pages.TILES in page.tags
    starts = page.tags.get(tiff_pages.TILES if tiled else tiff_pages.STRIPS, ())
    sizes = page.tags.get(tiff_pages.TILE_SIZES if tiled else tiff_pages.STRIP_SIZES, ())
    yield from (pair for pair in zip(starts, sizes, strict=False) if pair[0] and pair[1])


def _deflated(part: memoryview, wanted: int, most: int) -> tuple[int, Complaint | None]:
    """Unpack a part that has to hold `wanted` bytes, 0 where that is not known; its cost and what is wrong with it."""
    inflater, done, limit = zlib.decompressobj(), 0, min(wanted or most, most)
    rest: bytes | memoryview = part
    try:
        while not inflater.eof and done <= limit:
            out = inflater.decompress(rest, _STEP)
            rest = inflater.unconsumed_tail
            done += len(out)
            if not out and not rest:
                break
    except zlib.error as error:
        words = str(error).partition(": ")[2] or str(error)
        return done, Complaint(f"{words} after {done} bytes", CHECKSUM if "data check" in words else BITSTREAM)
    if done < min(wanted, limit):
        kind = BITSTREAM if inflater.eof else ENDED_EARLY
        return done, Complaint(f"{done} bytes where {wanted} have to be", kind)
    return done + len(part), None


def _jpeg(part: bytes, tables: bytes, most: int) -> tuple[int, Complaint | None]:
    """Decode a part strictly, its tables put before it; its cost and what is wrong with it."""
    if part[:2] != b"\xff\xd8":
        return len(part), None
    if tables[:2] == b"\xff\xd8" and tables[-2:] == b"\xff\xd9":
        part = tables[:-2] + part[2:]
    header = jpeg_segments.read_header(part)
    cost = len(part) + 3 * header.width * header.height
    if cost > most or not header.scan or header.several_scans:
        return cost, None
    words = jpeg_strict.read(part).complaint
    if words is not None and _LOSS.search(words):
        return cost, Complaint(words, BITSTREAM)
    run = jpeg_zeros.find(part, header)
    return cost, run and Complaint(f"{run.length} zero bytes in a row in the scan data", ZERO_RUN)
