"""Next to nothing is to be seen.

A wall, a card with a small mark, faint noise on grey: nearly all of the picture has a few levels, and hardly anything in it has
an edge. Averaged to 32 × 32, its levels have less than `entropy` bits and less than `edges` of its pixels differ from
those beside them; and in detail, less than `fine-edges` do so clearly. Lines, letters, goods on white, letter-boxed frames
and screenshots have few levels too, but edges, as have stars in a night sky; a clear sky has no edges, but many levels.
A subject that takes up less than a tenth of the side of an even ground is next to nothing. In a folder where at least half
are lossless pictures of numbers instead of 8-bit levels (16 or 32 bits of one channel, floats or single bits) or masks,
these are not judged unless they have labels.

Take it out where nothing of its label is to be seen. Where little is meant to be seen, as of faint spots under a
microscope, lower `entropy` or `edges`, or accept such pictures in a baseline.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.statistics import COLUMNS, EDGES, ENTROPY, VERSION, measure  # noqa: F401
from sanitize.shown import judged

SEVERITY = Severity.WARNING
# The first two as far as what is compared with them is measured.
LIMITS = {"entropy": (0, ENTROPY), "edges": (0, EDGES), "fine_edges": (0, 1)}


def find(dataset: Dataset, *, entropy: float = 3.0, edges: float = 0.015, fine_edges: float = 0.002) -> pl.LazyFrame:
    """Find pictures of less than `entropy` bits (4 at most) with a share of less than `edges` (0.05) at an edge."""
    return (
        judged(dataset)
        .filter((pl.col("entropy") < entropy) & (pl.col("edges") < edges) & (pl.col("fine_edges") < fine_edges))
        .select(
            "file",
            message=pl.format(
                "next to nothing to be seen: {} bits of 8, and edges in {} % of the picture",
                pl.col("entropy").round(1),
                (pl.col("edges") * 100).round(1),
            ),
            entropy=pl.col("entropy").round(2),
            edges=pl.col("edges").round(4),
            fine_edges=pl.col("fine_edges").round(5),
        )
    )
