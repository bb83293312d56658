from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_the_one_file_over_which_the_decoder_hangs(fired: Fired, spoil_decoder: Callable[[str], bytes]) -> None:
    mark = spoil_decoder("time.sleep(60)")
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")) + mark, "c.jpg": jpeg(photo("c"))}
    found = fired("decoder-timeout", files, timeout=2)
    assert found.keys() == {"b.jpg"}
    assert found["b.jpg"][0] == "error"
