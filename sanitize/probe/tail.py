"""Names what follows the end of an image: what cameras are known to append, and what they are not."""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from sanitize.probe import containers, image_end, jpeg_mpf, jpeg_segments, payload, payload_text, trailers, xmp_places
from sanitize.probe.beside_kinds import (
    LISTED,
    MOTION_PHOTO,
    MULTI_PICTURE,
    OWN_PICTURE,
    PADDING,
    PICTURE,
    PREVIEW,
    SOUND,
    STRAY,
    TAILS,
    TEXT,
    UNKNOWN,
    VENDOR,
    VIDEO,
)

#: Bytes of a piece that is left over from a buffer and too short to be anything.
MOST_STRAY = 4


class Piece(NamedTuple):
    """A part of a tail, `data[start:end]`."""

    kind: str  #: one of TAILS
    start: int
    end: int
    detail: str | None = None
    values: tuple[tuple[int, int], ...] = ()  #: what a vendor's trailer holds here


class Declared(NamedTuple):
    """What the metadata of the image say of the data behind it."""

    pictures: int = 0  #: pictures behind the image that an MPF index (CIPA DC-007) or the XMP data list
    listed: tuple[str, ...] = ()  #: what the XMP data call those
    xmp: bytes = b""
    exif: bytes = b""  #: from its byte order on
    exif_start: int = 0  #: where that lies in the file


def declared(data: bytes, segments: list[jpeg_segments.Segment]) -> Declared:
    """Return what the header of a JPEG says of the data behind the image. Never raises."""
    pictures, exif, exif_start, xmp = 0, b"", 0, []
    for marker, start, end in segments:
        if marker == jpeg_segments.APP2 and data.startswith(b"MPF\0", start):
            pictures = max(pictures, jpeg_mpf.count(data[start + 4 : end]))
        elif marker == jpeg_segments.APP1 and data.startswith(b"http://ns.adobe.com/xap/1.0/\0", start):
            xmp.append(data[start:end])
        elif marker == jpeg_segments.APP1 and data.startswith(b"Exif\0", start) and not exif:
            exif, exif_start = data[start + 6 : end], start + 6
    said = declared_by_xmp(b"".join(xmp))
    # The index counts the first picture, too. Both may list the same pictures, such as gain maps.
    return said._replace(pictures=max(pictures - 1, said.pictures), exif=exif, exif_start=exif_start)


def declared_by_xmp(xmp: bytes) -> Declared:
    """Return what XMP data say of the data behind the image, wherever in `xmp` they stand. Never raises."""
    listed = xmp_places.names(xmp)
    return Declared(len(listed), listed, xmp)


def pieces(data: bytes, start: int, said: Declared) -> list[Piece]:
    """Return what the bytes from `start` on are, piece by piece; the last one goes to the end of the file. Never raises."""
    found: list[Piece] = []
    at, size = start, len(data)
    trailer = trailers.find(data, start) or trailers.of_maker(data, start, said.exif)
    places = xmp_places.find(said.xmp, data, start)
    left = said.pictures
    while at < size:
        piece = (
            _listed(data, at, places) or _filling(data, at) or _picture(data, at, said, left) or _media(data, at, said)
        )
        if piece is None:
            piece = _rest(data, at, said, trailer)
        piece = _of_places(piece, places)
        left -= piece.kind in (LISTED, MULTI_PICTURE)
        found.append(piece)
        at = piece.end
        if len(found) == _MOST_PIECES and at < size:
            found.append(Piece(UNKNOWN, at, size))
            break
    return [_of_trailer(piece, trailer) for piece in found] if trailer else found


def _listed(data: bytes, at: int, places: Sequence[xmp_places.Listed]) -> Piece | None:
    """Return the data without a form of their own that the XMP data say begin here."""
    place = next((place for place in places if place.start == at), None)
    if place is None or _FORMED.match(data, at):
        return None
    return Piece(VENDOR, at, place.end, f"data that the XMP data list: {place.name}")


