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
    lists = {index: of.name for index, of in enumerate(dataset.lists)}
    return subjects(found, dataset).select(
        "rule",
        list=pl.col("list").replace_strict(lists, default="", return_dtype=pl.String),
        label=pl.col("label").fill_null(""),
        path=pl.col("path").fill_null(""),
    )


def subjects(found: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return the findings, in their order, with the `path` (key) of what each is about, and the `label` of its line.

    Both are null for what concerns neither a file nor a line; `label` is as the list has it.
    """
    files = named(dataset.facts.select("file", file_path="path"), found, on="file")
    lines = named(dataset.lines.select("list", "line", "target", "path", "label_text"), found, on=["list", "line"])
    lines = lines.select("list", "line", line_path=pl.coalesce("target", "path"), label="label_text")
    about = found.join(files, on="file", how="left", maintain_order="left")
    about = about.join(lines, on=["list", "line"], how="left", maintain_order="left")
    return about.with_columns(path=pl.coalesce("file_path", "line_path", "path")).drop("file_path", "line_path")


def fingerprint(rule: bytes, source: bytes, label: bytes, path: bytes) -> str:
    """Return 32 hexadecimal digits that stand for an identity."""
    return hashlib.sha256(b"\0".join((rule, source, label, path)), usedforsecurity=False).hexdigest()[:32]
