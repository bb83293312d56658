from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import floats, jpeg, palette, png, png_sixteen_rgb, sixteen_bits, tiff
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_sixteen_bits_even_where_the_mode_hides_them(fired: Fired) -> None:
    files = {
        "grey.png": png(sixteen_bits(photo("a"))),
        "colour.png": png_sixteen_rgb(photo("b")),  # Pillow opens it as RGB
        "grey.tif": tiff(sixteen_bits(photo("c"))),
    }
    found = fired("high-bit-depth", files)
    assert found.keys() == files.keys()
    assert found["colour.png"] == ("info", "16 bits a channel")


def test_is_silent_about_eight_bits_and_fewer_and_about_floats(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(photo("a")),
        "b.png": png(photo("b")),
        "c.png": png(palette(photo("c"), 4), bits=2),
        "d.tif": tiff(floats(photo("d"))),
    }
    assert fired("high-bit-depth", files) == {}
