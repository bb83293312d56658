"""Puts the bits of 64-bit hashes into another order, so that hashes that agree in some of them are neighbours once sorted."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

#: Bits of a hash.
BITS = 64

Hashes = npt.NDArray[np.uint64]
#: Bits `low` to `high` of a hash, the lowest of which is 0; `high` is one beyond the last.
Bits = tuple[int, int]


class Order:
    """An order of the bits in which some come first."""

    def __init__(self, keys: Sequence[Bits]) -> None:
        #: How many come first.
        self.key_bits = sum(high - low for low, high in keys)
        borders = sorted({0, BITS, *itertools.chain.from_iterable(keys)})
        segments = list(itertools.pairwise(borders))[::-1]
        first = [part for part in segments if any(low <= part[0] < high for low, high in keys)]
        self._moves: list[tuple[Bits, int]] = []
        place = BITS
        for low, high in [*first, *(part for part in segments if part not in first)]:
            place -= high - low
            self._moves.append(((low, high), place))

    def move(self, hashes: Hashes) -> Hashes:
        """Return hashes with their bits in this order."""
        moved = np.zeros_like(hashes)
        for bits, place in self._moves:
            moved |= _shifted(hashes & np.uint64(mask(bits)), place - bits[0])
        return moved

    def back(self, moved: Hashes) -> Hashes:
        """Return hashes with their bits in the usual order."""
        hashes = np.zeros_like(moved)
        for (low, high), place in self._moves:
            hashes |= _shifted(moved & np.uint64(mask((place, place + high - low))), low - place)
        return hashes


def _shifted(hashes: Hashes, places: int) -> Hashes:
    return hashes << np.uint64(places) if places >= 0 else hashes >> np.uint64(-places)


def mask(bits: Bits) -> int:
    """Return a number that has these bits alone."""
    low, high = bits
    return (1 << high) - (1 << low)
