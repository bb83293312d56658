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


@pytest.mark.parametrize("size", SIZES)
def test_steps_and_ranges_are_those_of_the_reduced_picture(size: tuple[int, int]) -> None:
    for picture in (photo("a", 640, 480).resize(size), photo("b", 640, 480).resize((8, 8)).resize(size)):
        found = batch([png(picture)])
        values = found.pictures[0].astype(int)
        measured = {name: column[0] for name, column in measure(found).items()}
        assert measured["tone_range"] == values.max() - values.min()

        def steepest(reach: int, values: np.ndarray = values) -> int:
            across, down = values[:, reach:] - values[:, :-reach], values[reach:] - values[:-reach]
            return int(max(np.abs(across).max(initial=0), np.abs(down).max(initial=0)))

        half = steepest(1) >= steepest(4) / 2
        told = (None,) * 3 if half or min(values.shape) < 16 else tuple(map(steepest, (1, 4, 8)))
        assert (measured["step"], measured["climb_4"], measured["climb_8"]) == told


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
    assert asked == []


def test_what_cannot_be_decoded_again_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    found = batch([png(Image.new("RGB", (40, 40)))])
    monkeypatch.setattr(type(found), "rgb", lambda _batch, _number: None)
    monkeypatch.setattr(type(found), "grey", lambda _batch, _number, **_how: None)
    measured = measure(found)
    assert (measured["constant"], measured["tone_spread"], measured["brightest"]) == ([None], [None], [None])
