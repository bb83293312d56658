"""Tells drawings, pages and the like from photos, by what their windows show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sanitize.compare.windows import Corners, Floats, Grid, Picture, Seen

#: Windows with less contrast, in levels, are flat.
FLAT = 2.0
# Drawings, pages and the like have such a share of flat windows. A table that fills its frame has none: of its pixels such a
# share is within so many levels, half of it and more, and of 124 photos a third in five.
_DRAWN = 0.12
_ALIKE, _GROUND = 8, 0.4
# A pattern of hard edges, such as plaid, may have neither: such a share of its pixels is in so many bands of so many levels. Of
# 104 photos without flat windows three have more than 0.54 there, and of 20 sets of tiles, rugs and knitting all more than 0.67.
_TONES, _IN_TONES = 4, 0.6
# Of drawings on one ground the one has such a share of the ink of the other, in all windows of so much contrast, and of its
# colour, in those that have so much of it, if these are not few; less where one may be cropped, or lines of a pixel faded as it
# was reduced. Of 600 copies of one size, in seven ways, of 27 kinds of drawings and other pictures the least are 0.88 and 0.85,
# of lines of a pixel in pale colours 0.78, and of 560 of another size, in five ways, 0.74 and 0.67. Of icons in black and in grey
# it is 0.73 at most, and of letters in brown and orange 0.42 in colour.
_LEAST, _LEAST_IN_ONE_SIZE = (0.68, 0.6), (0.76, 0.66)
_SHOWN, _STRONG, _FEWEST = 6.0, 16.0, 10


def flat_apart(first: Seen, second: Seen, corners: Corners) -> float | None:
    """Return by how many levels half of the windows that show nothing in either picture differ at least; None without such."""
    flat = np.maximum(first.spread[corners], second.spread[corners]) < FLAT
    return float(np.median(np.abs(first.mean[corners] - second.mean[corners])[flat])) if flat.any() else None


def has_one_ink(first: Seen, second: Seen, grid: Grid, corners: Corners) -> bool:
    """Tell whether drawings on one ground are drawn in one ink: windows differ from their ground by as much, all together."""
    least, least_colour = _LEAST_IN_ONE_SIZE if grid.has_one_size else _LEAST
    spread = np.maximum(first.spread[corners], second.spread[corners])
    flat, shows = spread < FLAT, spread >= _SHOWN
    if not flat.any():  # any more, where the one was made as bright
        return True
    means, chromas = (first.mean[corners], second.mean[corners]), (first.chroma[corners], second.chroma[corners])
    if _share(*(np.abs(mean[shows] - np.median(mean[flat])) for mean in means)) < least:
        return False
    colours = [np.abs(chroma[shows] - np.median(chroma[flat], axis=0)) for chroma in chromas]
    strong = np.maximum(*colours).max(axis=1) >= _STRONG
    return int(strong.sum()) < _FEWEST or _share(*(colour[strong] for colour in colours)) >= least_colour


def _share(one: Floats, other: Floats) -> float:
    """Return which share one of two sums is of the other, which is not less; 1 where both are nothing."""
    less, more = sorted((float(one.sum()), float(other.sum())))
    return less / more if more else 1.0


def is_drawn(small: Picture, spread: Floats, window: int) -> bool:
    """Tell whether a picture is a drawing, a page or the like, by the standard deviation of the windows that begin at its pixels.

    Such a share of its windows is flat, or of its pixels of one level of green, or of a few.
    """
    rows, columns = (length - window + 1 for length in spread.shape)
    flat_share = (spread[: rows : window // 2, : columns : window // 2] < FLAT).mean()
    return bool(flat_share >= _DRAWN) or _has_ground_or_few_tones(small)


def _has_ground_or_few_tones(small: Picture) -> bool:
    counts = np.bincount(small[:, :, 1].ravel(), minlength=256)
    pixels, in_tones = int(counts.sum()), 0
    for _tone in range(_TONES):
        below = np.concatenate([[0], np.cumsum(counts)])
        of_tone = below[_ALIKE:] - below[:-_ALIKE]
        first = int(of_tone.argmax())
        if of_tone[first] >= _GROUND * pixels:
            return True
        in_tones += int(of_tone[first])
        counts[first : first + _ALIKE] = 0
    return in_tones >= _IN_TONES * pixels
