from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_the_one_file_over_which_the_decoder_hangs(fired: Fired, spoil_decoder: Callable[[str], bytes]) -> None:
    mark = spoil_decoder("time.sleep(60)")
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")) + mark, "c.jpg": jpeg(photo("c"))}
    found = fired("decoder-timeout", files, timeout=2)
    assert found.keys() == {"b.jpg"}
    assert found["b.jpg"] == ("error", "the decoder hangs: no answer within 2 s")


def test_says_where_it_was_no_decoder(fired: Fired, spoil_measuring: Callable[[str], bytes]) -> None:
    mark = spoil_measuring("time.sleep(60)")
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")) + mark}
    found = fired("decoder-timeout", files, timeout=2)
    assert found == {"b.jpg": ("error", "looking at it closely takes too long: no answer within 2 s")}


def test_says_it_of_a_copy_too(fired: Fired, spoil_copying: Callable[[str], bytes]) -> None:
    mark = spoil_copying("time.sleep(60)")
    files = {"a.gif": encode(photo("a"), "GIF"), "b.gif": encode(photo("b"), "GIF") + mark}
    found = fired("decoder-timeout", files, images=True, timeout=1)
    assert found.keys() == {"b.gif"}
    assert "while its RGB copy was made" in found["b.gif"][1]
