"""Looks closely at two files that would be an error together, such as one picture under two labels.

It runs in a child, `compare` for each pair and `settle` for a batch of them.

A look of 32 × 32 pixels is blind to what is small: other words in the same form, a lamp of another colour, another suit on the
same playing card. Here each window of one picture is looked for in the other, near the same place (`ways`). What changes
slowly no window shows: such a look must agree as well.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from sanitize.compare import agreement
from sanitize.compare.copied_windows import keep_levels
from sanitize.compare.cropping import in_common
from sanitize.compare.drawings import flat_apart, has_one_ink
from sanitize.compare.greying import WEIGHTS, has_lost_colours, take_colours
from sanitize.compare.look import of_small, small
from sanitize.compare.toning import ANY, OF_INK, ON_THE_GROUND, Reach, find_darker, is_light, tone
from sanitize.compare.ways import find_way, is_in_place
from sanitize.compare.windows import Floats, Grid, Picture, Seen, corners_of, see
from sanitize.contents import read_again
from sanitize.probe import seen

#: Two files to look at, of each its path relative to `root`, and `content`, `mode` and `orientation` of its facts.
Item = tuple[bytes, str | None, str | None, int | None, bytes, str | None, str | None, int | None]

# Shorter side, in pixels, that pictures are compared with; that of a window, which is less where so many would not fit along it;
# and the least that shows something: of a smaller picture a look misses nothing.
_SIDES, _WINDOW, _LEAST_WINDOWS_ALONG, _LEAST_WINDOW = (192, 384), 16, 6, 5
# With the larger one only drawings, pages and the like are compared, where small print tells, whose side has so many times the
# pixels of the smaller one. Of 276 pairs of pages of one form with words 14 pixels high on 480 that tells 32 apart, and of 36
# pairs of charts 7.
_WORTH_MORE = 1.25
# Cropping by 2 % on each side moves what is shown by no more than this share of the longer side.
_MOVED = 0.03
# The shorter side, in pixels, that tells where means of fine print do not, as white that is cut off, or a crop of a page.
_FINE = 768
# By more levels the ground of one picture is another, and tells by how much the one was made brighter.
_GROUND_APART = 3.0
# Pictures that are kept small, 200 KB each or four times as much: of a crowd each is compared with several that come near.
_KEPT = 16


class Pair(NamedTuple):
    """Two pictures, 0 and 1."""

    decode: Callable[[int], Sequence[Picture | None]]  #: both with a shorter side of so many pixels or more
    look: Callable[[int, Grid], Seen]  #: one of them as it is compared
    #: both in the detail that tells where whole pixels of small pictures do not
    finely: Callable[[], Sequence[Picture | None]]


class Dark(NamedTuple):
    """The darker one of two pictures."""

    which: int  #: 0 or 1
    reach: Reach  #: by how much a copy is brighter at most


class Whole(NamedTuple):
    """What a look holds of a picture."""

    small: Floats  #: as `look.small` has it
    side: int  #: the shorter side of the picture, pixels
    digest: bytes  #: of its pixels
    is_drawn: bool  #: whether it is a drawing, a page or the like
    is_grey: bool  #: whether it has lost its colours, if it had any


def compare(item: Item, *, root: bytes) -> tuple[Whole, ...] | None:
    """Compare two files in each place: what is left to compare of them where they agree there, nothing where they do not.

    None where one cannot be read or decoded any more. Raises MemoryError, and OSError where this process has used up what it
    may have.
    """
    files = item[:4], item[4:]
    told = _tell(
        Pair(
            lambda side: [_decoded(*file, side=side, root=root) for file in files],
            lambda which, grid: _see_file(*files[which], grid=grid, root=root),
            cache(lambda: [_decode(*file, side=_FINE, root=root) for file in files]),
        )
    )
    if not told:
        return None if told is None else ()
    return tuple(_whole_file(*file, root=root) for file in files)


def settle(compared: Sequence[tuple[Whole, ...] | None], *, root: bytes) -> list[dict[str, object] | None]:
    """Return whether pairs of files that `compare` has compared show the same picture, as `pairs.CLOSELY`.

    None where it cannot tell.
    """
    told = iter(_look_alike([pair for pair in compared if pair]))
    no: dict[str, object] = {"closely": False, "grey": None}
    return [None if pair is None else next(told) if pair else no for pair in compared]


def agree(one: Picture, other: Picture) -> bool:
    """Tell whether two pictures, rows × columns × 3 each, are copies in each place, maybe cropped or of another brightness."""
    pair = Pair(lambda _side: [one, other], lambda which, grid: see((one, other)[which], grid), lambda: [one, other])
    told = _tell(pair)
    return told is True and _look_alike([(_whole(one), _whole(other))])[0]["closely"] is True


def _look_alike(pairs: Sequence[tuple[Whole, ...]]) -> list[dict[str, object]]:
    """Tell which pairs of pictures are the same, as `settle` does, by a look, which tells nothing of flat ones, or by pixel."""
    if not pairs:
        return []
    files = [file for pair in pairs for file in pair]
    one, other = np.arange(len(files)).reshape(-1, 2).T
    looks = of_small([file.small for file in files])
    alike = ~np.isnan(agreement.agree(looks, np.array([file.side for file in files]), one, other))
    alike |= [pair[0].digest == pair[1].digest for pair in pairs]
    are_grey, drawn = (np.array(told) for told in zip(*((file.is_grey, file.is_drawn) for file in files), strict=True))
    # Of a drawing grey may be made of another one, too: a photo has the detail to tell from which it comes.
    has_greyed = alike & (are_grey[one] != are_grey[other]) & drawn[one] & drawn[other]
    return [
        {"closely": bool(same), "grey": int(which) if greyed else None}
        for same, greyed, which in zip(alike, has_greyed, are_grey[other], strict=True)
    ]


def _whole(picture: Picture) -> Whole:
    digest = hashlib.sha256(repr(picture.shape).encode() + picture.tobytes(), usedforsecurity=False).digest()
    return Whole(
        small(picture), min(picture.shape[:2]), digest, is_drawn=_is_drawn(picture), is_grey=has_lost_colours(picture)
    )


def _is_drawn(picture: Picture) -> bool:
    """Tell whether a picture is a drawing, or so small that nothing tells."""
    grid = _grid(picture, picture, _SIDES[0])
    if grid is None:
        return True
    return see(picture, grid).is_drawn


def _tell(pair: Pair, *, is_greyed: bool = False) -> bool | None:
    """Compare two pictures, and closer yet where they are drawn; None where one cannot be decoded.

    `is_greyed` tells that one had colours, and the other has none.
    """
    way: Floats = np.zeros((2, 2))
    for side in _SIDES:
        one, other = pair.decode(side)
        if one is None or other is None:
            return None
        grid = _grid(one, other, side)
        if grid is None:
            break
        grid = grid._replace(is_greyed=is_greyed, has_one_size=one.shape == other.shape)
        first, second = pair.look(0, grid), pair.look(1, grid)
        grid = grid._replace(has_one_ground=_has_one_ground(first, second, grid))
        shown = first, second
        first, second, dark = _as_bright(first, second, grid, pair.finely)
        has_lost = first.is_grey != second.is_grey and has_lost_colours((second, first)[first.is_grey].small)
        if has_lost and not is_greyed:
            # Of a thing of one colour any grey may be told to be made of it.
            tells = not (first.is_drawn and second.is_drawn) or keep_levels(first, second, grid)
            return _tell_in_grey(pair, int(first.is_grey), WEIGHTS if tells else WEIGHTS[:1])
        # Thin lines that were reduced are darker or lighter for that: then the ink is one before they are made as bright.
        tells_ink = grid.has_one_ground and not is_greyed
        if tells_ink and not any(has_one_ink(*both, grid, corners_of(grid)) for both in (shown, (first, second))):
            return False
        found = find_way(first, second, grid, way)
        if not found.agrees:
            return found.is_near and _agree_in_common(pair.finely(), found.moved, dark, is_greyed=is_greyed)
        way = found.moved
        if not (first.is_drawn and second.is_drawn):
            break
    return True


def _tell_in_grey(pair: Pair, coloured: int, ways: Floats) -> bool | None:
    """Compare two pictures as `_tell` does, the one `coloured`, 0 or 1, and the other grey, its channels weighed in some way."""
    told = (_tell(_greyed(pair, coloured, weights), is_greyed=True) for weights in ways)
    return next((each for each in told if each is not False), False)


def _greyed(pair: Pair, coloured: int, weights: Floats) -> Pair:
    """Return two pictures of which the one `coloured`, 0 or 1, is looked at in grey, its channels weighed so."""

    def look(which: int, grid: Grid) -> Seen:
        picture = pair.decode(grid.side)[which] if which == coloured else None
        return pair.look(which, grid) if picture is None else see(take_colours(picture, weights), grid)

    def finely() -> list[Picture | None]:
        pictures = list(pair.finely())
        picture = pictures[coloured]
        pictures[coloured] = None if picture is None else take_colours(picture, weights)
        return pictures

    return Pair(pair.decode, look, finely)


def _as_bright(
    first: Seen, second: Seen, grid: Grid, finely: Callable[[], Sequence[Picture | None]]
) -> tuple[Seen, Seen, Dark | None]:
    """Return two pictures with the darker one as bright as the other where that is what they differ by, and which that is."""
    corners = corners_of(grid)
    darker = find_darker(first.mean[corners], second.mean[corners])
    if darker is None:
        return first, second, None
    # Ink of another colour is but brighter or darker, too: the ground tells, where any of it can be seen.
    if grid.is_greyed and grid.has_one_ground:
        return first, second, None
    may_be_ink = grid.is_greyed and grid.has_one_ground is None
    dark = Dark(darker, ON_THE_GROUND if grid.has_one_ground else OF_INK if may_be_ink else ANY)
    pictures: Sequence[Picture | None] = (first.small, second.small)
    if is_light((first, second)[darker].small):
        pictures = finely()
    one, other = pictures
    if one is None or other is None:
        return first, second, None
    shown = see(_in_one_tone(one, other, dark)[darker], grid)
    return (shown, second, dark) if darker == 0 else (first, shown, dark)


def _has_one_ground(first: Seen, second: Seen, grid: Grid) -> bool | None:
    """Tell whether two drawings have a ground of one level; False where that is none, None where none of it can be seen."""
    if not (first.is_drawn and second.is_drawn):
        return False
    apart = flat_apart(first, second, corners_of(grid))
    return None if apart is None else apart <= _GROUND_APART


def _in_one_tone(one: Picture, other: Picture, dark: Dark) -> tuple[Picture, Picture]:
    """Return two pictures with the darker one as bright as the other."""
    if dark.which == 0:
        return tone(one, other, dark.reach), other
    return one, tone(other, one, dark.reach)


def _agree_in_common(pictures: Sequence[Picture | None], way: Floats, dark: Dark | None, *, is_greyed: bool) -> bool:
    """Tell whether what two pictures have in common agrees in place, once the darker one is as bright as the other."""
    one, other = pictures
    if one is None or other is None:
        return False
    if dark is not None:
        one, other = _in_one_tone(one, other, dark)
    common = in_common(one, other, way)
    if common is None:
        return False
    for side in _SIDES:
        grid = _grid(*common, side)
        if grid is None:
            break
        # Nothing of it has to be moved any more, so that what stands along the border is told as well.
        grid = grid._replace(reach=0, is_greyed=is_greyed)
        first, second = (see(each, grid) for each in common)
        if not is_in_place(first, second, grid):
            return False
        if not (first.is_drawn and second.is_drawn):
            break
    return True


def _grid(one: Picture, other: Picture, side: int) -> Grid | None:
    """Return how two pictures are compared; None where they are so small that it tells nothing, or nothing more."""
    rows, columns = one.shape[:2]
    least = min(*one.shape[:2], *other.shape[:2])
    scale = min(side, least) / min(rows, columns)
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    window, reach = min(_WINDOW, min(size) // _LEAST_WINDOWS_ALONG), math.ceil(_MOVED * max(size))
    if (
        window < _LEAST_WINDOW
        or min(size) < window + 2 * reach
        or (side > _SIDES[0] and least < _WORTH_MORE * _SIDES[0])
    ):
        return None
    return Grid(side, size, window, reach)


def _decode(
    path: bytes, content: str | None, mode: str | None, orientation: int | None, *, side: int, root: bytes
) -> Picture | None:
    """Return what a file shows, with a shorter side of so many pixels or up to twice as many."""
    data = read_again(path, root=root)
    facts = {"content": content, "mode": mode, "orientation": orientation}
    picture = None if data is None else seen.rgb(data, facts, shorter_side=side)
    if picture is None or not picture.size:
        return None
    # Some are kept, and not all formats are read in less than full size.
    rows, columns = picture.shape[:2]
    times = max(1, min(rows, columns) // side)
    small = (
        cv2.resize(picture, (columns // times, rows // times), interpolation=cv2.INTER_AREA) if times > 1 else picture
    )
    return np.asarray(small, np.uint8)


# Pairs come in the order of their first file, which is decoded once for several.
_decoded = lru_cache(maxsize=_KEPT)(_decode)


@lru_cache(maxsize=_KEPT)
def _whole_file(path: bytes, content: str | None, mode: str | None, orientation: int | None, *, root: bytes) -> Whole:
    picture = _decoded(path, content, mode, orientation, side=_SIDES[0], root=root)
    assert picture is not None  # it was, to be compared
    if is_light(picture):
        finer = _decode(path, content, mode, orientation, side=_FINE, root=root)
        picture = picture if finer is None else finer
    return _whole(picture)


@lru_cache(maxsize=2 * len(_SIDES))
def _see_file(
    path: bytes, content: str | None, mode: str | None, orientation: int | None, *, grid: Grid, root: bytes
) -> Seen:
    picture = _decoded(path, content, mode, orientation, side=grid.side, root=root)
    assert picture is not None  # it was, to find out the grid
    return see(picture, grid)
