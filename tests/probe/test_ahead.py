"""Looking ahead finds what a search from each place would, in one pass."""

from __future__ import annotations

import random
import re
import time

import pytest

from corrupt_samples.encode import jpeg, jpeg_segment
from corrupt_samples.pictures import photo
from sanitize.probe import beside, markup
from sanitize.probe.ahead import FAR, Ahead


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
    assert time.process_time() - begun < 0.6


@pytest.mark.parametrize("text", [b"%PDF-1.4", b"MZ", b"abcdefgh"])
def test_many_short_comments_take_no_time(text: bytes) -> None:
    begun = time.process_time()
    assert beside.look(in_comments(text * (1 << 16), 8), "jpeg").payload is None
    assert time.process_time() - begun < 2
