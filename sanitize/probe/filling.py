"""Finds the band of one grey that a loader fills a truncated picture with, in a decoded picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.probe import seams, texture, treads
from sanitize.probe.batch import Grey
from sanitize.probe.seams import Colours
from sanitize.probe.texture import BLOCK
from sanitize.probe.treads import ABOVE, LEAST_LEVELS, RINGING, SAME

Rows = npt.NDArray[np.intp]

#: The sides of a picture that a filling may be on: the lower one, and the others of a picture that was turned since.
SIDES = ("lower", "upper", "left", "right")
# Which corners, row by row, lie on a side.
_CORNERS = {"upper": (0, 1), "left": (0, 2), "right": (1, 3)}
#: What libjpeg puts where there are no data (zero coefficients).
_GREY = 128
#: What is made of that in CMYK, about; its channels may have fewer pixels, and then the band begins a row later.
_INK = (62, 67)
#: Black, white and their neighbours are what bars, borders and backgrounds are made of, and no loader's filling.
_LOWEST, _HIGHEST = 16, 239
#: Share of the columns that must begin as they should for the band to be noted at all.
_LEAST_FIT = 0.8
#: Less is enough where nearly all others begin further up, each in a row of its own.
_LEAST_FIT_IF_SURE, _SURE_FIT = 0.6, 0.99
#: A fit that is worse by so little is as good: rows one off, whose neighbours count as well, fit a few columns more by chance.
_AS_GOOD = 0.03
#: Rows of a step from which on a picture whose edges are soft was enlarged, and columns begin up to so many rows off.
_ENLARGED, _SOFT = 24, 3
#: Share of columns with grey of the picture's own above the band that begin in three rows: up to 0.63, and in a sheet 0.84.
_MOST_IN_A_ROW = 0.75
#: Of the height: the band is at least as high, and the step at most, which is at least so many rows.
_LEAST_BAND, _MOST_STEP, _LEAST_STEP = 0.03, 0.15, 4
#: Columns on either side of a step.
_LEAST_SIDE = 8
#: Levels off the band by which its edge can be told, and the share of columns that are nearer to it in their last row than in
#: the one above: half where edges are hard, and nearly all where they are soft.
_CLEAR, _LEAST_NEARER = 12, 0.65
#: What is left of the difference in a last row that is in part the band's, as it is where areas were averaged.
_MOST_KEPT = 0.8
#: Share of its columns that are nearer there by more than ringing makes them: fewer are where a dark line ends the picture. Of
#: 144 tabs below such a line 4 are taken for a step, 63 where any ringing counts; of 623 fillings one is lost.
_LEAST_FADING = 0.3
#: Share of columns that begin in exactly one of two rows from which on the height of the step is sure.
_SURE = 0.6
#: Share of what the band reaches further up by that has its level but for rounding, whatever was compressed anew.
_LEAST_RISEN = 0.7
#: Columns by which one where two pictures meet may fit worse: compressed, their corner rings.
_UNSURE = 4
#: Times at which two pictures meet off the grid of blocks (see `seams.meet`): 96 of 100 pairs that stand beside each other, and 4
#: of 100 pictures that were filled.
_ELSEWHERE = 1.8
#: Pixels of one level in a block above the band (see `texture`): a drawing that was never a JPEG has more of them, on the grid;
#: off it, where a step says less, they are as few as in a photo where edges are hard, or in a scaled page of text.
_MOST_EVEN, _MOST_EVEN_SOFT, _MOST_EVEN_HARD = 0.6, 0.32, 0.15
#: Blocks that are alike, of a picture that is made of tiles; of pages of text as many may be, which have more even blocks.
_MOST_ALIKE, _OF_TEXT = 0.5, 0.2
#: Blocks that show something; with fewer nothing says that a picture was a photo.
_LEAST_SHOWN = 0.05


class Fill(NamedTuple):
    """A band at the bottom of a picture that ends in a step."""

    row: int
    step: int
    column: int
    fit: float
    exact: float
    on_grid: bool
    #: First and last column that the step may begin at.
    columns: tuple[int, int]
    #: As `fit`, on the grid but for columns above whose band the picture has its level.
    sure: float


def view(picture: Any, side: str) -> Any:
    """Return a picture, rows × columns (× channels), as it is with a side, one of SIDES, below."""
    if side in ("left", "right"):
        picture = picture.swapaxes(0, 1)
    return picture[::-1] if side in ("upper", "left") else picture


def candidates(picture: Grey, height: object, width: object) -> list[str]:
    """Return the sides of a reduced picture at which a band of one level may lie that begins in nearly the same row everywhere.

    `height` and `width` are those of the whole picture.
    """
    columns = picture.shape[1]
    corners = picture.item(0), picture.item(columns - 1), picture.item(-columns), picture.item(-1)
    left, right = corners[2:]
    # Here nearly all pictures are done with.
    sides = ["lower"] if _LOWEST <= right <= _HIGHEST and abs(left - right) <= SAME else []
    usual = [abs(level - _GREY) <= SAME for level in corners]
    if any(usual):
        sides += [side for side, (one, other) in _CORNERS.items() if usual[one] and usual[other]]
    lengths = {"left": width, "right": width}
    return [side for side in sides if _may_be_filled(view(picture, side), lengths.get(side, height))]


def _may_be_filled(picture: Grey, height: object) -> bool:
    """Tell whether the lowest row of a reduced picture has one level, up to nearly the same row of `height` everywhere."""
    last = picture[-1]
    if int(last.max()) - int(last.min()) > RINGING or not isinstance(height, int):
        return False
    level = int(last[-1])
    starts = sorted(_starts(picture, level, SAME).tolist())
    few = len(starts) // 20
    if not starts[few]:
        return False
    step = max(2 * BLOCK, _MOST_STEP * height) if abs(level - _GREY) <= SAME else 2 * BLOCK
    # Reduced, a row takes something of its neighbours on either side.
    return bool(starts[-1 - few] - starts[few] <= step * len(picture) / height + 3)


def find(picture: Grey, sides: Sequence[str]) -> tuple[str, Fill] | None:
    """Return the first of the sides of a picture, grey, rows × columns, on which there is a filling, and that, with it below.

    On all but the lower side, and mirrored, as training data is, it is one in the usual grey only.
    """
    for side in sides:
        seen = np.ascontiguousarray(view(picture, side))
        is_usual = abs(int(np.median(seen[-1])) - _GREY) <= SAME
        fill = trace(seen) if is_usual or side == SIDES[0] else None
        if fill is None and is_usual and (mirrored := trace(seen[:, ::-1])):
            width = seen.shape[1]
            first, last = mirrored.columns
            fill = mirrored._replace(column=width - mirrored.column, columns=(width - last, width - first))
        if fill:
            return side, fill
    return None


def trace(picture: Grey) -> Fill | None:
    """Return the band of one level at the bottom of a picture, grey, rows × columns, if it ends in one step."""
    height = len(picture)
    level = int(np.median(picture[-1]))
    late = (0, 1) if _INK[0] <= level <= _INK[1] else (0, BLOCK) if abs(level - _GREY) <= SAME else (0,)
    starts = [_starts(picture, level, same) for same in (SAME, RINGING)]
    best = _best([fill for rows in starts if (fill := _step(rows, height, late))])
    if best is None or height - best.row < _LEAST_BAND * height:
        return None
    # As after 8 rows were cut off the top; nearly as much else lies there, which is judged as if off the grid.
    if best.on_grid and best.row % best.step == BLOCK and not treads.goes_down(picture, best):
        best = best._replace(on_grid=False, sure=best.fit)
    # Mist above a bar is nearly of its level, too, and the band of it.
    risen = np.abs(picture[best.row - best.step : best.row, best.column :].astype(np.int16) - level) <= SAME
    if risen.mean() < _LEAST_RISEN:
        return None
    whole = picture[: best.row - best.step]
    if len(whole) < _LEAST_STEP or treads.levels(whole[-ABOVE:]) < LEAST_LEVELS:
        return None
    # Edges are soft where all was scaled, and hard where pictures were put on grey. Scaled, little is left of a grid.
    is_soft = _is_soft(picture, best, level)
    if _is_off_grid(best, picture.shape[1], is_soft=is_soft):
        return None
    if seams.are_two(whole, best.column) if best.on_grid else seams.meet(whole, best.columns, times=_ELSEWHERE):
        return None
    if seams.repeats(picture, best.column, (best.row, best.row - best.step), may_be_stretched=not is_soft):
        return None
    if _is_no_photo(whole, best, is_soft=is_soft):
        return None
    if treads.was_put_there(picture[: best.row], best, level, is_hard=not is_soft):
        return None
    return best._replace(sure=max(best.sure, _soft_fit(starts, best))) if is_soft and best.step >= _ENLARGED else best


def is_photo(picture: Grey, rgb: Colours, fill: Fill, *, is_jpeg: bool) -> bool:
    """Tell whether what is above a filling was a JPEG of a photo, as it is if its filling was made another grey since.

    Where the band is a row late, as in CMYK, edges of blocks are softer, and say nothing. Where they do not show, of a JPEG,
    the photo must clearly go on in the tread of the step, and from one side of its column to the other.
    """
    whole = picture[: fill.row - fill.step]
    found = texture.texture(whole)
    if found.shown < _LEAST_SHOWN or found.even > _MOST_EVEN_HARD or found.alike > _MOST_ALIKE:
        return False
    if fill.row % fill.step != 0 or texture.has_edges_of_blocks(whole):
        return True
    return is_jpeg and treads.goes_on(picture, rgb, fill)


def _is_no_photo(picture: Grey, fill: Fill, *, is_soft: bool) -> bool:
    """Tell whether what is above a band is a drawing that never was a JPEG, or, off the grid, any that is likely to be one."""
    found = texture.texture(picture)
    if found.alike > _MOST_ALIKE and found.even < _OF_TEXT:
        return True
    if fill.on_grid:
        return found.even >= _MOST_EVEN
    return found.even > _MOST_EVEN_SOFT if is_soft else found.even > _MOST_EVEN_HARD or found.shown < _LEAST_SHOWN


def _starts(picture: Grey, level: int, same: int) -> Rows:
    """Return, of each column, the first row of what is no more than `same` from `level` down to the bottom."""
    outside = (picture < max(0, level - same)) | (picture > min(255, level + same))
    from_below = outside[::-1]
    return np.where(from_below.any(axis=0), len(picture) - from_below.argmax(axis=0), 0)


def _step(starts: Rows, height: int, late: Sequence[int]) -> Fill | None:
    """Return the band whose columns begin in these rows: in one row up to some column, and in one further up from there on.

    It may be so many rows `late` on the grid.
    """
    counts = np.bincount(starts, minlength=height + 2)
    usual = _mode(counts, int((counts[:-2] + counts[1:-1] + counts[2:]).argmax()) + 1)
    reach = max(_MOST_STEP * height, 2 * BLOCK)
    others = {_mode(counts, row) for row in np.flatnonzero(counts).tolist() if abs(row - usual) <= reach}
    pairs = [(max(row, usual), min(row, usual)) for row in others]
    found = [fill for low, high in pairs if low - high >= _LEAST_STEP and (fill := _split(starts, low, high, late))]
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


def _split(starts: Rows, left: int, right: int, late: Sequence[int]) -> Fill | None:
    """Return the band that begins in row `left` up to the column that fits best, and from there on in row `right`."""
    slack = 1 if left - right < BLOCK else 2
    on_left, on_right = abs(starts - left) <= slack, abs(starts - right) <= slack
    fitting = np.cumsum(on_left, dtype=np.int64) - np.cumsum(on_right, dtype=np.int64)
    column = int(fitting.argmax()) + 1
    unit = left - right
    on_grid = unit in (BLOCK, 2 * BLOCK) and left % unit in late and (column + 2) % unit <= 4
    if on_grid:
        column = (column + 2) // unit * unit
    # Of the last block a few columns are left where the width is no multiple of its side.
    if not _LEAST_SIDE <= column <= len(starts) - (_LEAST_SIDE // 2 if on_grid else _LEAST_SIDE):
        return None
    fits = np.concatenate((on_left[:column], on_right[column:]))
    worse = min(fits[:column].mean(), fits[column:].mean())
    if worse < (_LEAST_FIT_IF_SURE if on_grid else _LEAST_FIT):
        return None
    fit = float(fits.mean())
    sure = _sure_fit(starts - np.where(np.arange(len(starts)) < column, left, right), slack) if on_grid else fit
    if worse < _LEAST_FIT and sure < _SURE_FIT:
        return None
    exact = int(np.count_nonzero(starts[:column] == left) + np.count_nonzero(starts[column:] == right))
    columns = (column, column) if on_grid else _as_fitting(fitting, column)
    return Fill(left, unit, column, fit, exact / len(starts), on_grid, columns, sure)


def _sure_fit(off: Rows, slack: int) -> float:
    """Return the share of columns, by the rows they are off, that begin where they should, of those that do not begin too early.

    Where most of these begin in the same row, and so not by chance, they count, too.
    """
    fitting = int(np.count_nonzero(abs(off) <= slack))  # more than half of all
    early = -off[off < -slack]
    is_row = len(early) and np.convolve(np.bincount(early), (1, 1, 1)).max() > _MOST_IN_A_ROW * len(early)
    return fitting / (len(off) if is_row else len(off) - len(early))


def _soft_fit(starts: Sequence[Rows], fill: Fill) -> float:
    """Return the share of columns that begin where they should by any of `starts`, as where an edge is soft each is elsewhere."""
    rows = np.where(np.arange(len(starts[0])) < fill.column, fill.row, fill.row - fill.step)
    return float((np.min([abs(begin - rows) for begin in starts], axis=0) <= _SOFT).mean())


def _as_fitting(fitting: Rows, column: int) -> tuple[int, int]:
    """Return the first and the last column near one at which nearly as many columns begin where they should."""
    first = max(0, column - 1 - BLOCK)
    near = np.flatnonzero(fitting[first : column + BLOCK] >= fitting[column - 1] - _UNSURE) + first + 1
    return int(near[0]) - 1, int(near[-1]) + 1


def _is_soft(picture: Grey, fill: Fill, level: int) -> bool:
    """Tell whether the picture fades into the band, as it does where both were scaled: its last row is nearer to it."""
    tops = picture[: fill.row, : fill.column], picture[: fill.row - fill.step, fill.column :]
    last, above = (np.concatenate([abs(top[-row].astype(np.int16) - level) for top in tops]) for row in (1, 2))
    clear = np.maximum(last, above) >= _CLEAR
    nearer = np.count_nonzero((last < above)[clear]) + np.count_nonzero((last == above)[clear]) / 2
    return bool(nearer >= _LEAST_NEARER * np.count_nonzero(clear)) or any(_fades(top, level) for top in tops)


def _fades(picture: Grey, level: int) -> bool:
    """Tell whether the last row of a picture is in part the band's: it differs from that by so much less than the one above."""
    last, above, before = (picture[-row].astype(np.float32) - level for row in (1, 2, 3))
    kept, usual = (
        float(np.vdot(one, two) / max(np.vdot(two, two), 1)) for one, two in ((last, above), (above, before))
    )
    return kept < _MOST_KEPT * usual and float((abs(last) + SAME < abs(above)).mean()) > _LEAST_FADING


def _is_off_grid(fill: Fill, width: int, *, is_soft: bool) -> bool:
    """Tell whether a step cannot be that of a row of blocks, cut to something else or scaled by whole shares of a block."""
    if fill.on_grid:
        return False
    # Pictures as wide as each other meet in the middle; a step is there by chance, of which a whole grid has more.
    if abs(2 * fill.column - width) <= 2:
        return True
    if is_soft:
        return False
    unsure = 2 if fill.exact < _SURE else 0
    if any(abs(fill.step - unit) <= unsure for unit in (BLOCK, 2 * BLOCK)):
        return False
    return fill.row % fill.step != 0 or (fill.column + 2) % fill.step > 4
