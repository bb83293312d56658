"""The compressed strips and tiles of a TIFF, unpacked by readers that check more than libtiff does."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from sanitize.probe import jpeg_segments, jpeg_strict, jpeg_zeros, lzw, tiff_pages
from sanitize.probe.complaint import BITSTREAM, CHECKSUM, ENDED_EARLY, ZERO_RUN, Complaint
from sanitize.probe.tiff_pages import Page

_LOWEST_FIRST = 2
_DEFLATE, _JPEG, _LZW, _PACKBITS = (8, 32946), 7, 5, 32773
# Zero bytes in a row that two-level coding cannot have, by compression. No code has more than 11 zero bits (ITU-T T.4 and
# T.6); a fax machine of Group 3 may stretch a row with them, at 14,400 bit/s by 36 bytes. libtiff takes them for the end.
_FAX_ZEROS = {2: 4, 3: 64, 4: 4}
_CHECKED = frozenset({*_DEFLATE, _JPEG, _LZW, _PACKBITS, *_FAX_ZEROS})
# libtiff turns the bits of every byte round where a file has them the other way; these two readers see to it themselves.
_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_NEVER_TURNED = frozenset({_JPEG, *_FAX_ZEROS})
# All parts together are unpacked up to this many bytes.
_MOST = 1 << 29
_STEP = 1 << 18
# What following a run of LZW codes, and one of PackBits, costs, in bytes that are unpacked in the same time.
_RUN, _STEP_COST = 1 << 15, 1 << 6
# Bytes that may be left over, for a part that ends at an even place.
_PADDING = 3


def damage(data: bytes, pages: Sequence[Page]) -> Complaint | None:
    """Return what is wrong with the first bad strip or tile; None where nothing is, or nothing can be told.

    libtiff stops unpacking where it has its rows, and never sees the checksum behind them.
    """
    left = _MOST
    seen: set[tuple[int, int]] = set()
    for page_number, page in enumerate(pages, 1):
        compression = page.one(tiff_pages.COMPRESSION, 1)
        if compression not in _CHECKED:
            continue
        tables = bytes(value & 0xFF for value in page.tags.get(tiff_pages.JPEG_TABLES, ()))
        for number, (start, length) in enumerate(_parts(page)):
            if left < 0 or (start, length) in seen:
                return None
            seen.add((start, length))
            part = memoryview(data)[start : start + length]
            if page.one(tiff_pages.FILL_ORDER, 1) == _LOWEST_FIRST and compression not in _NEVER_TURNED:
                part = memoryview(bytes(part).translate(_TURNED))
            if compression == _JPEG:
                cost, found = _jpeg(bytes(part), tables, left)
            elif compression == _LZW:
                cost, found = _lzw(part, tiff_pages.needed(page, number), tiff_pages.filled(page), left)
            elif compression == _PACKBITS:
                cost, found = _packed(part, tiff_pages.needed(page, number), tiff_pages.filled(page))
            elif compression in _FAX_ZEROS:
                cost, found = _fax(part, _FAX_ZEROS[compression])
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


def _lzw(part: memoryview, wanted: int, filled: int, most: int) -> tuple[int, Complaint | None]:
    """Measure a part that has to hold `wanted` or `filled` bytes; its cost and what is wrong with it."""
    if not wanted:
        return len(part), None
    measured = lzw.measure(part, 8, most_runs=most // _RUN, tiff=True)
    if measured is None:
        return most + 1, None
    kind = BITSTREAM if measured.finished or measured.invalid else ENDED_EARLY
    return measured.runs * _RUN, _counted(measured.pixels, wanted, filled, kind)


def _packed(part: memoryview, wanted: int, filled: int) -> tuple[int, Complaint | None]:
    """Count the bytes of a part of PackBits (TIFF 6.0, section 9), as `_lzw` does."""
    at, done, steps, size = 0, 0, 0, len(part)
    while at < size and wanted and not (done == wanted and size - at <= _PADDING):
        head = part[at]
        steps += 1
        if head < 128:
            done += min(head + 1, size - at - 1)
            at += head + 2
        else:
            done += 257 - head if head > 128 and at + 1 < size else 0
            at += 2 if head > 128 else 1
    return size + steps * _STEP_COST, _counted(done, wanted, filled, BITSTREAM)


def _counted(done: int, wanted: int, filled: int, kind: str) -> Complaint | None:
    if not wanted or done in (wanted, filled):
        return None
    return Complaint(f"{done} bytes where {wanted} have to be", kind)


def _fax(part: memoryview, most: int) -> tuple[int, Complaint | None]:
    """Look for zeros in a part of a two-level picture, its padding apart; its cost and what is wrong with it."""
    coded = bytes(part).rstrip(b"\0")
    at = coded.find(bytes(most))
    return len(part), Complaint(f"zero bytes in the coded rows, from byte {at} on", ZERO_RUN) if at >= 0 else None


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
    # The TIFF's own words say the rest better than the header of a strip.
    if words is not None and jpeg_strict.LOST_DATA.search(words):
        return cost, Complaint(words, BITSTREAM)
    run = jpeg_zeros.find(part, header)
    return cost, run and Complaint(f"{run.length} zero bytes in a row in the scan data", ZERO_RUN)
