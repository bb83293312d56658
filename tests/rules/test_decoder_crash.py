from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
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
