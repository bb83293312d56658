"""Tells whether two small pictures that agree on the whole agree in every place, too.

A correlation of the whole is that of what has most contrast: the outline of a shirt, or the moon, and not the print on it or
the stars around it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

# Another thing is in one place where what is left of 3 × 3 pixels is so many times what is left on average and of rounding,
# and so much: grey levels. Of 9,953 copies of photos of 64 pixels and more (re-compressed, scaled, cropped, brighter, sharper)
# it is in two; how often in others, `benchmarks.copies` counts. A card that says another number in small print has less.
_ONE_PLACE, _ROUNDING, _LEAST_IN_PLACE = 8.0, 0.5, 8.0
# Side of a window, and how far the next one is: pixels.
_WINDOW, _STEP = 5, 2
# Windows correlate so on average, whatever their contrast, where so many have as much as this in both pictures, grey levels.
# Of 11,400 copies of photos and drawings, in 24 ways, one in a thousand does not, scaled to a quarter without averaging; of skies
# with the same moon and other stars that agree on the whole none does.
_NOISE, _LEAST_WINDOWS, _LEAST_ON_AVERAGE = 1.5, 8, 0.88
# So do windows of less contrast, where there are more of them, by less: lines of small text are hardly seen. Letters under the
# same dark letterhead, or pages on a black scanner's bed, agree in all others; of the copies above one more does not.
_FAINT, _LEAST_FAINT_WINDOWS, _LEAST_IF_FAINT = 0.5, 20, 0.4
# Lines of text, averaged over areas, show waves that are the same whatever they say: it is clear what windows of less than so
# much contrast show where they correlate so on average. So those of all but 25 of 6,373 copies do that agree in shades.
_WAVES, _LEAST_IF_CLEAR = 3.0, 0.9
# Of things on plain ground more windows are plain; of 125 photographs those of two.
_MOST_PLAIN = 0.16
# A window of so much contrast in both correlates so at least, and one of much in either covaries by such a share of its variance.
_CLEAR, _STRONG, _LEAST_IN_WINDOW = 6.0, 16.0, 0.3
# Levels by which 3 × 3 pixels may differ, on average, by more than they differ from those around them.
_MOST_IN_PLAIN = 5.0
_AROUND = np.ones((3, 3), np.uint8)
# Pictures that OpenCV looks at at once.
_CHANNELS = 64
#: Levels from which on, or down to which, some of what areas are means of is cut off in a brighter copy, or in a darker one.
WHITE, _BLACK = 240, 16
# By so much that is not white has grown brighter where what has become white says nothing; paper may be that white or not.
_BRIGHTER = 1.03
# Around a thing in another colour the ground keeps its level: by so much it may differ, from a level on that brightness would
# change, in so large a share of the picture.
_KEPT, _CHANGES, _LEAST_GROUND = 4.0, 64.0, 0.1
# A copy that keeps it differs by at most so many levels, or such a share of the darker one's.
_LEAST_RECOLOURED, _SHARE_RECOLOURED = 32.0, 0.3


class Told(NamedTuple):
    """What is told of pairs of pictures."""

    in_window: Bools  #: they show other things in some window, or in another colour
    in_most: Bools  #: they show other things in most windows
    unclear: Bools  #: they may do so in windows of little contrast
    differ: Bools  #: they differ in one place, by more than elsewhere or than its edges explain: another thing is there
    most: Floats  #: by how many levels they do where they differ most


def compare(one: Floats, other: Floats, means: tuple[Floats, Floats]) -> Told:
    """Compare pictures, pictures × pixels less their `means` (pictures × 1)."""
    if not len(one):
        none = np.zeros(0, np.bool_)
        return Told(none, none, none, none, np.zeros(0, np.float32))
    gain = np.vecdot(one, other) / np.maximum(np.vecdot(one, one), 1e-6)
    matched, still = shaped(gain[:, None] * one), shaped(other)
    # What brightness and contrast do not explain: of copies it lies along all their edges.
    left = np.abs(still - matched)
    most = most_in_place(left)
    differ = (most > _ONE_PLACE * (left.mean(axis=(1, 2)) + _ROUNDING)) & (most > _LEAST_IN_PLACE)
    levels = [shaped(picture + mean) for picture, mean in zip((one, other), means, strict=True)]
    rest = np.flatnonzero(~differ & (most > _MOST_IN_PLAIN))
    if len(rest):
        # What is cut off may have been anything lighter, or darker.
        is_cut = np.any([(level[rest] >= WHITE) | (level[rest] <= _BLACK) for level in levels], axis=0)
        differ[rest] = _differ_where_plain(matched[rest], still[rest], left[rest], is_cut)
    in_window, in_most, unclear = _compare_windows(matched, still, _grown_white(*levels))
    return Told(in_window | _are_recoloured(*levels), in_most, unclear, differ, most)


def _compare_windows(one: Floats, other: Floats, grown_white: Bools) -> tuple[Bools, Bools, Bools]:
    """Tell which pictures show other things in some window, which in most, and of which it is unclear, as Told has it.

    What has grown white in the one says nothing in the latter two.
    """
    of_one, of_other, *of_products = _in_windows(np.stack([one, other, one * one, other * other, one * other]))
    variances = of_products[0] - of_one**2, of_products[1] - of_other**2
    less, more = (np.maximum(order(*variances), 0) for order in (np.minimum, np.maximum))
    common = of_products[2] - of_one * of_other
    alike = common / np.maximum(np.sqrt(less * more), 1e-6)
    counts = less >= _FAINT**2
    if grown_white.any():
        counts &= _in_windows(grown_white.astype(np.float32)) == 0
    is_faint = less < _NOISE**2
    in_most = _on_average_below(_LEAST_ON_AVERAGE, alike, counts & ~is_faint, _LEAST_WINDOWS)
    in_most |= _on_average_below(_LEAST_IF_FAINT, alike, counts & is_faint, _LEAST_FAINT_WINDOWS)
    clear = (less >= _CLEAR**2) & (alike < _LEAST_IN_WINDOW)
    strong = (more >= _STRONG**2) & (common < _LEAST_IN_WINDOW * more)
    unclear = _on_average_below(_LEAST_IF_CLEAR, alike, counts & (less < _WAVES**2), _LEAST_FAINT_WINDOWS)
    return (clear | strong).any(axis=(1, 2)), in_most, unclear


def _on_average_below(least: float, alike: Floats, counts: Bools, least_windows: int) -> Bools:
    """Tell of which pictures the windows that count, where there are enough, correlate on average by less than `least`."""
    windows = counts.sum(axis=(1, 2))
    average = (alike * counts).sum(axis=(1, 2)) / np.maximum(windows, 1)
    return np.asarray((windows >= least_windows) & (average < least))


def _grown_white(one: Floats, other: Floats) -> Bools:
    """Tell which pixels of pictures, by their levels, are white in the one of a pair that is brighter and not in the other."""
    are_white = one >= WHITE, other >= WHITE
    is_neither = ~(are_white[0] | are_white[1])
    light, shade = (
        order(*((each * is_neither).sum(axis=(1, 2)) for each in (one, other))) for order in (np.maximum, np.minimum)
    )
    return np.asarray((are_white[0] ^ are_white[1]) & (light >= _BRIGHTER * shade)[:, None, None])


def are_plain(levels: Floats, *, darkest: float = 0) -> Bools:
    """Tell which pictures, pictures × side × side, have many windows without contrast that are no darker than this."""
    means, squares = _in_windows(np.stack([levels, levels * levels]))
    plain = (squares - means**2 < _NOISE**2) & (means >= darkest)
    return np.asarray(plain.mean(axis=(1, 2)) > _MOST_PLAIN)


def _are_recoloured(one: Floats, other: Floats) -> Bools:
    """Tell which pictures, by their levels, have a ground in common and something plain on it that is much darker in one."""
    apart, darker = np.abs(one - other), np.minimum(one, other)
    is_ground = ((apart <= _KEPT) & (darker >= _CHANGES)) | (darker >= WHITE)
    beyond = apart - np.maximum(_LEAST_RECOLOURED, _SHARE_RECOLOURED * darker)
    found = (is_ground.mean(axis=(1, 2)) >= _LEAST_GROUND) & (beyond > 0).any(axis=(1, 2))
    rest = np.flatnonzero(found)
    if len(rest):
        unexplained = beyond[rest] - np.maximum(ranges(one[rest]), ranges(other[rest]))
        found[rest] = most_in_place(np.maximum(unexplained, 0)) > _MOST_IN_PLAIN
    return np.asarray(found)


def _differ_where_plain(one: Floats, other: Floats, left: Floats, is_cut: Bools) -> Bools:
    """Tell which pictures differ by what is `left` of them in a place without edges, where a shift or a blur changes nothing."""
    unexplained = np.maximum(left - np.maximum(ranges(one), ranges(other)), 0)
    found: Bools = most_in_place(np.where(is_cut, 0, unexplained)) > _MOST_IN_PLAIN
    return found


def ranges(pictures: Floats) -> Floats:
    """Return by how much each pixel of pictures, pictures × rows × columns, and those around it differ at most."""
    # OpenCV looks at several pictures at once where they are its channels, of which it takes up to 128.
    channels = np.ascontiguousarray(pictures.transpose(1, 2, 0))
    found = np.empty_like(channels)
    for start in range(0, channels.shape[2], _CHANNELS):
        some = np.ascontiguousarray(channels[:, :, start : start + _CHANNELS])
        change = cv2.subtract(cv2.dilate(some, _AROUND), cv2.erode(some, _AROUND))
        found[:, :, start : start + _CHANNELS] = np.asarray(change).reshape(some.shape)
    return found.transpose(2, 0, 1)


def most_in_place(levels: Floats) -> Floats:
    """Return the highest mean of 3 × 3 pixels of each picture."""
    means = _means(levels.shape[1])
    return np.asarray((means @ levels @ means.T).max(axis=(1, 2)))


def shaped(flat: Floats) -> Floats:
    """Return pictures × pixels as pictures × side × side."""
    side = math.isqrt(flat.shape[1])
    return flat.reshape(-1, side, side)


def _in_windows(pictures: Floats) -> Floats:
    """Return the means of windows, ... × windows down × windows across."""
    windows = _means(pictures.shape[-1], _WINDOW, _STEP)
    return np.asarray(windows @ pictures @ windows.T, np.float32)


@cache
def _means(side: int, length: int = 3, step: int = 1) -> Floats:
    """Return the matrix that takes the means of so many neighbours along a line, of every one or one in so many."""
    starts = np.arange(0, side - length + 1, step)[:, None]
    along = np.arange(side)
    is_in = (along >= starts) & (along < starts + length)
    return is_in.astype(np.float32) / np.float32(length)
