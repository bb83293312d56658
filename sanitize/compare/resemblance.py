"""The arithmetic of `alike` for small pictures: how alike pairs of them are. A child runs it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sanitize.compare.agreement import agree, agree_in_shades
from sanitize.compare.look import SIDE, SIZE, Looks, unpack
from sanitize.compare.matching import SHADED

# JPEGs with the same pixels have the same shades, but for rounding. Of photos that were saved anew at another quality 5 to 60 %
# of the shades differ by a level; of pictures without much contrast it may be none.
_SHARE_APART = 0.05

#: Looks or shades, the shorter sides of their pictures, pixels, and pairs of them: the numbers of the one and of the other, and
#: by which turn that is turned.
Compared = tuple[Sequence[bytes], Sequence[int], Sequence[int], Sequence[int], Sequence[int]]


def similarities(asked: Compared) -> list[float]:
    """Return how alike the looks of pairs are (-1 to 1); NaN where they are not the same picture, or of an earlier form."""
    looks, sides, one, other, turns = asked[0], *(np.array(numbers, np.int64) for numbers in asked[1:])
    readable = np.array([len(look) == SIZE for look in looks], np.bool_)
    rows = np.cumsum(readable) - 1
    small, sides = unpack([look for look in looks if len(look) == SIZE]), sides[readable]
    found = np.full(len(one), np.nan)
    known = readable[one] & readable[other]
    one, other, turns = rows[one[known]], rows[other[known]], turns[known]
    is_turned = turns > 0
    for turn in sorted(set(turns[is_turned].tolist())):
        which = turns == turn
        views, places = np.unique(other[which], return_inverse=True)
        other[which] = len(small.luma) + places
        turned_looks = [_turned(part[views], turn) for part in small]
        small = Looks(*(np.concatenate(parts) for parts in zip(small, turned_looks, strict=True)))
        sides = np.concatenate([sides, sides[views]])
    found[known] = agree(small, sides, one, other)
    return found.tolist()


def same_shades(asked: Compared) -> list[float]:
    """Return how alike pictures are (-1 to 1) that have the same shades; NaN where they have not, and ANOTHER."""
    levels, one, other = _levels(asked)
    sides = np.array(asked[1], np.int64)
    found: list[float] = agree_in_shades(levels.reshape(-1, SIDE, SIDE), sides, one, other).tolist()
    return found


def different_shades(asked: Compared) -> list[float]:
    """Return what share of the shades of pairs of JPEGs differ; NaN where these may have the same pixels for all that."""
    levels, one, other = _levels(asked)
    apart = np.maximum(levels[one], levels[other]) - np.minimum(levels[one], levels[other])
    share = (apart > 0).mean(axis=1)
    contrast = levels.std(axis=1, dtype=np.float32)
    differs = ((share > _SHARE_APART) | (apart > 1).any(axis=1)) & (
        np.minimum(contrast[one], contrast[other]) >= SHADED
    )
    found: list[float] = np.where(differs, share, np.nan).tolist()
    return found


def _levels(
    asked: Compared,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return shades, files × pixels, and the rows of pairs of them."""
    shades, _sides, one, other, _turns = asked
    levels = np.frombuffer(b"".join(shades), np.uint8).reshape(-1, SIDE * SIDE)
    return levels, np.array(one, np.int64), np.array(other, np.int64)


def _turned(pictures: npt.NDArray[np.float32], turn: int) -> npt.NDArray[np.float32]:
    """Return pictures, pictures × rows × columns (× channels), transposed (4), then with rows (2) and columns (1) mirrored."""
    turned = pictures.swapaxes(1, 2) if turn & 4 else pictures
    turned = turned[:, ::-1] if turn & 2 else turned
    return turned[:, :, ::-1] if turn & 1 else turned
