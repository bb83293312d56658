"""The files of a batch whose pictures came out, as the measurements of rules see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from sanitize.probe import seen

#: Side of a square, in pixels: enough for a hash of 16 × 16 coefficients.
SIDE = 32

Grey = npt.NDArray[np.uint8]
Squares = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Batch:
    """Files that decode, each with its bytes, its core facts and its reduced picture."""

    data: Sequence[bytes]  #: the whole files
    facts: Sequence[Mapping[str, object]]  #: `facts.PROBE_COLUMNS` of each, as far as they apply
    pictures: Sequence[Grey]
    """Grey, rows × columns, as stored (not turned); the shorter side has at least 32 pixels where the picture itself has."""

    def __len__(self) -> int:
        return len(self.data)

    @cached_property
    def squares(self) -> Squares:
        """Files × 32 × 32, 0 to 255: each reduced picture as seen (turned by its orientation), averaged over areas."""
        squares = np.empty((len(self), SIDE, SIDE), np.float32)
        for square, picture, facts in zip(squares, self.pictures, self.facts, strict=True):
            rows, columns = picture.shape
            stored = areas(rows, SIDE) @ picture.astype(np.float32) @ areas(columns, SIDE).T
            square[:] = seen.turned(stored, facts.get("orientation"))
        return squares

    def grey(self, number: int, *, shorter_side: int | None = None) -> Grey | None:
        """Decode a picture again, in grey and as stored, with at least so many pixels on its shorter side.

        In full size without `shorter_side`. None where it cannot be told.
        """
        return seen.grey(self.data[number], self.facts[number], shorter_side=shorter_side)

    def rgb(self, number: int) -> npt.NDArray[np.uint8] | None:
        """Decode a picture again, in full size and as seen, rows × columns × 3; None where it cannot be told."""
        return seen.rgb(self.data[number], self.facts[number])


@lru_cache(maxsize=4096)
def areas(length: int, pieces: int) -> Squares:
    """Return the matrix, pieces × length, that averages a line of pixels into equal pieces."""
    edges = np.arange(pieces + 1) * (length / pieces)
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    matrix: Squares = (np.clip(overlap, 0, None) * (pieces / length)).astype(np.float32)
    return matrix
