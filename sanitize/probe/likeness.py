"""Tells how like a picture and a thumbnail are, whatever an honest program did to either."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sanitize.probe.batch import areas

Grey = npt.NDArray[np.floating[Any]]  # float32: twice as fast

#: Side of the squares that are compared, pixels. What they show beside the mean of their neighbourhood counts: pictures
#: are alike in light and shade (bright above, dark below), not in detail.
SIDE = 24
_NEIGHBOURHOOD = 9
# Less detail than this (standard deviation, of 255 grey levels) is noise, or blocks of the thumbnail's own coding.
_FLAT = 3.0
# A flat picture has taken the place of what its thumbnail shows if this has so much detail, and so many times that of the
# picture. Of 125 photos 8.9 is the least; made half as bright they keep 4.5, and a camera's own thumbnail has 1.1 times
# the picture's at most. Photos made dark or pale down to 2 % correlate with their old thumbnails by 0.76 at least.
_DETAILED, _TIMES = 9.0, 4.0
# Of a picture that is flat but for a few specks that differ by no more levels, as of photos of which 200 were taken off,
# nothing can be said; a card with a line of small words has 40, reduced.
_FAINT = 20
# No search for turns or crops is worth while above.
_ALIKE = 0.75
# A picture may show so much less of a scene than its thumbnail, or the other way round.
_ZOOMS = (1.04, 1.08, 1.12, 1.17, 1.22, 1.28)
# A crop to another shape takes off less than half, but for a thumbnail that is cut of a long picture. With that for all
# comparisons, of 42 pictures of 1:3 in each of which the thumbnail of another stands with bars, 26 were told, and not 39.
_MOST_WIDER, _MOST_OF_LONG = 2.0, 7.0
_LEAST_SIDE = 16
# Rarer ways in which honest pictures differ are many, and any two pictures have something in common in one of them: there only
# so much counts. Crops have 0.85 and more, four in five of them; of 600 thumbnails of other photos one passes for that.
_SURE = 0.7
# A picture so much of which has one level, but for so many levels of noise, is a line of words or an edge, and has something in
# common by chance with a thumbnail of which no more than this has: there only what is in the same place counts below `_SURE`. Of
# 145 cards that took the place of photos 132 were told without it, and 141 with it; of 1,020 honest pictures that are pale,
# dark, in black and white, on pages or cut of these, as many as without.
_PLAIN, _PLAIN_OF_THUMBNAIL, _NOISE = 0.8, 0.4, 4
# A crop shows this share of its thumbnail at least.
_LEAST_SHOWN = 1 / 6.5
_CLOSER = (1.0, 1.08, 1.17, 1.26, 1.36, 1.47, 1.59, 1.71, 1.85, 2.0, 2.16, 2.33)
# Shares of the shorter side over which a thumbnail is averaged as far as a blurred picture is.
_BLURS = (0.2, 0.3)


def similarity(picture: Grey, thumbnail: Grey) -> float | None:
    """Return how much alike a picture (rows × columns) and a thumbnail (rows × columns × RGB) are, -1 to 1.

    None where either is too small to tell, or flat, unless the picture is, with no faint rests, and the thumbnail clearly is not.
    """
    grey = thumbnail @ np.array([0.299, 0.587, 0.114], np.float32)
    if min(*picture.shape, *grey.shape) < _LEAST_SIDE:
        return None
    shown, small = _spread(picture), _spread(grey)
    if small < _FLAT:
        return None
    if shown < _FLAT and (
        0 < np.ptp(picture) < _FAINT or _spread(_within_edges(grey)) < max(_DETAILED, _TIMES * shown)
    ):
        return None
    best = in_place = -1.0
    for number, value in enumerate(_comparisons(picture, thumbnail, grey)):
        best = max(best, value)
        in_place = in_place if number else value
        if best >= _ALIKE:
            return round(best, 4)
    for value in _rare_comparisons(picture, grey):
        if value >= _SURE:
            return round(max(best, value), 4)
    is_card = best < _SURE and _plain(picture) >= _PLAIN and _plain(_within_edges(grey)) < _PLAIN_OF_THUMBNAIL
    return round(in_place if is_card else best, 4)


def _spread(picture: Grey) -> float:
    return float(_detail(_square(picture)).std()) if min(picture.shape) >= _LEAST_SIDE else 0.0


def _plain(picture: Grey) -> float:
    """Return which share of a picture has the level of its middle, but for noise; 1 of nothing."""
    return float((np.abs(picture - np.median(picture)) <= _NOISE).mean()) if picture.size else 1.0


def _within_edges(picture: Grey) -> Grey:
    """Return a picture without rows and columns at its edges that are even, as bars of any colour are; maybe nothing."""
    for _ in range(2):
        uneven = np.flatnonzero(picture.std(axis=1) >= _EVEN) if picture.size else np.arange(0)
        picture = picture[uneven[0] : uneven[-1] + 1].T if len(uneven) else picture[:0].T
    return picture


def _comparisons(picture: Grey, thumbnail: Grey, grey: Grey) -> Iterator[float]:
    """Compare in every way in which an honest thumbnail may differ, the usual ones first.

    One rare thing at a time: with all of them together any two pictures would have something in common.
    """
    yield _match(picture, grey)
    least = _least_left(picture, grey)
    open_picture, open_grey = _without_bars(picture, least), _without_bars(grey, least)
    pairs = [(picture, grey)]
    if open_grey.shape != grey.shape:
        pairs.append((picture, open_grey))
    if open_picture.shape != picture.shape:
        pairs.append((open_picture, grey))
    if len(pairs) == 3:
        pairs.append((open_picture, open_grey))
    for one, other in pairs:
        yield _match(one, other)
        yield _match(other, one)
    if open_grey.shape == grey.shape and not 1 / _MOST_WIDER < _wider(grey, picture) < _MOST_WIDER:
        yield _match(grey, picture, widest=_MOST_OF_LONG)
    for one, other in pairs:
        yield _match(one, other.T, mirrored=True)
        yield _match(other.T, one, mirrored=True)
        yield _match(one, other, mirrored=True)
        yield _match(other, one, mirrored=True)
    for one, other in [pairs[0], pairs[-1]] if len(pairs) > 1 else pairs:
        for zoom in _ZOOMS:
            yield _match(one, other, zoom=zoom)
            yield _match(other, one, zoom=zoom)
    # A picture made black and white from one channel.
    for channel in (0, 2):
        single = thumbnail[:, :, channel]
        single = _without_bars(single, least) if open_grey.shape != grey.shape else single
        yield _match(picture, single)
        yield _match(single, picture)


def _rare_comparisons(picture: Grey, thumbnail: Grey) -> Iterator[float]:
    """Compare a picture with its thumbnail in ways that only a close likeness can prove right."""
    between_bars, inside = _without_bars(thumbnail, _least_left(picture, thumbnail)), _within_edges(picture)
    if min(between_bars.shape) >= _LEAST_SIDE:
        thumbnail = between_bars
    yield _match(np.float32(255) - picture, thumbnail)
    toned = _toned(thumbnail, picture)
    yield _match(picture, toned)
    yield _match(toned, picture)
    for share in _BLURS:
        yield _match(picture, _blurred(thumbnail, share))
    if inside.shape != picture.shape and min(inside.shape, default=0) >= _LEAST_SIDE:
        yield _match(inside, thumbnail)
        yield _match(thumbnail, inside)
    for half, other in zip(_halves(picture), _halves(thumbnail), strict=True):
        yield _match(half, other)
    target = _detail(_square(picture))
    same = _wider(picture, thumbnail)
    yield from _crops(target, same, thumbnail)
    yield from _crops(target[::-1, ::-1], same, thumbnail)
    quarter = _wider(picture, thumbnail.T)
    yield from _crops(target[::-1], quarter, thumbnail.T)
    yield from _crops(target[:, ::-1], quarter, thumbnail.T)


def _crops(target: Grey, wider: float, thumbnail: Grey) -> Iterator[float]:
    """Compare the detail of a square with windows in a thumbnail, `wider` than what it is of, of its shape; the largest first."""
    for zoom in _CLOSER:
        if max(wider, 1 / wider) * zoom**2 * _LEAST_SHOWN > 1:
            return
        rows, columns = round(SIDE * zoom * max(1, 1 / wider)), round(SIDE * zoom * max(1, wider))
        yield _found_in(_detail(_resized(thumbnail, rows, columns)), target)


def _found_in(detail: Grey, target: Grey) -> float:
    """Return the correlation of a target with the window of a detail that is most like it, as a transform tells fast."""
    import cv2  # heavy, and few pictures come here

    found = cv2.matchTemplate(detail, np.ascontiguousarray(target), cv2.TM_CCOEFF_NORMED)
    row, column = divmod(int(found.argmax()), found.shape[1])
    # Of an even window, whatever is told of it is made of rounding.
    window = _unit(detail[row : row + SIDE, column : column + SIDE].reshape(1, -1))
    return float((window @ _unit(target.reshape(1, -1)).T).item())


def _toned(thumbnail: Grey, picture: Grey) -> Grey:
    """Return a thumbnail with the tones of a picture, as many of each, as whatever changed them kept their order."""
    _levels, places, counts = np.unique(thumbnail, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - counts / 2) / thumbnail.size
    tones = np.quantile(picture, ranks).astype(np.float32)
    return tones[places].reshape(thumbnail.shape)


def _blurred(picture: Grey, share: float) -> Grey:
    """Return a picture averaged, twice, over that share of its shorter side."""
    import cv2

    over = int(min(picture.shape) * share) | 1
    once = cv2.blur(picture, (over, over), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.blur(once, (over, over), borderType=cv2.BORDER_REPLICATE))


def _halves(picture: Grey) -> list[Grey]:
    rows, columns = (length // 2 for length in picture.shape)
    return [picture[:rows], picture[rows:], picture[:, :columns], picture[:, columns:]]


def _match(part: Grey, whole: Grey, *, zoom: float = 1.0, mirrored: bool = False, widest: float = _MOST_WIDER) -> float:
    """Return the best correlation of a picture with any window of another, which shows `zoom` times as much.

    Without a zoom, that is the other squeezed into the same shape, or cut to it, if it is less than `widest` times as wide or
    high for that. `mirrored` tries the picture mirrored and upside down, too.
    """
    target = _detail(_square(part))
    targets = [target, target[::-1], target[:, ::-1], target[::-1, ::-1]] if mirrored else [target]
    units = _unit(np.array(targets).reshape(len(targets), -1))
    wider = _wider(part, whole)
    shapes = {(round(SIDE * zoom), round(SIDE * zoom))}
    if 1.03 < wider < widest:
        shapes.add((round(SIDE * zoom), round(SIDE * zoom * wider)))
    elif 1.03 < 1 / wider < widest:
        shapes.add((round(SIDE * zoom / wider), round(SIDE * zoom)))
    best = -1.0
    for rows, columns in shapes:
        detail = _detail(_resized(whole, rows, columns))
        windows = np.lib.stride_tricks.sliding_window_view(detail, (SIDE, SIDE)).reshape(-1, SIDE * SIDE)
        spread = np.einsum("ij,ij->i", windows, windows) - np.square(windows.sum(axis=1)) / (SIDE * SIDE)
        correlation = windows @ units.T / np.sqrt(np.maximum(spread, np.float32(1)))[:, None]
        best = max(best, float(correlation.max()))
    return best


def _wider(part: Grey, whole: Grey) -> float:
    return float((whole.shape[1] / whole.shape[0]) / (part.shape[1] / part.shape[0]))


def _unit(rows: Grey) -> Grey:
    rows = rows - rows.mean(axis=1, keepdims=True)
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    unit: Grey = rows / np.maximum(norms, np.float32(1e-3))
    return unit


def _square(picture: Grey) -> Grey:
    return _resized(picture, SIDE, SIDE)


def _resized(picture: Grey, rows: int, columns: int) -> Grey:
    resized: Grey = areas(picture.shape[0], rows) @ picture @ areas(picture.shape[1], columns).T
    return resized


def _detail(picture: Grey) -> Grey:
    rows, columns = picture.shape
    fine: Grey = _near(rows) @ picture @ _near(columns).T
    detail: Grey = fine - _blur(rows) @ picture @ _blur(columns).T
    return detail


@cache
def _near(length: int) -> Grey:
    """Return the matrix (length × length) that blurs a line by half a pixel or so, as windows fit no better."""
    return _weighted(length, (1 / 6, 4 / 6, 1 / 6))


@cache
def _blur(length: int) -> Grey:
    """Return the matrix (length × length) that averages every pixel of a line with its neighbours."""
    return _weighted(length, (1 / _NEIGHBOURHOOD,) * _NEIGHBOURHOOD)


def _weighted(length: int, weights: tuple[float, ...]) -> Grey:
    """Return the matrix that sums the neighbours of every pixel by weight, those at the ends repeated."""
    matrix = np.zeros((length, length), np.float32)
    for at in range(length):
        for near, weight in enumerate(weights, at - len(weights) // 2):
            matrix[at, min(max(near, 0), length - 1)] += weight
    return matrix


def _without_bars(picture: Grey, least: float) -> Grey:
    """Return a picture without black or white bars on opposite sides, which fill up another shape.

    They leave at least this share of it.
    """
    (top, bottom), (left, right) = _bars(picture, least), _bars(picture.T, least)
    return picture[top:bottom, left:right]


# A bar is so dark or light, and varies so little; both bars are nearly as wide and leave this share of the picture.
_DARK, _LIGHT, _EVEN, _LOPSIDED, _LEFT = 24, 231, 10, 0.06, 0.4
# They are a little wider than it takes to fill up another shape: the row beside one is a mixture.
_AS_WIDE = 0.9


def _least_left(picture: Grey, thumbnail: Grey) -> float:
    """Return the share that bars leave at least, which is less where one of the two is long: it may lie or stand in the other."""
    long = [float(max(one.shape) / min(one.shape)) for one in (picture, thumbnail)]
    return min(_LEFT, _AS_WIDE / (long[0] * long[1]))


def _bars(picture: Grey, least: float) -> tuple[int, int]:
    """Return the rows between bars above and below."""
    mean, spread, count = picture.mean(axis=1), picture.std(axis=1), picture.shape[0]
    for flat in ((mean < _DARK) & (spread < _EVEN), (mean > _LIGHT) & (spread < _EVEN)):
        if flat[0] and flat[-1] and not flat.all():
            inside = np.flatnonzero(~flat)
            first, last = int(inside[0]), int(inside[-1]) + 1
            if last - first >= least * count and abs(first - (count - last)) <= max(2, _LOPSIDED * count):
                # The row beside a bar is a mixture of both.
                return (first + 1, last - 1) if last - first > _LEAST_SIDE else (first, last)
    return 0, count
