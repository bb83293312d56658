"""Finds all pairs of 64-bit hashes that differ in a few bits.

The bits are cut into bands. Two hashes that differ in at most *d* bits agree in all but *d* of the bands, so whoever
sorts the hashes by each choice of that many bands meets every pair among neighbours: nothing is missed. More bands give
more choices, but fewer chance neighbours in each; their number is chosen by what it costs for these hashes, as real ones
are far from random (multi-index hashing, Norouzi et al., CVPR 2012, with several bands a key).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from sanitize import cores
from sanitize.copies.bit_order import BITS, Bits, Hashes, Order, mask

# So few are compared each with each; neighbours of equal key above which those are, and comparisons at a time.
_FEW, _LONG, _BLOCK = 1_000, 2_048, 1 << 21
# From so many hashes on the choices are searched by several threads.
_MANY = 1 << 15
# Hashes at a time that are compared with those a step behind, in a cache; in a part fewer than this, one by one.
_PIECE, _SPARSE = 1 << 15, 8
# Choices of bands at most, and what a hash costs in a table, in pairs.
_MOST_TABLES, _COST_OF_HASH = 1_000, 50
# One of so many hashes, but no fewer than so many, stand for all when costs are guessed.
_SAMPLED, _LEAST_SAMPLE = 16, 1 << 12

Numbers = npt.NDArray[np.int64]
Pairs = tuple[Numbers, Numbers]
#: Pairs that are found, which may be dozens for each of a million hashes.
Near = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


def pairs(hashes: Hashes, distance: int, *, most: int | None = None) -> Near:
    """Return the pairs of numbers `first` < `second` of hashes that differ in at most `distance` of their 64 bits.

    The hashes are ascending and distinct; the pairs are in order. With `most` a hash is the second of about so many
    pairs only, whatever their number: where thousands are alike, as in a film, all pairs are millions of times more than
    there are hashes. Raises ValueError for hashes in another order.
    """
    if (hashes[1:] <= hashes[:-1]).any():
        raise ValueError("hashes must be ascending and distinct")
    found = _Found(len(hashes), most)
    if distance >= BITS // 2 or len(hashes) <= _FEW:
        found.extend(_compare_blocks(hashes, np.arange(len(hashes)), distance, found))
        return found.pairs()
    bands = _choose(hashes, distance)
    choices = itertools.combinations(range(len(bands)), len(bands) - distance)
    near = partial(_neighbours, hashes, bands, distance=distance, found=found)
    if len(hashes) < _MANY:
        # Threads would wait for each other longer than they work, and take longer to import.
        for chunks in map(near, choices):
            found.extend(chunks)
        return found.pairs()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(cores.usable()) as threads:
        for chunks in threads.map(near, choices):
            found.extend(chunks)
    return found.pairs()


def search(unordered: Hashes, distance: int, *, most: int) -> Near:
    """Return the pairs of places of near hashes as `pairs` does, which may be in any order and some of them equal.

    Of equal hashes the first `most` stand for all, and each place is the second of about so many pairs.
    """
    order = np.argsort(unordered, kind="stable").astype(np.int32)
    hashes, starts, counts = np.unique(unordered[order], return_index=True, return_counts=True)
    first, second = pairs(hashes, distance, most=most)
    if len(hashes) == len(order):
        return order[first], order[second]
    sizes = np.minimum(counts, most).astype(np.int32)
    # Each hash that is the second of a pair meets so many places in all, not of each of its partners.
    second, first = _unpacked(np.sort(_packed(second, first)))
    of_first = sizes[first]
    met = np.cumsum(of_first, dtype=np.int64) - of_first
    met -= met[np.searchsorted(second, second)]
    taken = np.clip(most - met, 0, of_first).astype(np.int32)
    del met, of_first
    several = np.flatnonzero(counts > 1)
    first, second = (np.r_[some, several].astype(np.int32) for some in (first, second))
    taken = np.r_[taken, sizes[several]]
    combined = taken * sizes[second]
    found = [(order[:0], order[:0])]
    for some in _parts(combined):
        which = np.repeat(np.arange(some.start, some.stop), combined[some])
        within = np.arange(len(which)) - np.repeat(np.cumsum(combined[some]) - combined[some], combined[some])
        one = starts[first[which]] + within // sizes[second[which]]
        other = starts[second[which]] + within % sizes[second[which]]
        found.append((order[one[one < other]], order[other[one < other]]))
    return _joined(found)


def _parts(counts: Numbers) -> Iterator[slice]:
    """Give parts of which each counts about _BLOCK in all."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    cuts = np.unique(np.r_[0, np.searchsorted(ends, np.arange(_BLOCK, total, _BLOCK)), len(counts)])
    yield from itertools.starmap(slice, itertools.pairwise(cuts.tolist()))


