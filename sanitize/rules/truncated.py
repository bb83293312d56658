"""The data ends before the picture does.

A broken download or a full disk cut the file. Pillow raises on most such files and, with `LOAD_TRUNCATED_IMAGES`,
pads them with grey or black; OpenCV pads them without a word, and the net learns the padding. The message says how
much of the picture is there and from which row it is lost. Fetch the sample again; `--salvage` keeps what came out,
as a copy.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, gives_a_picture, is_image_content

SEVERITY = Severity.ERROR
INTEGRITY = True
NEEDS = ("complaint_kind",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures whose data ended early."""
    ended = is_image_content() & gives_a_picture() & (pl.col("complaint_kind") == "ended-early")
    severity = Severity.WARNING if dataset.salvage else Severity.ERROR
    return (
        dataset.facts.lazy()
        .filter(ended)
        .select(
            "file",
            severity=pl.lit(str(severity)),
            message=pl.concat_str(
                pl.format("the data ends early: {}", "complaint"),
                pl.format("; {} % of the picture survives", (pl.col("survives") * 100).floor().cast(pl.Int64)),
                pl.format("; lost from row {} of {}", "lost_from_row", "height"),
                ignore_nulls=True,
            ),
            lost_from_row="lost_from_row",
            survives="survives",
            complaint="complaint",
            opens="decodes",
            strict="decode_message",
        )
    )
