"""Tells cheaply in which pictures of a batch a QR code might be, by how much they change from pixel to pixel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.probe.batch import Batch, Grey
from sanitize.probe.seen import LARGE_DETAIL_SIDE, LEAST_DETAILED, shorter_of

Floats = npt.NDArray[np.float32]

# Modules are random, so each pixel differs by so many grey levels from the mean of its neighbours, in all four quarters
# of a window: in the picture averaged to 32 × 32 (coarse), and in the reduced one (fine), in both together; or, of a code
# that is a small part of the picture, in detail. Photographs rarely do: how many, and that no readable code is below, shows
# `benchmarks/codes.py`.
_FINE_WEIGHT, _LOOKED_AT, _DETAIL = 1.17, 60.0, 28.0
# A picture of so much detail changes along a diagonal at least by so much. In a code the mean is so close to the middle
# between dark and light, as a share of their distance, and it changes across and down by such a share of each other.
_DIAGONAL, _MOST_UNEVEN, _LEAST_SQUARE = 40.0, 0.25, 0.5
#: In a picture smaller than this there is no room for much beside a code, which then is plain to see.
SMALL = 100
_LOOKED_AT_IF_SMALL = 75.0
# Below these nothing fine makes up for what the coarse picture lacks, and no code is even a small part. Where there is detail
# to be looked at, that shows the codes between the first two; a small picture has room for no more than a code.
_COARSE_IF_DETAILED, _COARSE, _COARSE_IF_SMALL, _LEAST_COARSE = 20.0, 14.0, 20.0, 7.0
#: In one whose shorter side has fewer pixels than this a code that can be read is more of it, and changes it more: of 2,000
#: parts of photos of 224 pixels 69 % change so much, and all of 600 codes in such pictures.
MIDDLING, _LEAST_COARSE_IF_MIDDLING = 256, 13.0
# A blurred code has little that is fine, and more that is coarse than photographs with as little have.
_BLURRED_COARSE, _BLURRED_FINE = 22.0, 0.8
# A code in two shades of grey changes as little as they differ: in a picture of so few levels that counts for more, and from
# more levels on in detail, where few pictures without a code change enough, and in those of which there is none.
_PALE, _PALE_IN_DETAIL, _PALE_WITHOUT_DETAIL, _MOST_GAIN = 132, 190, 205, 3.5
# In a window of fewer levels than the picture has, but not of next to none, a code that is pale, coloured or in the shade changes
# by so much for its own levels; that is looked for where it costs least. Of 3,334 parts of photos 1.6 % have as much, and 153
# of 191 such codes, a third to 85 % of a photo high, that can be read at the scale of the detail.
_PALE_IN_WINDOW, _LEAST_IN_WINDOW, _CODE_IN_WINDOW = 205, 40, 34.0
# 21 modules of a pixel are the smallest code.
_LEAST_SIDE = 21
# In detail that is smaller, or is halved below it, no window is more than a few pixels.
_LEAST_IN_DETAIL = 36
# Of a larger picture the detail is larger, too: a module may have so many pixels that nothing says to go on. In more than an
# eighth of the picture's size more photographs change as much, and codes that are too small to be seen below change more.
_DIAGONAL_OF_FINER, _DETAIL_OF_FINER = 50.0, 34.0
# A code in a brand's colour on the white of a card changes little where the whole is rich in levels, but by so much for those of
# its window, in detail of such sides; its mean is nearer to their middle than that of small print. Of 240 cards and photos of
# cards 200 were read without it, and 232 with it.
_LEAST_BY_LEVELS, _MOST_BY_LEVELS, _DIAGONAL_BY_LEVELS, _DETAIL_BY_LEVELS = 70, 200, 62.0, 38.0
_MOST_UNEVEN_BY_LEVELS = 0.15
# That takes a fifth of the time that telling codes does, so it is told only where the diagonal changes by this, and by so much
# more for what the whole changes by: photos of much detail change by as much along the diagonal, too, and codes on these by
# more. Of 737 readable codes in a brand's colours on photos 631 are found so, and 542 where only what changes little as a whole
# is told; of 1,625 photos and parts of them 243 are looked at, two more than then.
_TOLD, _TOLD_FOR_COARSE = 20.0, 0.8
# So many pictures of 32 × 32 numbers, and what is made of them, stay in a core's cache.
_PIECE = 16
#: A picture that changes so much on the whole is looked at in full size and by its colours, too, and not in detail here.
CLOSELY = 90.0


class Suspect(NamedTuple):
    """A picture that is worth a look: at its detail only, where neither says that it changes much."""

    number: int  #: in its batch
    texture: float  #: how much it changes on the whole, grey levels; 0 for too little
    detail: float  #: how much a part of it changes in detail; likewise


def find(batch: Batch) -> Iterator[Suspect]:
    """Give the pictures in which a code might be."""
    sides = np.array([shorter_of(facts) for facts in batch.facts])
    windows = [_coarse(batch.squares[start : start + _PIECE]) for start in range(0, len(batch), _PIECE)]
    in_windows = np.concatenate(windows)
    is_pale, coarse = _are_pale(batch.squares, in_windows), in_windows.max(axis=(1, 2))
    levels = np.maximum(batch.squares.max(axis=(1, 2)) - batch.squares.min(axis=(1, 2)), 1)
    is_small, is_detailed = sides < SMALL, sides >= LEAST_DETAILED
    # By what the changes in each count for more.
    pale = np.where(is_detailed, _PALE, _PALE_WITHOUT_DETAIL)
    gain, in_detail = (np.clip(most / levels, 1, _MOST_GAIN) for most in (pale, _PALE_IN_DETAIL))
    least = np.select([is_small, is_detailed], [_COARSE_IF_SMALL, _COARSE_IF_DETAILED], _COARSE)
    is_middling = sides < MIDDLING
    told = np.where(is_middling, np.inf, _TOLD + _TOLD_FOR_COARSE * coarse)
    has_detail = is_detailed & (in_detail * coarse >= np.where(is_middling, _LEAST_COARSE_IF_MIDDLING, _LEAST_COARSE))
    coarse *= gain
    is_coarse = coarse >= least
    for number in np.flatnonzero((is_coarse | has_detail | is_pale) & (sides >= _LEAST_SIDE)).tolist():
        texture = detail = 0.0
        if is_coarse[number]:
            texture = _texture(batch.pictures[number], float(coarse[number]), float(gain[number]), is_small[number])
        if has_detail[number] and texture < CLOSELY:
            detail = _finest(
                batch.details[number], int(sides[number]), float(in_detail[number]), told=float(told[number])
            )
        if texture or detail or is_pale[number]:
            yield Suspect(number, texture, detail)


def _texture(picture: Grey, coarse: float, gain: float, is_small: bool) -> float:
    """Return how much a picture changes on the whole; 0 for what is not worth a look."""
    fine = gain * _fine(picture)
    is_blurred = coarse >= _BLURRED_COARSE and fine <= _BLURRED_FINE * coarse
    texture = coarse + _FINE_WEIGHT * fine
    return texture if texture >= (_LOOKED_AT_IF_SMALL if is_small else _LOOKED_AT) or is_blurred else 0.0


def _coarse(squares: Floats) -> Floats:
    """Return how much each picture changes, in each of its windows, in the quarter of it that changes least."""
    around = squares[:, :-2, 1:-1] + squares[:, 2:, 1:-1]
    around += squares[:, 1:-1, :-2]
    around += squares[:, 1:-1, 2:]
    change = np.abs(squares[:, 1:-1, 1:-1] - around / 4)
    rows = change[:, ::2] + change[:, 1::2]
    cells = rows[:, :, ::2] + rows[:, :, 1::2]
    # Windows of 8 pixels in steps of 2, whose quarters are 4 pixels wide.
    pairs = cells[:, :-1] + cells[:, 1:]
    quarters = pairs[:, :, :-1] + pairs[:, :, 1:]
    halves = np.minimum(quarters[:, :-2], quarters[:, 2:])
    least: Floats = np.minimum(halves[:, :, :-2], halves[:, :, 2:]) / 16
    return least


def _are_pale(squares: Floats, coarse: Floats) -> npt.NDArray[np.bool_]:
    """Tell which pictures have a window that changes much for what levels it has, by how much each window changes."""
    levels = np.maximum(_in_windows(squares, np.maximum) - _in_windows(squares, np.minimum), 1)
    change = coarse * np.clip(_PALE_IN_WINDOW / levels, 1, _MOST_GAIN)
    found: npt.NDArray[np.bool_] = ((change >= _CODE_IN_WINDOW) & (levels >= _LEAST_IN_WINDOW)).any(axis=(1, 2))
    return found


def _in_windows(squares: Floats, most: np.ufunc) -> Floats:
    """Return the largest (or smallest) level in each window of `_coarse`, found by twice as many pixels at a time."""
    inner = squares[:, 1:-1, 1:-1]
    rows = most(inner[:, ::2], inner[:, 1::2])
    cells = most(rows[:, :, ::2], rows[:, :, 1::2])
    pairs = most(cells[:, :-1], cells[:, 1:])
    halves = most(pairs[:, :-2], pairs[:, 2:])
    pairs = most(halves[:, :, :-1], halves[:, :, 1:])
    found: Floats = most(pairs[:, :, :-2], pairs[:, :, 2:])
    return found


def _fine(picture: Grey) -> float:
    """Return how much a reduced picture changes from pixel to pixel in its most code-like window, in grey levels."""
    # Four times what each inner pixel differs by from the mean of its four neighbours.
    change = np.abs(cv2.Laplacian(picture, cv2.CV_16S, ksize=1)[1:-1, 1:-1])
    rows, columns = change.shape
    half = max(3, min(rows, columns) // 10)
    if min(rows, columns) <= 2 * half:
        return float(change.mean() / 4)
    return _most(_least_quarters(change, half, cv2.CV_32F)) / 4


def _finest(picture: Grey, side: int, gain: float, *, told: float) -> float:
    """Return how much a picture changes in detail in its most code-like window; 0 where that is too little.

    `side` is the shorter side of the picture that it was reduced from. Modules that are several pixels wide, as those of a code
    that fills half of a large photo, change more in a smaller size.
    """
    while min(picture.shape) >= _LEAST_IN_DETAIL:
        is_large = min(picture.shape) >= LARGE_DETAIL_SIDE
        # At a quarter it has side / 4, at an eighth half as many, rounded up.
        is_finer = is_large and 8 * min(picture.shape) > 1.5 * side
        least_diagonal, least = (_DIAGONAL_OF_FINER, _DETAIL_OF_FINER) if is_finer else (_DIAGONAL, _DETAIL)
        # Differences along a diagonal are found in a fifth of the time, and most pictures have little of these already.
        inner = picture[1:, 1:]
        half = max(2, min(inner.shape) // (4 * 16))  # of a window's side, in steps
        diagonal = _least_quarters(_quartered(cv2.absdiff(inner, picture[:-1, :-1])), half, -1)
        most = _most(diagonal)
        changes = most * gain >= least_diagonal
        found = gain * _detail(picture, half, least / gain) if changes else 0.0
        is_apt = _LEAST_BY_LEVELS <= min(picture.shape) < _MOST_BY_LEVELS
        may_tell = is_apt and most * gain >= told
        if not found and may_tell and _by_levels(inner, diagonal, half) >= _DIAGONAL_BY_LEVELS:
            found = _detail(picture, half, _DETAIL_BY_LEVELS, by_levels=True)
        if found or not (changes or is_large):
            return found
        picture = halved(picture)
    return 0.0


def _by_levels(inner: Any, change: Any, half: int) -> float:
    """Return the most that the change in a window comes to for the levels it has."""
    dark, light = _extremes(inner, half)
    levels = cv2.subtract(light, dark)[: len(change), : change.shape[1]]
    return _most(cv2.divide(change, np.maximum(levels, round(_PALE_IN_DETAIL / _MOST_GAIN)), scale=_PALE_IN_DETAIL))


def _extremes(inner: Any, half: int) -> tuple[Any, Any]:
    """Return the darkest and the lightest level in each window, by every fourth column: modules are random."""
    parts = [np.ascontiguousarray(inner[start : len(inner) // 4 * 4 : 4, ::4]) for start in range(4)]
    window = np.ones((2 * half, 2 * half), np.uint8)
    dark, light = reduce(cv2.min, parts), reduce(cv2.max, parts)
    return cv2.erode(dark, window, anchor=(0, 0)), cv2.dilate(light, window, anchor=(0, 0))


def _detail(picture: Grey, half: int, least: float, *, by_levels: bool = False) -> float:
    """Return how much a picture changes in its most code-like window, like `_fine`; 0 where that is less than `least`.

    Its windows have an eighth of the picture's sides, and step by 4 pixels. Half of a code is dark, and it changes as much
    across as down; of text less is dark, and its lines change more downwards. With `by_levels` a change counts for more in
    windows of few levels.
    """
    inner = picture[1:, 1:]
    differs = cv2.convertScaleAbs(cv2.Laplacian(picture, cv2.CV_16S, ksize=1)[1:, 1:], alpha=0.25)
    change = _least_quarters(_quartered(differs), half, -1)
    if _most(change) * (_MOST_GAIN if by_levels else 1) < least:
        return 0.0
    window = (2 * half, 2 * half)
    dark, light, mean, across, down = (
        found[: len(change), : change.shape[1]].astype(np.float32)
        for found in (
            *_extremes(inner, half),
            cv2.blur(_quartered(inner), window, anchor=(0, 0)),
            cv2.blur(_quartered(cv2.absdiff(inner, picture[1:, :-1])), window, anchor=(0, 0)),
            cv2.blur(_quartered(cv2.absdiff(inner, picture[:-1, 1:])), window, anchor=(0, 0)),
        )
    )
    levels, most_uneven = np.maximum(light - dark, 1), _MOST_UNEVEN
    if by_levels:
        change, most_uneven = change * np.clip(_PALE_IN_DETAIL / levels, 1, _MOST_GAIN), _MOST_UNEVEN_BY_LEVELS
    is_even = np.abs((mean - dark) / levels - 0.5) <= most_uneven
    is_even &= np.minimum(across, down) >= _LEAST_SQUARE * np.maximum(across, down)
    most = float(np.where(is_even, change, 0).max())
    return most if most >= least else 0.0


def _quartered(picture: Any) -> Grey:
    """Return the means of 4 × 4 pixels; OpenCV is fast where it halves."""
    return halved(halved(picture))


def halved(picture: Any) -> Grey:
    """Return the means of 2 × 2 pixels, rows × columns; a last row or column that has no other is left out."""
    rows, columns = picture.shape[0] // 2, picture.shape[1] // 2
    return np.asarray(cv2.resize(picture[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA))


def _most(levels: Any) -> float:
    return float(cv2.minMaxLoc(levels)[1])


def _least_quarters(change: Any, half: int, depth: int) -> Any:
    """Return, for each window of twice `half` pixels, the mean of its quarter that changes least, as OpenCV's `depth`."""
    rows, columns = change.shape
    means = cv2.boxFilter(change, depth, (half, half), anchor=(0, 0))[: rows - half + 1, : columns - half + 1]
    pairs = cv2.min(means[:-half], means[half:])
    return cv2.min(pairs[:, :-half], pairs[:, half:])
