from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, palette, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut

if TYPE_CHECKING:
    from tests.conftest import Fired

_GIF = encode(photo("gif"), "GIF")


def test_tells_the_name_of_the_copy(fired: Fired) -> None:
    files = {"a.gif": _GIF, "b.gif": _GIF, "b.png": png(photo("b"))}
    assert fired("renamed-copy", files, images=True) == {
        "a.gif": ("warning", "the RGB copy is named a.png"),
        "b.gif": ("warning", "the RGB copy is named b.gif.png"),
    }


def test_is_silent_about_links_copies_of_the_same_name_and_what_is_not_kept(fired: Fired) -> None:
    files = {
        "link.jpg": jpeg(photo("a")),
        "grey.jpg": jpeg(photo("b").convert("L")),
        "palette.png": png(palette(photo("c"))),
        "damaged.gif": cut(_GIF, 0.5),
    }
    assert fired("renamed-copy", files, images=True) == {}


def test_is_silent_where_no_copies_are_made(fired: Fired) -> None:
    assert fired("renamed-copy", {"a.gif": _GIF}, images=False) == {}
