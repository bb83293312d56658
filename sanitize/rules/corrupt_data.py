"""The bitstream is damaged although loaders may accept it.

Bits were flipped, zeroed, dropped or mixed up on a disk or on the way. Most loaders decode such a file without a word
and give smeared, shifted or grey pixels, on which the net then trains. What found it is in the evidence: a decoder's
warning that means lost pixels, a checksum that does not match, a missing end, a stretch of zero bytes where coded
data cannot have one, or pixels that point to a palette which is not there. Fetch the sample again; `--salvage` keeps it
as it decodes, as a copy.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, gives_a_picture, is_image_content

SEVERITY = Severity.ERROR
INTEGRITY = True
NEEDS = ("complaint",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures whose data is damaged."""
    damaged = is_image_content() & gives_a_picture() & pl.col("complaint").is_not_null()
    severity = Severity.WARNING if dataset.salvage else Severity.ERROR
    return (
        dataset.facts.lazy()
        .filter(damaged & (pl.col("complaint_kind") != "ended-early"))
        .select(
            "file",
            severity=pl.lit(str(severity)),
            message=pl.concat_str(
                pl.format("the data is damaged: {}", "complaint"),
                pl.format("; lost from row {} of {}", "lost_from_row", "height"),
                ignore_nulls=True,
            ),
            kind="complaint_kind",
            complaint="complaint",
            lost_from_row="lost_from_row",
            opens="decodes",
            strict="decode_message",
        )
    )
