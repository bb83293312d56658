"""Times the search for near hashes."""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks import tables
from sanitize.copies import alike, hamming
from sanitize.copies.nearness import MOST_PARTNERS

Hashes = npt.NDArray[np.uint64]


def _uniform(count: int, chance: np.random.Generator) -> Hashes:
    return chance.integers(0, 1 << 64, count, np.uint64)


def _biased(count: int, chance: np.random.Generator) -> Hashes:
    """Each bit is 1 in 30 to 70 of 100 hashes; in real ones it is 48 to 55, but for the first."""
    hashes = np.zeros(count, np.uint64)
    for bit, share in enumerate(chance.uniform(0.3, 0.7, 64)):
        hashes |= (chance.random(count) < share).astype(np.uint64) << np.uint64(bit)
    return hashes


def _clustered(count: int, chance: np.random.Generator) -> Hashes:
    """A hundred variants of each picture, with up to 23 bits flipped: films, bursts, crops of one photo."""
    hashes = _uniform(max(1, count // 100), chance)[chance.integers(0, max(1, count // 100), count)]
    flips = chance.integers(0, 24, count)
    for flip in range(23):
        other = hashes ^ (np.uint64(1) << chance.integers(0, 64, count, np.uint64))
        hashes = np.where(flip < flips, other, hashes)
    return hashes


KINDS: dict[str, Callable[[int, np.random.Generator], Hashes]] = {
    "uniform": _uniform,
    "biased": _biased,
    "clustered": _clustered,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hamming", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000, help="of hashes (default: a million)")
    count = parser.parse_args().count
    rows = []
    for kind, make in KINDS.items():
        hashes = np.unique(make(count, np.random.default_rng(0)))
        wall, cpu = time.monotonic(), time.process_time()
        first, _second = hamming.pairs(hashes, alike.DISTANCE, most=MOST_PARTNERS)
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append([kind, f"{len(hashes):,}", f"{wall:.1f}", f"{cpu:.1f}", f"{len(first):,}", f"{peak:,.0f}"])
    title = f"Pairs of hashes that differ in at most {alike.DISTANCE} bits, on {os.cpu_count()} cores"
    tables.show(title, ["hashes", "count", "wall s", "user+system s", "pairs", "peak MB of the process so far"], rows)


if __name__ == "__main__":
    main()
