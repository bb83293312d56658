"""The file holds other bytes than before, though its size and time of change are the same.

A disk, a network or a copying program has lost bits, or somebody has put another file in its place and set the time back.
Scans find it with `--rehash`, which reads files that seem unchanged, or whenever such a file is read for another reason.
Compare with a backup: the same bytes as before, or another time of change, which says that the change was meant
(`touch FILE`), end it. Nothing else does, but accepting it with a baseline.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True
NEEDS = ("sha256_before",)
_SHOWN = 12  # digits of a checksum that a message shows


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files whose checksum is not the one that they had at the same size and time of change."""
    before, now = (pl.col(name).str.head(_SHOWN) for name in ("sha256_before", "sha256"))
    return (
        dataset.facts.lazy()
        .filter(pl.col("sha256_before").is_not_null() & pl.col("sha256").is_not_null())
        .select(
            "file",
            message=pl.format("other bytes with the same size and time: the SHA-256 is {}…, and was {}…", now, before),
            sha256="sha256",
            sha256_before="sha256_before",
        )
    )
