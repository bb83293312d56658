from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired

_FILES = {name: jpeg(photo(name)) for name in ("a.jpg", "b.jpg", "c.jpg")} | {"empty.jpg": b"", "notes.txt": b"words"}


def test_finds_good_pictures_on_no_list(fired: Fired) -> None:
    assert fired("unlisted", _FILES, listed=("a.jpg", "b.jpg")) == {"c.jpg": ("info", "good, but on no list")}


def test_is_silent_where_there_are_no_lists(fired: Fired) -> None:
    assert fired("unlisted", _FILES) == {}


def test_is_silent_about_a_picture_that_nobody_can_open(fired: Fired) -> None:
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(range(256))
    assert fired("unlisted", {"a.jpg": jpeg(photo("a")), "b.heic": heic}, listed=("a.jpg",)) == {}
