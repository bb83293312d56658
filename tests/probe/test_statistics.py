from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from corrupt_samples.encode import animated, exif, jpeg, palette, png, sixteen_bits, transparent, webp
from corrupt_samples.pictures import gradient, line_art, photo, product
from sanitize.facts import PROBE_COLUMNS
from sanitize.probe.statistics import COLUMNS, measure
from tests.batches import batch

SIZES = [(1, 1), (1, 40), (300, 1), (2, 2), (7, 3), (16, 16), (33, 31), (48, 48), (500, 20), (96, 300), (640, 480)]


def test_measures_a_batch_as_each_picture_alone() -> None:
    files = [png(photo("a", 640, 480).resize(size)) for size in SIZES]
    files += [jpeg(product("b")), jpeg(gradient("c")), webp(line_art("d")), jpeg(photo("e"), exif=exif(8))]
    files += [png(Image.new("L", (50, 40), 3)), jpeg(photo("f").point(lambda level: level // 9))]
    together = measure(batch(files))
    alone = [measure(batch([data])) for data in files]
    assert together.keys() == COLUMNS.keys()
    for name, values in together.items():
        assert list(values) == [one[name][0] for one in alone]


def steepest(values: np.ndarray, reach: int) -> int:
    """The largest difference of two pixels that are so far apart in a row or a column."""
    across, down = values[:, reach:] - values[:, :-reach], values[reach:] - values[:-reach]
    return int(max(np.abs(across).max(initial=0), np.abs(down).max(initial=0)))


@pytest.mark.parametrize("size", SIZES)
def test_ranges_are_those_of_the_reduced_picture(size: tuple[int, int]) -> None:
    for picture in (photo("a", 640, 480).resize(size), photo("b", 640, 480).resize((8, 8)).resize(size)):
        found = batch([png(picture)])
        assert list(measure(found)["tone_range"]) == [int(found.pictures[0].max()) - int(found.pictures[0].min())]


@pytest.mark.parametrize(
    "size", [(15, 40), (16, 16), (33, 40), (48, 60), (71, 90), (96, 300), (192, 240), (480, 640), (1440, 960)]
)
def test_steps_are_those_of_48_pixels_or_of_all_where_there_are_hardly_more(size: tuple[int, int]) -> None:
    for picture in (photo("a", 640, 480).resize(size), photo("b", 640, 480).resize((8, 8)).resize(size)):
        grey, times = picture.convert("L"), max(1, min(size) // 48)
        values = np.asarray(grey.reduce(times)).astype(int)
        climbs = tuple(steepest(values, reach) for reach in (1, 4, 8))
        told = (None,) * 3 if climbs[0] >= climbs[1] / 2 or min(size) < 16 else climbs
        for data in (png(picture), jpeg(picture, quality=100, subsampling=0)):
            found = measure(batch([data]))
            measured = tuple(found[name][0] for name in ("step", "climb_4", "climb_8"))
            assert [one is None for one in measured] == [one is None for one in told]
            assert all(abs(one - other) < 5 for one, other in zip(measured, told, strict=True) if other is not None)


def test_relief_is_what_rows_and_columns_and_one_product_of_them_leave() -> None:
    down, across = np.mgrid[:64, :64] / 64
    hills = [np.exp(-((down - row) ** 2 + (across - column) ** 2) / 0.04) for row, column in ((0.2, 0.2), (0.7, 0.5))]
    lights = (40 + 100 * down + 60 * across**2, 30 + 200 * hills[0], 30 + 200 * hills[0] + 150 * hills[1])
    files = [png(Image.fromarray(light.astype(np.uint8))) for light in lights]
    slope, one_hill, two_hills = measure(batch(files))["relief"]
    assert 0 <= slope < 0.5
    assert 0 <= one_hill < 0.5
    assert two_hills > 5


def test_a_corner_is_where_a_step_differs_from_the_next_one() -> None:
    columns = np.arange(32)
    roof = np.tile(np.where(columns < 12, 5 * columns, 60 + 2 * (columns - 12)), (32, 1)).astype(np.uint8)
    found = measure(batch([png(Image.fromarray(roof)), png(Image.fromarray(roof.T)), png(photo("a"))]))
    assert found["corner"] == [3, 3, None]
    assert found["relief"][2] is None


def test_names_no_column_that_another_has() -> None:
    assert not COLUMNS.keys() & PROBE_COLUMNS.keys()


def test_few_pictures_are_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [jpeg(photo(str(seed), 200, 150)) for seed in range(40)] + [png(photo("a")), webp(photo("b"))]
    files += [png(transparent(photo("c"))), png(palette(photo("d"))), animated(photo("e"), "GIF")]
    files += [png(sixteen_bits(photo("f"))), jpeg(gradient("g")), jpeg(product("h", 300, 300))]
    ordinary = batch(files)
    asked: list[int] = []
    monkeypatch.setattr(type(ordinary), "rgb", lambda _batch, number: asked.append(number))
    monkeypatch.setattr(type(ordinary), "grey", lambda _batch, number, **_how: asked.append(number))
    measure(ordinary)
    assert len(asked) < 5


def test_what_cannot_be_decoded_again_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    found = batch([png(Image.new("RGB", (40, 40)))])
    monkeypatch.setattr(type(found), "rgb", lambda _batch, _number: None)
    monkeypatch.setattr(type(found), "grey", lambda _batch, _number, **_how: None)
    measured = measure(found)
    assert (measured["constant"], measured["tone_spread"], measured["brightest"]) == ([None], [None], [None])
