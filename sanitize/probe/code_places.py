"""Tells where in a picture its QR codes are, and which of them matter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Codes that fill so much of the rectangle around them stand side by side, if none is less than so much of the largest: two or
# more in a row with a gap of their width fill two thirds, and two in corners of a photo a few per cent.
_FILLED, _ALIKE = 0.55, 0.5
# So many codes nearest to the centre are compared, each with each and again where two are one.
_MOST = 48


class Code(NamedTuple):
    """A QR code, or several that stand side by side."""

    text: str  #: cut, and without control characters; of several that of the largest
    share: float  #: of the picture's area, 0 to 1
    offset: float  #: of its centre from the picture's, in half a width or height, whichever is more: 0 to 1
    around: tuple[
        float, float, float, float
    ]  #: the rectangle around it: left, top, right, bottom, as shares of the picture's sides
    number: int = 1  #: of codes


def place(text: str, corners: Sequence[tuple[float, float]], shape: tuple[int, ...]) -> Code:
    """Return the code between four corners (x, y), in their order around it, of a picture of a shape (rows, columns)."""
    points = [(x / shape[1], y / shape[0]) for x, y in corners]
    edges = zip(points, [*points[1:], points[0]], strict=True)
    share = abs(sum(x * v - u * y for (x, y), (u, v) in edges)) / 2
    across, down = zip(*points, strict=True)
    offset = _offset(sum(across) / len(across), sum(down) / len(down))
    return Code(text, min(1.0, share), offset, (min(across), min(down), max(across), max(down)))


def share(codes: Iterable[Code]) -> float:
    """Return the share of the picture's area that codes have together."""
    return sum(code.share for code in codes)


def ahead(codes: Iterable[Code]) -> str:
    """Return, as JSON, the codes than which none is both larger and nearer to the centre: `text`, `share`, `offset`, `number`.

    Those side by side are one more. So any share and offset that one of all meets is met by one of these.
    """
    ordered = sorted(codes, key=lambda code: code.offset)
    every = {*ordered, *_side_by_side(ordered[:_MOST])}
    front: list[Code] = []
    for code in sorted(every, key=lambda code: (-code.share, code.offset, code.number)):
        if not front or code.offset < front[-1].offset:
            front.append(code)
    return json.dumps([{"text": c.text, "share": c.share, "offset": c.offset, "number": c.number} for c in front])


def _side_by_side(codes: Sequence[Code]) -> list[Code]:
    """Return groups of codes that stand side by side, as one each."""
    groups: list[list[Code]] = [[code] for code in codes]
    pairs = ((one, other) for one in range(len(groups)) for other in range(one))
    while joined := next(((one, other) for one, other in pairs if _fills([*groups[other], *groups[one]])), None):
        one, other = joined
        groups[other] += groups.pop(one)
        pairs = ((one, other) for one in range(len(groups)) for other in range(one))
    return [_as_one(group) for group in groups if len(group) > 1]


def _fills(codes: Sequence[Code]) -> bool:
    left, top, right, bottom = _around(codes)
    shares = [code.share for code in codes]
    return min(shares) >= _ALIKE * max(shares) and sum(shares) >= _FILLED * (right - left) * (bottom - top)


def _as_one(codes: Sequence[Code]) -> Code:
    left, top, right, bottom = around = _around(codes)
    offset = _offset((left + right) / 2, (top + bottom) / 2)
    largest = max(codes, key=lambda code: code.share)
    return Code(largest.text, min(1.0, share(codes)), offset, around, len(codes))


def _around(codes: Sequence[Code]) -> tuple[float, float, float, float]:
    lefts, tops, rights, bottoms = zip(*(code.around for code in codes), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _offset(across: float, down: float) -> float:
    return min(1.0, 2 * max(abs(across - 0.5), abs(down - 0.5)))
