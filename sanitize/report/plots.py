"""The plots of the report: classes before and after, sizes, and findings by folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import polars as pl

from sanitize.dataset import Severity
from sanitize.report.tables import Tables, label_name

_MOST_BARS = 16
_LONGEST_NAME = 28
_BAR, _MARGIN, _WIDTH = 26, 70, 620
#: Upper ends of the bars of sizes, pixels.
_SIZES = (31, 63, 127, 255, 511, 1023, 2047, 4095)


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot, and the numbers in it for those who cannot see it."""

    title: str
    note: str  #: what is left out
    svg: str
    bars: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    marks: tuple[str, ...]  #: by which the page colours each


def draw(tables: Tables) -> list[Plot]:
    """Return the plots for which there is something to show."""
    plots = [_classes(tables), _sizes(tables), _folders(tables)]
    return [plot for plot in plots if plot is not None]


def _classes(tables: Tables) -> Plot | None:
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
    return _plot("Classes before and after", note, bars, series, ["before", "kept"], stacked=False)


def _sizes(tables: Tables) -> Plot | None:
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
    return _plot("Shorter side, in pixels", "", bars, series, ["kept", "lost"], stacked=True)


def _folders(tables: Tables) -> Plot | None:
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
    return _plot("Findings by folder", note, bars, series, list(map(str, Severity)), stacked=True)


def _plot(
    title: str, note: str, bars: list[str], series: Sequence[tuple[str, list[int]]], marks: list[str], *, stacked: bool
) -> Plot:
    pygal = charts()
    letters = pygal.style.Style(label_font_size=12, major_label_font_size=12)
    kind = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
    thick = _BAR if stacked else round(_BAR * 1.4)
    chart = kind(
        width=_WIDTH, height=_MARGIN + thick * len(bars), js=[], css=[], style=letters, explicit_size=True,
        disable_xml_declaration=True, show_legend=False, margin=6, no_prefix=True, print_values=False, truncate_label=-1,
        value_formatter=lambda value: f"{value:,.0f}",
    )  # fmt: skip
    longest = (
        max(map(sum, zip(*(values for _name, values in series), strict=True)))
        if stacked
        else max(value for _name, values in series for value in values)
    )
    chart.y_labels = _ticks(longest)
    # Bars are drawn from the bottom.
    chart.x_labels = [_shortened(bar) for bar in reversed(bars)]
    for name, values in series:
        chart.add(name, list(reversed(values)))
    return Plot(
        title, note, _cleaned(str(chart.render(is_unicode=True)), marks), tuple(bars),
        tuple((name, tuple(values)) for name, values in series), tuple(marks),
    )  # fmt: skip


@cache
def charts() -> Any:
    """Return pygal, which is slow to import, without the finder that it adds to Python's own.

    That is there for its maps, and everything that is imported later would warn of it.
    """
    import pygal
    import pygal.style

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _ticks(longest: int) -> list[int]:
    """Return some round numbers from 0 to the longest bar."""
    step = next(
        step for power in range(19) for step in (10**power, 2 * 10**power, 5 * 10**power) if longest <= 5 * step
    )
    return list(range(0, longest + 1, step))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"…{text[1 - _LONGEST_NAME :]}"


def _cleaned(svg: str, marks: list[str]) -> str:
    """Return a plot without scripts, styles and descriptions, its series named by what they show.

    Bars take their colours from the page.
    """

    def clean(tag: re.Match[str]) -> str:
        text = re.sub(r' (?:xmlns(?::xlink)?|style|id)="[^"]*"', "", tag[0])
        return re.sub(r'class="series serie-(\d+)', lambda match: f'class="series is-{marks[int(match[1])]}', text)

    svg = re.sub(r"(?s)<!--.*?-->|<(script|style|desc|title)\b[^>]*(?:/>|>.*?</\1>)", "", svg)
    # What looks like a tag is one: in names these signs are escaped.
    svg = re.sub(r"<[^>]*>", clean, svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
