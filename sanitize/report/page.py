"""What the page tells, put together from tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sanitize.dataset import Severity
from sanitize.names import unmistakable
from sanitize.report.tables import Tables
from sanitize.report.told import Cause, Group, Page
from sanitize.rules import Rule, discover
from sanitize.texts import cut, cut_each

#: Rows and bytes that the table may have; the page is to stay below 20 MB with all thumbnails.
MOST_ROWS, MOST_BYTES = 100_000, 12_000_000
_LONGEST_MESSAGE, _SHORT_MESSAGE, _LONGEST_NAME = 400, 120, 300
#: What could end a block of data, or be a line's end in a script.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def tell(tables: Tables, causes: Sequence[Cause], groups: Sequence[Group], all_groups: int) -> Page:
    """Return what the page tells."""
    rows, left_out = table_data(tables.findings)
    findings = tables.findings
    # What a baseline accepts is shown, and does not count.
    severities = findings.filter(~pl.col("accepted").fill_null(value=False)).group_by("severity").len()
    counts = dict(zip(severities["severity"], severities["len"], strict=True))
    samples = {one for cause in causes for one in cause.samples}
    largest = findings["cause"].max() if findings.height else None
    return Page(
        summary=tables.summary,
        drift=_as_lines(tables.summary.get("drift")),
        counts={str(one): counts.get(str(one), 0) for one in Severity},
        total=findings.height,
        causes=causes,
        more_causes=(largest + 1 if isinstance(largest, int) else 0) - len(causes),
        findings={row["finding"]: row for row in findings.filter(pl.col("finding").is_in(list(samples))).to_dicts()},
        rules={cause.rule: _manual(discover().get(cause.rule)) for cause in causes},
        groups=groups,
        all_groups=all_groups,
        rows=rows,
        left_out=left_out,
    )


def table_data(findings: pl.DataFrame) -> tuple[str, int]:
    """Return the findings as columns in JSON that may stand in a page, and how many are left out: the lightest.

    Texts that come again stand once in `texts`, and columns hold their numbers.
    """
    ordered = findings.sort("rank", "cause", "path", "line", nulls_last=True, maintain_order=True)
    count = min(ordered.height, MOST_ROWS)
    longest = _LONGEST_MESSAGE
    while True:
        data = _encode(ordered.head(count), longest)
        size = len(data.encode("utf-8", "replace"))
        if size <= MOST_BYTES:
            return data, ordered.height - count
        if longest > _SHORT_MESSAGE:
            longest = _SHORT_MESSAGE  # rather less of each than fewer
            continue
        count = min(count - 1, int(count * MOST_BYTES / size * 0.95))


def _encode(rows: pl.DataFrame, longest: int) -> str:
    name = pl.col("path").str.extract(r"(?s)([^/]*)$")
    place = pl.when(pl.col("line").is_not_null()).then(pl.format("{}:{}", "list", "line")).otherwise("list")
    texts = rows.select(
        pl.col("severity", "rule"),
        folder=cut_each(pl.col("folder"), _LONGEST_NAME),
        name=cut_each(name, _LONGEST_NAME),
        place=place.fill_null(""),
        label=cut_each(pl.col("labels").fill_null(""), _LONGEST_NAME),
        message=cut_each(pl.col("message"), longest),
    )
    names = [text and unmistakable(text) for text in texts["name"].to_list()]
    columns: dict[str, Any] = {"count": rows.height, "name": names, "cause": rows["cause"].to_list()}
    for column in ("severity", "rule", "folder", "place", "label", "message"):
        numbers: dict[str | None, int] = {}
        of = [numbers.setdefault(text, len(numbers)) for text in texts[column].to_list()]
        columns[column] = {"texts": [text and unmistakable(text) for text in numbers], "of": of}
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _as_lines(value: object) -> list[str]:
    """Return a paragraph that a scan may have in its summary as lines of text."""
    if not value:
        return []
    if isinstance(value, Mapping):
        return [f"{name.replace('_', ' ')}: {_in_words(each)}" for name, each in value.items() if each]
    texts = value if isinstance(value, list | tuple) else [value]
    return [cut(str(text), _LONGEST_MESSAGE) for text in texts]


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return cut(", ".join(f"{each} {name}" for name, each in value.items()), _LONGEST_MESSAGE)
    return cut(value if isinstance(value, str) else json.dumps(value), _LONGEST_MESSAGE)


def _manual(rule: Rule | None) -> tuple[str, str]:
    """Return the title of a rule and the rest of its manual."""
    if rule is None:
        return "", ""
    return rule.title, rule.manual.partition("\n")[2].strip()
