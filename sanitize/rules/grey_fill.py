"""The lower part is a loader's filling: the picture was cut off, opened by a tolerant loader and saved again.

Pillow with `LOAD_TRUNCATED_IMAGES`, OpenCV's `imread` and most programs that are built on libjpeg fill what is missing
of a truncated JPEG with grey 128. Saved again, the file is sound and a good part of its picture is gone. Such a filling
begins where the data ended, nearly always inside a row of blocks: it has a step of one block, 8 or 16 pixels high.
Fetch the original again. It is told by a band of one grey, 126 to 130, of `min-share` of the height or more, from the
bottom up to a picture that fills the width and ends in one such step, in `min-fit` of the columns. Another grey, 76 to 192,
as brightness and colour profiles make of it, is told only where the step lies on the grid of blocks, as it does unless
the picture was scaled. Where edges are hard, the step of the usual grey, too, must be that of a row of blocks: one that was
cut to something else since is 8 or 16 rows high, and one that was scaled has row and column on a grid of the step's height.
There must be no seam above the step, nor the same picture on both sides of it, as where pictures of unequal height are put
beside each other. Bars of a film or a window, even backgrounds, borders and captions end in a straight line or in a shape
of their own, or have colours. So do the black rows that loaders put below a truncated PNG or TIFF: nothing tells these from
a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.facts import Column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sanitize.probe.batch import Batch, Grey

    Rows = npt.NDArray[np.intp]

SEVERITY = Severity.ERROR
NEEDS = ("fill_row",)
COLUMNS = {
    "fill_row": Column("Int64", "first row, as stored, of a band of one colour that ends in a step; null without one"),
    "fill_grey": Column("UInt8", "level of the band, where its channels have nearly the same"),
    "fill_step": Column("Int64", "rows by which the band reaches further up from `fill_column` on"),
    "fill_column": Column("Int64", "column, as stored, of the step"),
    "fill_fit": Column("Float32", "share of the columns in which the band begins where it should, 0 to 1"),
    "fill_on_grid": Column("Boolean", "the step is 8 or 16 rows high and lies on the grid of squares of that side"),
}
VERSION = 4

#: What libjpeg puts where there are no data (zero coefficients), and what compression and scaling make of it.
_GREY, _CHANGED = 128, 2
#: Black, white and their neighbours are what bars, borders and backgrounds are made of, and no loader's filling.
_LOWEST, _HIGHEST = 16, 239
#: Levels by which a pixel of the band may differ from it; where the band was scaled and compressed its edge rings more.
_SAME, _RINGING = 3, 8
#: Share of the columns that must begin as they should for the band to be noted at all.
_LEAST_FIT = 0.8
#: A fit that is worse by so little is as good: rows one off, whose neighbours count as well, fit a few columns more by chance.
_AS_GOOD = 0.03
#: Of the height: the band is at least as high, and the step at most, which is at least so many rows.
_LEAST_BAND, _MOST_STEP, _LEAST_STEP = 0.03, 0.15, 4
#: Side of a block of a JPEG; those of one or of two make up a row.
_BLOCK = 8
#: Columns on either side of a step.
_LEAST_SIDE = 8
#: What brightness that is changed by two fifths or a half makes of libjpeg's grey, or a colour profile, and is believed to fill
#: where so large a share of the columns says so.
_OTHER_GREYS = (76, 192)
_OTHER_FIT = 0.98
#: Levels by which channels of a grey differ at most: that of white balance by 8 %.
_MOST_TINT = 24
#: Right above the band a photograph has many levels, and a drawing or a window few.
_LEAST_LEVELS, _ABOVE = 24, 16
#: Levels off the band by which its edge can be told, and the share of columns that are nearer to it in their last row than in
#: the one above: half where edges are hard, and nearly all where they are soft.
_CLEAR, _LEAST_NEARER = 12, 0.65
#: Share of columns that begin in exactly one of two rows from which on the height of the step is sure, and rows and columns
#: by which it may be off the grid of a scaled picture: rounding, and what the last block hides.
_SURE, _ROW_OFF, _COLUMN_OFF = 0.6, 1.0, 2.0
#: What was drawn on a band is even: its neighbours differ by less than this share of what those above it do.
_EVEN = 0.25
#: Share of what the band reaches further up by that has its level but for rounding, whatever was compressed anew.
_LEAST_RISEN = 0.7
#: Share of the step's pixels that may have the band's level.
_MOST_OF_BAND = 0.25


class Fill(NamedTuple):
    """A band at the bottom of a picture that ends in a step."""

    row: int
    step: int
    column: int
    fit: float
    exact: float
    on_grid: bool


def find(dataset: Dataset, *, min_fit: float = 0.9, min_share: float = 0.04) -> pl.LazyFrame:
    """Find pictures whose lowest `min_share` or more are filled, beginning as it should in `min_fit` of the columns."""
    share = 1 - pl.col("fill_row") / pl.col("height")
    grey = pl.col("fill_grey").is_between(_GREY - _CHANGED, _GREY + _CHANGED).fill_null(value=False)
    other = pl.col("fill_grey").is_between(*_OTHER_GREYS) & pl.col("fill_on_grid") & (pl.col("fill_fit") >= _OTHER_FIT)
    return (
        dataset.facts.lazy()
        .filter(pl.col("fill_fit") >= min_fit, share >= min_share, grey | other.fill_null(value=False))
        .select(
            "file",
            message=pl.format(
                "the lower {} % are filled with grey {}: a truncated picture that a loader padded and somebody saved again",
                (share * 100).round().cast(pl.Int64),
                "fill_grey",
            ),
            row="fill_row",
            column="fill_column",
            step="fill_step",
            fit=pl.col("fill_fit").round(3),
        )
    )


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of a batch; only a picture whose reduced one ends in an even band is decoded again."""
    rows = [_NONE] * len(batch)
    for number, (picture, facts) in enumerate(zip(batch.pictures, batch.facts, strict=True)):
        if may_be_filled(picture, facts.get("height")):
            rows[number] = _look(batch, number)
    return dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))


