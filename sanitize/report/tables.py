"""The tables that the report is made of, read from the files of OUT alone, so that it can be made again without a scan."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import polars as pl

from sanitize import formats, names
from sanitize.dataset import rank
from sanitize.out import FACTS
from sanitize.outputs import list_lines

FINDINGS, SUMMARY, CLASSES = "findings.jsonl", "summary.json", "classes.txt"
#: The files of OUT that it reads; those that every scan leaves come first.
REQUIRED = (FACTS, FINDINGS, SUMMARY, list_lines.NAME)
READ = (*REQUIRED, CLASSES)
#: What the summary says of a run rather than of the data.
_OF_THE_RUN = frozenset({"probed", "seconds", "images_per_second"})
_FACTS: dict[str, pl.DataType] = {
    "path": pl.String(),
    "path_bytes": pl.Binary(),
    "size": pl.Int64(),
    "mtime_ns": pl.Int64(),
    "sha256": pl.String(),
    "content": pl.String(),
    "content_detail": pl.String(),
    "width": pl.Int64(),
    "height": pl.Int64(),
    "orientation": pl.Int64(),
    "decodes_truncated": pl.Boolean(),
    "complaint": pl.String(),
    "lost_from_row": pl.Int64(),
    "survives": pl.Float64(),
    "fill_row": pl.Int64(),
    "fill_rows": pl.Int64(),
    "fill_side": pl.String(),
    "verdict": pl.String(),
    "same_picture": pl.UInt32(),
}
_FINDINGS: dict[str, pl.DataType] = {
    "path": pl.String(),
    "list": pl.String(),
    "line": pl.UInt32(),
    "label": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "message": pl.String(),
    "path_bytes": pl.String(),
    "accepted": pl.Boolean(),  # only where a baseline accepts some
}
_MOST_LABELS = 4
# Bytes of `facts.parquet`, of some 300,000 files.
_LARGE = 32 << 20


class Source(NamedTuple):
    """The columns of `facts.parquet` that are shown; those of a large file are read piece by piece as they are asked for."""

    facts: pl.LazyFrame
    is_large: bool

    def collect(self, query: pl.LazyFrame) -> pl.DataFrame:
        """Return what is asked of the facts."""
        return query.collect(engine="streaming" if self.is_large else "in-memory")


class Tables(NamedTuple):
    """What a scan found.

    `facts` has what is counted of all files: `row` (its number), `width`, `height`, whether it is `kept`, `same_picture`,
    and four traits (Categorical): `folder` and `top` (of the path, both ending in `/`, empty for IMAGES itself),
    `content_name`, and `day` of its last change. `findings` has the keys of `findings.jsonl`, `rank` of its severity,
    `row` of the file (null for none), its traits as texts, and `labels`. `lines` is as `outputs.list_lines` has it.
    """

    facts: pl.DataFrame
    findings: pl.DataFrame
    lines: pl.DataFrame
    classes: tuple[str, ...]  #: their names in index order, where there are names
    summary: Mapping[str, Any]  #: without what it says of the run
    source: Source  #: what `facts.parquet` has of them beside

    def details(self, rows: Collection[int]) -> pl.DataFrame:
        """Return `row` and the columns of `facts.parquet` that are shown, of some files."""
        wanted = pl.col("row").is_in(pl.Series(rows, dtype=pl.UInt32).implode())
        return self.source.collect(self.source.facts.with_row_index("row").filter(wanted))


def read(files: Mapping[str, bytes]) -> Tables:
    """Return the tables that files of OUT hold, given by name; they are known to be whole."""
    source = _open(files[FACTS])
    facts = _count_facts(source)
    lines = pl.read_parquet(io.BytesIO(files[list_lines.NAME]))
    classes = tuple(names.shown(name) for name in names.to_key(files.get(CLASSES, b"")).split("\n")[:-1])
    return Tables(
        facts=facts,
        findings=_read_findings(files[FINDINGS], source, facts, lines, classes),
        lines=lines,
        classes=classes,
        summary=summary(files[SUMMARY]),
        source=source,
    )


def summary(data: bytes) -> dict[str, Any]:
    """Return what `summary.json` says of the data."""
    told = {name: value for name, value in json.loads(data).items() if name not in _OF_THE_RUN}
    if isinstance(told.get("drift"), dict):
        told["drift"] = {name: value for name, value in told["drift"].items() if name != "since"}
    return told


def label_name(classes: tuple[str, ...]) -> pl.Expr:
    """Return a label as it is shown: its number and, where classes have names, the name."""
    known = {number: f"{number} ({name})" for number, name in enumerate(classes)}
    number = pl.col("label")
    named = number.replace_strict(known, default=None, return_dtype=pl.String) if known else pl.lit(None, pl.String)
    return pl.coalesce(named, number.cast(pl.String), pl.col("label_text"))


def day() -> pl.Expr:
    """Return the day of `mtime_ns`, in UTC, as text."""
    return pl.from_epoch("mtime_ns", time_unit="ns").dt.strftime("%Y-%m-%d")


def content_name() -> pl.Expr:
    """Return `content` as a table names it: `JPEG`."""
    return pl.col("content").replace_strict({**formats.SHORT_NAMES, "empty": ""}, default=pl.col("content"))


def _open(data: bytes) -> Source:
    """Return the columns of `facts.parquet` that are shown."""
    there = pl.read_parquet_schema(io.BytesIO(data))
    missing = {name: pl.lit(None, dtype=dtype) for name, dtype in _FACTS.items() if name not in there}
    is_large = len(data) > _LARGE
    facts = (
        pl.scan_parquet(io.BytesIO(data))
        if is_large
        else pl.read_parquet(io.BytesIO(data), columns=[name for name in _FACTS if name in there]).lazy()
    )
    return Source(facts.with_columns(**missing).select(*_FACTS), is_large)


def _count_facts(source: Source) -> pl.DataFrame:
    traits = {"folder": _folder(), "top": _top(), "content_name": content_name(), "day": day()}
    counted = source.facts.select(
        "width",
        "height",
        "same_picture",
        kept=pl.col("verdict") == "kept",
        **{name: trait.cast(pl.Categorical) for name, trait in traits.items()},
    )
    return source.collect(counted).with_row_index("row")


def _folder() -> pl.Expr:
    return pl.col("path").str.extract(r"(?s)^(.*/)").fill_null("")


def _top() -> pl.Expr:
    return _folder().str.extract(r"(?s)^([^/]*/)").fill_null("")


def _read_findings(
    data: bytes, source: Source, facts: pl.DataFrame, lines: pl.DataFrame, classes: tuple[str, ...]
) -> pl.DataFrame:
    found = pl.read_ndjson(io.BytesIO(data), schema=_FINDINGS) if data else pl.DataFrame(schema=_FINDINGS)
    found = found.with_columns(pl.col("path_bytes").str.decode("base64"))
    numbered = source.facts.select("path_bytes").with_row_index("row")
    of_file = source.collect(numbered.join(found.lazy(), on="path_bytes", how="semi"))
    traits = facts.select("content_name", "day")[of_file["row"]].cast(pl.String)
    of_file = of_file.select("path_bytes", "row").hstack(traits)
    joined = found.join(of_file, on="path_bytes", how="left", maintain_order="left").with_columns(
        folder=_folder(),
        top=_top(),
        rank=rank(pl.col("severity")),
    )
    concerned = lines.filter(pl.col("row").is_in(joined["row"].drop_nulls().unique().implode()))
    labels = (
        concerned.select("row", name=label_name(classes))
        .drop_nulls()
        .unique(maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(labels=pl.col("name").head(_MOST_LABELS).str.join(", "))
    )
    joined = joined.join(labels, on="row", how="left", maintain_order="left")
    own = pl.col("label").replace("", None)
    return joined.with_columns(labels=pl.coalesce(pl.when(pl.col("line").is_not_null()).then(own), "labels", own)).drop(
        "path_bytes"
    )