def _packed(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> Numbers:
    """Return pairs of numbers as one number each: half of their memory, and sorted in a third of the time."""
    return high.astype(np.int64) << 32 | low


def _unpacked(pairs: Numbers) -> Near:
    return (pairs >> 32).astype(np.int32), pairs.astype(np.int32)


class _Found:
    """Pairs as they are found."""

    def __init__(self, count: int, most: int | None) -> None:
        self.most = most
        #: Whether many hashes need no more partners.
        self.is_filling = False
        self._chunks: list[Numbers] = [np.zeros(0, np.int64)]
        self._seconds = np.zeros(count if most else 0, np.int64)

    def extend(self, chunks: Iterable[Pairs]) -> None:
        """Take the pairs for which there is room."""
        for first, second in chunks:
            room = self._room(first, second) if self.most and len(second) else slice(None)
            if len(second):
                self._chunks.append(_packed(first[room], second[room]))
        if self.most:
            full = np.count_nonzero(self._seconds >= self.most)
            self.is_filling = bool(full > len(self._seconds) // _SPARSE)

    def closed(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        """Return which hashes need not be the second of another pair."""
        return self._seconds[numbers] >= self.most if self.most else np.zeros(len(numbers), np.bool_)

    def pairs(self) -> Near:
        """Return all pairs, in order."""
        found = np.concatenate(self._chunks)
        found.sort()
        return _unpacked(found)

    def _room(self, first: Numbers, second: Numbers) -> Numbers:
        order = np.lexsort((first, second))
        ordered = second[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
        taken = order[self._seconds[ordered] + rank < (self.most or 0)]
        np.add.at(self._seconds, second[taken], 1)
        return taken


def _choose(hashes: Hashes, distance: int) -> list[Bits]:
    """Return the bands, from the lowest bits on, with which the search is likely to cost least."""
    chance = random.Random(0)  # NumPy's is slow to import
    size = max(_LEAST_SAMPLE, len(hashes) // _SAMPLED)
    sample = hashes if len(hashes) <= size else hashes[chance.sample(range(len(hashes)), size)]
    scale = (len(hashes) / len(sample)) ** 2
    best: list[Bits] = []
    least = math.inf
    for count in range(distance + 1, BITS + 1):
        tables = math.comb(count, distance)
        if tables > _MOST_TABLES and best:
            break
        bands = list(itertools.pairwise(round(number * BITS / count) for number in range(count + 1)))
        compared = []
        for _ in range(3):
            chosen = chance.sample(bands, count - distance)
            _keys, sizes = np.unique(sample & np.uint64(sum(map(mask, chosen))), return_counts=True)
            compared.append(float((sizes * (sizes - 1.0)).sum()) / 2)
        cost = tables * (len(hashes) * _COST_OF_HASH + scale * max(compared))
        if cost < least:
            best, least = bands, cost
    return best


def _neighbours(
    hashes: Hashes, bands: Sequence[Bits], chosen: Sequence[int], distance: int, found: _Found
) -> Iterator[Pairs]:
    """Return the near pairs that agree in the chosen bands, and in no earlier choice."""
    order = Order([bands[band] for band in chosen])
    # The chosen bits come first, so that equal ones are neighbours, the others as they were, so that these are in the order
    # of their numbers; in which order the bits stand changes no distance.
    moved = np.sort(order.move(hashes))
    starts = np.flatnonzero(np.r_[True, (moved[1:] ^ moved[:-1]) >= np.uint64(1 << BITS - order.key_bits)])
    lengths = np.diff(np.r_[starts, len(moved)])
    # How many come before each in its run; none where the run is long, or the hash needs no more partners.
    before = np.arange(len(moved), dtype=np.int32) - np.repeat(starts.astype(np.int32), lengths)
    before[np.repeat(lengths > _LONG, lengths)] = 0
    if found.is_filling:
        before[found.closed(np.searchsorted(hashes, order.back(moved)))] = 0
    numbered = [
        _numbered(hashes, bands, chosen, order.back(moved[one]), order.back(moved[other]))
        for one, other in _gathered(_within_short_runs(moved, before, distance, found.most))
    ]
    long = lengths > _LONG
    if not long.any():
        return iter(numbered)
    runs = zip(starts[long], lengths[long], strict=True)
    in_long = (np.searchsorted(hashes, order.back(moved[at : at + length])) for at, length in runs)
    return itertools.chain(numbered, _within_long_runs(hashes, in_long, bands, chosen, distance, found))


def _within_short_runs(
    moved: Hashes, before: npt.NDArray[np.int32], distance: int, most: int | None
) -> Iterator[Pairs]:
    """Give the places of near pairs, each with so many before it; of one place no more than `most`, if given."""
    differs, bits, near = np.empty(_PIECE, np.uint64), np.empty(_PIECE, np.uint8), np.empty(_PIECE, np.bool_)
    for start in range(0, len(moved), _PIECE):
        reach = before[start : start + _PIECE].copy()
        partners = np.zeros(len(reach), np.int32)
        for step in range(1, int(reach.max()) + 1):
            if step & (step - 1) == 0 and np.count_nonzero(reach >= step) < len(reach) // _SPARSE:
                yield from _at_places(moved, start, reach, partners, step, distance, most)
                break
            low, end = max(start, step), start + len(reach)
            size = end - low
            # Pairs that cross into another run are compared too: that is less work than to tell which do.
            np.bitwise_xor(moved[low:end], moved[low - step : end - step], out=differs[:size])
            np.bitwise_count(differs[:size], out=bits[:size])
            np.less_equal(bits[:size], distance, out=near[:size])
            hits = np.flatnonzero(near[:size]) + (low - start)
            hits = hits[reach[hits] >= step]
            if len(hits):
                _close(reach, partners, hits, most)
                yield hits + (start - step), hits + start


def _at_places(
    moved: Hashes,
    start: int,
    reach: npt.NDArray[np.int32],
    partners: npt.NDArray[np.int32],
    step: int,
    distance: int,
    most: int | None,
) -> Iterator[Pairs]:
    """Give the places of near pairs from a step on, in a piece in which few have so many before them."""
    places = np.flatnonzero(reach >= step)
    while len(places):
        hits = places[np.bitwise_count(moved[places + start] ^ moved[places + (start - step)]) <= distance]
        if len(hits):
            _close(reach, partners, hits, most)
            yield hits + (start - step), hits + start
        step += 1
        places = places[reach[places] >= step]


def _close(reach: npt.NDArray[np.int32], partners: npt.NDArray[np.int32], hits: Numbers, most: int | None) -> None:
    """Count the partners of places, and let those that have enough of them reach no further.

    Pairs that an earlier choice has met count too: that choice has kept them, or enough others.
    """
    if most:
        partners[hits] += 1
        reach[hits[partners[hits] >= most]] = 0


def _gathered(pairs: Iterable[Pairs]) -> Iterator[Pairs]:
    """Give pairs in parts of about _BLOCK."""
    parts: list[Pairs] = []
    count = 0
    for pair in pairs:
        parts.append(pair)
        count += len(pair[0])
        if count >= _BLOCK:
            yield _joined(parts)
            parts, count = [], 0
    if parts:
        yield _joined(parts)


def _joined(parts: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    first, second = (np.concatenate(part) for part in zip(*parts, strict=True))
    return first, second


def _within_long_runs(
    hashes: Hashes,
    runs: Iterable[Numbers],
    bands: Sequence[Bits],
    chosen: Sequence[int],
    distance: int,
    found: _Found,
) -> Iterator[Pairs]:
    """Give the near pairs of runs of equal keys, each compared with each, run by run."""
    for numbers in runs:
        for first, second in _compare_blocks(hashes, numbers, distance, found):
            yield _numbered(hashes, bands, chosen, hashes[first], hashes[second])


def _numbered(hashes: Hashes, bands: Sequence[Bits], chosen: Sequence[int], one: Hashes, other: Hashes) -> Pairs:
    """Return the numbers of pairs that no earlier choice has met: those whose first bands that agree are the chosen."""
    differs = one ^ other
    new = np.ones(len(differs), np.bool_)
    for band in range(chosen[-1]):
        if band not in chosen:
            new &= (differs & np.uint64(mask(bands[band]))) != 0
    one, other = one[new], other[new]
    return np.searchsorted(hashes, np.minimum(one, other)), np.searchsorted(hashes, np.maximum(one, other))


def _compare_blocks(hashes: Hashes, numbers: Numbers, distance: int, found: _Found) -> Iterator[Pairs]:
    """Give the near pairs of some hashes, in ascending order of their numbers, each compared with each."""
    rows = max(1, _BLOCK // max(1, len(numbers)))
    for start in range(0, len(numbers), rows):
        some, others = numbers[start : start + rows], numbers[start:]
        others = others[~found.closed(others)]
        at, of = np.nonzero(np.bitwise_count(hashes[some][:, None] ^ hashes[others]) <= distance)
        first, second = some[at], others[of]
        later = first < second
        yield first[later], second[later]
