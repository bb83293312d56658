"""A part of the picture is a loader's filling: it was cut off, opened by a tolerant loader and saved again.

Pillow with `LOAD_TRUNCATED_IMAGES`, OpenCV's `imread` and most programs that are built on libjpeg fill what is missing of a
truncated JPEG with grey 128. Saved again, the file is sound and a good part of its picture is gone. Such a filling begins
where the data ended, nearly always inside a row of blocks: it has a step of one block, 8 or 16 pixels high. Fetch the
original again.

It is told by a band of one grey, 128, of `min-share` of the height or more, from the bottom up to a picture that fills the
width and ends in one such step, in `min-fit` of the columns, or of those above which the picture has no such grey itself; on
another side likewise, as of pictures that were turned upright since. Another grey, 76 to 192, as brightness and colour
profiles make of it, or 64, which it is in CMYK without a profile, is told only at the bottom, where the step lies on the grid
of blocks, as it does unless the picture was scaled, and below a photo in which the edges of a JPEG's blocks show or, in a
JPEG, that clearly goes on in the step.

Where edges are hard, the step of the usual grey, too, must be that of a row of blocks: one that was cut to something
else since is 8 or 16 rows high, and one that was scaled has row and column on a grid of the step's height. Off the grid, a
step in the middle is none. There must be no seam above the step that nearly no other column has, nor the same picture on
both sides of it, as where pictures of unequal height are put beside each other. Nor may the step be writing on the band:
what has its level between the letters and does not go on from the rows above.

Bars of a film or a window, even backgrounds, borders and captions are none: they end in a straight line or in a shape of
their own, or have colours, and stand below drawings that never were a JPEG, which leaves ripples. The black rows that
loaders put below a truncated PNG or TIFF are not found either: nothing tells these from a bar. A grey bar with a box of its
grey on it, 8 or 16 rows high, that begins on the grid of blocks has the shape of a filling, and is mostly taken for one.

Fillings are not found that begin with a row of blocks, 3 of 100, as their edge is straight, that were scaled down until
their step is less than 4 rows high, as 3,000 pixels to 256 do, or padded since, nor those of progressive JPEGs that end in
their first scan, as they have no edge; and of those whose edges stayed hard while they were scaled, as without averaging or
often by means of areas, only some.

Of cut photos that were saved again as they were, 93 of 100 are found; of those that were scaled first and have a step of 5
rows or more, 77 to 87, and of all that were scaled to 224 to 512 pixels, 65; of those of which 8 rows were cropped off the
top, 87 to 89, and of which 5 rows or a tenth were, 61 to 68; of those whose brightness was changed by a twentieth or a
fifth, 66 to 82; and of truncated CMYK, 62 to 81, or 50 if saved as CMYK again, where more are `corrupt-data`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.facts import Column

if TYPE_CHECKING:
    from sanitize.probe.batch import Batch

SEVERITY = Severity.ERROR
NEEDS = ("fill_row",)
# As far as what is compared with it is noted.
LIMITS = {"min_fit": (0.8, 1), "min_share": (0.03, 1)}
COLUMNS = {
    "fill_side": Column(
        "String", "side of the picture, as stored (of a TIFF as seen), with a band of one colour that ends in a step"
    ),
    "fill_row": Column("Int64", "first row of the band, where that side is turned downwards"),
    "fill_rows": Column("Int64", "rows of the band, from there to that side"),
    "fill_grey": Column("UInt8", "level of the band, where its channels have nearly the same"),
    "fill_step": Column("Int64", "rows by which the band reaches further up from `fill_column` on"),
    "fill_column": Column("Int64", "column of the step"),
    "fill_fit": Column(
        "Float32",
        "share of the columns in which the band begins where it should, 0 to 1; on the grid but for those above which the"
        " picture has its level",
    ),
    "fill_on_grid": Column("Boolean", "the step is 8 or 16 rows high and lies on the grid of squares of that side"),
}
VERSION = 12

#: What libjpeg puts where there are no data, and, but for a level here and there, what stays of it: of 1,200 fillings of two
#: loaders that were scaled or not and saved again as JPEG, PNG or WebP, all but two have 128 in every channel.
_GREY = 128
#: Levels by which channels of that grey differ at most.
_MOST_STRAY = 2
#: What brightness that is changed by two fifths or a half makes of libjpeg's grey, or a colour profile, and is believed to fill
#: where so large a share of the columns says so.
_OTHER_GREYS = (76, 192)
#: What is made of it in all four channels of CMYK: (1 - ink) × (1 - black), in Pillow 64, in OpenCV 65, and what compression
#: makes of these.
_CMYK_GREYS = (63, 66)
_OTHER_FIT = 0.98
#: Levels by which channels of a grey differ at most: that of white balance by 8 %.
_MOST_TINT = 24


def find(dataset: Dataset, *, min_fit: float = 0.9, min_share: float = 0.04) -> pl.LazyFrame:
    """Find pictures whose lowest `min_share` or more are filled, beginning as it should in `min_fit` of the columns."""
    is_lower = pl.col("fill_side") == "lower"
    share = pl.col("fill_rows") / (pl.col("fill_row") + pl.col("fill_rows"))
    grey = (pl.col("fill_grey") == _GREY).fill_null(value=False)
    other = (
        is_lower
        & (pl.col("fill_grey").is_between(*_OTHER_GREYS) | pl.col("fill_grey").is_between(*_CMYK_GREYS))
        & pl.col("fill_on_grid")
        & (pl.col("fill_fit") >= _OTHER_FIT)
    )
    return (
        dataset.facts.lazy()
        .filter(pl.col("fill_fit") >= min_fit, share >= min_share, grey | other.fill_null(value=False))
        .select(
            "file",
            message=pl.format(
                "the {} {} % are filled with grey {}: a truncated picture that a loader padded and somebody saved again",
                "fill_side",
                (share * 100).round().cast(pl.Int64),
                "fill_grey",
            ),
            side="fill_side",
            row="fill_row",
            column="fill_column",
            step="fill_step",
            fit=pl.col("fill_fit").round(3),
        )
    )


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of a batch; only a picture whose reduced one ends in an even band is decoded again."""
    from sanitize.probe import filling, seen  # with NumPy, which who only asks for COLUMNS does not need

    rows = [_NONE] * len(batch)
    for number, (picture, facts) in enumerate(zip(batch.pictures, batch.facts, strict=True)):
        if sides := filling.candidates(picture, *seen.decoded_size(facts)):
            rows[number] = _look(batch, number, sides)
    return dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))


