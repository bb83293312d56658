"""What makes two findings of two scans the same one: what is wrong with what, wherever the line of a list may be by now."""

from __future__ import annotations

import hashlib

import polars as pl

from sanitize.dataset import Dataset, named

#: The columns that tell a finding from others; several findings may agree in all of them. `list` is the name of the clean
#: list, so that it does not matter from where a list was named, and `path` is a key.
IDENTITY = ("rule", "list", "label", "path")


def identify(found: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return, for each of the findings (`judge.FINDING_COLUMNS`) in their order, `IDENTITY`, with empty texts for none.

    Neither the number of a line nor the message is a part of it, as a line moves, and a count grows.
    """
    names = pl.DataFrame(
        [(index, label_list.name) for index, label_list in enumerate(dataset.lists)],
        schema={"list": pl.UInt32, "list_name": pl.String},
        orient="row",
    )
    files = named(dataset.facts.select("file", "path"), found, on="file")
    lines = named(dataset.lines.select("list", "line", "target", "path", "label_text"), found, on=["list", "line"])
    joined = (
        found.select("rule", "file", "list", "line", own_path="path")
        .join(files.select("file", file_path="path"), on="file", how="left", maintain_order="left")
        .join(
            lines.select("list", "line", line_path=pl.coalesce("target", "path"), label="label_text"),
            on=["list", "line"], how="left", maintain_order="left",
        )
        .join(names, on="list", how="left", maintain_order="left")
    )  # fmt: skip
    return joined.select(
        "rule",
        list=pl.col("list_name").fill_null(""),
        label=pl.col("label").fill_null(""),
        path=pl.coalesce("file_path", "line_path", "own_path").fill_null(""),
    )


def fingerprint(rule: bytes, source: bytes, label: bytes, path: bytes) -> str:
    """Return 32 hexadecimal digits that stand for an identity."""
    return hashlib.sha256(b"\0".join((rule, source, label, path)), usedforsecurity=False).hexdigest()[:32]
