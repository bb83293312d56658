"""Looks for QR codes in a batch of pictures: cheaply in all of them, closely where one might be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sanitize.facts import Column
from sanitize.probe.seen import LEAST_DETAILED

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sanitize.probe.batch import Batch

    Floats = npt.NDArray[np.float32]
    Grey = npt.NDArray[np.uint8]

COLUMNS = {
    "code_text": Column("String", "text of the largest QR code in the picture, cut and without control characters"),
    "code_share": Column("Float64", "its share of the picture's area, without its white border, 0 to 1"),
    "codes_share": Column("Float64", "share of the picture's area that all its codes have together, 0 to 1"),
    "code_offset": Column(
        "Float64", "distance of its centre from the picture's, in half a width or height, whichever is more: 0 to 1"
    ),
    "codes": Column("Int64", "number of QR codes that were read; 0 where none was looked for"),
}
VERSION = 8

# Modules are random, so each pixel differs by so many grey levels from the mean of its neighbours, in all four quarters
# of a window: in the picture averaged to 32 × 32 (coarse), and in the reduced one (fine), in both together; or, of a code
# that is a small part of the picture, in detail. Photographs rarely do: how many, and that no readable code is below, shows
# `benchmarks/codes.py`.
_FINE_WEIGHT, _LOOKED_AT, _DETAIL = 1.17, 60.0, 28.0
# A picture of so much detail changes along a diagonal at least by so much. In a code the mean is so close to the middle
# between dark and light, as a share of their distance, and it changes across and down by such a share of each other.
_DIAGONAL, _MOST_UNEVEN, _LEAST_SQUARE = 40.0, 0.25, 0.5
# In a picture smaller than this there is no room for much beside a code, which then is plain to see.
_SMALL, _LOOKED_AT_IF_SMALL = 100, 90.0
# Below these nothing fine makes up for what the coarse picture lacks, and no code is even a small part.
_COARSE, _COARSE_IF_SMALL, _LEAST_COARSE = 14.0, 26.0, 7.0
# A blurred code has little that is fine, and more that is coarse than photographs with as little have.
_BLURRED_COARSE, _BLURRED_FINE = 22.0, 0.8
# A code in two shades of grey changes as little as they differ: in a picture of so few levels that counts for more, and from
# more levels on in detail, where few pictures without a code change enough.
_PALE, _PALE_IN_DETAIL, _MOST_GAIN = 132, 190, 3.5
# A picture is looked at smoothed, too, from the first of these on, and from the second in full size and by its colours.
_SMOOTHED, _CLOSELY = 72.0, 90.0
# Detail from which on a small code is looked for that way, too.
_DETAIL_CLOSELY = 45.0
# 21 modules of 2 pixels are the smallest that can be read.
_LEAST_SIDE = 42
# So many pictures of 32 × 32 numbers, and what is made of them, stay in a core's cache.
_PIECE = 16
# Shorter sides at which codes are looked for first; a larger picture is a photograph of one.
_FIRST_SIDE, _LARGEST_SIDE = 300, 1400
_SMALL_SIDE = 220
# Side of a pixel's surroundings, pixels, and how much more clearly it is told what differs from them.
_AROUND, _SHARPER = 15, 4.0
_LONGEST_TEXT = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class _Code(NamedTuple):
    text: str
    share: float
    offset: float


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of every file."""
    import numpy as np

    codes: list[list[_Code]] = [[] for _ in range(len(batch))]
    sides = np.array([_side(facts) for facts in batch.facts])
    coarse = np.concatenate([_coarse(batch.squares[start : start + _PIECE]) for start in range(0, len(batch), _PIECE)])
    gain, in_detail = (_gain(batch.squares, levels) for levels in (_PALE, _PALE_IN_DETAIL))
    coarse *= gain
    is_small = sides < _SMALL
    for number in np.flatnonzero((coarse >= _LEAST_COARSE) & (sides >= _LEAST_SIDE)).tolist():
        texture = _texture(batch, number, float(coarse[number]), float(gain[number]), is_small[number])
        detail = 0.0
        if texture < _CLOSELY and sides[number] >= LEAST_DETAILED:
            detail = _finest(batch.details[number], float(in_detail[number]))
        if texture or detail:
            codes[number] = _look(batch, number, texture, detail)
    largest = [max(found, key=lambda code: code.share) if found else None for found in codes]
    return {
        "code_text": [code and code.text for code in largest],
        "code_share": [code and code.share for code in largest],
        "codes_share": [min(1.0, sum(code.share for code in found)) if found else None for found in codes],
        "code_offset": [code and code.offset for code in largest],
        "codes": [len(found) for found in codes],
    }


