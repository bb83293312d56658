"""Archives, programs and code in Photoshop's resources, records of IPTC and data of ICC profiles."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg, jpeg_segment, profile
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, noise
from sanitize.probe import photoshop
from tests.embedding import APP2, APP13, DQT, iptc, places, resource, with_segment

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"
CODE = b'import os\nos.system("id > /tmp/a")\n'
FIRST = resource(1005, struct.pack(">IHHIHH", 72 << 16, 1, 1, 72 << 16, 1, 1))


def resources(*parts: bytes) -> bytes:
    return with_segment(APP13, photoshop.NAME + b"".join(parts))


def with_data(content: bytes) -> bytes:
    """A JPEG whose profile has a tag of data, to which a flag belongs."""
    whole = bytearray(profile("a"))
    whole[136:144] = struct.pack(">II", len(whole), 12 + len(content))
    return with_segment(APP2, b"ICC_PROFILE\0\1\1" + bytes(whole) + b"data\0\0\0\0\0\0\0\1" + content)


@pytest.mark.parametrize("kind", ["elf", "gzip", "rar", "shell", "7z", "xz"])
def test_finds_what_a_value_begins_with(fired: Fired, kind: str) -> None:
    files = {
        "private.jpg": resources(FIRST, resource(4000, ALL[kind])),
        "caption.jpg": resources(FIRST, resource(1028, iptc(b"by the sea", ALL[kind]))),
        "in place.jpg": resources(FIRST, resource(1028, ALL[kind])),
        "named.jpg": resources(FIRST, b"8BIM\x0f\xa0\3abc" + struct.pack(">I", len(ALL[kind])) + ALL[kind]),
        "long.jpg": resources(resource(1028, b"\x1c\2\x78\x80\4" + struct.pack(">I", len(ALL[kind])) + ALL[kind])),
        "icc.jpg": with_data(ALL[kind]),
        "behind.jpg": resources(FIRST, ALL[kind]),
        "in place of a length.jpg": resources(FIRST, b"8BIM\x0f\xa0\0\0" + ALL[kind]),
    }
    found = places(fired(RULE, files))
    assert found.keys() == files.keys()
    assert {place.rpartition(" in the ")[2] for place in found.values()} == {
        "APP13 of the JPEG",
        "ICC profile of the JPEG",
    }


def in_segments(*contents: bytes) -> bytes:
    """A JPEG with Photoshop's resources in several segments."""
    segments = (jpeg_segment(APP13, photoshop.NAME + content) for content in contents)
    return jpeg_inserted(jpeg(photo("a")), DQT, b"".join(segments))


@pytest.mark.parametrize("kind", ["shell", "rar"])
def test_resources_go_on_in_the_next_segment_or_begin_anew_there(fired: Fired, kind: str) -> None:
    long = resource(1036, noise("long", 2001))
    hidden = resource(4000, ALL[kind])
    whole = long + hidden
    files = {
        "anew.jpg": in_segments(FIRST, FIRST + hidden),
        "goes on.jpg": in_segments(FIRST + whole[:1500], whole[1500:]),
        "over three.jpg": in_segments(whole[:700], whole[700:1400], whole[1400:]),
        "cut.jpg": in_segments(long[:1500], FIRST + hidden),
    }
    assert fired(RULE, files | {"none.jpg": in_segments(long[:1500], long[1500:] + FIRST)}).keys() == files.keys()


def test_finds_code_that_a_value_is(fired: Fired) -> None:
    files = {
        "private.jpg": resources(FIRST, resource(4000, CODE)),
        "caption.jpg": resources(FIRST, resource(1028, iptc(b"by the sea", CODE, b"Kiel"))),
        "icc.jpg": with_data(CODE),
    }
    assert fired(RULE, files).keys() == files.keys()


def test_is_silent_about_what_programs_write_there(fired: Fired) -> None:
    thumbnail = struct.pack(">IIIIIIHH", 1, 96, 96, 288, 288 * 96, 3000, 24, 1) + jpeg(photo("thumbnail", 96, 96))
    cell = "<p>Cell</p>".encode("utf-16-be")
    files = {
        "thumbnails.jpg": resources(FIRST, resource(1036, thumbnail), resource(1033, thumbnail)),
        "slices.jpg": resources(FIRST, resource(1050, struct.pack(">II", 6, len(cell) // 2) + cell)),
        "captions.jpg": resources(
            resource(
                1028,
                iptc(b"How to use os.system() in Python: a talk", b"PK is the sign of a ZIP", b"import os, my desk"),
            )
        ),
        "cut.jpg": resources(FIRST, resource(1036, thumbnail)[:500]),
        "records.jpg": resources(resource(1028, b"\x1c\2\x78\xff\xff" + bytes(40))),
        "data.jpg": with_data(bytes(range(256))),
        "words.jpg": with_data(b"(c) 1998, all rights reserved; see os.system"),
    }
    assert fired(RULE, files) == {}
