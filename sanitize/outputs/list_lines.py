"""The lines of all lists and what became of them, kept for the report that is made of OUT alone."""

from __future__ import annotations

import io

import polars as pl

from sanitize.result import ScanResult, shown_texts
from sanitize.settings import PRIVATE

#: The file in OUT, and its columns: `list` as it is named in OUT, `row` of the file in `facts.parquet`, `label` in
#: training and `label_text` as the list has it, and whether the line is `kept`.
NAME = f"{PRIVATE}/lines.parquet"
SCHEMA: dict[str, pl.DataType] = {
    "list": pl.String(),
    "row": pl.UInt32(),
    "label": pl.Int64(),
    "label_text": pl.String(),
    "kept": pl.Boolean(),
}


def render(result: ScanResult) -> dict[str, bytes]:
    """Return the lines of lists that give labels."""
    dataset = result.dataset
    labelled = {number: one.name for number, one in enumerate(dataset.lists) if one.labelled}
    rows = dataset.facts.select("file").with_row_index("row")
    lines = dataset.lines.filter(pl.col("list").is_in(list(labelled)))
    lines = lines.select("list", "file", "label", "label_text", "kept").join(
        rows, on="file", how="left", maintain_order="left"
    )
    table = lines.select(
        pl.col("list").replace_strict(labelled, return_dtype=pl.String, default=""),
        "row",
        "label",
        shown_texts(lines["label_text"]),
        "kept",
    ).cast(pl.Schema(SCHEMA))
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=1)
    return {NAME: buffer.getvalue()}
