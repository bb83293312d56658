"""Looks for what a file holds beside its image: behind its end, in its metadata, or as another format that it also is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sanitize.probe import (
    archives,
    containers,
    image_end,
    image_parts,
    jpeg_parts,
    jpeg_segments,
    magics,
    markup,
    metadata,
    payload_text,
    tail,
)
from sanitize.probe.beside_image import AFTER, WHOLE
from sanitize.probe.beside_kinds import (
    LISTED,
    MOTION_PHOTO,
    MULTI_PICTURE,
    OWN_PICTURE,
    PADDING,
    PICTURE,
    PREVIEW,
    TEXT,
    UNKNOWN,
    VENDOR,
    VIDEO,
)
from sanitize.probe.image_parts import Place
from sanitize.probe.payload import Payload


class Beside(NamedTuple):
    """What a file holds beside its image."""

    end: int | None  #: first byte behind the image
    pieces: Sequence[tail.Piece] = ()
    payload: Payload | None = None
    where: str = ""


def look(data: bytes, content: str) -> Beside:
    """Look for what a file holds beside its image. Never raises, whatever the bytes."""
    return _jpeg(data, jpeg_segments.walk(data, 2)[:2]) if content == "jpeg" else _other(data, content)


def row(data: bytes, content: str, start: jpeg_segments.Start | None) -> tuple[object, ...]:
    """Return `beside_image.COLUMNS` of a file; `start` are the segments of a JPEG, which were walked already."""
    found = _jpeg(data, start) if start else _other(data, content)
    if found.end == len(data) and found.payload is None:
        return _NOTHING
    behind = None if found.end is None else len(data) - found.end
    kind = tail.kind_of(found.pieces) if found.pieces else None
    tail_of_it: tuple[object, ...] = (behind, kind, tail.detail_of(found.pieces))
    if found.payload is None:
        return tail_of_it + _NOTHING[3:]
    name, first, stop, detail = found.payload
    return (*tail_of_it, name, found.where, first, stop - first, detail)


_NOTHING: tuple[object, ...] = (0, None, None, None, None, None, None, None)


# Code that is to survive a new compression is put where the coded pixels begin.
_SCAN_HEAD = 1024
_PDF_WITHIN = 1024  # of the file: so far readers look for its header (ISO 32000-1, annex H)


def _jpeg(data: bytes, start: jpeg_segments.Start) -> Beside:
    segments, scan = start
    if not scan or data[:2] != b"\xff\xd8":
        return Beside(None)
    end, may_have_comments = image_end.jpeg(data, scan)
    found: tuple[Payload, str] | None = None
    pieces: Sequence[tail.Piece] = ()
    if end is not None and end < len(data):
        pieces = tail.pieces(data, end, tail.declared(data, segments))
        found = _behind(data, end, pieces)
    found = found or _in_header(data, segments, scan)
    if found is None and may_have_comments:
        found = jpeg_parts.in_scans(data, scan, end or len(data))
    found = found or _polyglot(data, end or len(data))
    return Beside(end, pieces, *(found or ()))


def _in_header(data: bytes, segments: list[jpeg_segments.Segment], scan: int) -> tuple[Payload, str] | None:
    """Look through the segments before the first scan, the comments above all."""
    found = markup.find(data, 2, scan + _SCAN_HEAD)
    if found is None:
        found = jpeg_parts.in_segments(data, 2, segments, scan) or jpeg_parts.in_thumbnails(data, segments)
    if found is None and data[4:6] == b"/*":
        found = payload_text.commented(data, 6, len(data))
    if found is None:
        return None
    places = [(jpeg_parts.name_of(data, marker, start), start, end) for marker, start, end in segments]
    return _placed(data, found, [*places, ("scan data", scan, len(data))], rest="header")


def _other(data: bytes, content: str) -> Beside:
    end = image_end.of(data, content)
    pieces: Sequence[tail.Piece] = ()
    found: tuple[Payload, str] | None = None
    if end is not None and end < len(data):
        pieces = tail.pieces(data, end, tail.declared_by_xmp(data[:end] if content == "avif" else b""))
        found = _behind(data, end, pieces)
    found = found or _within(data, content, end or len(data)) or _polyglot(data, end or len(data))
    return Beside(end, pieces, *(found or ()))


def _behind(data: bytes, end: int, pieces: Sequence[tail.Piece]) -> tuple[Payload, str] | None:
    """Look through the bytes behind the image. Pictures, videos and sound are not searched for every magic."""
    found = archives.zip_archive(data, max(end, len(data) - _ZIP_TAIL), len(data)) or markup.find(data, end, len(data))
    filling = end
    for number, piece in enumerate(pieces):
        if found is None:
            # A piece may end too early, where something in it looks like the beginning of another.
            behind = len(data) if number < _MOST_WHOLE else min(len(data), max(piece.end, piece.start + _SHOWN))
            found = metadata.opened(data, piece.start, behind)
        if found is None and piece.kind == TEXT:
            found = metadata.written(data, piece.start, piece.end, behind=True)
        if found is None and piece.kind in (TEXT, UNKNOWN, VENDOR):
            # A magic may begin with zeros, which were taken for filling. Cameras may compress their own notes.
            found = magics.search(data, filling, piece.end, packed=piece.kind != VENDOR)
            found = found or metadata.in_wide_text(data, filling, piece.end)
        if found is None and piece.kind in (UNKNOWN, VENDOR):
            found = _in_texts(data, ((piece.start, piece.end), *piece.values))
        if found is None and piece.kind in (PICTURE, OWN_PICTURE, MULTI_PICTURE, LISTED, PREVIEW):
            found = _in_picture(data, piece)
        if found is None and piece.kind in (VIDEO, MOTION_PHOTO):
            found = _in_boxes(data, piece)
        filling = piece.start if piece.kind == PADDING else piece.end
    return (found, AFTER) if found else None


# So many pieces are looked at to the end of the file, and others to their own, or so far: what lies in all of them would be
# read as often. Cameras append a handful.
_MOST_WHOLE, _SHOWN = 8, 4096


def _in_texts(data: bytes, values: Iterable[metadata.Value]) -> Payload | None:
    """Return the script or the code that one of the values is, which end before what no text holds."""
    ways = (payload_text.script, metadata.written)
    return next((found for value in values for way in ways if (found := way(data, *value))), None)


def _in_picture(data: bytes, piece: tail.Piece) -> Payload | None:
    """Look through the parts of a picture behind the image; the whole tail was searched for text already."""
    content = _MAGICS.get(data[piece.start : piece.start + 4])
    if content is not None:
        places = image_parts.find_in(data, piece.start, piece.end, content)
        found = next((there for there in (image_parts.look(data, place) for place in places) if there), None)
        return found or (image_parts.look_into_packed(data, places) or (None,))[0]
    segments, scan, _tidy = jpeg_segments.walk(data, piece.start + 2)
    found = jpeg_parts.in_segments(data, piece.start, segments, scan or piece.end)
    if found is None and scan:
        found, _where = jpeg_parts.in_scans(data, scan, piece.end) or (None, "")
    return found


_MAGICS = {b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp"}


def _in_boxes(data: bytes, piece: tail.Piece) -> Payload | None:
    """Look through what players skip of a video behind the image, where vendors may compress what they keep."""
    for kind, start, end in containers.boxes(data, piece.start):
        if end - start < image_parts.LEAST or kind in _FILM:
            continue
        way = metadata.held if kind in _FREE else magics.search
        found = way(data, start, end, packed=False)
        if found is not None:
            return found
    return None


_FREE, _FILM = frozenset({b"free", b"skip"}), frozenset({b"mdat", b"moov", b"moof", b"meta"})
# A ZIP's end record has 22 bytes, and a comment of at most 65,535 may follow.
_ZIP_TAIL = 22 + 65_535


def _polyglot(data: bytes, end: int) -> tuple[Payload, str] | None:
    """Look for other formats of which the whole file is one, the image being a part that their readers skip."""
    place = data.find(b"%PDF-", 0, _PDF_WITHIN)
    found = magics.at(data, place, len(data)) if place >= 0 else None
    found = found or archives.tar(data) or archives.iso_at(data, 0, len(data))
    if found is None:
        return None
    return found, AFTER if found.start >= end else WHOLE if found.start == 0 else "header"


def _within(data: bytes, content: str, end: int) -> tuple[Payload, str] | None:
    """Look through the image's own bytes and its metadata."""
    found = archives.zip_archive(data, max(0, len(data) - _ZIP_TAIL), len(data))
    if found is None:
        for start, stop in _outer(content, end):
            found = found or markup.find(data, start, stop)
    if found is None and content in _LENGTHS and b"/*" in data[_LENGTHS[content] : _LENGTHS[content] + 4]:
        found = payload_text.commented(data, 8, len(data))
    places = image_parts.find(data, content)
    if found is None and content in _UNCOMPRESSED and end >= 2 * _ENDS:
        found = next((there for _name, start, stop in places if (there := markup.find(data, start, stop))), None)
    if found is None:
        found = next((there for there in (image_parts.look(data, place) for place in places) if there), None)
    if found is None:
        return image_parts.look_into_packed(data, places)
    return _placed(
        data, found, places, rest=AFTER if found.start >= end else "header" if found.start < _HEAD else "body"
    )


