"""Bytes follow the end of the image.

Decoders stop at the end and never see them. Cameras and phones append a second picture, a preview, a short video or
notes of their own: that is named, and told as information. Anything else (a picture stuck behind another, text, unknown
data) comes from a faulty transfer or tool, or hides something. Save the picture anew to be rid of it. An archive,
program or script there is an `embedded-payload`. Of DCX, IM, XPM and BLP nothing tells where the image ends, nor of a
long packed Targa without a footer: behind these only payloads that are found anywhere in a file are told. Up to
`padding` bytes of filling (zeros, blanks) are not worth a word, and more is told as information.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, content_name
from sanitize.probe.beside_image import AFTER, COLUMNS, VERSION, measure  # noqa: F401
from sanitize.probe.beside_kinds import KNOWN, NAMES_OF_TAILS, PADDING

SEVERITY = Severity.WARNING
NEEDS = ("tail_kind",)


def find(dataset: Dataset, *, padding: int = 65_536) -> pl.LazyFrame:
    """Find images that more than `padding` bytes of filling, or any other bytes, follow."""
    kind, count = pl.col("tail_kind"), pl.col("tail_bytes")
    the_image = content_name().str.replace(r"^an? ", "the ")
    return (
        dataset.facts.lazy()
        .filter(kind.is_not_null(), pl.col("payload_where").ne_missing(AFTER))
        .filter(~((kind == PADDING) & (count <= padding)))
        .select(
            "file",
            message=pl.concat_str(
                pl.format("{} {} after the end of {}", count, _bytes(count), the_image),
                pl.format(": {}", kind.replace_strict(NAMES_OF_TAILS, default=kind)),
                pl.format(" ({})", "tail_detail"),
                ignore_nulls=True,
            ),
            severity=pl.when(kind.is_in(KNOWN)).then(pl.lit(Severity.INFO)).otherwise(pl.lit(SEVERITY)),
            bytes="tail_bytes",
            kind="tail_kind",
            detail="tail_detail",
        )
    )


def _bytes(count: pl.Expr) -> pl.Expr:
    return pl.when(count == 1).then(pl.lit("byte")).otherwise(pl.lit("bytes"))
