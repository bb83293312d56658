"""The picture is bright all over.

An overexposed photo, or a page with nothing on it but a shade. A picture is bright where 95 % of it, averaged to 32 ×
32, are at least as bright as `brightness` of 255, and not one pixel in ten thousand, in full size, is darker than
`shade`. Snow, fog, goods on white, and lines and letters on white have darker parts. In a folder where at least half
are lossless pictures of numbers instead of 8-bit levels (16 or 32 bits of one channel, floats or single bits) or
masks, these are not judged unless they have labels.

Take it out where what its label says cannot be seen. A set that is meant to be bright, as of faint drawings, has a
higher `brightness` or accepts such pictures in a baseline.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.statistics import BRIGHT, COLUMNS, VERSION, measure  # noqa: F401
from sanitize.shown import judged

SEVERITY = Severity.WARNING
# Brightness as far as what is compared with it is measured.
LIMITS = {"brightness": (BRIGHT, 255), "shade": (0, 255)}


def find(dataset: Dataset, *, brightness: int = 242, shade: int = 128) -> pl.LazyFrame:
    """Find pictures without anything darker; `brightness` may be down to 230, as `darkest` is measured so far."""
    return (
        judged(dataset)
        .filter((pl.col("brightness_5") >= brightness) & (pl.col("darkest") >= shade))
        .select(
            "file",
            message=pl.format("bright: 99.99 % of the pixels are at least as bright as {} of 255", "darkest"),
            darkest="darkest",
            brightness="brightness_5",
        )
    )
