"""Where the image ends within a TIFF, which may point anywhere."""

from __future__ import annotations

import struct

from sanitize.probe.payload import between

# Bytes of one value of each TIFF type (TIFF 6.0, section 2; the later ones are BigTIFF's).
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
# Tools that write a directory anew leave the old one, and what it pointed at: so many gaps are looked into, the largest.
_MOST_GAPS = 64


def tiff(data: bytes) -> int | None:
    """Return the end of all that the directories point at; None where a tag may point at more."""
    taken = _taken(data)
    return None if taken is None else _end(taken, data)


def gaps(data: bytes) -> list[tuple[int, int]]:
    """Return what lies between the header and the end of all that the directories point at, and is none of it. Never raises."""
    try:
        taken = _taken(data)
    except (struct.error, IndexError, OverflowError):
        return []
    header = 16 if 43 in (data[2], data[3]) else 8
    found = between(taken, header, _end(taken, data)) if taken else ()
    return sorted(found, key=lambda gap: gap[0] - gap[1])[:_MOST_GAPS]


def _end(taken: list[tuple[int, int]], data: bytes) -> int:
    # Strips begin at even places, and some writers fill up the last one.
    return min(max((end for _start, end in taken), default=8), len(data))


def _taken(data: bytes) -> list[tuple[int, int]] | None:
    """Return what the directories take up and point at: first bytes, and those behind the last; None where that is not known."""
    order = "<" if data[:2] == b"II" else ">"
    big = 43 in (data[2], data[3])
    place, number, entry, layout, inline = ("Q", "Q", 20, "HHQ", 8) if big else ("I", "H", 12, "HHI", 4)
    link = 8 if big else 4
    (first,) = struct.unpack_from(order + place, data, link)
    waiting, seen, spent = [first], set[int](), 0
    taken: list[tuple[int, int]] = []
    while waiting:
        at = waiting.pop()
        if at == 0 or at in seen:
            continue
        seen.add(at)
        begin = at
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
                taken.append((where, where + size))
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
        taken.append((begin, at + struct.calcsize(order + place)))
        waiting += struct.unpack_from(order + place, data, at)
        for tag, found in values.items():
            if tag in _DIRECTORIES:
                waiting += found
            elif tag in _PIECES:
                lengths = values.get(_PIECES[tag], ())
                if len(lengths) != len(found):
                    return None
                taken += [(start, start + length) for start, length in zip(found, lengths, strict=True)]
    return taken