_NONE: tuple[object, ...] = (None,) * len(COLUMNS)


def _look(batch: Batch, number: int, sides: Sequence[str]) -> tuple[object, ...]:
    import numpy as np

    from sanitize.probe import filling, seen

    picture = batch.grey(number)
    found = None if picture is None else filling.find(picture, sides)
    rgb = batch.rgb(number) if found else None
    if picture is None or found is None or rgb is None:
        return _NONE
    side, fill = found
    facts = batch.facts[number]
    turned = seen.left_to_turn(facts.get("content"), facts.get("orientation"))
    stored = seen.turned(rgb, {6: 8, 8: 6}.get(turned, turned) if isinstance(turned, int) else turned)
    rows = filling.view(stored, side)
    colour = [int(level) for level in np.median(rows[-1], axis=0)]
    stray = max(colour) - min(colour)
    grey = round(sum(colour) / len(colour)) if stray <= _MOST_TINT else None
    if (grey != _GREY or stray > _MOST_STRAY) and not (
        side == "lower"
        and fill.on_grid
        and filling.is_photo(picture, rows, fill, is_jpeg=facts.get("content") == "jpeg")
    ):
        return _NONE
    return side, fill.row, len(rows) - fill.row, grey, fill.step, fill.column, fill.sure, fill.on_grid
