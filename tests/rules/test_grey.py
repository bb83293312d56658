from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from corrupt_samples.encode import encode, jpeg, palette, png, sixteen_bits, tiff
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_pictures_of_one_channel(fired: Fired) -> None:
    grey = photo("a").convert("L")
    files = {
        "a.jpg": jpeg(grey),
        "b.png": png(grey.convert("LA")),
        "c.png": png(grey.convert("1")),
        "d.png": png(sixteen_bits(grey)),
        "e.pgm": encode(grey, "PPM"),
    }
    found = fired("grey", files)
    assert found.keys() == files.keys()
    assert found["a.jpg"] == ("info", "grey (mode L)")


def test_pictures_of_three_channels_are_not_judged_by_their_colours(fired: Fired) -> None:
    colourless = photo("a").convert("L").convert("RGB")
    files = {"a.jpg": jpeg(colourless), "b.png": png(colourless), "c.png": png(palette(photo("c")))}
    assert fired("grey", files) == {}


@pytest.mark.parametrize(("mode", "kind"), [("I;16B", ">u2"), ("I", "<i4"), ("F", "<f4")])
def test_finds_numbers_of_any_width(mode: str, kind: str, fired: Fired) -> None:
    picture = Image.frombytes(mode, (64, 64), np.arange(1 << 12).astype(kind).tobytes())
    assert fired("grey", {"a": tiff(picture)}) == {"a": ("info", f"grey (mode {mode})")}
