from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import floats, pfm, png, sixteen_bits, tiff
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_floating_point_pixels_only(fired: Fired) -> None:
    files = {
        "floats.tif": tiff(floats(photo("a"))),
        "floats.pfm": pfm(photo("b")),
        "integers.tif": tiff(sixteen_bits(photo("c"))),
        "integers.png": png(photo("d")),
    }
    expected = ("info", "floating-point pixels (mode F)")
    assert fired("float-pixels", files) == {"floats.tif": expected, "floats.pfm": expected}
