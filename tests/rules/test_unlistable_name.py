from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_finds_names_with_a_line_break_and_shows_them_on_one_line(fired: Fired) -> None:
    names = ("a\nb.jpg", "c\rd.jpg", "folder\n/e.jpg")
    others = ("blank and\ttab.jpg", 'quote".jpg', "comma,.jpg", "\u2028.jpg", "=f.jpg")
    found = fired("unlistable-name", {name: jpeg(photo(name)) for name in (*names, *others)})
    assert found == dict.fromkeys(
        (r"a\x0ab.jpg", r"c\x0dd.jpg", r"folder\x0a/e.jpg"), ("error", "the name holds a line break")
    )
