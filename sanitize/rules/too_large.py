"""The header announces more pixels than `--max-pixels`.

A decompression bomb, or a scan of a whole slide, takes gigabytes to decode and ends a loader's process. The size is
read from the header, nothing is decoded. Tile or resize the picture, or raise `--max-pixels` where such sizes are
meant. Up to that limit a picture is kept; from half of Pillow's own on, of which Pillow warns whenever it opens the
file, that is told as a warning: where warnings are errors, `--max-pixels 89478485` takes such pictures off.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, pixel_count

SEVERITY = Severity.ERROR
INTEGRITY = True

#: Pixels above which Pillow warns of a decompression bomb (`Image.MAX_IMAGE_PIXELS`); above twice as many it raises.
_PILLOW_WARNS = 89_478_485


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with too many pixels, and those that Pillow warns of."""
    pixels = pixel_count()
    is_over = pixels > dataset.max_pixels
    return (
        dataset.facts.lazy()
        .filter(is_over | (pixels > _PILLOW_WARNS))
        .select(
            "file",
            message=pl.when(is_over)
            .then(pl.format("{} × {} pixels, more than {} in all", "width", "height", pl.lit(dataset.max_pixels)))
            .otherwise(
                pl.format(
                    "{} × {} pixels, more than {} in all, above which Pillow warns of a decompression bomb",
                    "width",
                    "height",
                    pl.lit(_PILLOW_WARNS),
                )
            ),
            severity=pl.when(is_over).then(pl.lit(SEVERITY)).otherwise(pl.lit(Severity.WARNING)),
            width="width",
            height="height",
            max_pixels=pl.lit(dataset.max_pixels),
        )
    )
