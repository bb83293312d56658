"""Small pictures for the report: as large as there is room, sharp, and of whatever shape."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize import thumbnail


def drawn(folder: Path, picture: Image.Image) -> Image.Image:
    (folder / "a.jpg").write_bytes(jpeg(picture, quality=95))
    small = thumbnail.draw((b"a.jpg", "jpeg", None, picture.height, None, None), root=os.fsencode(folder))
    assert small is not None
    return Image.open(io.BytesIO(small))


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((400, 300), (112, 84)),
        ((300, 900), (37, 112)),
        ((1000, 10), (112, 1)),
        ((113, 3), (112, 3)),
        ((64, 48), (64, 48)),
    ],
)
def test_the_longer_side_is_reduced_and_none_is_enlarged(
    tmp_path: Path, size: tuple[int, int], small: tuple[int, int]
) -> None:
    assert drawn(tmp_path, photo("a").resize(size)).size == small


@pytest.mark.parametrize("size", [(336, 252), (1000, 400)])
def test_no_more_is_averaged_than_what_has_no_room(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = photo("a", 56, 56 * size[1] // size[0]).resize(size, Image.Resampling.NEAREST)
    found = drawn(tmp_path, picture).convert("L")
    best = picture.convert("L").resize(found.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(found, np.float32) - np.asarray(best, np.float32)).mean() < 4
