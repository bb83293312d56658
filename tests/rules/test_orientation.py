from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import exif, jpeg, png
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_pictures_that_readers_turn(fired: Fired) -> None:
    files = {f"{number}.jpg": jpeg(photo(f"{number}"), exif=exif(number)) for number in range(1, 9)}
    files["6.png"] = png(photo("png"), exif=exif(6))
    found = fired("orientation", files)
    assert found.keys() == files.keys() - {"1.jpg"}
    assert found["6.jpg"] == ("info", "EXIF orientation 6")


def test_values_that_mean_nothing_turn_nothing(fired: Fired) -> None:
    files = {f"{number}.jpg": jpeg(photo(f"{number}"), exif=exif(number)) for number in (0, 9, 300)}
    files["none.jpg"] = jpeg(photo("none"))
    assert fired("orientation", files) == {}
