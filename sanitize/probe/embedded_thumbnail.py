"""Reads the thumbnail that a file carries, and tells how like its picture it is."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sanitize.probe import containers, jpeg_segments
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
# No search for turns or crops is worth while above.
_ALIKE = 0.75
# A picture may show so much less of a scene than its thumbnail, or the other way round.
_ZOOMS = (1.04, 1.08, 1.12, 1.17, 1.22, 1.28)
# A crop to another shape takes off less than half, but for a thumbnail that is cut of a long picture. With that for all
# comparisons, of 42 pictures of 1:3 in each of which the thumbnail of another stands with bars, 26 were told, and not 39.
_MOST_WIDER, _MOST_OF_LONG = 2.0, 7.0
_LEAST_SIDE = 16
# A thumbnail is decoded no smaller.
_DECODED_SIDE = 48
_MOST_PIXELS = 1 << 22


def read(data: bytes, content: str, start: jpeg_segments.Start | None) -> tuple[int, int, Grey] | None:
    """Return width, height and pixels (rows × columns × RGB, 0 to 255, maybe reduced) of a file's thumbnail, or None.

    `start` are the segments of a JPEG before its first scan. Never raises, whatever the bytes.
    """
    if start:
        return _of_jpeg(data, start[0])
    walk, kind = _CHUNKS.get(content, (None, b""))
    for name, begin, end in walk(data) if walk else ():
        if name == kind:
            return _of_exif(data[begin:end].removeprefix(b"Exif\0\0"))
    return None


#: Formats that keep EXIF data in a chunk: what walks them, and its name.
_CHUNKS: dict[str, tuple[Callable[[bytes], list[tuple[bytes, int, int]]], bytes]] = {
    "png": (containers.png_chunks, b"eXIf"),
    "webp": (containers.riff_chunks, b"EXIF"),
}


def _of_jpeg(data: bytes, segments: Sequence[jpeg_segments.Segment]) -> tuple[int, int, Grey] | None:
    for marker, start, end in segments:
        if marker == jpeg_segments.APP1 and data.startswith(b"Exif\0\0", start):
            found = _of_exif(data[start + 6 : end])
        elif marker == jpeg_segments.APP0 and end - start > 16:
            found = _of_jfif(data[start:end])
        else:
            continue
        if found is not None:
            return found
    return None


def similarity(picture: Grey, thumbnail: Grey) -> float | None:
    """Return how much alike a picture (rows × columns) and a thumbnail (rows × columns × RGB) are, -1 to 1.

    None where either is too small to tell, or flat, unless the picture is and the thumbnail clearly is not.
    """
    grey = thumbnail @ np.array([0.299, 0.587, 0.114], np.float32)
    if min(*picture.shape, *grey.shape) < _LEAST_SIDE:
        return None
    shown, small = _spread(picture), _spread(grey)
    if small < _FLAT or (shown < _FLAT and _spread(_within_edges(grey)) < max(_DETAILED, _TIMES * shown)):
        return None
    best = -1.0
    for value in _comparisons(picture, thumbnail, grey):
        best = max(best, value)
        if best >= _ALIKE:
            break
    return round(best, 4)


def _spread(picture: Grey) -> float:
    return float(_detail(_square(picture)).std()) if min(picture.shape) >= _LEAST_SIDE else 0.0


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


_WIDTH, _HEIGHT, _COMPRESSION, _COLORS, _STRIPS, _CHANNELS, _STRIP_SIZES, _JPEG, _JPEG_SIZE = (
    0x100, 0x101, 0x103, 0x106, 0x111, 0x115, 0x117, 0x201, 0x202,
)  # fmt: skip


def _of_exif(block: bytes) -> tuple[int, int, Grey] | None:
    """Read the thumbnail that the second directory of EXIF data points at: a JPEG, or one strip of RGB."""
    tags = _second_directory(block)
    start, size = tags.get(_JPEG, 0), tags.get(_JPEG_SIZE, 0)
    if start and size:
        return _decoded(block[start : start + size])
    start, size = tags.get(_STRIPS, 0), tags.get(_STRIP_SIZES, 0)
    if start and tags.get(_COMPRESSION, 1) == 1 and tags.get(_COLORS) == 2 and tags.get(_CHANNELS, 3) == 3:
        return _raw(block[start : start + size], tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0))
    return None


def _second_directory(block: bytes) -> dict[int, int]:
    """Return the tags of the second directory that hold one number."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return {}
    tags = {}
    try:
        (first,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, first)
        (second,) = struct.unpack_from(order + "I", block, first + 2 + 12 * count)
        if second:
            (count,) = struct.unpack_from(order + "H", block, second)
            for at in range(second + 2, second + 2 + 12 * count, 12):
                tag, kind, length = struct.unpack_from(order + "HHI", block, at)
                if length == 1 and kind in (3, 4):
                    (tags[tag],) = struct.unpack_from(order + ("H" if kind == 3 else "I"), block, at + 8)
    except struct.error:
        pass
    return tags


def _of_jfif(block: bytes) -> tuple[int, int, Grey] | None:
    """Read the thumbnail of a JFIF segment (RGB), or of its extension (JPEG or RGB)."""
    if block.startswith(b"JFIF\0") and block[12] and block[13]:
        return _raw(block[14:], block[12], block[13])
    if block.startswith(b"JFXX\0\x10"):
        return _decoded(block[6:])
    if block.startswith(b"JFXX\0\x13"):
        return _raw(block[8:], block[6], block[7])
    return None


def _raw(pixels: bytes, width: int, height: int) -> tuple[int, int, Grey] | None:
    needed = width * height * 3
    if not 0 < needed <= min(len(pixels), _MOST_PIXELS):
        return None
    values = np.frombuffer(pixels, np.uint8, needed).reshape(height, width, 3)
    return width, height, values.astype(np.float32)


def _decoded(data: bytes) -> tuple[int, int, Grey] | None:
    import simplejpeg  # decoders are imported where they decode

    header = jpeg_segments.read_header(data) if data[:2] == b"\xff\xd8" else None
    if header is None or not 0 < header.width * header.height <= _MOST_PIXELS or not header.scan:
        return None
    try:
        pixels = simplejpeg.decode_jpeg(
            data, "RGB", fastupsample=True, min_height=_DECODED_SIDE, min_width=_DECODED_SIDE
        )
    except ValueError:
        return None
    return header.width, header.height, pixels.astype(np.float32)