_NONE: tuple[object, ...] = (None,) * len(COLUMNS)


def may_be_filled(picture: Grey, height: object) -> bool:
    """Tell whether a reduced picture ends in a band of one level that begins in nearly the same row everywhere.

    `height` is that of the whole picture, in rows.
    """
    level = picture.item(-1)
    # Here nearly all pictures are done with.
    if not _LOWEST <= level <= _HIGHEST or abs(picture.item(-picture.shape[1]) - level) > _SAME:
        return False
    last = picture[-1]
    if int(last.max()) - int(last.min()) > _RINGING or not isinstance(height, int):
        return False
    starts = sorted(_starts(picture, level, _SAME).tolist())
    few = len(starts) // 20
    if not starts[few]:
        return False
    step = max(2 * _BLOCK, _MOST_STEP * height) if abs(level - _GREY) <= _SAME else 2 * _BLOCK
    # Reduced, a row takes something of its neighbours on either side.
    return bool(starts[-1 - few] - starts[few] <= step * len(picture) / height + 3)


def trace(picture: Grey) -> Fill | None:
    """Return the band of one level at the bottom of a picture, grey, rows × columns, if it ends in one step."""
    import numpy as np

    from sanitize.probe import seams

    height = len(picture)
    level = int(np.median(picture[-1]))
    found = [fill for same in (_SAME, _RINGING) if (fill := _step(_starts(picture, level, same), height))]
    best = _best(found)
    if best is None or height - best.row < _LEAST_BAND * height:
        return None
    # Mist above a bar is nearly of its level, too, and the band of it.
    risen = np.abs(picture[best.row - best.step : best.row, best.column :].astype(np.int16) - level) <= _SAME
    if risen.mean() < _LEAST_RISEN:
        return None
    whole = picture[: best.row - best.step]
    if (
        len(whole) < _LEAST_STEP
        or _levels(whole[-_ABOVE:]) < _LEAST_LEVELS
        or seams.is_seam(whole, best.column, reach=2)
    ):
        return None
    # Edges are soft where all was scaled, and hard where pictures were put on grey. Scaled, little is left of a grid.
    is_soft = _is_soft(picture, best, level)
    if not is_soft and (
        _is_off_grid(best, picture.shape) or seams.stands_out(whole, best.column, reach=0 if best.on_grid else 2)
    ):
        return None
    if seams.repeats(picture, best.column, (best.row, best.row - best.step), may_be_stretched=not is_soft):
        return None
    # The tread of the step is a part of the picture, and nothing that was drawn on the band. Its end may be rubbish, as
    # the last block that was decoded is made of data that were not there.
    tread = picture[: best.row, : max(best.column - 2 * best.step, best.column // 2)]
    of_band = abs(tread[best.row - best.step :].astype(np.int16) - level) <= _SAME
    if (
        of_band.mean() > _MOST_OF_BAND
        or seams.is_seam(tread.T, best.row - best.step, reach=1)
        or _is_even(tread, best.step)
    ):
        return None
    return best


def _look(batch: Batch, number: int) -> tuple[object, ...]:
    from sanitize.probe import seen

    picture = batch.grey(number)
    fill = None if picture is None else trace(picture) or _mirrored(picture)
    rgb = batch.rgb(number) if fill else None
    if fill is None or rgb is None:
        return _NONE
    facts = batch.facts[number]
    turned = seen.left_to_turn(facts.get("content"), facts.get("orientation"))
    last = seen.turned(rgb, {6: 8, 8: 6}.get(turned, turned) if isinstance(turned, int) else turned)[-1]
    colour = [int(level) for level in last[len(last) // 2]]
    grey = sum(colour) // len(colour) if max(colour) - min(colour) <= _MOST_TINT else None
    return fill.row, grey, fill.step, fill.column, fill.fit, fill.on_grid


def _mirrored(picture: Grey) -> Fill | None:
    """Return the band of a picture that was mirrored since, as training data is, if it is in the usual grey."""
    if abs(picture.item(-1) - _GREY) > _SAME or (fill := trace(picture[:, ::-1])) is None:
        return None
    return fill._replace(column=picture.shape[1] - fill.column)


def _starts(picture: Grey, level: int, same: int) -> Rows:
    """Return, of each column, the first row of what is no more than `same` from `level` down to the bottom."""
    import numpy as np

    outside = (picture < max(0, level - same)) | (picture > min(255, level + same))
    from_below = outside[::-1]
    return np.where(from_below.any(axis=0), len(picture) - from_below.argmax(axis=0), 0)


def _step(starts: Rows, height: int) -> Fill | None:
    """Return the band whose columns begin in these rows: in one row up to some column, and in one further up from there on."""
    import numpy as np

    counts = np.bincount(starts, minlength=height + 2)
    usual = _mode(counts, int((counts[:-2] + counts[1:-1] + counts[2:]).argmax()) + 1)
    reach = max(_MOST_STEP * height, 2 * _BLOCK)
    others = {_mode(counts, row) for row in np.flatnonzero(counts).tolist() if abs(row - usual) <= reach}
    pairs = [(max(row, usual), min(row, usual)) for row in others]
    found = [fill for low, high in pairs if low - high >= _LEAST_STEP and (fill := _split(starts, low, high))]
    return _best(found)


def _best(found: Sequence[Fill]) -> Fill | None:
    """Return, of the bands that fit nearly as well as the best does, the one whose rows most columns begin in."""
    fit = max((fill.fit for fill in found), default=0.0)
    as_good = [fill._replace(fit=fit) for fill in found if fill.fit > fit - _AS_GOOD]
    return max(as_good, key=lambda fill: fill.exact, default=None)


def _mode(counts: Rows, row: int) -> int:
    """Return the most frequent of a row and its neighbours."""
    first = max(0, row - 1)
    return first + int(counts[first : row + 2].argmax())


def _split(starts: Rows, left: int, right: int) -> Fill | None:
    """Return the band that begins in row `left` up to the column that fits best, and from there on in row `right`."""
    import numpy as np

    slack = 1 if left - right < _BLOCK else 2
    on_left, on_right = abs(starts - left) <= slack, abs(starts - right) <= slack
    column = int((np.cumsum(on_left) - np.cumsum(on_right)).argmax()) + 1
    unit = left - right
    on_grid = unit in (_BLOCK, 2 * _BLOCK) and left % unit == 0 and (column + 2) % unit <= 4
    if on_grid:
        column = (column + 2) // unit * unit
    if not _LEAST_SIDE <= column <= len(starts) - _LEAST_SIDE:
        return None
    sides = on_left[:column], on_right[column:]
    if min(side.mean() for side in sides) < _LEAST_FIT:
        return None
    exact = int(np.count_nonzero(starts[:column] == left) + np.count_nonzero(starts[column:] == right))
    return Fill(left, left - right, column, float(np.concatenate(sides).mean()), exact / len(starts), on_grid)


def _is_even(picture: Grey, step: int) -> bool:
    """Tell whether the lowest `step` rows have few levels, or their neighbours differ far less than those above them do."""
    import numpy as np

    if _levels(picture[-step:]) < _LEAST_LEVELS // 2:
        return True
    steps = np.abs(np.diff(picture.astype(np.int16), axis=1))
    above = float(steps[-2 * step - _ABOVE : -step].mean())
    return above > 1 and float(steps[-step:].mean()) < _EVEN * above


def _levels(picture: Grey) -> int:
    import numpy as np

    return int(np.count_nonzero(np.bincount(picture.ravel(), minlength=256)))


def _is_soft(picture: Grey, fill: Fill, level: int) -> bool:
    """Tell whether the picture fades into the band, as it does where both were scaled: its last row is nearer to it."""
    import numpy as np

    tops = picture[: fill.row, : fill.column], picture[: fill.row - fill.step, fill.column :]
    last, above = (np.concatenate([abs(top[-row].astype(np.int16) - level) for top in tops]) for row in (1, 2))
    clear = np.maximum(last, above) >= _CLEAR
    nearer = np.count_nonzero((last < above)[clear]) + np.count_nonzero((last == above)[clear]) / 2
    return bool(nearer >= _LEAST_NEARER * np.count_nonzero(clear))


def _is_off_grid(fill: Fill, shape: tuple[int, ...]) -> bool:
    """Tell whether a step cannot be that of a row of blocks, whatever the picture was cut to or scaled to."""
    import numpy as np

    height, width = shape
    if fill.on_grid:
        return False
    # Pictures as wide as each other meet in the middle; a step is there by chance, of which a whole grid has more.
    if abs(2 * fill.column - width) <= 2:
        return True
    unsure = 2 if fill.exact < _SURE else 0
    if any(abs(fill.step - unit) <= unsure for unit in (_BLOCK, 2 * _BLOCK)):
        return False
    sides = np.linspace(fill.step - 0.75, fill.step + 0.75, 151)
    on_grid = abs(fill.row - np.round(fill.row / sides) * sides) <= _ROW_OFF
    # A square one may have been scaled by something else across, as it is where models are fed with squares.
    if height != width:
        on_grid &= abs(fill.column - np.round(fill.column / sides) * sides) <= _COLUMN_OFF
    return not on_grid.any()
