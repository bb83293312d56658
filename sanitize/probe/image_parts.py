"""The named parts of a file that is no JPEG: where they lie, and what they may hold beside the image."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence

from sanitize.probe import avif_items, containers, markup, metadata, profiles, rare_ends, tiff_end
from sanitize.probe.payload import Payload

#: A part of a file: its name, and its first byte and that behind it.
Place = tuple[str, int, int]

_TAG, _GAP, _BETWEEN, _PACKET = "tags", "gap before the pixels", "gap between the parts", "XMP data"
_APPLICATION, _PACKED_PROFILE = "application extension", "chunk iCCP"
_IN_PIECES = frozenset({"comment", _APPLICATION, "extension"})
_PACKED = frozenset({"chunk zTXt", "chunk iTXt", _PACKED_PROFILE})
# What is shorter is in one piece, or is nothing.
_APPLICATION_NAME, _LEAST_JOINED = 11, 20
_MOST_TEXT = 4 << 20
#: No shorter part is looked into, but for a few: there may be millions, and what hides in a file is longer.
LEAST = 8
# So long is the key of a text (PNG, third edition, 11.3.3), with some room.
_LONGEST_KEY = 80
_UUID = 16
# Bytes of the longest header of a TIFF, and what strips may be packed by (GDAL's codes 34925 and 50000).
_TIFF_HEADER, _OF_STRIPS = 16, ("xz", "zstd")
# The name and the code of the application extension that holds XMP data (Adobe, "XMP Specification Part 3", 1.1.2).
_XMP = b"\x0bXMP DataXMP"


def find(data: bytes, content: str) -> list[Place]:
    """Return the parts of a file by name, as far as its format has some."""
    way = _PARTS.get(content)
    return way(data) if way else []


def find_in(data: bytes, start: int, end: int, content: str) -> list[Place]:
    """Return the parts of a file that lies between two places of another."""
    return [(name, start + first, start + last) for name, first, last in find(data[start:end], content)]


def _of_png(data: bytes) -> list[Place]:
    chunks = [chunk for chunk in containers.png_chunks(data) if chunk[1] < chunk[2]]
    named = {kind: f"chunk {_ascii(kind)}" for kind in {kind for kind, _start, _end in chunks}}
    return [(named[kind], start, end) for kind, start, end in chunks]


def _of_webp(data: bytes) -> list[Place]:
    return [(f"chunk {_ascii(kind)}", start, end) for kind, start, end in containers.riff_chunks(data)]


def _of_avif(data: bytes) -> list[Place]:
    # The items lie in boxes, and tell more of what they hold.
    items = [(f"item {_ascii(kind)}", start, end) for kind, start, end in avif_items.find(data)]
    return [*items, *_of_boxes(data)]


def _of_boxes(data: bytes) -> list[Place]:
    """Return the boxes, and before them the comments of JPEG 2000, which may be the whole file."""
    boxes = containers.boxes(data)
    streams = [(0, len(data)), *((start, end) for kind, start, end in boxes if kind == b"jp2c")]
    comments = [place for stream in streams for place in containers.jpeg2000_comments(data, *stream)]
    return [
        *(("comment segment", start, end) for start, end in comments),
        *((f"box {_ascii(kind)}", start, end) for kind, start, end in boxes),
    ]


def _of_gif(data: bytes) -> list[Place]:
    try:
        extensions, _end = containers.gif_blocks(data)
    except IndexError:
        return []
    names = {0xFE: "comment", 0xFF: _APPLICATION}
    # XMP data are not cut into blocks: what stands there is as it is.
    packets = ((start + len(_XMP), end) for _label, start, end in extensions if data.startswith(_XMP, start))
    blocks = [(names.get(label, "extension"), start, end) for label, start, end in extensions]
    return [*((_PACKET, start, end) for start, end in packets), *blocks]


def _of_tiff(data: bytes) -> list[Place]:
    gaps = [(_GAP if start <= _TIFF_HEADER else _BETWEEN, start, end) for start, end in tiff_end.gaps(data)]
    return [*gaps, *((_TAG, start, end) for start, end in metadata.values(data, 0, len(data)))]


def _of_targa(data: bytes) -> list[Place]:
    places = [("image ID", 18, min(len(data), 18 + data[0]))] if data[:1] > b"\0" else []
    areas = rare_ends.tga_areas(data)
    return [*places, ("area before the footer", *areas)] if areas else places


def _of_xbm(data: bytes) -> list[Place]:
    return [("remark", *remark) for remark in rare_ends.xbm_comments(data)]


def _of_bmp(data: bytes) -> list[Place]:
    gap = metadata.gap(data)
    return [(_GAP, *gap)] if gap else []


def _of_icon(data: bytes) -> list[Place]:
    """Return the parts of the pictures that are PNGs, and what lies between the pictures."""
    places: list[Place] = []
    behind = 6 + 16 * int.from_bytes(data[4:6], "little")
    for start, end in containers.icon_pictures(data):
        if start > behind:
            places.append((_GAP, behind, start))
        if data.startswith(b"\x89PNG", start):
            places += find_in(data, start, end, "png")
        behind = end
    return places


_PARTS: Mapping[str, Callable[[bytes], list[Place]]] = {
    "png": _of_png,
    "webp": _of_webp,
    "avif": _of_avif,
    "jpeg2000": _of_boxes,
    "gif": _of_gif,
    "tiff": _of_tiff,
    "tga": _of_targa,
    "xbm": _of_xbm,
    "bmp": _of_bmp,
    "ico": _of_icon,
    "cur": _of_icon,
}


def _ascii(kind: bytes) -> str:
    return kind.decode("latin-1").strip()


def look(data: bytes, place: Place) -> Payload | None:
    """Look into a part that may hold anything, as far as it is neither compressed nor cut to pieces."""
    name, start, end = place
    if name not in _OF_ANY_LENGTH and end - start < LEAST:
        return None
    return _WAYS.get(name, metadata.held)(data, start, end)


def _coded(_data: bytes, _start: int, _end: int) -> None:
    """Pixels, profiles or settings are no text, and any bytes."""


def _exif(data: bytes, start: int, end: int) -> Payload | None:
    return metadata.in_exif(data, start + 6 if data.startswith(b"Exif\0\0", start) else start, end)


def _exif_item(data: bytes, start: int, end: int) -> Payload | None:
    """Look into EXIF data that begin with the distance to their header (HEIF, annex A.2.1), and for what stands in its place."""
    header = start + 4 + int.from_bytes(data[start : start + 4], "big")
    found = metadata.opened(data, start, end) or metadata.opened(data, start + 4, end)
    return found or metadata.in_exif(data, header, end)


def _packet(data: bytes, start: int, end: int) -> Payload | None:
    return metadata.opened(data, start, end) or metadata.in_packet(data, start, end)


def _left(data: bytes, start: int, end: int) -> Payload | None:
    """Look into what a TIFF points at no more, such as strips that were written anew: these may be packed as archives are."""
    found = metadata.in_gap(data, start, end)
    return found if found and found.kind not in _OF_STRIPS else None


def _uuid_box(data: bytes, start: int, end: int) -> Payload | None:
    return metadata.held(data, start + _UUID, end)


def _comment(data: bytes, start: int, end: int) -> Payload | None:
    """Look into a GIF's comment, behind the length of its first block."""
    return metadata.held(data, start + 1, end)


