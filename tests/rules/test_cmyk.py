from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg, png, tiff
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_pictures_of_four_inks_only(fired: Fired) -> None:
    files = {
        "inks.jpg": jpeg(photo("a").convert("CMYK")),
        "inks.tif": tiff(photo("b").convert("CMYK")),
        "light.jpg": jpeg(photo("c")),
        "light_as_rgb.jpg": jpeg(photo("d"), keep_rgb=True),
        "alpha.png": png(photo("e").convert("RGBA")),
        "grey.jpg": jpeg(photo("f").convert("L")),
    }
    assert fired("cmyk", files) == {"inks.jpg": ("info", "CMYK"), "inks.tif": ("info", "CMYK")}
