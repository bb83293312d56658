"""The clean lists: `path label` for every line that is kept, as Caffe's tools take it."""

from __future__ import annotations

import polars as pl

from sanitize import names
from sanitize.result import ScanResult


def render(result: ScanResult) -> dict[str, bytes]:
    """Return one list per `--labels`, named by its stem: one blank, LF, no BOM, in input order."""
    dataset = result.dataset
    paths = dataset.facts.select("file", clean="rgb_path")
    kept = dataset.lines.select("list", "file", "label").filter(dataset.lines["kept"])
    kept = kept.join(paths, on="file", how="left", maintain_order="left")
    files = {}
    for index, label_list in enumerate(dataset.lists):
        lines = kept.filter(pl.col("list") == index)
        texts = lines.select(pl.format("{} {}", "clean", "label") if label_list.labelled else "clean").to_series()
        joined = texts.str.join("\n").item() if texts.len() else ""
        files[f"{label_list.name}.txt"] = names.to_bytes(joined + "\n") if joined else b""
    return files
