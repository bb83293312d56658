"""Tells whether two looks show one picture, of which the one may be cropped a little, brighter, or without colour.

As the detail of a crop lies elsewhere, one look is moved onto the other before they are matched (`aligning`, `matching`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sanitize.compare import brightening, colours, places
from sanitize.compare.aligning import align, inner, solvers
from sanitize.compare.look import Looks
from sanitize.compare.matching import (
    Match,
    Parts,
    are_smooth,
    blurred,
    match_as_seen,
    match_in_level,
    match_in_shades,
    parts_of,
    products,
)

Floats = npt.NDArray[np.float32]
Levels = Floats | npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

#: How alike pictures are that are parts of one scene, that differ in one place or that hardly match, and not the same.
ANOTHER = -1.0

# Looks that agree less are not worth aligning: the crops do by 0.85.
_WORTH_ALIGNING = 0.75
# Pairs that are compared at a time: so few that what is made of them stays in a core's cache, and in memory that the process
# has already.
_PAIRS_AT_A_TIME = 1 << 6
# What takes so much more one way is cropped by more than copies are; what takes less more must do so either way.
_FAR = 1.15
# Pictures with so many pixels on their shorter side are compared in all the detail of a look, others in less: of 125 photos of 32
# pixels and their copies at 50 to 70 % or quality 40, 163 of 375 were missed, and are 2.
_FULL_SIDE, _MOST_TIMES = 45.0, 14
# So much brighter a copy is when it differs in places for the white that is cut off, and in no place by so many levels more.
_MUCH_BRIGHTER, _MOST_BEYOND = 0.05, 16.0
# By so much brighter it may be cropped, too: of 624 copies that are both that finds 28 more, and none of 4,950 pairs of goods.
# What agrees less before it is moved is not worth it.
_CLEARLY_BRIGHTER, _WORTH_MOVING = 0.1, 0.95
# What agrees less than that is another picture, whatever is cut off.
_WORTH_CUTTING = 0.75
# What pictures differ by in one place is there still, once the one is moved onto the other, where so large a share of it is left.
_STILL_THERE = 0.9
# By so much less than that pairs agree, once the one is moved onto the other, that need not be moved the other way round.
_HOPELESS = -0.15
# Ground that is darker, such as a night sky, has no colour that shades could miss.
_DARK = 24.0


class _Compare(Protocol):
    """Compares pictures that are blurred so many times over, as `matching.match_as_seen` does."""

    def __call__(self, one: Parts, other: Parts, times: int = 1) -> Match: ...


def agree(looks: Looks, sides: Rows, one: Rows, other: Rows) -> npt.NDArray[np.float64]:
    """Return how alike pairs of looks are (correlation, to 1), by their rows; NaN where they are not of the same picture.

    `sides` are the shorter sides, pixels, of the pictures that were looked at, or 0.
    """
    times = _times(np.minimum(sides[one], sides[other]))
    same, _other, similarity = _agree(looks.luma, looks, times, one, other, match_as_seen)
    same &= colours.agree(looks.colour, one, other)
    smooth, plain = _are_plain(looks.luma) if same.any() else np.zeros((2, len(looks.luma)), np.bool_)
    things = np.flatnonzero(same & plain[one] & plain[other])
    lost = things[:0]
    if len(things):
        in_colours, one_is_grey = colours.compare_things(looks, smooth, one[things], other[things])
        same[things] = in_colours | one_is_grey
        # A thing that has lost its colours has kept its levels.
        lost = things[~in_colours & one_is_grey]
    if len(lost):
        same[lost] = _agree(looks.luma, None, times[lost], one[lost], other[lost], match_in_level)[0]
    return np.where(same, similarity, np.nan)


def agree_in_shades(levels: npt.NDArray[np.uint8], sides: Rows, one: Rows, other: Rows) -> npt.NDArray[np.float64]:
    """Return how alike pairs of pictures, pictures × side × side, are by their rows; NaN where shades do not tell.

    ANOTHER is what pairs have that are parts of one scene, as they match where they are moved by more than copies are, those
    that match but for one place, and those that hardly match. The same are only those in the same levels, whatever the detail:
    other hues and swapped channels make most pictures darker or lighter; where luma is kept and chroma alone is changed,
    nothing in shades tells.
    """
    times = _times(np.minimum(sides[one], sides[other]))
    same, is_another, similarity = _agree(levels, None, times, one, other, match_in_shades)
    # What is plain may have another colour of the same level, as things on plain ground may.
    files = np.unique([one[same], other[same]])
    plain = np.zeros(len(levels), np.bool_)
    if len(files):
        plain[files] = places.are_plain(blurred(levels[files].astype(np.float32)), darkest=_DARK)
    same &= ~(plain[one] | plain[other])
    return np.select([same, is_another], [similarity, ANOTHER], np.nan)


def _times(sides: Rows) -> Rows:
    """Return how many times the means of neighbours are taken in two pictures, of whose shorter sides this is the least, or 0.

    Of less than twice a look's side each pixel is seen as it is, with what another compression did to it, and a copy of half
    the size has no such detail at all.
    """
    known = np.where(sides > 0, sides, _FULL_SIDE)
    return np.clip(np.rint((_FULL_SIDE / known) ** 2), 1, _MOST_TIMES).astype(np.int64)


def _agree(
    luma: Levels, looks: Looks | None, times: Rows, one: Rows, other: Rows, match: _Compare
) -> tuple[Bools, Bools, npt.NDArray[np.float64]]:
    """Return whether pairs of pictures are the same but for their colours, or others that are known, and their correlation.

    Where these are `looks` the one may be brighter, and white cut off. Before, the means of neighbours are taken `times` over.
    """
    same, is_another = np.zeros((2, len(one)), np.bool_)
    similarity = np.zeros(len(one), np.float64)
    for often in np.unique(times).tolist():
        which = np.flatnonzero(times == often)
        for start in range(0, len(which), _PAIRS_AT_A_TIME):
            some = which[start : start + _PAIRS_AT_A_TIME]
            files, rows = np.unique(np.concatenate([one[some], other[some]]), return_inverse=True)
            pair = np.split(rows, 2)
            levels = luma[files].astype(np.float32, copy=False)
            same[some], is_another[some], similarity[some] = _agree_at_once(
                blurred(levels, times=often - 1) if often > 1 else levels,
                None if looks is None else Looks(*(part[files] for part in looks)),
                pair,
                partial(match, times=often),
            )
    return same, is_another, similarity


def _agree_at_once(
    luma: Floats, looks: Looks | None, pair: Sequence[Rows], match: _Compare
) -> tuple[Bools, Bools, Floats]:
    pairs = _Pairs(luma, pair, match)
    is_part = pairs.move()
    channels = brightening.in_channels(luma, None if looks is None else looks.colour)
    for lifted in (False, True):
        pairs.brighten(channels, lifted=lifted, has_colour=looks is not None)
    if looks is not None:
        pairs.cut(looks)
    return pairs.same, ~pairs.same & (pairs.differs | is_part | (pairs.lead < 0)), pairs.alike


class _Pairs:
    """Pairs of pictures, and how they match: as they are at first, then in the best of the ways that are tried."""

    def __init__(self, luma: Floats, pair: Sequence[Rows], match: _Compare) -> None:
        """Compare pictures, pictures × side × side, by their rows."""
        self._pair, self._match = pair, match
        self._blurred = blurred(luma)
        self._parts = parts_of(self._blurred)
        one, other = pair
        found = match(self._parts.of(one), self._parts.of(other))
        self.same, self.differs, self._most = found.same, found.differs, found.most
        self.alike, self.lead = found.alike, found.lead
        self._worth = (self.alike >= _WORTH_ALIGNING) & ~found.untold

    def move(self) -> Bools:
        """Move the pictures of pairs onto each other, and return which are parts of one scene: they match too far away."""
        left = np.where(self.differs, _STILL_THERE * self._most, np.inf)
        much = np.zeros((2, len(self.same)), np.float32)  # of what it may take; 0 where they do not match
        for way, (moving, still) in enumerate((self._pair, self._pair[::-1])):
            tried = np.flatnonzero(self._worth & ~self.same & ((way == 0) | (self.lead > _HOPELESS)))
            if len(tried):
                found, taken = self._match_moved(self._blurred[moving[tried]], still[tried])
                self.alike[tried] = found.alike
                self.lead[tried] = np.maximum(self.lead[tried], found.lead)
                self.same[tried] = found.same & (taken <= 1) & (found.most <= left[tried])
                self.differs[tried] |= found.differs
                much[way, tried] = np.where(found.same, taken, 0)
        return np.asarray((much > 1).all(axis=0) | (much > _FAR).any(axis=0))

    def brighten(self, channels: Floats, *, lifted: bool, has_colour: bool) -> None:
        """Make the darker pictures of pairs as bright as the others (`lifted` or by gain), and where that nearly does, move them.

        Without colours that only tells which are others: what is brighter has other shades.
        """
        one, other = self._pair
        mean = self._parts.mean
        darker, brighter = np.where(mean[one, 0] > mean[other, 0], self._pair[::-1], self._pair)
        tried = np.flatnonzero(self._worth & ~self.same & (has_colour | (self.lead < 0)))
        by = brightening.find(channels, darker[tried], brighter[tried], lifted=lifted)
        is_brighter = by.much > 0
        if not is_brighter.any():
            return
        tried, by = tried[is_brighter], by.of(is_brighter)
        shown = blurred(places.shaped(brightening.apply(channels[darker[tried]], by)))
        brightened, bright = parts_of(shown), self._parts.of(brighter[tried])
        found = self._match(brightened, bright)
        self.lead[tried] = np.maximum(self.lead[tried], found.lead)
        if not has_colour:
            return
        same = found.same | (found.differs & _is_cut_off(brightened, bright, by.much))
        rest = np.flatnonzero(~same & (by.much >= _CLEARLY_BRIGHTER) & (found.alike >= _WORTH_MOVING))
        if len(rest):
            moved, taken = self._match_moved(shown[rest], brighter[tried[rest]])
            same[rest] = moved.same & (taken <= 1)
            found.alike[rest] = moved.alike
        self._settle(tried, same, found.alike)

    def cut(self, looks: Looks) -> None:
        """Compare those of pairs that are cut off at white, or at black, as the others would be that are brighter, or darker."""
        one, other = self._pair
        mean = self._parts.mean[:, 0]
        for brighter in (True, False):
            kept, changed = np.where((mean[one] > mean[other]) == brighter, self._pair[::-1], self._pair)
            tried = np.flatnonzero(~self.same & (self.alike >= _WORTH_CUTTING))
            shown, is_cut = brightening.cut(looks.luma, looks.cut, kept[tried], changed[tried], brighter=brighter)
            tried, shown = tried[is_cut], shown[is_cut]
            if not len(tried):
                continue
            found = self._match(parts_of(blurred(shown)), self._parts.of(changed[tried]))
            self._settle(tried, found.same, found.alike)

    def _settle(self, tried: Rows, same: Bools, alike: Floats) -> None:
        """Keep which pairs that were not the same are so by what was tried, and how much alike these are then."""
        self.same[tried] = same
        self.alike[tried] = np.where(same, alike, self.alike[tried])

    def _match_moved(self, moving: Floats, still: Rows) -> tuple[Match, Floats]:
        """Return how pictures match once they are moved onto others, by their rows, and what share that took of what it may."""
        files, rows = np.unique(still, return_inverse=True)
        targets = self._blurred[files]
        moved, taken = align(moving, solvers(targets)[rows])
        return self._match(parts_of(moved), parts_of(inner(targets)).of(rows)), taken


def _are_plain(luma: Floats) -> tuple[Bools, Bools]:
    """Tell which pictures are smooth, and which are that or plain for the most part: their colours are most of what they show."""
    smooth = are_smooth(blurred(luma))
    return smooth, np.asarray(places.are_plain(luma) | smooth)


def _is_cut_off(brightened: Parts, bright: Parts, much: Floats) -> Bools:
    """Tell whether pictures that were made so `much` brighter may differ from others in one place, for white that is cut off."""
    # What is white beside dark in one pixel here grew less bright than that pixel, as along the edge of a sign; hardly more.
    gain = products(brightened.whole, bright.whole) / np.maximum(brightened.spread**2, 1e-6)
    beyond = places.most_in_place(places.shaped(np.maximum(bright.whole - gain[:, None] * brightened.whole, 0)))
    return np.asarray((much >= _MUCH_BRIGHTER) & (beyond <= _MOST_BEYOND))
