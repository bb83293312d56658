"""The segments and comments of a JPEG: what they may hold beside the image."""

from __future__ import annotations

from collections.abc import Iterator

from sanitize.probe import (
    archives,
    embedded_thumbnail,
    image_parts,
    jpeg_segments,
    magics,
    markup,
    metadata,
    photoshop,
    profiles,
)
from sanitize.probe.payload import Payload


def name_of(data: bytes, marker: int, start: int) -> str:
    """Return what a segment is called."""
    if marker == jpeg_segments.COM:
        return "comment"
    if marker == jpeg_segments.APP1 and data.startswith(b"Exif\0", start):
        return "EXIF data"
    if marker == jpeg_segments.APP1 and data.startswith(b"http://ns.adobe.com/", start):
        return "XMP data"
    if marker == jpeg_segments.APP2 and data.startswith(b"ICC_PROFILE\0", start):
        return "ICC profile"
    return f"APP{marker - 0xE0}" if 0xE0 <= marker < 0xF0 else f"segment {marker:02X}"


def in_scans(data: bytes, scan: int, end: int) -> tuple[Payload, str] | None:
    """Look through the comments between and behind the scans: in entropy-coded data FF is followed by zero or a restart."""
    at = scan
    for _ in range(_MOST_COMMENTS):
        at = data.find(_COMMENT, at, end)
        if at < 0:
            break
        first, stop = at + 4, at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        at += 2
        if first <= stop <= end:
            found = markup.find(data, first, stop) or metadata.held(data, first, stop)
            if found is not None:
                return found._replace(end=min(found.end, stop)), "comment"
            at = stop
    return None


_COMMENT, _MOST_COMMENTS = b"\xff\xfe", 1000


def in_segments(data: bytes, start: int, segments: list[jpeg_segments.Segment], end: int) -> Payload | None:
    """Look through the header of a JPEG, which is `data[start:end]`, for what does not show as text."""
    found = archives.zip_archive(data, start, end)
    found = found or next((there for segment in segments if (there := _in_segment(data, segment))), None)
    if found is not None:
        return found
    of_photoshop = [
        (first + len(photoshop.NAME), last)
        for marker, first, last in segments
        if marker == _APP13 and data.startswith(photoshop.NAME, first)
    ]
    return metadata.in_any(data, photoshop.values(data, of_photoshop)) if of_photoshop else None


def in_thumbnails(data: bytes, segments: list[jpeg_segments.Segment]) -> Payload | None:
    """Look through the header of a thumbnail, and behind its end."""
    for first, last in _thumbnails(data, segments):
        picture = data[first:last]
        if picture[:2] != b"\xff\xd8":
            continue
        parts, scan, _tidy = jpeg_segments.walk(picture, 2)
        behind = picture.find(b"\xff\xd9", scan) + 2 if scan else 0
        found = in_segments(picture, 0, parts, scan or len(picture))
        if found is None and 2 < behind < len(picture):
            found = metadata.in_gap(picture, behind, len(picture))
        if found is not None:
            return found._replace(start=found.start + first, end=found.end + first)
    return None


def _thumbnails(data: bytes, segments: list[jpeg_segments.Segment]) -> Iterator[tuple[int, int]]:
    for marker, start, end in segments:
        if marker == jpeg_segments.APP1 and data.startswith(b"Exif\0", start):
            first, last = embedded_thumbnail.place(data[start + 6 : end])
            yield start + 6 + first, start + 6 + last
        elif marker == jpeg_segments.APP0 and data.startswith(_EXTENSION + b"\x10", start):
            yield start + 6, end


def _in_segment(data: bytes, segment: jpeg_segments.Segment) -> Payload | None:
    marker, start, end = segment
    if marker == jpeg_segments.COM:
        return metadata.held(data, start, end) if end - start >= image_parts.LEAST else None
    if not jpeg_segments.APP0 <= marker <= 0xEF or end - start < _LEAST:
        return None
    headers = _ORDINARY.get(marker, {})
    name = next((name for name in headers if data.startswith(name, start)), b"")
    header = headers.get(name, 0)
    # Right behind the name, or the whole of it, stands what it announces.
    places = {start + len(name), data.find(b"\0", start, start + _LONGEST_NAME) + 1}
    if header is not None:
        places |= {start + _pixels_end(data, start), *metadata.behind_name(data, start, end)}
    for place in sorted(places):
        if found := metadata.opened(data, place, end) if start < place < end else None:
            return found
    if header is not None:
        return metadata.held(data, start + header, end)
    if data.startswith(b"Exif\0", start):
        return metadata.in_exif(data, start + 6, end)
    if data.startswith(b"ICC_PROFILE\0\1", start):
        return profiles.in_profile(data, start + 14, end)
    if data.startswith(_XMP, start):
        return metadata.in_packet(data, start + len(_XMP), end)
    if data.startswith(_XMP_EXTENSION, start):
        place = start + len(_XMP_EXTENSION) + _XMP_PLACE
        return metadata.opened(data, place, end) or metadata.in_text(data, place, end)
    if name == _PICTURES:
        return metadata.in_exif(data, start + len(_PICTURES), end)
    # What programs sign pictures with, in boxes: they may compress what they keep there.
    return magics.search(data, start, end, packed=False) if name == _BOXES else None


def _pixels_end(data: bytes, start: int) -> int:
    """Return the length of the header of a JFIF segment, or of its extension, with the pixels that it announces (JFIF 1.02)."""
    if data.startswith(_JFIF, start):
        return 14 + 3 * data[start + 12] * data[start + 13]
    if not data.startswith(_EXTENSION, start):
        return 0
    pixels = data[start + 6] * data[start + 7]
    return {0x11: 8 + 768 + pixels, 0x13: 8 + 3 * pixels}.get(data[start + 5], 0)


# JFIF, as nearly all have it, has 14 bytes, and in less there is no room for more.
_LEAST, _LONGEST_NAME = 16, 40
_APP13 = 0xED
_XMP, _XMP_EXTENSION = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
# Behind the name: a digest and the length of the whole, and the place of this piece (Adobe, "XMP Specification Part 3", 1.1.3.1).
_XMP_PLACE = 40
_JFIF, _EXTENSION, _PICTURES, _BOXES = b"JFIF\0", b"JFXX\0", b"MPF\0", b"JP"
# Beginnings of segments, and how long the headers are that have them: behind these anything may stand. None where the data
# are of their own kind, in which any bytes may occur.
_ORDINARY: dict[int, dict[bytes, int | None]] = {
    0xE0: {_JFIF: 14, _EXTENSION: 6, b"AVI1": 4},
    0xE1: {b"Exif\0": None, b"http://ns.adobe.com/": None},
    0xE2: {b"ICC_PROFILE\0": None, _PICTURES: None, b"FPXR\0": 6},
    0xEB: {_BOXES: None},
    0xEC: {b"Ducky": 5},
    _APP13: {b"Photoshop ": None, b"Adobe": None},
    0xEE: {b"Adobe": 12},
}
