"""The reduced pictures of a batch show the same, whatever reader reduced them and by how much."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from corrupt_samples.encode import encode, exif, jpeg, png
from corrupt_samples.pictures import photo
from sanitize.probe.batch import Batch, areas
from tests.batches import batch

#: Sizes of which a reduced picture has a part of a row or column at its end.
SIZES = [(500, 375), (333, 500), (97, 161), (64, 65), (800, 257)]


@pytest.mark.parametrize("size", SIZES)
def test_a_part_of_a_pixel_at_the_end_squeezes_no_picture(size: tuple[int, int]) -> None:
    picture = photo("a", *size)
    whole = np.asarray(picture.convert("L"), np.float32)
    exact = areas(size[1], 32) @ whole @ areas(size[0], 32).T
    squares = batch([jpeg(picture, quality=98), png(picture), encode(picture, "BMP")]).squares
    apart = np.abs(squares - exact).mean(axis=(1, 2))
    # As much as reduced pixels that straddle two cells cost.
    assert apart[0] < 2
    assert apart[1:].max() < 1


@pytest.mark.parametrize("size", SIZES)
def test_a_turned_picture_is_that_which_is_seen(size: tuple[int, int]) -> None:
    picture = photo("b", *size)
    upright, turned = batch([png(picture), png(picture.transpose(Image.Transpose.ROTATE_90), exif=exif(6))]).squares
    assert np.abs(upright - turned).mean() < 3


def test_a_picture_whose_scale_is_not_known_counts_as_a_whole() -> None:
    grey = np.arange(40 * 50, dtype=np.float32).reshape(40, 50).astype(np.uint8)
    exact = areas(40, 32) @ grey.astype(np.float32) @ areas(50, 32).T
    odd: list[dict[str, object]] = [{}, {"content": "jpeg", "width": 7, "height": 900}, {"width": 0, "height": 0}]
    assert np.allclose(Batch([b""] * 3, odd, [grey] * 3, [grey] * 3, [None] * 3).squares, exact)
