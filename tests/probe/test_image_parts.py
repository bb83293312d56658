"""Which parts of pictures that are no JPEGs, and of pictures and videos behind others, are looked into."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from corrupt_samples import payloads
from corrupt_samples.encode import animated, chunk, encode, jpeg, png, tiff
from corrupt_samples.payloads import ALL, HTML, PHP
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import noise, png_inserted
from sanitize.probe import beside, image_parts
from tests.embedding import APP1, XMP, with_chunk, with_segment

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ["elf", "pe", "rar", "7z", "pdf", "tar", "gzip"]
PHOTO = photo("a", 48, 48)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def video(*boxes: bytes) -> bytes:
    return (
        box(b"ftyp", b"mp42\0\0\0\0isom")
        + box(b"mdat", noise("film", 3000))
        + box(b"moov", bytes(100))
        + b"".join(boxes)
    )


def blocks(content: bytes) -> bytes:
    return b"".join(bytes([len(piece)]) + piece for piece in map(bytes, _cut(content))) + b"\0"


def _cut(content: bytes) -> list[bytes]:
    return [content[at : at + 255] for at in range(0, len(content), 255)]


def gif(extension: bytes) -> bytes:
    data = encode(PHOTO, "GIF")
    return data[:-1] + extension + data[-1:]


def jpeg2000(content: bytes, **options: bool) -> bytes:
    data = encode(PHOTO, "JPEG2000", **options)
    comment = b"\xff\x64" + struct.pack(">HH", 4 + len(content), 0) + content
    place = data.index(b"\xff\x52")
    start = data.find(b"jp2c") - 4
    if start > 0:
        data = data[:start] + bytes(4) + data[start + 4 :]
    return data[:place] + comment + data[place:]


def icon(picture: bytes, *, before: bytes = b"") -> bytes:
    place = 22 + len(before)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 48, 48, 0, 0, 1, 32, len(picture), place) + before + picture


def frame(content: bytes) -> bytes:
    """An animated WebP whose first frame holds a chunk of its own."""
    data = animated(PHOTO, "WEBP")
    start = data.index(b"ANMF")
    size = int.from_bytes(data[start + 4 : start + 8], "little")
    own = b"xYzW" + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    body = data[start + 8 : start + 8 + size] + own
    data = data[:start] + b"ANMF" + struct.pack("<I", len(body)) + body + data[start + 8 + size :]
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def tga(content: bytes) -> bytes:
    data = encode(PHOTO, "TGA")
    return bytes([len(content[:255])]) + data[1:18] + content[:255] + data[18:]


def tiff_with_gap(content: bytes, picture: bytes | None = None) -> bytes:
    """A TIFF with something behind its header, whose single directory has places of values and of strips."""
    data = picture or tiff(PHOTO)
    shift = len(content) + len(content) % 2
    start = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[start : start + 2], "little")
    head = bytearray(data)
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, length, value = struct.unpack_from("<HHII", data, at)
        if tag == 273 or {3: 2, 4: 4, 5: 8}[kind] * length > 4:
            struct.pack_into("<I", head, at + 8, value + shift)
    return b"II*\0" + struct.pack("<I", start + shift) + content.ljust(shift, b"\0") + bytes(head[8:])


def tiff_with_gap_behind(content: bytes) -> bytes:
    """A TIFF with something between its pixels and its directory, which is moved to the end."""
    data = tiff(PHOTO)
    start = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[start : start + 2], "little")
    before = data + content + bytes(len(content) % 2)
    return before[:4] + struct.pack("<I", len(before)) + before[8:] + data[start : start + 2 + 12 * count + 4]


PLACES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "comment segment": ("jpeg2000", lambda hidden: jpeg2000(hidden, no_jp2=True)),
    "comment segment ": ("jpeg2000", jpeg2000),
    "chunk tEXt": (
        "ico",
        lambda hidden: icon(png_inserted(png(PHOTO), b"IDAT", chunk(b"tEXt", b"Comment\0" + hidden))),
    ),
    "gap before the pixels": ("ico", lambda hidden: icon(png(PHOTO), before=hidden)),
    "chunk xYzW": ("webp", frame),
    "gap before the pixels ": ("tiff", tiff_with_gap),
    "gap between the parts": ("tiff", tiff_with_gap_behind),
}


@pytest.mark.parametrize("kind", [*KINDS, "shell"])
@pytest.mark.parametrize("place", PLACES)
def test_looks_into_parts_that_readers_skip(place: str, kind: str) -> None:
    content, made = PLACES[place]
    data = made(ALL[kind])
    found = beside.look(data, content)
    assert found.payload is not None
    assert (found.payload.kind, found.where) == (kind, place.strip())
    assert data.startswith(ALL[kind], found.payload.start)
    assert beside.look(made(b"made by a program, version 1.2"), content).payload is None


@pytest.mark.parametrize("kind", ["rar", "7z"])
def test_looks_into_short_texts_of_a_targa_and_xmp_data_of_a_gif(kind: str) -> None:
    packet = (
        b"\x21\xff\x0bXMP DataXMP<x:xmpmeta/>" + ALL[kind].ljust(300, b"\1") + b"\1" + bytes(range(255, -1, -1)) + b"\0"
    )
    for data, content, where in ((tga(ALL[kind]), "tga", "image ID"), (gif(packet), "gif", "XMP data")):
        found = beside.look(data, content)
        assert found.payload is not None
        assert (found.payload.kind, found.where) == (kind, where)


@pytest.mark.parametrize("hidden", [PHP, HTML, ALL["shell"], b"\x80\4cos\nsystem\n\x8c\2id\x85R."])
def test_finds_text_far_into_the_gap_of_a_large_bitmap_or_tiff(hidden: bytes) -> None:
    picture, gap = photo("a", 320, 240), bytes(100_000) + hidden + bytes(100_000)
    bitmap = encode(picture, "BMP")
    size, pixels = len(bitmap) + len(gap), 54 + len(gap)
    bitmap = bitmap[:2] + struct.pack("<IHHI", size, 0, 0, pixels) + bitmap[14:54] + gap + bitmap[54:]
    for data, content in ((bitmap, "bmp"), (tiff_with_gap(gap, tiff(picture)), "tiff")):
        found = beside.look(data, content)
        assert found.payload is not None
        assert found.where == "gap before the pixels"
        assert data.startswith(hidden, found.payload.start)


@pytest.mark.parametrize("kind", KINDS)
def test_looks_into_what_players_skip_and_the_parts_of_pictures_behind_the_image(kind: str) -> None:
    motion = with_segment(APP1, XMP + b'<x:xmpmeta GCamera:MotionPhoto="1"/>')
    in_boxes = motion + video(box(b"free", ALL[kind])), jpeg(PHOTO) + video(box(b"skip", bytes(9) + ALL[kind]))
    for data in (
        *(() if kind == "gzip" else in_boxes),
        jpeg(PHOTO) + with_chunk(b"prVt", ALL[kind]),
        jpeg(PHOTO) + gif(b"\x21\xfe" + blocks(ALL[kind])),
    ):
        found = beside.look(data, "jpeg")
        assert found.payload is not None
        assert (found.payload.kind, found.where) == (kind, "after the end")
        assert found.end is not None
        assert found.end < found.payload.start < found.payload.end <= len(data)


def test_is_silent_about_what_vendors_keep_in_boxes_of_a_video() -> None:
    for boxes in (
        box(b"free", bytes(4000)),
        box(b"free", noise("old", 4000)),
        box(b"skip", b"made by a program, version 1.2"),
        box(b"vend", ALL["gzip"] + noise("notes", 4000)),
        box(b"free", ALL["gzip"]),
        box(b"skip", bytes(9) + ALL["gzip"]),
        box(b"uuid", noise("own", 4000)),
    ):
        assert beside.look(jpeg(PHOTO) + video(boxes), "jpeg").payload is None


def test_finds_a_cd_image_behind_the_end_whatever_its_first_blocks_hold() -> None:
    for first in (bytes(0x8000), noise("boot", 0x8000)):
        found = beside.look(jpeg(PHOTO) + first + payloads.iso_descriptor(), "jpeg")
        assert found.payload is not None
        assert (found.payload.kind, found.where, found.payload.start) == ("iso", "after the end", found.end)


def test_of_millions_of_comments_of_a_jpeg_2000_only_so_many_are_listed() -> None:
    data = encode(PHOTO, "JPEG2000", no_jp2=True)
    place = data.index(b"\xff\x52")
    many = data[:place] + b"\xff\x64\0\2" * 100_000 + data[place:]
    assert 0 < len(image_parts.find(many, "jpeg2000")) <= 1000