def _of_places(piece: Piece, places: Sequence[xmp_places.Listed]) -> Piece:
    """Return a piece as the XMP data call what begins there, and to the next place that they name."""
    name = next((place.name for place in places if place.start == piece.start), None)
    if name is not None and piece.kind in (PICTURE, VIDEO):
        is_video = piece.kind == VIDEO
        return piece._replace(kind=MOTION_PHOTO if is_video else LISTED, detail=f"{piece.detail}: {name}")
    end = next((place.start for place in places if piece.start < place.start < piece.end), piece.end)
    return piece._replace(end=end) if piece.kind in (PADDING, STRAY, TEXT, UNKNOWN) else piece


def _of_trailer(piece: Piece, trailer: trailers.Trailer) -> Piece:
    """Return a piece as its vendor means it: videos go with pictures, and some phones say so in no other way.

    Pictures that the trailer lists are its own, as those of a second lens.
    """
    if piece.kind == VIDEO:
        return piece._replace(kind=MOTION_PHOTO)
    if piece.kind == PICTURE and any(first == piece.start and piece.end <= end for first, end in trailer.values):
        return piece._replace(kind=OWN_PICTURE)
    return piece


def kind_of(found: Sequence[Piece]) -> str:
    """Return the kind of a tail as a whole."""
    return max((piece.kind for piece in found), key=TAILS.index)


def detail_of(found: Sequence[Piece]) -> str | None:
    """Return what can be said of a tail in words."""
    told = [piece.detail for piece in found if piece.detail and piece.kind != PADDING]
    if len(told) > _MOST_TOLD:
        told = [*told[:_MOST_TOLD], f"{len(told) - _MOST_TOLD} more"]
    return ", ".join(told) or None


_MOST_PIECES = 200
# How Google, and OPPO and Xiaomi by themselves, say that a video follows.
_MOTION = re.compile(rb"MotionPhoto|MicroVideo|(?:Op|Mi)Camera:VideoLength")
# What says by itself where it ends.
_FORMED = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF|.{4}ftyp", re.DOTALL)
_MOST_TOLD = 3
# Zeros, erased flash, blanks, an old system's end of file, and the end marker once more.
_FILLING = re.compile(rb"(?:[\0 \t\r\n\x1a]+|\xff\xd9|\xff(?![\xd8\xd9]))+")


def _filling(data: bytes, at: int) -> Piece | None:
    match = _FILLING.match(data, at)
    if match is None:
        rest = data[at:]
        if len(rest) > MOST_STRAY and not rest.strip(rest[:1]):
            return Piece(PADDING, at, len(data))
        return None
    # The zeros of a video's first length are its own.
    video = data.find(b"ftyp", match.end(), match.end() + 5)
    end = match.end() if video < 0 else video - 4
    return Piece(PADDING, at, end) if end > at else None