def _text(data: bytes, start: int, end: int) -> Payload | None:
    """Look into a text behind its key, and for what stands in place of that."""
    return metadata.opened(data, start, end) or metadata.held(data, _behind_key(data, start, end), end)


def _international_text(data: bytes, start: int, end: int) -> Payload | None:
    """Look into a text behind its key, language and translated key, if it is not compressed (PNG, third edition, 11.3.3.4)."""
    found, language = metadata.opened(data, start, end), _behind_key(data, start, end)
    if found is not None:
        return found
    if language == start or data[language : language + 2] != b"\0\0":
        return metadata.held(data, language, end)
    text = data.find(b"\0", data.find(b"\0", language + 2, end) + 1, end) + 1
    ways = (metadata.opened, metadata.in_text, metadata.written, metadata.in_wide_text) if text else ()
    return next((found for way in ways if (found := way(data, text, end))), None)


def _behind_key(data: bytes, start: int, end: int) -> int:
    """Return the first byte behind the key of a text, `start` where it has none."""
    return max(start, data.find(b"\0", start, min(end, start + _LONGEST_KEY)) + 1)


# How parts are looked into that may not hold just anything.
_WAYS: Mapping[str, Callable[[bytes, int, int], Payload | None]] = {
    **dict.fromkeys(
        (
            "chunk IDAT", "chunk fdAT", _PACKED_PROFILE, "chunk PLTE", "chunk caBX", "chunk VP8", "chunk VP8L", "chunk ALPH",
            "chunk ANMF", "box mdat", "box meta", "box moov", "box jp2c", "extension", _APPLICATION,
        ),
        _coded,
    ),
    "chunk ICCP": profiles.in_profile,
    "chunk eXIf": _exif,
    "chunk EXIF": _exif,
    "chunk tEXt": _text,
    "chunk zTXt": _text,
    "chunk iTXt": _international_text,
    "item Exif": _exif_item,
    "item mime": _packet,
    _PACKET: _packet,
    "box uuid": _uuid_box,
    "comment": _comment,
    _GAP: metadata.in_gap,
    _BETWEEN: _left,
    _TAG: metadata.in_value,
}  # fmt: skip
# What is short is looked into, too: a gap may hold just anything, as what has no way of its own.
_OF_ANY_LENGTH = frozenset({_TAG, _GAP, _BETWEEN, "chunk ICCP"})


