"""Tells pictures that came out of a JPEG from drawings that never were in one, by their blocks of 8 × 8 pixels and by shades."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.probe.batch import Grey

#: Side of a JPEG's block, pixels; those of one or of two make up a row.
BLOCK = 8
#: A block shows something if its levels are so far apart.
_SHOWS = 32
#: Blocks that are looked at, evenly spread, and the least that tell anything.
_MOST_BLOCKS, _LEAST_BLOCKS = 4000, 4
#: Second differences count as no more than so many levels: edges of things are as strong at any place.
_STRONG = 6.0
#: Levels by which the jump where blocks meet is larger than at any other distance. By chance it is larger in 13 of 100 photos
#: that were scaled, and by so much in 2; of JPEGs that were saved again, but not as WebP, in 91 and 87.
_LEAST_MORE = 0.12
#: What was drawn on a picture is even: its neighbours differ by less than this share of what those above it do.
_EVEN = 0.25


class Texture(NamedTuple):
    """What the blocks of a picture have in common, as shares, 0 to 1."""

    #: Blocks that show something, of all.
    shown: float
    #: Pixels of the level that is most frequent in a block, of its 64; the median of blocks that show something.
    even: float
    #: Blocks equal to another, of those that show something.
    alike: float


def texture(picture: Grey) -> Texture:
    """Return what the blocks of a picture, rows × columns, have in common; nothing is even or alike where few show something.

    Where something is to be seen in a block, rounded coefficients leave ripples: in the median block of 1,100 photos that were
    JPEGs 10 of 64 pixels have one level at most, of pages of text at quality 95 26, of thin lines 37, and of drawings that
    never were compressed, but for some with soft shades, 39 and more.
    """
    rows, columns = (length // BLOCK * BLOCK for length in picture.shape)
    tiles = picture[:rows, :columns].reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK).swapaxes(1, 2)
    blocks = np.ascontiguousarray(tiles).reshape(-1, BLOCK * BLOCK)
    blocks = blocks[:: -(-len(blocks) // _MOST_BLOCKS) or 1]
    showing = np.sort(blocks[np.ptp(blocks, axis=1) >= _SHOWS], axis=1) if len(blocks) else blocks
    if len(showing) < _LEAST_BLOCKS:
        return Texture(len(showing) / max(1, len(blocks)), 0, 0)
    counts = np.unique(showing, axis=0, return_counts=True)[1]
    alike = int(counts[counts > 1].sum()) / len(showing)
    return Texture(len(showing) / len(blocks), float(np.median(_longest(showing))) / BLOCK**2, alike)


def _longest(rows: Grey) -> npt.NDArray[np.intp]:
    """Return, of each sorted row, how often its most frequent level is there."""
    run = np.ones(len(rows), np.intp)
    longest = run.copy()
    for before, level in zip(rows.T, rows.T[1:], strict=False):
        run = np.where(level == before, run + 1, 1)
        np.maximum(longest, run, out=longest)
    return longest


def is_even(picture: Grey, rows: int, *, above: int) -> bool:
    """Tell whether the neighbours in the lowest `rows` of a picture differ far less than those in so many rows above them do."""
    steps = np.abs(np.diff(picture.astype(np.int16), axis=1))
    usual = float(steps[-rows - above : -rows].mean())
    return usual > 1 and float(steps[-rows:].mean()) < _EVEN * usual


def has_edges_of_blocks(picture: Grey) -> bool:
    """Tell whether neighbours of a picture, rows × columns, jump clearly more where blocks of a JPEG meet than elsewhere."""
    jumps = _by_phase(picture) + _by_phase(picture.T)
    return bool(jumps[0] > jumps[1:].max() + _LEAST_MORE)


def _by_phase(picture: Grey) -> npt.NDArray[np.float64]:
    """Return, of each place in a block, how much more neighbours differ there than on either side of it, in the median column."""
    jumps = np.zeros(BLOCK)
    if picture.shape[1] >= 3 * BLOCK:
        steps = np.abs(np.diff(picture.astype(np.int16), axis=1)).astype(np.float32)
        more = np.clip(steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2, -_STRONG, _STRONG).mean(axis=0)
        # The first of them is that between columns 1 and 2.
        for place in range(BLOCK):
            jumps[place] = np.median(more[(place - 2) % BLOCK :: BLOCK])
    return jumps
