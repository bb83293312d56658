"""Which segments of a JPEG are looked into, and that those of ordinary ones are not searched."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from corrupt_samples.encode import exif, exif_with_thumbnail, jpeg, profile
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import noise
from sanitize.probe import beside, magics, metadata
from tests.embedding import APP0, APP1, APP2, COM, with_segment

APP11 = 0xEB
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + bytes(8)
SMALL = jpeg(photo("b", 32, 32))
SIGNED = b"JP\0\1\0\0\0\1" + struct.pack(">I", 2000) + b"jumb"


def with_thumbnail(thumbnail: bytes) -> bytes:
    return with_segment(APP1, exif_with_thumbnail(thumbnail))


@pytest.mark.parametrize("kind", ["elf", "pe", "rar", "7z", "tar", "pdf"])
def test_looks_into_what_no_tag_and_no_picture_takes_up(kind: str) -> None:
    hidden = ALL[kind]
    for name, data in {
        "EXIF data": with_segment(APP1, exif(1) + hidden),
        "EXIF data ": with_thumbnail(with_segment(COM, hidden, "b")),
        "EXIF data  ": with_thumbnail(SMALL + bytes(5) + hidden),
        "EXIF data   ": with_thumbnail(hidden),
        "EXIF data    ": with_thumbnail(bytes(7) + hidden),
        "XMP data": with_segment(APP1, EXTENSION + hidden),
        "ICC profile": with_segment(APP2, b"ICC_PROFILE\0\1\1" + profile("a") + bytes(3) + hidden),
        "APP11": with_segment(APP11, SIGNED + hidden),
    }.items():
        found = beside.look(data, "jpeg")
        assert found.payload is not None, name
        assert (found.payload.kind, found.where) == (kind, name.strip())
        assert data.startswith(hidden, found.payload.start)


#: Headers of segments, with what they say that follows: pixels of a thumbnail, or a whole one.
HEADERS = {
    "jfif": (APP0, b"JFIF\0\1\2\1\0H\0H\0\0"),
    "jfif, pixels": (APP0, b"JFIF\0\1\2\1\0H\0H\x10\x0c" + noise("pixels", 16 * 12 * 3)),
    "jfxx": (APP0, b"JFXX\0\x10"),
    "jfxx, jpeg": (APP0, b"JFXX\0\x10" + SMALL),
    "jfxx, palette": (APP0, b"JFXX\0\x11\x10\x0c" + noise("pixels", 768 + 16 * 12)),
    "jfxx, pixels": (APP0, b"JFXX\0\x13\x10\x0c" + noise("pixels", 16 * 12 * 3)),
    "avi": (APP0, b"AVI1" + bytes(10)),
    "multi-picture": (APP2, b"MPF\0II*\0\x08\0\0\0" + bytes(6)),
    "flashpix": (APP2, b"FPXR\0\0"),
    "other": (0xE7, b"PENTAX \0\1\2"),
    "adobe": (0xEE, b"Adobe\0d\x80\0\0\0\1"),
}


@pytest.mark.parametrize(
    "kind", ["elf", "pe", "rar", "7z", "gzip", "xz", "bzip2", "tar", "cab", "shell", "zip", "html"]
)
def test_looks_behind_the_headers_of_segments_and_the_thumbnails_that_they_announce(kind: str) -> None:
    for name, (marker, header) in HEADERS.items():
        found = beside.look(with_segment(marker, header + ALL[kind]), "jpeg")
        assert found.payload is not None, name
        assert (found.payload.kind, found.where) == (kind, f"APP{marker - 0xE0}"), name


#: What makers begin their notes with: a name, then zeros, a version, an order of bytes or a TIFF header.
MAKERS = [
    b"Canon\0", b"Nikon\0\2\x10\0\0MM\0*\0\0\0\x08", b"OLYMP\0\1\0", b"OLYMPUS\0II\3\0", b"FUJIFILM", b"FUJIFILM\x0c\0\0\0",
    b"SONY DSC \0\0\0", b"Panasonic\0\0\0", b"Apple iOS\0\0\1MM", b"PENTAX \0MM", b"LEICA\0\x08\0", b"HUAWEI\0\0II*\0\x08\0\0\0",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["elf", "pe", "rar", "7z", "gzip", "xz", "tar", "cab"])
def test_looks_behind_the_names_that_makers_begin_their_notes_with(kind: str) -> None:
    for name in MAKERS:
        found = beside.look(with_note(name + ALL[kind]), "jpeg")
        assert found.payload is not None, name
        assert (found.payload.kind, found.where) == (kind, "EXIF data"), name


def test_is_silent_about_notes_of_makers_and_about_thumbnails() -> None:
    directory = struct.pack("<H", 40) + b"".join(struct.pack("<HHII", tag, 4, 1, tag << 8) for tag in range(40))
    contents = [directory + bytes(400), bytes(9) + SMALL, SMALL[:-300], zlib.compress(noise("packed", 5000))]
    contents += [noise(str(number), 3000) for number in range(20)]
    contents += [
        magic + noise(magic.hex(), 300) for magic in (b"\x1f\x8b\x08\0", b"BZh9", b"MZ", b"\xfd7zXZ\0", b"PK\3\4")
    ]
    for content in contents:
        for name in MAKERS:
            assert beside.look(with_note(name + content), "jpeg").payload is None, (name, content)
        for marker, header in HEADERS.values():
            assert beside.look(with_segment(marker, header + content), "jpeg").payload is None, (header, content)


def test_the_first_line_of_a_caption_is_no_name() -> None:
    for line in (b"Screenshot of my editor\n", b"Editor\r\n", b"My script\t"):
        assert beside.look(with_note(line + ALL["shell"]), "jpeg").payload is None


def with_note(content: bytes) -> bytes:
    """A JPEG with the notes of a maker."""
    notes = Image.Exif()
    notes[0x8769] = {0x927C: content}
    return with_segment(APP1, notes.tobytes())


def test_a_tag_that_points_into_what_another_holds_makes_no_script_of_it() -> None:
    caption = b"Screenshot of my editor, which shows\n" + ALL["shell"]
    for order in (0x111, 0x117), (0x201, 0x202):
        entries = [(0x10E, 2, len(caption), 50), (order[0], 4, 1, 50 + caption.index(b"#")), (order[1], 4, 1, 1 << 20)]
        block = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries))
        block += b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4) + caption
        assert beside.look(with_segment(APP1, b"Exif\0\0" + block + b"\0"), "jpeg").payload is None


def test_a_pdf_may_begin_in_a_profile_and_end_behind_it() -> None:
    first, last = ALL["pdf"][:20], ALL["pdf"][20:]
    in_profile = with_segment(APP2, b"ICC_PROFILE\0\1\1" + profile("a") + bytes(3) + first)
    for _ in range(2):  # of a profile without an end of its own nothing is kept in mind
        assert beside.look(in_profile, "jpeg").payload is None
        found = beside.look(
            in_profile.replace(first, first + b"\xff\xfe" + struct.pack(">H", len(last) + 2) + last), "jpeg"
        )
        assert found.payload is not None
        assert (found.payload.kind, found.where) == ("pdf", "ICC profile")


def test_is_silent_about_what_cameras_leave_there() -> None:
    packed = ALL["gzip"]
    for data in (
        with_segment(APP1, exif(1) + bytes(2000)),
        with_segment(APP1, exif(1) + noise("notes", 9000)),
        with_thumbnail(b""),
        with_thumbnail(bytes(900)),
        with_thumbnail(noise("pixels", 9000)),
        with_thumbnail(SMALL + bytes(900)),
        with_thumbnail(SMALL + noise("left over", 900)),
        with_thumbnail(SMALL[:-300]),
        with_segment(APP1, EXTENSION + b"aGVsbG8g" * 2000),
        with_segment(APP2, b"ICC_PROFILE\0\1\1" + profile("a") + bytes(300)),
        with_segment(APP11, SIGNED + packed),
    ):
        assert beside.look(data, "jpeg").payload is None


def test_an_ordinary_header_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(magics, "search", lambda *_, **__: calls.append(1))
    monkeypatch.setattr(metadata, "held", lambda *_, **__: calls.append(1))
    plain = jpeg(photo("a"), icc_profile=profile("a"), exif=exif(6))
    for data in (plain, with_thumbnail(SMALL)):
        assert beside.look(data, "jpeg").payload is None
    assert calls == []