def look_into_packed(data: bytes, places: Sequence[Place]) -> tuple[Payload, str] | None:
    """Look into what is compressed or cut to pieces: text of a PNG (zTXt, iTXt), its colour profile, extensions of a GIF.

    So many bytes are unpacked in all.
    """
    room = _MOST_TEXT
    for place in places:
        name, start, end = place
        is_joined = name in _IN_PIECES
        if not is_joined and name not in _PACKED:
            continue
        text = _joined(data, name, start, min(end, start + room)) if is_joined else _unpacked(data, place, room)
        if not text:
            continue
        room -= len(text)
        way = profiles.in_profile if name == _PACKED_PROFILE else metadata.held
        found = markup.find(text, 0, len(text)) or way(text, 0, len(text))
        if found is not None:
            return found._replace(start=start, end=end), name
        if room <= 0:
            return None
    return None


def _joined(data: bytes, name: str, start: int, end: int) -> bytes:
    """Return what stands in the blocks of a GIF's extension, each of which begins with its length (GIF89a, section 15)."""
    if end - start < _LEAST_JOINED:
        return b""
    pieces = []
    while start < end and data[start]:
        pieces.append(data[start + 1 : min(start + 1 + data[start], end)])
        start += 1 + data[start]
    # An application's name is a block of its own.
    is_named = name == _APPLICATION and pieces and len(pieces[0]) == _APPLICATION_NAME
    return b"".join(pieces[1:] if is_named else pieces)


def _unpacked(data: bytes, place: Place, most: int) -> bytes:
    """Return the first bytes of what is compressed in a part of a PNG; none where nothing is."""
    name, start, end = place
    at = data.find(b"\0", start, end) + 1
    if name == "chunk iTXt":
        is_packed = at > 0 and data[at] == 1
        language = data.find(b"\0", at + 2, end) + 1 if is_packed else 0
        at = data.find(b"\0", language, end) if language else -1
    if at <= 0:
        return b""
    try:
        return zlib.decompressobj().decompress(data[at + 1 : end], most)
    except zlib.error:
        return b""