def _texture(batch: Batch, number: int, coarse: float, gain: float, is_small: bool) -> float:
    """Return how much a picture changes on the whole; 0 for what is not worth a look."""
    if coarse < (_COARSE_IF_SMALL if is_small else _COARSE):
        return 0.0
    fine = gain * _fine(batch.pictures[number])
    is_blurred = coarse >= _BLURRED_COARSE and fine <= _BLURRED_FINE * coarse
    texture = coarse + _FINE_WEIGHT * fine
    return texture if texture >= (_LOOKED_AT_IF_SMALL if is_small else _LOOKED_AT) or is_blurred else 0.0


def _gain(squares: Floats, most: int) -> Floats:
    """Return by what the changes in each picture count for more that has fewer levels than `most`."""
    import numpy as np

    levels = squares.max(axis=(1, 2)) - squares.min(axis=(1, 2))
    gain: Floats = np.clip(most / np.maximum(levels, 1), 1, _MOST_GAIN)
    return gain


def _coarse(squares: Floats) -> Floats:
    """Return how much each picture changes, in its most code-like window, in the quarter of it that changes least."""
    import numpy as np

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
    least: Floats = np.minimum(halves[:, :, :-2], halves[:, :, 2:]).max(axis=(1, 2)) / 16
    return least


def _fine(picture: Grey) -> float:
    """Return how much a reduced picture changes from pixel to pixel in its most code-like window, in grey levels."""
    import cv2
    import numpy as np

    # Four times what each inner pixel differs by from the mean of its four neighbours.
    change = np.abs(cv2.Laplacian(picture, cv2.CV_16S, ksize=1)[1:-1, 1:-1])
    rows, columns = change.shape
    half = max(3, min(rows, columns) // 10)
    if min(rows, columns) <= 2 * half:
        return float(change.mean() / 4)
    return float(_least_quarters(change, half, cv2.CV_32F).max() / 4)


def _finest(picture: Grey, gain: float) -> float:
    """Return how much a picture changes in detail in its most code-like window, like `_fine`; 0 where that is too little.

    What changes counts for more by `gain`. Its windows have an eighth of the picture's sides, and step by 4 pixels. Half of a
    code is dark, and it changes as much across as down; of text less is dark, and its lines change more downwards.
    """
    import cv2
    import numpy as np

    # Differences along a diagonal are found in a fifth of the time, and most pictures have little of these already.
    if _windows(cv2.absdiff(picture[1:, 1:], picture[:-1, :-1]))[0].max() * gain < _DIAGONAL:
        return 0.0
    least = _DETAIL / gain
    change, side = _windows(cv2.convertScaleAbs(cv2.Laplacian(picture, cv2.CV_16S, ksize=1), alpha=0.25))
    if change.max() < least:
        return 0.0
    window = np.ones((side, side), np.uint8)
    mean, dark, light, across, down = (
        found[: 4 * len(change) : 4, : 4 * change.shape[1] : 4].astype(np.float32)
        for found in (
            cv2.boxFilter(picture, -1, (side, side), anchor=(0, 0)),
            cv2.erode(picture, window, anchor=(0, 0)),
            cv2.dilate(picture, window, anchor=(0, 0)),
            cv2.boxFilter(cv2.absdiff(picture[1:, 1:], picture[1:, :-1]), -1, (side, side), anchor=(0, 0)),
            cv2.boxFilter(cv2.absdiff(picture[1:, 1:], picture[:-1, 1:]), -1, (side, side), anchor=(0, 0)),
        )
    )
    is_even = np.abs((mean - dark) / np.maximum(light - dark, 1) - 0.5) <= _MOST_UNEVEN
    is_even &= np.minimum(across, down) >= _LEAST_SQUARE * np.maximum(across, down)
    most = float(np.where(is_even, change, 0).max())
    return gain * most if most >= least else 0.0


def _windows(change: Any) -> tuple[Grey, int]:
    """Return the least mean of the quarters of windows that step by 4 pixels, and the side of these, pixels."""
    import cv2
    import numpy as np

    for _ in range(2):
        rows, columns = change.shape[0] // 2, change.shape[1] // 2
        change = cv2.resize(change[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA)
    half = max(2, min(rows, columns) // 16)
    if min(rows, columns) <= 2 * half:
        return np.zeros((1, 1), np.uint8), 8 * half
    return _least_quarters(change, half, -1), 8 * half


def _least_quarters(change: Any, half: int, depth: int) -> Any:
    """Return, for each window of twice `half` pixels, the mean of its quarter that changes least, as OpenCV's `depth`."""
    import cv2

    rows, columns = change.shape
    means = cv2.boxFilter(change, depth, (half, half), anchor=(0, 0))[: rows - half + 1, : columns - half + 1]
    pairs = cv2.min(means[:-half], means[half:])
    return cv2.min(pairs[:, :-half], pairs[:, half:])


def _side(facts: Any) -> int:
    return min(int(facts.get("width") or 0), int(facts.get("height") or 0))


def _look(batch: Batch, number: int, texture: float, detail: float) -> list[_Code]:
    """Return the codes of a picture, as they are found in the first of its versions that shows any."""
    closely = texture >= _CLOSELY or detail >= _DETAIL_CLOSELY
    for picture in _versions(batch, number, texture, detail):
        found = _read(picture, closely=closely)
        if found:
            return found
    return []


def _versions(batch: Batch, number: int, texture: float, detail: float) -> Iterator[Grey]:
    """Give versions of a picture in which a code may be read, the cheapest first."""
    import numpy as np

    if not detail and _side(batch.facts[number]) >= LEAST_DETAILED:
        # A code whose modules are too small to be read there changes much in detail.
        yield batch.details[number]
        yield _sharpened(_smoothly_enlarged(batch.details[number]))
        if texture < _SMOOTHED:
            return
    full = _side(batch.facts[number])
    first = batch.grey(number, shorter_side=_halved(full))
    if first is None:
        return
    yield first
    if not detail:  # of 1,432 small codes on photos, blurred, noisy, pale or saved at quality 15 to 40, 3 needed it
        yield _sharpened(first)
    if texture >= _SMOOTHED:
        yield _smoothed(first)
    if texture < _CLOSELY and not detail:
        return
    side = min(first.shape)
    if side < _SMALL_SIDE:
        yield _enlarged(first, 3)
    if full > side:
        larger = batch.grey(number, shorter_side=min(full, _LARGEST_SIDE))
        if larger is not None:
            yield larger
            yield _smoothed(_smoothed(larger))
    if texture >= _CLOSELY and batch.facts[number].get("mode") != "L" and full <= _LARGEST_SIDE:
        colours = batch.rgb(number)
        if colours is not None:
            for channel in range(3):
                yield np.ascontiguousarray(colours[:, :, channel])


def _halved(side: int) -> int:
    """Return the shorter side to look at first, of a picture of this one: libjpeg halves fast, and is slow in between."""
    while side >= 2 * _FIRST_SIDE:
        side //= 2
    return side


def _enlarged(picture: Grey, times: int) -> Grey:
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def _smoothly_enlarged(picture: Grey) -> Grey:
    """Return a picture twice as large: a reader needs so many pixels of a module to find a blurred one."""
    import cv2
    import numpy as np

    return np.asarray(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))


def _sharpened(picture: Grey) -> Grey:
    """Return a picture with what differs from its surroundings told from them: a reader finds no edge in a blurred code."""
    import cv2
    import numpy as np

    around = cv2.blur(picture, (_AROUND, _AROUND))
    return np.asarray(cv2.addWeighted(picture, 1 + _SHARPER, around, -_SHARPER, 0))


def _smoothed(picture: Grey) -> Grey:
    """Return a picture in which each pixel is the mean of its 3 × 3 neighbours."""
    import cv2
    import numpy as np

    return np.asarray(cv2.blur(picture, (3, 3), borderType=cv2.BORDER_REPLICATE))


def _read(picture: Grey, *, closely: bool) -> list[_Code]:
    import numpy as np
    import zxingcpp

    try:
        found = zxingcpp.read_barcodes(
            np.ascontiguousarray(picture),
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
            try_rotate=False,
            try_downscale=closely,
        )
        return [_code(one, picture.shape) for one in found if one.valid]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - around a decoder: what it stumbles over is no code
        return []


def _code(found: Any, shape: tuple[int, ...]) -> _Code:
    corners = [
        found.position.top_left,
        found.position.top_right,
        found.position.bottom_right,
        found.position.bottom_left,
    ]
    points = [(corner.x, corner.y) for corner in corners]
    around = zip(points, [*points[1:], points[0]], strict=True)
    area = abs(sum(x * v - u * y for (x, y), (u, v) in around)) / 2
    rows, columns = shape[:2]
    across, down = sum(x for x, _y in points) / 4 / columns, sum(y for _x, y in points) / 4 / rows
    text = _CONTROL.sub(" ", str(found.text)).strip()
    return _Code(
        text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…",
        min(1.0, area / (rows * columns)),
        min(1.0, 2 * max(abs(across - 0.5), abs(down - 0.5))),
    )
