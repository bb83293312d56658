"""Looking ahead finds what a search from each place would, in one pass."""

from __future__ import annotations

import random
import re
import struct
import time

import pytest

from corrupt_samples.encode import jpeg, jpeg_segment
from corrupt_samples.pictures import photo
from sanitize.probe import archives, beside, markup
from sanitize.probe.ahead import FAR, Ahead
from sanitize.probe.beside_kinds import PICTURE


@pytest.mark.parametrize("gap", [3, 700, 5000])
def test_finds_what_a_search_from_each_place_finds(gap: int) -> None:
    chance = random.Random(gap)
    data = b"".join(b"." * chance.randrange(gap) + b"<end" for _ in range(30_000 // gap))
    expression = re.compile(rb"<end")
    ahead = Ahead(expression, data, len(data) - 2)
    place = 0
    while place < len(data):
        match = expression.search(data, place, len(data) - 2)
        expected = match.start() if match and match.start() <= place + FAR else None
        assert (found if (found := ahead.of(place)) <= place + FAR else None) == expected
        place += chance.randrange(1 + gap // 2) + 1


def in_comments(text: bytes, size: int) -> bytes:
    """A JPEG with a text in as many comments of a size as it takes."""
    picture = jpeg(photo("a"))
    pieces = [jpeg_segment(0xFE, text[at : at + size]) for at in range(0, len(text), size)]
    return picture[:2] + b"".join(pieces) + picture[2:]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le"])
@pytest.mark.parametrize("opening", ["<script>", "<html>x", "<?php ", "<!doctype html>", "<% eval", "<iframe "])
def test_openings_that_nothing_follows_take_no_time(opening: str, encoding: str) -> None:
    text = (opening * (1 << 18)).encode(encoding)[: 1 << 20]
    begun = time.process_time()
    assert beside.look(in_comments(text, 65_000), "jpeg").payload is None
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "opening",
    [
        b"<script" + b"/src=" * 60 + b" " * 318 + b">",
        b"<?php " + b"; " * 99,
        b"<?php a a " + b"a? " * 330,
        b'<iframe src="//x" width="560" height="315"' + b" allow" * 40 + b">",
    ],
)
def test_long_openings_take_no_time(opening: bytes) -> None:
    data = opening * ((1 << 22) // len(opening))
    begun = time.process_time()
    markup.find(data, 0, len(data))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("text", [b"%PDF-1.4", b"MZ", b"abcdefgh"])
def test_many_short_comments_take_no_time(text: bytes) -> None:
    begun = time.process_time()
    assert beside.look(in_comments(text * (1 << 16), 8), "jpeg").payload is None
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "beginning",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8\xff\xe0\0\2",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\4\0\0\0WEBP",
        b"\0\0\0\x0cftypmp42abcdefgh",
        b"MPF\0II*\0",
        b"PK\3\4",
        b"PK\5\6",
    ],
)
def test_many_beginnings_of_files_behind_an_image_take_no_time(beginning: bytes) -> None:
    data = jpeg(photo("a")) + beginning * ((1 << 20) // len(beginning))
    begun = time.process_time()
    assert beside.look(data, "jpeg").payload is None
    assert time.process_time() - begun < 2


def test_many_ends_of_an_archive_that_share_a_directory_take_no_time() -> None:
    directory = b"PK\3\4" + bytes(26) + (b"PK\1\2" + bytes(42)) * 999
    ends = b"".join(
        struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1000, 1000, 46 * 999 + 22 * number, 30, 0) for number in range(2900)
    )
    begun = time.process_time()
    archives.zip_archive(directory + ends, 0, len(directory + ends))
    assert time.process_time() - begun < 2


def test_a_jpeg_behind_beginnings_that_lead_nowhere_is_found() -> None:
    picture = jpeg(photo("a"))
    nowhere = b"x" + b"\xff\xd8\xff" * 5 + b"\xff\xd9" + b"\xff\xd8\xff" * 5 + b"\xff\xe0\xff\xff" + b"x"
    found = beside.look(picture + nowhere + picture, "jpeg").pieces
    assert [(piece.kind, piece.start) for piece in found][-1] == (PICTURE, len(picture + nowhere))