def _picture(data: bytes, at: int, said: Declared, left: int) -> Piece | None:
    """Return the picture that begins here; so many of those that the image lists have not come yet."""
    head = data[at : at + 12]
    if head[:3] == b"\xff\xd8\xff":
        return _jpeg(data, at, said, left)
    for magic, content in ((b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif")):
        if head.startswith(magic):
            end = image_end.of(data[at:], content)
            name = "a PNG" if content == "png" else "a GIF"
            return Piece(PICTURE, at, at + end if end else len(data), name)
    return None


def _jpeg(data: bytes, at: int, said: Declared, left: int) -> Piece | None:
    segments, scan, _tidy = jpeg_segments.walk(data, at + 2)
    if not segments:
        return None
    end = (image_end.jpeg(data, scan)[0] if scan else None) or len(data)
    sizes = [
        (int.from_bytes(data[start + 3 : start + 5], "big"), int.from_bytes(data[start + 1 : start + 3], "big"))
        for marker, start, _end in segments
        if marker in jpeg_segments.FRAMES
    ]
    text = f"a JPEG of {sizes[0][0]} × {sizes[0][1]} pixels" if sizes else "a JPEG"
    if _points_at(said, at, end - at):
        # Not all cameras list their previews with the pictures, before which they stand: those take the place of none.
        return Piece(PREVIEW, at, end, text)
    if left > 0 and said.listed:
        return Piece(LISTED, at, end, f"{text}: {', '.join(sorted(set(said.listed)))}")
    if left > 0:
        return Piece(MULTI_PICTURE, at, end, text)
    return Piece(PICTURE, at, end, text)


def _media(data: bytes, at: int, said: Declared) -> Piece | None:
    if data[at + 4 : at + 8] == b"ftyp":
        found = containers.boxes(data, at)
        if not found:
            return None
        brand = payload.words(data[at + 8 : at + 12])
        kind = MOTION_PHOTO if _MOTION.search(said.xmp) else VIDEO
        return Piece(kind, at, found[-1][2], f"brand {brand}")
    if data[at : at + 4] == b"RIFF" and data[at + 8 : at + 12] in (b"WAVE", b"AVI ", b"WEBP"):
        kind, text = {b"W": (SOUND, "WAV"), b"A": (VIDEO, "AVI")}[data[at + 8 : at + 9]]
        if data[at + 8 : at + 12] == b"WEBP":
            kind, text = PICTURE, "a WebP"
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        return Piece(kind, at, min(len(data), end), text)
    return None


def _rest(data: bytes, at: int, said: Declared, trailer: trailers.Trailer | None) -> Piece:
    """Return what is of no form of its own, to the next piece that has one."""
    size = len(data)
    following = _next(data, at + 1)
    end = size
    if following:
        end = following.start() - (4 if following[0] == b"ftyp" else 0)
        end = end if end > at else size
    if trailer and at >= trailer.start:
        first, last = bisect_left(trailer.values, (at,)), bisect_left(trailer.values, (end,))
        return Piece(VENDOR, at, end, trailer.name, trailer.values[first:last])
    end = min(end, trailer.start) if trailer else end
    if _points_at(said, at, end - at):
        return Piece(VENDOR, at, end, "data that the EXIF data point at")
    if end < size and end - at <= _MOST_BEFORE and _is_preview(data, end, said):
        return Piece(VENDOR, at, end, None)
    if end - at <= MOST_STRAY:
        return Piece(STRAY, at, end, None)
    if payload_text.is_text(data[at : min(end, at + 4096)]):
        return Piece(TEXT, at, end, f"`{payload.words(data[at:end])}`")
    return Piece(UNKNOWN, at, end, f"from {data[at : at + 8].hex(' ')} on")


def _next(data: bytes, at: int) -> re.Match[bytes] | None:
    """Return the next beginning of a piece from a place on; of a JPEG, one that leads to a segment."""
    following, barren = _NEXT.search(data, at), 0
    while following and following[0] == b"\xff\xd8\xff":
        place = following.start() + 2
        # What begins before the marker that another beginning has led to leads to the same, and need not be walked for it.
        if place > barren:
            if jpeg_segments.walk(data, place)[0]:
                break
            marker = jpeg_segments.NEXT.search(data, place)
            barren = marker.start() if marker else len(data)
        following = _NEXT.search(data, following.start() + 1)
    return following


# Cameras may leave so many bytes between the end of the picture and its preview (Sony's, in ExifTool's notes).
_MOST_BEFORE = 32768
_NEXT = re.compile(rb"\xff\xd8\xff|ftyp")


def _is_preview(data: bytes, at: int, said: Declared) -> bool:
    piece = _jpeg(data, at, said, 0) if data[at : at + 3] == b"\xff\xd8\xff" else None
    return piece is not None and piece.kind == PREVIEW


def _points_at(said: Declared, place: int, length: int) -> bool:
    """Tell whether the EXIF data hold a place, counted as they count, or a length: maker notes have forms of their own."""
    order = "<I" if said.exif[:2] == b"II" else ">I"
    if not said.exif or not 0 <= place - said.exif_start < 1 << 32 or length >= 1 << 32:
        return False
    offset = struct.pack(order, place - said.exif_start)
    return offset in said.exif or (length > 4096 and struct.pack(order, length) in said.exif)
