"""Looks into values of metadata (EXIF, TIFF tags, texts) for archives, programs and scripts."""

from __future__ import annotations

import re
import struct
from collections.abc import Container, Iterable, Iterator
from itertools import islice

from sanitize.probe import magics, markup, payload_text, wide_text
from sanitize.probe.payload import MOST_CANDIDATES, Payload, between

#: First byte of a value, and the byte behind it.
Value = tuple[int, int]

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
# Bytes, text, and what is undefined (TIFF 6.0, section 2); numbers of other kinds hold no text and no program.
_HOLDING = frozenset({1, 2, 6, 7})
# Bytes of one value of each type; all that is not one of them counts as bytes.
_SIZES = bytes((1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4)).ljust(1 << 16, b"\1")
_INLINE = 4
# Where a thumbnail lies, a JPEG or one strip, and how long it is.
_PICTURES = {0x201: 0x202, 0x111: 0x117}
_PICTURE, _JPEG = -1, b"\xff\xd8"
_PICTURE_TAGS = frozenset({*_PICTURES, *_PICTURES.values()})
_IFD_POINTERS = frozenset({0x8769, 0x8825, 0xA005})
_MOST_IFDS, _MOST_ENTRIES = 16, 1000
# A user comment begins with the name of its characters' code (Exif 2.3, 4.6.5).
_CODES = (b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0", bytes(8))
#: No shorter value is looked into.
LEAST = 9
#: By so many bytes a text is told from other data, and by its first letter JSON, XML and the like.
SHOWN = 4096
_NOTATION = re.compile(
    rb"\Z|%|<(?!!--)|\{\s*(?:['\"{}\\]|[\w-]+\s*[:|])"
    rb"|\[(?![^\]\r\n]{1,99}\]{1,2}[ \t]*(?:&&|\|\|))\s*(?:[\[{\"'\d-]|[^\]\r\n]{1,99}\](?!::|\.)|[^\]\r\n]{0,99}\Z)"
)


def opened(data: bytes, start: int, end: int, *, packed: bool = True) -> Payload | None:
    """Return the archive, program, PDF or script that a value begins with; `packed` as in `magics.search`. Never raises."""
    return magics.at(data, start, end, packed=packed) or payload_text.script(data, start, end)


def held(data: bytes, start: int, end: int, *, packed: bool = True) -> Payload | None:
    """Return what a part that may hold anything begins with, or holds behind other bytes; code that is all of it, too.

    `packed` as in `magics.search`. Never raises.
    """
    return (
        opened(data, start, end, packed=packed)
        or magics.search(data, start, end, packed=packed)
        or written(data, start, end)
        or in_wide_text(data, start, end)
    )


def in_gap(data: bytes, start: int, end: int) -> Payload | None:
    """Return what a gap between parts holds, or begins with behind zeros. Never raises."""
    filling = _ZEROS.match(data, start, end)
    first = filling.end() if filling else end
    if first >= end:  # as in most
        return None
    return held(data, start, end) or (opened(data, first, end) if first > start else None)


_ZEROS = re.compile(rb"\0*")


def written(data: bytes, start: int, end: int, *, behind: bool = False) -> Payload | None:
    """Return the code that a text is, to its end or to what no text holds, if that reaches for a shell, a page or a net.

    Others quote code, or are kept beside a plot; behind an image few do. Of a text in a notation for data (JSON) it is none, but
    what a property of XMP data is.
    """
    first, last = payload_text.bounds(data, start, end)
    text = data[first:last]
    found = _in_properties(data, first, last) if _PACKET in text else None
    if found is None and (found := _written(text, behind=behind)):
        found = found._replace(start=start, end=end)
    return found


def _written(text: bytes, *, behind: bool = False) -> Payload | None:
    if _NOTATION.match(text) or not payload_text.is_text(text[:SHOWN]):
        return None
    return payload_text.code(text, 0, len(text), behind=behind)


def in_wide_text(data: bytes, start: int, end: int) -> Payload | None:
    """Return the script, page or code that stands between two places in UTF-16. Never raises."""
    for text, first in islice(wide_text.find(data, start, end), MOST_CANDIDATES):
        found = next((there for way in _WAYS_OF_TEXT if (there := way(text, 0, len(text)))), None)
        if found is not None:
            return found._replace(start=first + 2 * found.start, end=end)
    return None


_WAYS_OF_TEXT = (markup.find, payload_text.script, written)


def in_exif(data: bytes, start: int, end: int) -> Payload | None:
    """Return what a value of EXIF data begins with, or what stands in their place; `start` is their byte order. Never raises."""
    if data[start : start + 4] not in _ORDERS:
        return held(data, start, end)
    taken = list(_taken(data, start, end))
    for first, last in _holding(taken, end - start):
        found = None
        if data[first : first + 8] in _CODES:
            found, first = opened(data, first, last), first + 8
        found = found or in_value(data, first, last)
        if found is not None:
            return found
    # What no JPEG begins with is none, whatever the directory says; a tag that was copied may point at others' values.
    others = [(first, last) for first, last, kind in taken if kind != _PICTURE]
    for first, last in _holding(taken, end - start, {_PICTURE}):
        if not data.startswith(_JPEG, first):
            overlaps = any(at < last and first < behind for at, behind in others)
            if found := magics.at(data, first, last) if overlaps else in_gap(data, first, last):
                return found
    gaps = between(((first, last) for first, last, _kind in taken), start + 8, end)
    long = (gap for gap in gaps if gap[1] - gap[0] >= LEAST)
    return next((found for gap in long if (found := in_gap(data, *gap))), None)


def in_value(data: bytes, start: int, end: int) -> Payload | None:
    """Return what a value begins with, right away or behind a name, or the code that it is. Never raises."""
    found = opened(data, start, end) or written(data, start, end) or _named(data, start, end)
    return found or (in_wide_text(data, start, end) if wide_text.begins(data, start, end) else None)


def _named(data: bytes, start: int, end: int) -> Payload | None:
    """Return what stands behind the name that a value begins with, as notes of makers do, or not far behind it."""
    places = behind_name(data, start, end)
    if not places:  # as in most
        return None
    found = next((found for place in places if (found := opened(data, place, end))), None)
    return found or magics.search(data, start, end, packed=False, latest=start + SHOWN)


def behind_name(data: bytes, start: int, end: int) -> tuple[int, ...]:
    """Return what is right behind the word that a part begins with, and what is behind a version and an order of bytes, too.

    Nothing where there is no such word, or too little behind it. Never raises.
    """
    name = _NAME.match(data, start, end)
    return (name.end(1), name.end()) if name and end - name.end(1) >= LEAST else ()


# Makers' notes begin so: `Nikon`, a zero, a version and a TIFF header; `OLYMPUS`, a zero, the order of bytes and a version. What
# goes on as text, be it in the next line, is none.
_NAME = re.compile(
    rb"([A-Za-z][ -~]{2,38}(?:[\0-\x08\x0c\x0e-\x1e]|(?=[\x1f\x7f-\xff])))[\0-\x1e]{0,9}(?:(?:II|MM)[\0-\x1e*]{0,9})?"
)


def in_any(data: bytes, places: Iterable[Value]) -> Payload | None:
    """Return what one of several values begins with, or the code that it is. Never raises."""
    return next((found for first, last in places if (found := in_value(data, first, last))), None)


def values(data: bytes, start: int, end: int) -> Iterator[Value]:
    """Give where the values that may hold anything lie, of all directories that are found from `start` on. Never raises."""
    return _holding(_taken(data, start, end), end - start)


#: First byte of a value, a directory or a picture, the byte behind it, and its type; 0 for a directory.
_Taken = tuple[int, int, int]


def _holding(taken: Iterable[_Taken], room: int, kinds: Container[int] = _HOLDING) -> Iterator[Value]:
    """Give the values that may hold anything, of so many bytes in all: lying on top of each other, they were made to be slow."""
    for first, last, kind in taken:
        if kind in kinds and last - first >= LEAST:
            room -= last - first
            if room < 0:
                return
            yield first, last


def _taken(data: bytes, start: int, end: int) -> Iterator[_Taken]:
    """Give what the directories that are found from `start` on take up and point at. Never raises."""
    order = _ORDERS.get(data[start : start + 4])
    if order is None:
        return
    entry, number, count = struct.Struct(order + "HHII"), struct.Struct(order + "I"), struct.Struct(order + "H")
    todo, seen = [start + 4], set[int]()
    while todo and len(seen) < _MOST_IFDS:
        pointer = todo.pop()
        if pointer + 4 > end:
            continue
        at = start + number.unpack_from(data, pointer)[0]
        if at in seen or not start + 8 <= at <= end - 2:
            continue
        seen.add(at)
        entries = min(count.unpack_from(data, at)[0], _MOST_ENTRIES, (end - at - 2) // 12)
        behind = at + 2 + 12 * entries
        yield at, min(end, behind + 4), 0
        pictures: dict[int, int] = {}
        for place, (tag, kind, length, value) in zip(
            range(at + 2, behind, 12), entry.iter_unpack(data[at + 2 : behind]), strict=True
        ):
            size = length * _SIZES[kind]
            if size > _INLINE and start + value + size <= end:
                yield start + value, start + value + size, kind
            elif tag in _IFD_POINTERS:
                todo.append(place + 8)
            elif tag in _PICTURE_TAGS and length == 1:
                pictures[tag] = value
        for first, length in _PICTURES.items():
            if first in pictures:
                yield start + pictures[first], min(end, start + pictures[first] + pictures.get(length, 0)), _PICTURE
        todo.append(behind)


def in_text(data: bytes, start: int, end: int) -> Payload | None:
    """Return what stands in a text that holds zeros, as none does. Never raises."""
    return magics.search(data, start, end) if data.find(b"\0", start, end) >= 0 else None


def in_packet(data: bytes, start: int, end: int) -> Payload | None:
    """Return what stands in XMP data that hold zeros, or the code that one of their properties is. Never raises."""
    return in_text(data, start, end) or _in_properties(data, start, end)


def _in_properties(data: bytes, start: int, end: int) -> Payload | None:
    """Return the script or code that a property of XMP data is, of several lines; one line of it is what captions quote."""
    if not _breaks_values(data[start:end]):  # as in most packets
        return None
    for match in islice(_PROPERTY.finditer(data, start, min(end, start + _MOST_OF_PACKET)), _MOST_PROPERTIES):
        first, last = match.span(match.lastindex or 0)
        text = _ENTITY.sub(_unescaped, data[first : min(last, first + _LONGEST_PROPERTY)])
        found = payload_text.script(text, 0, len(text)) or _written(text)
        if found is not None:
            return found._replace(start=first, end=last)
    return None


def _unescaped(entity: re.Match[bytes]) -> bytes:
    if entity[3]:
        return _NAMED[entity[3]]
    number = int(entity[1], 16) if entity[1] else int(entity[2])
    return bytes((number,)) if number < 256 else entity[0]


def _breaks_values(text: bytes) -> bool:
    """Tell whether a line of XMP data may end within a value: behind more than a tag, a quote or filling, as tools have it."""
    return b"\r" in text or b"&#" in text or sum(map(text.count, _TIDY)) < text.count(b"\n")


_TIDY = (b">\n", b'"\n', b"'\n", b" \n", b"\n\n")
_PACKET = b"<rdf:RDF"
# XML's own entities, and characters of one byte by their numbers.
_ENTITY = re.compile(rb"&(?:#x0{0,6}([0-9A-Fa-f]{1,2})|#0{0,6}(\d{1,3})|(amp|lt|gt|quot|apos));")
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
# A value of several lines in an element, in its character data or in an attribute: others fail by the end of their first line.
_FIRST_LINE = rb"(?:[^<>&\r\n%b]|&(?:amp|lt|gt|quot|apos);){8,300}(?:[\r\n]|&#(?:x0{0,6}[AaDd]|0{0,6}1[03]);)"
_PROPERTY = re.compile(
    rb">(?!\s*<)\s{0,99}(?!\s)(" + _FIRST_LINE % b"" + rb"[^<]*)"
    rb"|<!\[CDATA\[\s{0,99}(?!\s)([^\r\n\]]{8,300}[\r\n](?:[^\]]|\](?!\]>))*)"
    rb"|=\"\s{0,99}(?!\s)(" + _FIRST_LINE % b'"' + rb"[^<\"]*)"
    rb"|='\s{0,99}(?!\s)(" + _FIRST_LINE % b"'" + rb"[^<']*)"
)
_MOST_PROPERTIES, _LONGEST_PROPERTY, _MOST_OF_PACKET = 64, 1 << 14, 1 << 20


def gap(data: bytes) -> Value | None:
    """Return what lies between the palette of a BMP and its pixels, if anything does (MS-WMF, 2.2.2.9). Never raises."""
    if len(data) < 54:
        return None
    pixels, header = struct.unpack_from("<II", data, 10)
    if header < 40:
        return None
    (bits, compression), (colours,) = struct.unpack_from("<HI", data, 28), struct.unpack_from("<I", data, 46)
    masks = {3: 12, 6: 16}.get(compression, 0) if header == 40 else 0
    start = 14 + header + masks + 4 * (colours or (1 << bits if bits <= 8 else 0))
    return (start, min(pixels, len(data))) if start < pixels else None