# What stands so near the beginning of a format without named parts is called a part of its header.
_HEAD = 1024
# Where a header begins with a length or a size that can be chosen to read `/*`; elsewhere any other place does.
_LENGTHS = {"gif": 6, "bmp": 2, "webp": 4}
# Of uncompressed pictures, whose pixels may be any and are many, so much of both ends is searched for text.
_ENDS = 65_536
_UNCOMPRESSED = frozenset({"bmp", "dib", "ppm", "tiff", "tga", "sgi", "psd", "sun", "dds", "im", "pcx", "qoi"})


def _outer(content: str, end: int) -> list[tuple[int, int]]:
    if content not in _UNCOMPRESSED or end < 2 * _ENDS:
        return [(0, end)]
    return [(0, _ENDS), (end - _ENDS, end)]


def _placed(data: bytes, found: Payload, places: Sequence[Place], *, rest: str) -> tuple[Payload, str]:
    """Return a payload with the name of its place, to whose end it goes unless it is known to end before."""
    for name, start, end in places:
        if start <= found.start < end:
            if found.kind in _OWN_END:
                return found, name
            here = markup.find(data, found.start, end)
            return (here if here and here.start == found.start else found)._replace(end=min(found.end, end)), name
    return found, rest


_OWN_END = frozenset({"zip", "jar", "apk", "office", "pdf", "javascript"})
