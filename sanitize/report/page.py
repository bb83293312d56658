"""The page: one file without a reference to any other, in which names and labels are text and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import polars as pl

from sanitize import __version__
from sanitize.dataset import Severity
from sanitize.report.causes import Cause
from sanitize.report.plots import Plot
from sanitize.report.same import Group
from sanitize.report.tables import Tables
from sanitize.rules import Rule, discover

if TYPE_CHECKING:
    import jinja2

#: Rows and bytes that the table may have; the page is to stay below 20 MB with all thumbnails.
MOST_ROWS, MOST_BYTES = 100_000, 12_000_000
_LONGEST_MESSAGE, _SHORT_MESSAGE, _LONGEST_NAME = 400, 120, 300
#: What could end a block of data, or be a line's end in a script.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of which the report shows a thumbnail, or says why there is none."""

    picture: str | None  #: the thumbnail as a data URL
    lost: str  #: what is marked in it, in words; empty where nothing is
    instead: str  #: what the file is, where there is no thumbnail


def render(
    tables: Tables,
    causes: Sequence[Cause],
    groups: Sequence[Group],
    all_groups: int,
    shown: Mapping[int, Shown],
    graphs: Sequence[Plot],
    rows: tuple[str, int],
) -> bytes:
    """Return the page. `shown` has the thumbnails by row of the facts, and `rows` is what `table_data` gives."""
    style, script = _part("style.css"), _part("script.js")
    findings = tables.findings
    # What a baseline accepts is shown, and does not count.
    severities = findings.filter(~pl.col("accepted").fill_null(value=False)).group_by("severity").len()
    counts = dict(zip(severities["severity"], severities["len"], strict=True))
    samples = {one for cause in causes for one in cause.samples}
    page = template().render(
        version=__version__,
        policy=_policy(style, script),
        style=_safe(style),
        script=_safe(script),
        summary=tables.summary,
        drift=_as_lines(tables.summary.get("drift")),
        counts={str(one): counts.get(str(one), 0) for one in Severity},
        total=findings.height,
        causes=causes,
        more_causes=(int(findings["cause"].max() or 0) + 1 if findings.height else 0) - len(causes),  # type: ignore[arg-type]
        findings={row["finding"]: row for row in findings.filter(pl.col("finding").is_in(list(samples))).to_dicts()},
        rules={cause.rule: _manual(discover().get(cause.rule)) for cause in causes},
        groups=groups,
        all_groups=all_groups,
        shown=shown,
        plots=graphs,
        svg=_safe,
        rows=_safe(rows[0]),
        left_out=rows[1],
    )
    return page.encode("utf-8", "replace")


@cache
def template() -> jinja2.Template:
    """Return the page's template, ready to be filled: to import Jinja and compile it takes a while."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["short"] = _shortened
    environment.filters["marked"] = _with_code
    return environment.from_string(_part("page.html.j2"))


def table_data(findings: pl.DataFrame, *, most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES) -> tuple[str, int]:
    """Return the findings as columns in JSON that may stand in a page, and how many are left out: the lightest.

    Texts that come again stand once in `texts`, and columns hold their numbers.
    """
    ordered = findings.sort("rank", "cause", "path", "line", nulls_last=True, maintain_order=True)
    count = min(ordered.height, most_rows)
    longest = _LONGEST_MESSAGE
    while True:
        data = _encode(ordered.head(count), longest)
        size = len(data.encode("utf-8", "replace"))
        if size <= most_bytes:
            return data, ordered.height - count
        if longest > _SHORT_MESSAGE:
            longest = _SHORT_MESSAGE  # rather less of each than fewer
            continue
        count = min(count - 1, int(count * most_bytes / size * 0.95))


def _encode(rows: pl.DataFrame, longest: int) -> str:
    name = pl.col("path").str.extract(r"(?s)([^/]*)$")
    place = pl.when(pl.col("line").is_not_null()).then(pl.format("{}:{}", "list", "line")).otherwise("list")
    texts = rows.select(
        pl.col("severity", "rule"),
        folder=_cut(pl.col("folder"), _LONGEST_NAME),
        name=_cut(name, _LONGEST_NAME),
        place=place.fill_null(""),
        label=_cut(pl.col("labels").fill_null(""), _LONGEST_NAME),
        message=_cut(pl.col("message"), longest),
    )
    columns: dict[str, Any] = {"count": rows.height, "name": texts["name"].to_list(), "cause": rows["cause"].to_list()}
    for column in ("severity", "rule", "folder", "place", "label", "message"):
        known = texts[column].unique(maintain_order=True)
        numbers = texts.select(column).join(
            pl.DataFrame({column: known}).with_row_index("number"), on=column, how="left", maintain_order="left"
        )["number"]
        columns[column] = {"texts": known.to_list(), "of": numbers.to_list()}
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _cut(text: pl.Expr, most: int) -> pl.Expr:
    return pl.when(text.str.len_chars() > most).then(text.str.slice(0, most - 1) + "…").otherwise(text)


def _shortened(text: str, most: int = _LONGEST_MESSAGE) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _as_lines(value: object) -> list[str]:
    """Return a paragraph that a scan may have in its summary as lines of text."""
    if not value:
        return []
    if isinstance(value, Mapping):
        return [f"{name.replace('_', ' ')}: {_in_words(each)}" for name, each in value.items() if each]
    return [_shortened(str(one)) for one in value] if isinstance(value, list | tuple) else [_shortened(str(value))]


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return _shortened(", ".join(f"{each} {name}" for name, each in value.items()))
    return _shortened(value if isinstance(value, str) else json.dumps(value))


def _manual(rule: Rule | None) -> tuple[str, str]:
    """Return the title of a rule and the rest of its manual."""
    if rule is None:
        return "", ""
    return rule.title, " ".join(rule.manual.partition("\n")[2].split())


def _policy(style: str, script: str) -> str:
    def source(text: str) -> str:
        digest = base64.b64encode(hashlib.sha256(text.encode(), usedforsecurity=False).digest()).decode()
        return f"'sha256-{digest}'"

    return (
        f"default-src 'none'; img-src data:; style-src {source(style)}; script-src {source(script)};"
        " base-uri 'none'; form-action 'none'"
    )


def _with_code(text: str) -> Any:
    """Return a text of ours with what stands between backticks as code."""
    import markupsafe

    pieces = [markupsafe.escape(piece) for piece in text.split("`")]
    marked = (f"<code>{piece}</code>" if number % 2 else str(piece) for number, piece in enumerate(pieces))
    return markupsafe.Markup("".join(marked))


@cache
def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _safe(text: str) -> Any:
    import markupsafe

    return markupsafe.Markup(text)  # our own files, plots and data, all escaped where they were made
