"""The pages of a TIFF: what their directories say, and whether their data lie inside the file."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from sanitize.probe.complaint import BITSTREAM, ENDED_EARLY, Complaint

WIDTH, HEIGHT, BITS, COMPRESSION, ORIENTATION, ICC = 256, 257, 258, 259, 274, 34675
_PHOTOMETRIC, _CHANNELS, _ROWS, _PLANAR, _EXTRA = 262, 277, 278, 284, 338
_YCBCR = 6
STRIPS, STRIP_SIZES, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_SIZES = 273, 279, 322, 323, 324, 325
JPEG_TABLES, FILL_ORDER = 347, 266
_FORMATS = {1: "B", 2: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_WANTED = frozenset(
    {WIDTH, HEIGHT, BITS, COMPRESSION, ORIENTATION, ICC, _PHOTOMETRIC, _CHANNELS, _ROWS, _PLANAR, _EXTRA}
    | {STRIPS, STRIP_SIZES, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_SIZES, JPEG_TABLES, FILL_ORDER}
)
_MOST_PAGES = 10_000
# Directories may all point at the same long list: this many entries and values are read at most.
_MOST_VALUES = 1 << 22


@dataclass(frozen=True, slots=True)
class Page:
    """A directory: the values of the tags that matter."""

    tags: dict[int, tuple[int, ...]] = field(default_factory=dict)
    profile: tuple[int, int] | None = None  #: where the ICC profile lies: first byte, and the byte behind
    beyond: int = 0  #: where values of a tag that matters end, if that is behind the end of the file

    def one(self, tag: int, default: int) -> int:
        """Return the first value of a tag."""
        values = self.tags.get(tag)
        return values[0] if values else default


def read(data: bytes) -> tuple[tuple[Page, ...], Complaint | None]:
    """Follow the directories. Never raises; linear in the length of the data."""
    order = "<" if data[:2] == b"II" else ">"
    big = len(data) > 3 and 43 in (data[2], data[3])
    place, number, size = ("Q", "Q", 20) if big else ("I", "H", 12)
    pages: list[Page] = []
    seen: set[int] = set()
    link = 8 if big else 4
    spent = 0
    while len(pages) < _MOST_PAGES and spent < _MOST_VALUES:
        at = _unpack(order + place, data, link)
        if at is None:
            return tuple(pages), Complaint(f"the TIFF ends within a directory, after {len(data)} bytes", ENDED_EARLY)
        if at == 0 or at in seen:
            break
        seen.add(at)
        count = _unpack(order + number, data, at)
        first = at + struct.calcsize(order + number)
        link = first + (count or 0) * size
        if count is None or link > len(data):
            text = f"directory {len(pages) + 1} of the TIFF lies beyond its end, at byte {at} of {len(data)}"
            return tuple(pages), Complaint(text, ENDED_EARLY)
        page, cost = _page(data, order, first, count, big=big)
        pages.append(page)
        spent += cost
    return tuple(pages), None if pages else Complaint("the TIFF has no directory", BITSTREAM)


def beyond(page: Page, size: int) -> tuple[Complaint, int | None] | None:
    """Return the first strip, tile or tag that lies beyond the end of the file, with the row where it begins."""
    if page.beyond:
        return Complaint(f"a tag's values end at byte {page.beyond}, the TIFF after {size}", ENDED_EARLY), None
    tiled = TILES in page.tags
    starts = page.tags.get(TILES if tiled else STRIPS, ())
    sizes = page.tags.get(TILE_SIZES if tiled else STRIP_SIZES, ())
    uncompressed = page.one(COMPRESSION, 1) == 1
    for index, start in enumerate(starts):
        length = sizes[index] if index < len(sizes) else 0
        if uncompressed and not tiled:
            # Some writers say more than there is: what counts is what the rows need.
            length = min(length, needed(page, index)) if length else 0
        if start + length > size or (start >= size and size):
            kind = "tile" if tiled else "strip"
            text = f"{kind} {index + 1} of {len(starts)} ends at byte {start + length}, the TIFF after {size}"
            return Complaint(text, ENDED_EARLY), _row(page, index, max(0, size - start), length, tiled=tiled)
    return None


def needed(page: Page, index: int) -> int:
    """Return the bytes that a strip or tile holds when unpacked; 0 where samples of several pixels share bytes."""
    height = page.one(HEIGHT, 0)
    if page.one(_PHOTOMETRIC, 0) == _YCBCR and page.one(COMPRESSION, 1) != 1:
        return 0
    if TILES in page.tags:
        return page.one(TILE_HEIGHT, 0) * _stride(page)
    rows = max(1, min(page.one(_ROWS, height), height))
    per_plane = -(-height // rows) or 1
    left = max(0, min(rows, height - index % per_plane * rows))
    return left * _stride(page)


def filled(page: Page) -> int:
    """Return the bytes of a strip of all the rows that a strip may have: some writers fill up the last one."""
    return page.one(_ROWS, 0) * _stride(page)


def _stride(page: Page) -> int:
    """Return the bytes that a row of a strip or tile holds when unpacked."""
    bits = page.tags.get(BITS, (1,))[0] if page.one(_PLANAR, 1) == 2 else _depth(page)
    return (page.one(TILE_WIDTH if TILES in page.tags else WIDTH, 0) * bits + 7) // 8


def _depth(page: Page) -> int:
    bits, channels = page.tags.get(BITS, (1,)), page.one(_CHANNELS, 1)
    return sum(bits) if len(bits) == channels else bits[0] * channels


def _row(page: Page, index: int, left: int, length: int, *, tiled: bool) -> int | None:
    """Return the first row that is lost with a strip or tile of which `left` bytes remain."""
    height = page.one(HEIGHT, 0)
    if page.one(_PLANAR, 1) == 2:
        return 0
    if tiled:
        index //= max(1, -(-page.one(WIDTH, 1) // max(1, page.one(TILE_WIDTH, 1))))
        rows = max(1, page.one(TILE_HEIGHT, 1))
    else:
        rows = max(1, min(page.one(_ROWS, height), height))
    within = rows * left // length if page.one(COMPRESSION, 1) == 1 and length else 0
    return min(height, index * rows + within)


def _page(data: bytes, order: str, first: int, count: int, *, big: bool) -> tuple[Page, int]:
    """Read a directory; of the entries with the same tag the last counts, as Pillow has it, and only that is unpacked."""
    places: dict[int, tuple[int, int, str]] = {}
    profile: tuple[int, int] | None = None
    beyond = 0
    inline, size, layout = (8, 20, "HHQ") if big else (4, 12, "HHI")
    for at in range(first, first + count * size, size):
        tag, kind, length = struct.unpack_from(order + layout, data, at)
        if tag not in _WANTED or kind not in _FORMATS:
            continue
        bytes_ = struct.calcsize(order + _FORMATS[kind]) * length
        place: int | None = at + size - inline
        if bytes_ > inline:
            place = _unpack(order + ("Q" if big else "I"), data, at + size - inline)
        if place is None or place + bytes_ > len(data):
            beyond = max(beyond, (place or 0) + bytes_)
            continue
        if tag == ICC:
            profile = (place, place + bytes_) if bytes_ else None
        elif 0 < length <= _MOST_VALUES:
            places[tag] = length, place, f"{order}{length}{_FORMATS[kind]}"
    tags: dict[int, tuple[int, ...]] = {}
    left = _MOST_VALUES
    for tag, (length, place, values) in sorted(places.items(), key=lambda item: item[1]):
        if length > left:
            break
        tags[tag] = struct.unpack_from(values, data, place)
        left -= length
    return Page(tags, profile, beyond), count + _MOST_VALUES - left


def _unpack(layout: str, data: bytes, at: int) -> int | None:
    if at + struct.calcsize(layout) > len(data):
        return None
    return int(struct.unpack_from(layout, data, at)[0])
