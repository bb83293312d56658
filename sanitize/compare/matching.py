"""How small pictures match, pair by pair, as they are: on the whole, in detail and in each place.

What is left of pictures when their coarse shapes are taken off must agree too: aligned faces, or goods on white, have
the coarse shapes in common.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.compare import places

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

# Least correlation of looks and of their detail. All but one of 375 crops by 2 % reach it once they are aligned, and 1 in 25
# of the pairs of made-up faces whose hashes are near.
_LEAST, _LEAST_DETAIL = 0.975, 0.97
# Detail that differs by less is noise: grey levels, or a share of the contrast where that is less.
_NOISE, _NOISE_OF_CONTRAST = 1.0, 0.06
# Pictures that are compared in less detail agree more, whatever they show: least correlation of their detail then, and the most
# that is left unexplained of it, as a share of the contrast; less, as noise is, the more often they are blurred. Of 755 pairs of
# small faces, digits, slices, goods and drawn spots that agreed without that 264 do, and of 10,000 copies of photos of 28 to 48
# pixels 394 are missed, and not 291.
_LEAST_IN_LESS_DETAIL, _MOST_IN_LESS_DETAIL = 0.98, 0.075
# All gradients that run the same way correlate: pictures of no more detail, in grey levels, have the same levels but for so many,
# on average and anywhere.
# A gradient has detail at its border, by no more than so small a share of its contrast, and none within: skies, walls and
# vignettes have less than this share. Of 2,000 parts of photos 13 are smooth.
_SMOOTH, _MOST_IF_SMOOTH, _MOST_IN_PLACE_IF_SMOOTH = 0.5, 4.0, 8.0
_BORDER, _SHARE_AT_BORDER, _SHARE_WITHIN = 4, 0.08, 0.03
# Pictures of less contrast, in grey levels, agree in nothing; how much it may have changed.
_FLAT, _MOST_GAIN = 2.0, 2.5
# Cloth or brushed steel has less, once it is reduced so far; its detail tells.
_FAINT = 1.0
# Mean difference of shades, in grey levels, that copies have at most, and that of their means beyond which none that agree are
# worth moving: of 1,916 such pairs in six sets shades told of 4.
_SAME_LEVEL, _OTHER_LEVEL = 1.0, 3.0
# Pictures whose shades agree less on the whole or in detail, moved or brightened as copies are, are others. Where detail makes up
# more than a share of the contrast it may be so much less for each part beyond: lines of text are not seen in shades as they are
# in looks. Of 101,000 pairs of copies, of photos and of drawings, in forty ways, that shades leave open and looks confirm, three
# are refused: of pages that were cropped by 3 to 5 %.
_LEAST_IN_SHADES, _LEAST_DETAIL_IN_SHADES = 0.93, 0.92
_MUCH_DETAIL, _LESS_FOR_IT, _LESS_DETAIL_FOR_IT = 0.33, 2.0, 6.0
# By so much less pictures agree that do so on the whole, and show other things in some place.
_IN_CONFLICT = -0.01
#: Contrast, in grey levels, that shades need to say anything.
SHADED = 12.0


class Parts(NamedTuple):
    """What of pictures is compared, pictures × pixels, less its mean, and its standard deviation; in grey levels."""

    mean: Floats  #: × 1
    whole: Floats
    spread: Floats
    detail: Floats
    fine: Floats
    coarse: Floats  #: what is left of the picture without its detail, with its mean
    smooth: Bools  #: whether it has no more detail than a gradient

    def of(self, rows: Rows) -> Parts:
        """Return the parts of some pictures."""
        return Parts._make(part[rows] for part in self)


class Match(NamedTuple):
    """What comes of comparing pairs of pictures."""

    same: Bools
    differs: Bools  #: whether they would be the same but for one place
    most: Floats  #: by how many levels those that agree differ where they do most
    alike: Floats  #: correlation of the whole
    lead: Floats  #: by how much they agree more than others do of which shades tell
    clear: Bools  #: whether it is clear that those that are the same agree in windows of little contrast, too
    untold: Bools  #: whether nothing is told by moving them or making them brighter


def parts_of(pictures: Floats) -> Parts:
    """Return what of pictures, pictures × side × side, is compared."""
    count, rows, columns = pictures.shape
    coarse = blurred(pictures, times=4)
    flat, fine_part = (each.reshape(count, rows * columns) for each in (pictures, pictures - coarse))
    mean = flat.mean(axis=1, keepdims=True)
    whole, detail = flat - mean, fine_part - fine_part.mean(axis=1, keepdims=True)
    spread, fine = (np.sqrt(products(part, part)) for part in (whole, detail))
    smooth = fine <= _SMOOTH
    unsure = np.flatnonzero(~smooth & (fine <= _SHARE_AT_BORDER * spread + _SMOOTH))
    within = fine_part.reshape(pictures.shape)[unsure, _BORDER:-_BORDER, _BORDER:-_BORDER].std(axis=(1, 2))
    smooth[unsure] = within <= np.maximum(_SHARE_WITHIN * spread[unsure], _SMOOTH)
    return Parts(mean, whole, spread, detail, fine, coarse.reshape(count, rows * columns), smooth)


def are_smooth(pictures: Floats) -> Bools:
    """Tell which pictures, pictures × side × side, have no more detail than a gradient."""
    return parts_of(pictures).smooth


def products(one: Floats, other: Floats) -> Floats:
    """Return the mean of the products of pictures, pictures × pixels, pixel by pixel."""
    products: Floats = np.vecdot(one, other) / np.float32(one.shape[1])
    return products


def match_as_seen(one: Parts, other: Parts, times: int = 1) -> Match:
    """Compare pictures as a whole and in detail; they are `blurred` so many times over, as small ones are."""
    whole = products(one.whole, other.whole) / np.maximum(one.spread * other.spread, 1e-6)
    detail = products(one.detail, other.detail) / np.maximum(one.fine * other.fine, 1e-6)
    contrast = np.minimum(one.spread, other.spread)
    unexplained = np.maximum(one.fine, other.fine) * np.sqrt(np.clip(1 - detail * np.abs(detail), 0, None))
    noise = np.minimum(_NOISE / np.sqrt(times), _NOISE_OF_CONTRAST * contrast)
    least_detail = _LEAST_DETAIL if times == 1 else _LEAST_IN_LESS_DETAIL
    same = (whole >= _LEAST) & ((detail >= least_detail) | (unexplained <= noise))
    if times > 1:
        same &= unexplained <= _MOST_IN_LESS_DETAIL / np.sqrt(times) * contrast
    is_smooth = one.smooth | other.smooth
    smooth = np.flatnonzero(same & is_smooth)
    apart = np.abs(one.coarse[smooth] - other.coarse[smooth])
    same[smooth] = (apart.mean(axis=1) <= _MOST_IF_SMOOTH) & (apart.max(axis=1) <= _MOST_IN_PLACE_IF_SMOOTH)
    has_contrast = (contrast >= _FLAT) | ((contrast >= _FAINT) & (detail >= _LEAST_DETAIL))
    same &= has_contrast & (np.maximum(one.spread, other.spread) <= _MOST_GAIN * contrast)
    lead = _lead(one, other, whole, np.where(unexplained <= 2 * noise, 1, detail))
    agreeing = np.flatnonzero(same)
    means = one.mean[agreeing], other.mean[agreeing]
    told = places.compare(one.whole[agreeing], other.whole[agreeing], means)
    same[agreeing] = ~(told.in_window | told.in_most)
    # Thin lines that a picture has in most windows are not seen in shades as they are in looks.
    lead[agreeing[told.in_window]] = _IN_CONFLICT
    differs, most, clear = np.zeros_like(same), np.zeros_like(whole), np.zeros_like(same)
    differs[agreeing], most[agreeing], clear[agreeing] = told.differ & same[agreeing], told.most, ~told.unclear
    return Match(same & ~differs, differs, most, whole, lead, clear, untold=is_smooth)


def _lead(one: Parts, other: Parts, whole: Floats, detail: Floats) -> Floats:
    """Return by how much pictures, that correlate so, agree more than shades of others do."""
    shares = (each.fine / np.maximum(each.spread, 1e-6) for each in (one, other))
    beyond = np.maximum(np.maximum(*shares) - _MUCH_DETAIL, 0)
    return np.minimum(
        whole - _LEAST_IN_SHADES + _LESS_FOR_IT * beyond,
        detail - _LEAST_DETAIL_IN_SHADES + _LESS_DETAIL_FOR_IT * beyond,
    )


def match_in_level(one: Parts, other: Parts, times: int = 1) -> Match:
    """Compare pictures likewise, but only those agree that have the same levels without their detail."""
    found = match_as_seen(one, other, times)
    in_level = np.abs(one.coarse - other.coarse).mean(axis=1) <= _SAME_LEVEL
    return found._replace(same=found.same & in_level, differs=found.differs & in_level)


def match_in_shades(one: Parts, other: Parts, times: int = 1) -> Match:
    """Compare pictures likewise, but only those agree that have contrast and detail and clearly do so everywhere."""
    found = match_in_level(one, other, times)
    shaded = np.minimum(one.spread, other.spread) >= SHADED
    untold = found.untold | ((found.lead > 0) & (np.abs(one.mean - other.mean)[:, 0] > _OTHER_LEVEL))
    same = found.same & shaded & found.clear & ~found.untold
    return found._replace(same=same, differs=found.differs & shaded, untold=untold)


def blurred(pictures: Floats, *, times: int = 1) -> Floats:
    """Return square pictures, pictures × side × side, with the means of neighbours, weighted 1, 2, 1, so many times over."""
    means = _means(pictures.shape[1], times)
    return np.asarray(means @ pictures @ means.T, np.float32)


@cache
def _means(side: int, times: int) -> Floats:
    """Return the matrix that takes the means of neighbours along a line, its ends repeated beyond it."""
    line = np.pad(np.eye(side), ((1, 1), (0, 0)), mode="edge")
    once = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return np.linalg.matrix_power(once, times).astype(np.float32)
