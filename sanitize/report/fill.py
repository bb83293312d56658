"""Draws the plots and fills the page: runs in a child, as what it takes is slow to import and nothing else needs it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import resources

import jinja2
import markupsafe
import pygal
import pygal.style

from sanitize import __version__
from sanitize.report.told import Bars, Page, Shown

# Pygal adds a finder for its maps to Python's own, of which everything that is imported later would warn.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

_LONGEST_NAME, _LONGEST = 28, 400
_BAR, _MARGIN, _WIDTH = 26, 70, 620


def draw(bars: Sequence[Bars]) -> list[str]:
    """Return plots as SVG, without scripts, styles and references."""
    return [_draw(one) for one in bars]


def fill(item: tuple[Page, Sequence[Bars], Sequence[str], Mapping[int, Shown]]) -> bytes:
    """Return the page: one file without a reference to any other, in which names and labels are text and nothing else.

    `item` is what it tells, the plots as numbers and as SVG, and the thumbnails by row of the facts.
    """
    page, bars, drawn, shown = item
    style, script = _part("style.css"), _part("script.js")
    # Plots, data and our own files were escaped where they were made.
    text = _TEMPLATE.render(
        {field.name: getattr(page, field.name) for field in dataclasses.fields(page)},
        version=__version__,
        policy=_policy(style, script),
        style=markupsafe.Markup(style),
        script=markupsafe.Markup(script),
        rows=markupsafe.Markup(page.rows),
        plots=[(one, markupsafe.Markup(svg)) for one, svg in zip(bars, drawn, strict=True)],
        shown=shown,
    )
    return text.encode("utf-8", "replace")


def _draw(bars: Bars) -> str:
    letters = pygal.style.Style(label_font_size=12, major_label_font_size=12)
    kind = pygal.HorizontalStackedBar if bars.stacked else pygal.HorizontalBar
    thick = _BAR if bars.stacked else round(_BAR * 1.4)
    chart = kind(
        width=_WIDTH, height=_MARGIN + thick * len(bars.bars), js=[], css=[], style=letters, explicit_size=True,
        disable_xml_declaration=True, show_legend=False, margin=6, no_prefix=True, print_values=False, truncate_label=-1,
        value_formatter=lambda value: f"{value:,.0f}",
    )  # fmt: skip
    longest = (
        max(map(sum, zip(*(values for _name, values in bars.series), strict=True)))
        if bars.stacked
        else max(value for _name, values in bars.series for value in values)
    )
    chart.y_labels = _ticks(longest)
    # Bars are drawn from the bottom.
    chart.x_labels = [_cut(bar) for bar in reversed(bars.bars)]
    for name, values in bars.series:
        chart.add(name, list(reversed(values)))
    return _cleaned(str(chart.render(is_unicode=True)), bars.marks)


def _ticks(longest: int) -> list[int]:
    """Return some round numbers from 0 to the longest bar."""
    step = next(
        step for power in range(19) for step in (10**power, 2 * 10**power, 5 * 10**power) if longest <= 5 * step
    )
    return list(range(0, longest + 1, step))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"…{text[1 - _LONGEST_NAME :]}"


def _cleaned(svg: str, marks: Sequence[str]) -> str:
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


def _shortened(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _with_code(text: str) -> markupsafe.Markup:
    """Return a text of ours with what stands between backticks as code."""
    pieces = [markupsafe.escape(piece) for piece in text.split("`")]
    marked = (f"<code>{piece}</code>" if number % 2 else str(piece) for number, piece in enumerate(pieces))
    return markupsafe.Markup("".join(marked))


def _policy(style: str, script: str) -> str:
    def source(text: str) -> str:
        digest = base64.b64encode(hashlib.sha256(text.encode(), usedforsecurity=False).digest()).decode()
        return f"'sha256-{digest}'"

    return (
        f"default-src 'none'; img-src data:; style-src {source(style)}; script-src {source(script)};"
        " base-uri 'none'; form-action 'none'"
    )


def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["short"] = _shortened
    environment.filters["marked"] = _with_code
    return environment.from_string(_part("page.html.j2"))


# To compile it takes a while: that is done when a child is told what it will be asked.
_TEMPLATE = _template()
