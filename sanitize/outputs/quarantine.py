"""`quarantine.csv`: one row per error, an error about a file being repeated for each of its lines."""

from __future__ import annotations

import io

import polars as pl

from sanitize.dataset import Severity, named
from sanitize.result import ScanResult, list_sources, shown_texts
from sanitize.texts import cut_each

# Programs refuse a cell without an end: Python's csv one of 131,072 characters. No file has a longer path: Linux opens
# 4,096 bytes, of which each may be shown as `\xNN`.
_LONGEST = 4 * 4096

COLUMNS = ("path", "list", "line", "label", "rule", "severity", "message")


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `quarantine.csv`; every field is quoted, none is prefixed. With a baseline, `accepted` is the last column.

    What a list has in place of a path or a label is cut where no path of a file would end; `findings.jsonl` has all of it.
    """
    dataset = result.dataset
    errors = result.findings.filter(pl.col("severity") == Severity.ERROR).with_row_index("order")
    lines = (
        named(dataset.lines.select("list", "file", "line", "label_text"), errors, on="file")
        .join(list_sources(dataset), on="list", how="left", maintain_order="left")
        .select("file", own_list="source", own_line=pl.when("numbered").then("line"), own_label="label_text")
    )
    about_files = pl.col("file").is_not_null() & pl.col("line").is_null()
    repeated = errors.filter(about_files).join(lines, on="file", how="left", maintain_order="left_right")
    repeated = repeated.with_columns(
        list=shown_texts(repeated["own_list"]), line=pl.col("own_line"), label=shown_texts(repeated["own_label"])
    )
    rows = pl.concat([errors.filter(~about_files), repeated.select(errors.columns)]).sort("order", maintain_order=True)
    rows = rows.with_columns(cut_each(pl.col("path", "label", "message"), _LONGEST))
    buffer = io.BytesIO()
    columns = [*COLUMNS, "accepted"] if result.settings.baseline else COLUMNS
    rows.select(columns).write_csv(buffer, quote_style="always", line_terminator="\n")
    return {"quarantine.csv": buffer.getvalue()}
