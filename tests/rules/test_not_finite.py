from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING

from corrupt_samples.encode import floats, pfm, tiff
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_one_pixel_that_is_no_number_is_an_error(fired: Fired) -> None:
    files = {
        "nan.tif": tiff(floats(photo("a"), spoil=nan)),
        "infinite.tif": tiff(floats(photo("b"), spoil=-inf)),
        "nan.pfm": pfm(photo("c"), spoil=nan),
    }
    assert fired("not-finite", files) == dict.fromkeys(files, ("error", "pixels that are NaN or infinite"))


def test_large_and_negative_numbers_are_numbers(fired: Fired) -> None:
    files = {
        "sound.tif": tiff(floats(photo("a"))),
        "large.tif": tiff(floats(photo("b"), spoil=3e38)),
        "negative.tif": tiff(floats(photo("c"), spoil=-1)),
    }
    assert fired("not-finite", files) == {}
