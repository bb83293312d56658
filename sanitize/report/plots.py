"""The numbers that the report plots: classes before and after, sizes, and findings by folder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from sanitize.dataset import Severity
from sanitize.report.tables import Tables, label_name
from sanitize.report.told import Bars

_MOST_BARS = 16
#: Upper ends of the bars of sizes, pixels.
_SIZES = (31, 63, 127, 255, 511, 1023, 2047, 4095)


def count(tables: Tables) -> list[Bars]:
    """Return the numbers of the plots for which there is something to show."""
    plots = [_classes(tables), _sizes(tables), _folders(tables)]
    return [plot for plot in plots if plot is not None]


def _classes(tables: Tables) -> Bars | None:
    lines = tables.lines.select("label", "kept").drop_nulls("label")
    counted = lines.group_by("label").agg(before=pl.len(), after=pl.col("kept").sum())
    if counted.is_empty():
        return None
    lost = (pl.col("before") - pl.col("after")) / pl.col("before")
    many = counted.height > _MOST_BARS
    shown = counted.sort(lost, "before", "label", descending=[True, True, False]).head(_MOST_BARS) if many else counted
    shown = shown.sort("label").with_columns(label_text=pl.lit(None, dtype=pl.String))
    bars = shown.select(label_name(tables.classes)).to_series().to_list()
    note = (
        f"Of {counted.height:,} classes, the {_MOST_BARS} that lose the largest share of their lines." if many else ""
    )
    series = [("lines before", shown["before"].to_list()), ("lines kept", shown["after"].to_list())]
    return _bars("Classes before and after", note, bars, series, ["before", "kept"], stacked=False)


def _sizes(tables: Tables) -> Bars | None:
    side = pl.min_horizontal("width", "height")
    known = tables.facts.select("width", "height", "kept").filter(side > 0)
    if known.is_empty():
        return None
    names = [f"up to {_SIZES[0]}", *(f"{low + 1} to {high}" for low, high in pairwise(_SIZES))]
    names.append(f"{_SIZES[-1] + 1} and more")
    number = pl.sum_horizontal(side > limit for limit in _SIZES)
    counted = (
        known.select("kept", number=number)
        .group_by("number")
        .agg(kept=pl.col("kept").sum(), rest=(~pl.col("kept")).sum())
        .sort("number")
    )
    bars = [names[one] for one in counted["number"]]
    series = [("kept", counted["kept"].to_list()), ("not kept", counted["rest"].to_list())]
    return _bars("Shorter side, in pixels", "", bars, series, ["kept", "lost"], stacked=True)


def _folders(tables: Tables) -> Bars | None:
    found = tables.findings.filter(pl.col("row").is_not_null())
    if found.is_empty():
        return None
    counted = found.group_by("folder").agg(
        pl.len().alias("all"), *((pl.col("severity") == one).sum().alias(one) for one in Severity)
    )
    shown = counted.sort("all", "folder", descending=[True, False]).head(_MOST_BARS)
    left = counted.height - shown.height
    note = f"{left:,} more folders have findings." if left else ""
    series = [(f"{one}s", shown[one].to_list()) for one in Severity]
    bars = [folder or "(top)" for folder in shown["folder"]]
    return _bars("Findings by folder", note, bars, series, list(map(str, Severity)), stacked=True)


def _bars(
    title: str, note: str, bars: list[str], series: Sequence[tuple[str, list[int]]], marks: list[str], *, stacked: bool
) -> Bars:
    numbers = tuple((name, tuple(values)) for name, values in series)
    return Bars(title, note, tuple(bars), numbers, tuple(marks), stacked)
