"""Which files the report shows small, and what is said of each: the first of every cause, as many as cost little."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

import polars as pl

from sanitize import formats, thumbnail
from sanitize.report.tables import Tables
from sanitize.report.told import Shown

#: Thumbnails in a page, what their sources may have in all, and one of them: bytes.
MOST, MOST_SOURCE, LARGEST_SOURCE = 160, 32 << 20, 24 << 20
#: Thumbnails are kept by what they show; another number voids all that are kept.
_VERSION = 1
#: The rule whose findings are marked; the facts alone have bands that end as no filling does.
_FILLED = "grey-fill"

#: Begins to draw, asked with keys, sizes and items of `thumbnail.draw`; what it returns waits, and gives small JPEGs by key,
#: of those that can be drawn.
Draw = Callable[[Sequence[tuple[str, int, thumbnail.Item]]], Callable[[], dict[str, bytes]]]


def begin(tables: Tables, wanted: Iterable[int], draw: Draw) -> Callable[[], dict[int, Shown]]:
    """Begin to draw the files with these rows, the more important first; what is returned waits, and gives what is shown."""
    rows = list(dict.fromkeys(wanted))
    filled = set(tables.findings.filter(pl.col("rule") == _FILLED)["row"])
    facts = {row["row"]: row | _marked(row, filled) for row in tables.details(rows).to_dicts()}
    asked: dict[int, tuple[str, int, thumbnail.Item]] = {}
    cost = 0
    for row in rows:
        one = facts[row]
        # What was too large for the scan is too large here.
        drawable = one["content"] in formats.OPENED and one["decodes_truncated"]
        if drawable and one["size"] <= LARGEST_SOURCE and cost + one["size"] <= MOST_SOURCE and len(asked) < MOST:
            asked[row] = _request(one)
            cost += one["size"]
    # Equal pictures are drawn once.
    begun = draw(list({key: (key, size, item) for key, size, item in asked.values()}.values()))

    def finish() -> dict[int, Shown]:
        drawn = begun()
        return {row: _shown(facts[row], drawn.get(asked[row][0]) if row in asked else None) for row in rows}

    return finish


def _marked(facts: dict[str, Any], filled: Set[object]) -> dict[str, str | None]:
    return {"fill_side": facts["fill_side"] if facts["row"] in filled else None}


def _request(facts: dict[str, Any]) -> tuple[str, int, thumbnail.Item]:
    first, lost, rows = _lost(facts)
    item = (facts["path_bytes"], facts["content"], facts["orientation"], rows, first, lost)
    file = facts["sha256"] or f"{facts['path_bytes']!r} {facts['size']} {facts['mtime_ns']}"
    text = f"{_VERSION} {file} {item[1:]!r}"
    return hashlib.sha256(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest(), facts["size"], item


def _lost(facts: dict[str, Any]) -> tuple[int | None, int | None, int | None]:
    """Return the first row that is lost, how many are, and how many the picture has."""
    height, first, survives = facts["height"], facts["lost_from_row"], facts["survives"]
    if height and first is not None and survives is not None:
        return first, round(height * (1 - survives)), height
    if facts["fill_side"] == "lower":
        return facts["fill_row"], facts["fill_rows"], facts["fill_row"] + facts["fill_rows"]
    return None, None, height


def _shown(facts: dict[str, Any], jpeg: bytes | None) -> Shown:
    url = jpeg and f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    name = formats.SHORT_NAMES.get(facts["content"] or "", facts["content"] or "not read")
    return Shown(
        url or None, _words_of_loss(facts) if url else "", "empty file" if not facts["size"] else _detail(name, facts)
    )


def _words_of_loss(facts: dict[str, Any]) -> str:
    first, lost, rows = _lost(facts)
    if lost and rows:
        filled = facts["lost_from_row"] is None
        return f"{'filled' if filled else 'lost'}: {lost / rows:.0%}, from row {first} of {rows}"
    if not facts["complaint"]:
        return ""
    return "damaged, but no row is lost" if facts["survives"] == 1 else "damaged, nobody knows where"


def _detail(name: str, facts: dict[str, Any]) -> str:
    detail = facts["content_detail"] or ""
    return f"{name}: {detail[:80]}" if detail else name
