from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_the_one_file_that_takes_too_much(fired: Fired, spoil_decoder: Callable[[str], bytes]) -> None:
    mark = spoil_decoder("bytearray(8 << 30)")
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")) + mark, "c.jpg": jpeg(photo("c"))}
    found = fired("out-of-memory", files, memory_limit="512MiB")
    assert found.keys() == {"b.jpg"}
    assert found["b.jpg"][0] == "error"
    assert found["b.jpg"][1].startswith("decoding takes too much memory: ")
    assert not found["b.jpg"][1].endswith(": ")


@pytest.mark.parametrize("action", ["bytearray(8 << 30)", "kept = b'a' * (600 << 20); time.sleep(60)"])
def test_says_where_it_was_no_decoder(fired: Fired, spoil_measuring: Callable[[str], bytes], action: str) -> None:
    mark = spoil_measuring(action)
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")) + mark}
    found = fired("out-of-memory", files, memory_limit="512MiB")
    assert found.keys() == {"b.jpg"}
    assert found["b.jpg"][1].startswith("looking at it closely takes too much memory: ")


def test_a_large_picture_of_nearly_one_colour_takes_no_more_than_others(fired: Fired) -> None:
    page = Image.new("RGB", (6000, 4000), (250, 249, 248))
    ImageDraw.Draw(page).rectangle((2000, 2000, 2200, 2010), fill=(244, 243, 242))
    assert fired("out-of-memory", {"page.jpg": jpeg(page)}, memory_limit="512MiB") == {}


def test_says_it_of_a_copy_too(fired: Fired, spoil_copying: Callable[[str], bytes]) -> None:
    mark = spoil_copying("bytearray(8 << 30)")
    files = {"a.gif": encode(photo("a"), "GIF"), "b.gif": encode(photo("b"), "GIF") + mark}
    found = fired("out-of-memory", files, images=True, memory_limit="768MiB")
    assert found.keys() == {"b.gif"}
    assert "while its RGB copy was made" in found["b.gif"][1]
