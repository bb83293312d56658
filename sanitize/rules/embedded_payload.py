"""The file holds an archive, a program, a script or a page beside its image.

Decoders never see it: it lies behind the image's end, in a comment or in other data beside the pixels, or the whole
file can be read as something else, too. Servers and browsers may run what a dataset hands on, and a learner has no use
for it. Only what has the structure of such a thing is told, not a few letters that any data may hold, and no words
about it; but a caption that quotes a whole script, page or tag that runs is one, as a browser would run it there; in
XMP data only a script, or what a server runs. Among the packed pixels of a PNG or WebP nothing is looked for but what a
server runs. To keep the picture, decode it and save it anew without metadata.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, content_name
from sanitize.probe.beside_image import AFTER, COLUMNS, VERSION, WHOLE, measure  # noqa: F401
from sanitize.probe.beside_kinds import PAYLOADS

SEVERITY = Severity.ERROR
NEEDS = ("payload",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find images that hold something else."""
    kind, where = pl.col("payload").replace_strict(PAYLOADS, default=pl.col("payload")), pl.col("payload_where")
    image = content_name().str.replace(r"^an? ", "the ")
    place = (
        pl.when(where == AFTER)
        .then(pl.format("after the end of {}", image))
        .when(where == WHOLE)
        .then(pl.format("that is {}, too", content_name()))
        .otherwise(pl.format("in the {} of {}", where, image))
    )
    return (
        dataset.facts.lazy()
        .filter(pl.col("payload").is_not_null())
        .select(
            "file",
            message=pl.concat_str(
                pl.format("{} {}: {} bytes from byte {} on", kind, place, "payload_bytes", "payload_offset"),
                pl.format(", {}", "payload_detail"),
                pl.lit("; save the picture anew without it, or leave it out"),
                ignore_nulls=True,
            ),
            payload="payload",
            where="payload_where",
            offset="payload_offset",
            bytes="payload_bytes",
            detail="payload_detail",
        )
    )
