from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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


def test_says_it_of_a_copy_too(fired: Fired, spoil_copying: Callable[[str], bytes]) -> None:
    mark = spoil_copying("bytearray(8 << 30)")
    files = {"a.gif": encode(photo("a"), "GIF"), "b.gif": encode(photo("b"), "GIF") + mark}
    found = fired("out-of-memory", files, images=True, memory_limit="768MiB")
    assert found.keys() == {"b.gif"}
    assert "while its RGB copy was made" in found["b.gif"][1]
