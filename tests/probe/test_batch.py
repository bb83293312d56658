"""The reduced pictures of a batch show the same, whatever reader reduced them and by how much."""

from __future__ import annotations

import tracemalloc

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


@pytest.mark.parametrize("shape", [(5000, 40), (40, 5000), (4500, 4600), (9000, 1)])
def test_a_strip_is_averaged_over_areas_as_others_are(shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    rows, columns = shape
    exact = areas(rows, 32) @ grey.astype(np.float32) @ areas(columns, 32).T
    assert np.allclose(squares([grey]), exact, atol=0.01)
    # Of a JPEG in an eighth of its size the last row and column are there in part.
    facts = {"content": "jpeg", "height": 8 * rows - 3, "width": 8 * columns - 5}
    exact = areas(rows, 32, rows - 3 / 8) @ grey.astype(np.float32) @ areas(columns, 32, columns - 5 / 8).T
    assert np.allclose(squares([grey], facts), exact, atol=0.01)


def squares(greys: list[np.ndarray], facts: dict[str, object] | None = None) -> np.ndarray:
    """The squares of pictures of which nothing else is known."""
    return Batch([b""] * len(greys), [facts or {}] * len(greys), greys, greys, [None] * len(greys)).squares


@pytest.mark.parametrize("shape", [(1_000_000, 3), (3, 1_000_000)])
def test_strips_take_no_more_memory_than_their_pixels_and_leave_none_behind(shape: tuple[int, int]) -> None:
    grey = np.zeros(shape, np.uint8)
    lengths = [np.zeros((length, 3), np.uint8) for length in range(600, 3000, 40)]
    squares([grey[:100, :100]])
    tracemalloc.start()
    try:
        squares([grey])
        _now, most = tracemalloc.get_traced_memory()
        squares(lengths)
        now, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2 * grey.nbytes
    assert now < 1_000_000
