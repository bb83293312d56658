from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


@pytest.mark.parametrize("action", ["os.kill(os.getpid(), signal.SIGSEGV)", "os._exit(0)"])
def test_finds_the_one_file_over_which_the_decoder_dies(
    fired: Fired, spoil_decoder: Callable[[str], bytes], action: str
) -> None:
    mark = spoil_decoder(action)
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")) + mark, "c.jpg": jpeg(photo("c"))}
    found = fired("decoder-crash", files)
    assert found.keys() == {"b.jpg"}
    assert found["b.jpg"][0] == "error"


def test_says_it_of_a_copy_too(fired: Fired, spoil_copying: Callable[[str], bytes]) -> None:
    mark = spoil_copying("os.kill(os.getpid(), signal.SIGSEGV)")
    files = {"a.gif": encode(photo("a"), "GIF"), "b.gif": encode(photo("b"), "GIF") + mark}
    found = fired("decoder-crash", files, images=True)
    assert found.keys() == {"b.gif"}
    assert "while its RGB copy was made" in found["b.gif"][1]
