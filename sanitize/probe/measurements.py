"""Runs the measurements of rules over a batch of probed files: the second function that the engine runs in a child."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from sanitize.facts import Row
from sanitize.probe import jpeg_segments, same_bytes, seen
from sanitize.probe.batch import Batch, Grey, halved
from sanitize.probe.seen import SHORTER_SIDE, detail_side, shorter_of


class Seen(NamedTuple):
    """A probed file: its facts and, where there may be more to measure, its bytes and its pictures."""

    facts: dict[str, object]
    data: bytes = b""
    picture: Grey | None = None
    detail: Grey | None = None
    start: jpeg_segments.Start | None = None
    asked: str = ""  #: by what its facts are kept in mind, if they are (`same_bytes.key`)
    shades: bytes = b""  #: where they are known


def measure_all(
    files: Sequence[Seen], *, measures: Sequence[str], shades: bool = False, **_others: object
) -> list[Row]:
    """Return the facts of all files, with the columns that the modules named in `measures` give to those that decode.

    With `shades` also these.
    """
    every = [file.facts for file in files]
    names: dict[str, object] = {}
    for facts in every:
        names |= facts
    table: dict[str, list[object]] = {name: [facts.get(name) for facts in every] for name in names}
    batch, numbers = batch_of(files) if measures else (None, [])
    if batch:
        for module in measures:
            for name, values in _measured(module, batch):
                table[name] = _spread(values, numbers, table.get(name) or [None] * len(files))
    own = [file.shades for file in files]
    if shades and batch:
        for number, levels in zip(numbers, batch.shades, strict=True):
            own[number] = levels.tobytes()
    given = {name: values for name, values in table.items() if values.count(None) < len(values)}
    rows = [Row(given, number, own[number]) for number in range(len(files))]
    same_bytes.keep({file.asked: row for file, row in zip(files, rows, strict=True) if file.asked})
    return rows


def _measured(module: str, batch: Batch) -> Iterator[tuple[str, list[object]]]:
    """Give the columns that a module measures, one value for each file of the batch."""
    for name, values in load(module).measure(batch).items():
        yield name, values.tolist() if hasattr(values, "tolist") else values


def _spread(values: list[object], numbers: Sequence[int], column: list[object]) -> list[object]:
    """Return a column with values in the rows `numbers`, and what it has in the others."""
    if len(values) == len(column):
        return values
    for number, value in zip(numbers, values, strict=True):
        column[number] = value
    return column


def batch_of(files: Sequence[Seen]) -> tuple[Batch | None, list[int]]:
    """Return the files of which there is a sound picture, and their numbers."""
    numbers: list[int] = []
    pictures: list[Grey] = []
    details: list[Grey] = []
    for number, (facts, data, picture, detail, *_others) in enumerate(files):
        if not data or not facts.get("decodes") or "complaint" in facts:
            continue
        if detail is None:
            picture, detail = seen.greys(data, facts, SHORTER_SIDE, detail_side(shorter_of(facts)))
        elif picture is None:
            picture = halved(detail, facts.get("height"), facts.get("width"))
        if detail is not None and picture is not None and picture.size:
            numbers.append(number)
            pictures.append(picture)
            details.append(detail)
    chosen = [files[number] for number in numbers]
    datas, facts_of, starts = ([getattr(file, name) for file in chosen] for name in ("data", "facts", "start"))
    return (Batch(datas, facts_of, pictures, details, starts) if chosen else None), numbers


@cache
def load(name: str) -> Any:
    """Import a module with a `measure`; its queries stand beside it, and need Polars only where they are asked."""
    if "polars" not in sys.modules:
        sys.modules["polars"] = _delayed("polars")
    return importlib.import_module(name)


def _delayed(name: str) -> ModuleType:
    """Return a module that stands in for another until something of it is asked for."""
    stand_in = ModuleType(name)

    def load(attribute: str) -> Any:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        return getattr(importlib.import_module(name), attribute)

    stand_in.__getattr__ = load  # type: ignore[method-assign]
    return stand_in
