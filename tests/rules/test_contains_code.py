from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.codes import code, on_photo
from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired

MAKER = "https://maker.example/1"


def test_a_code_in_the_corner_is_an_info(fired: Fired) -> None:
    files = {"a.jpg": jpeg(on_photo(code(MAKER), "a", width=640, height=480, share=0.3, at=(0.8, 0.8)))}
    ((severity, message),) = fired("contains-code", files).values()
    assert severity == "info"
    assert "says `https://maker.example/1`" in message


def test_a_code_that_is_the_picture_is_another_finding_and_a_photo_is_none(fired: Fired) -> None:
    files = {"a.png": png(code(MAKER)), "b.jpg": jpeg(photo("b", 640, 480))}
    assert fired("contains-code", files) == {}
