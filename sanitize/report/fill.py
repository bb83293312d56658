"""Fills the page: runs in a child, as what it takes is slow to import and nothing else needs it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import NamedTuple

import jinja2
import markupsafe

from sanitize import __version__
from sanitize.names import unmistakable
from sanitize.report.told import Bars, Page, Shown
from sanitize.texts import cut

# What is there is to be seen however little it is of the longest bar.
_THINNEST = 4
_EMPHASIS = re.compile(r"\*([^*\s](?:[^*]*[^*\s])?)\*")


class Piece(NamedTuple):
    """A rectangle of one bar, in thousandths of the width and height that there are for it."""

    mark: str  #: by which the page colours it
    left: int
    top: int
    width: int
    height: int


def fill(item: tuple[Page, Sequence[Bars], Mapping[int, Shown]]) -> bytes:
    """Return the page: one file without a reference to any other, in which names and labels are text and nothing else.

    `item` is what it tells, the numbers of the plots, and the thumbnails by row of the facts.
    """
    page, plots, shown = item
    style, script = _part("style.css"), _part("script.js")
    # Data and our own files were escaped where they were made.
    text = _TEMPLATE.render(
        page._asdict(),
        version=__version__,
        policy=_policy(style, script),
        style=markupsafe.Markup(style),
        script=markupsafe.Markup(script),
        rows=markupsafe.Markup(page.rows),
        plots=[(plot, list(_draw(plot))) for plot in plots],
        shown=shown,
    )
    return text.encode("utf-8", "replace")


def _draw(plot: Bars) -> Iterator[list[Piece]]:
    """Give the pieces of each bar, beside each other or, where they are not parts of one whole, one below the other."""
    values = list(zip(*(values for _name, values in plot.series), strict=True))
    longest = max(sum(one) if plot.stacked else max(one) for one in values) or 1
    for one in values:
        least = longest * _THINNEST / 1000
        wide = [max(value, least) if value else 0 for value in one]
        whole = max(longest, sum(wide)) if plot.stacked else longest
        widths = [int(1000 * value / whole) for value in wide]
        lefts = [sum(widths[:place]) if plot.stacked else 0 for place in range(len(one))]
        height = 1000 if plot.stacked else 1000 // len(one)
        tops = [0 if plot.stacked else place * height for place in range(len(one))]
        pieces = map(Piece, plot.marks, lefts, tops, widths, [height] * len(one))
        yield [piece for piece in pieces if piece.width]


def _marked(text: str) -> markupsafe.Markup:
    """Return a text of ours with what stands between backticks as code, and between asterisks elsewhere as emphasis."""
    pieces = [str(markupsafe.escape(piece)) for piece in text.split("`")]
    marked = (
        f"<code>{piece}</code>" if number % 2 else _EMPHASIS.sub(r"<em>\1</em>", piece)
        for number, piece in enumerate(pieces)
    )
    return markupsafe.Markup("".join(marked))


def _in_blocks(text: str) -> markupsafe.Markup:
    """Return a text of ours with its paragraphs and its lists, whose items begin with a dash, as such."""
    blocks = []
    for block in text.strip().split("\n\n"):
        if block.startswith("- "):
            items = "".join(f"<li>{_marked(item)}</li>" for item in f"\n{block}".split("\n- ")[1:])
            blocks.append(f"<ul>{items}</ul>")
        else:
            blocks.append(f"<p>{_marked(block)}</p>")
    return markupsafe.Markup("\n".join(blocks))


def _told(value: object) -> object:
    """Return what is set in the page as it can be told apart: names and labels may hold signs that hide or turn them."""
    return unmistakable(value) if isinstance(value, str) and not isinstance(value, markupsafe.Markup) else value


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
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, finalize=_told
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["short"] = cut
    environment.filters["marked"] = _marked
    environment.filters["blocks"] = _in_blocks
    return environment.from_string(_part("page.html.j2"))


# To compile it takes a while: that is done when a child is told what it will be asked.
_TEMPLATE = _template()
