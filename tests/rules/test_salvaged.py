from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut, zeroed

if TYPE_CHECKING:
    from tests.conftest import Fired

_FILES = {
    "cut.jpg": cut(jpeg(photo("a")), 0.6),
    "zeroed.jpg": zeroed(jpeg(photo("b")), 0.5, 512),
    "cut.png": cut(png(photo("c")), 0.6),
    "no_end.gif": encode(photo("d"), "GIF")[:-1],
}
_REST = {"sound.jpg": jpeg(photo("e")), "lost.jpg": jpeg(photo("f"))[:100], "empty.jpg": b""}


def test_names_what_is_kept_though_damaged(fired: Fired) -> None:
    found = fired("salvaged", _FILES | _REST, salvage=True, images=True)
    assert found.keys() == _FILES.keys()
    assert {severity for severity, _message in found.values()} == {"warning"}


def test_is_silent_where_nothing_is_to_be_salvaged(fired: Fired) -> None:
    assert fired("salvaged", _FILES | _REST) == {}
