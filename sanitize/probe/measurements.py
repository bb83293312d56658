"""Runs the measurements of rules over a batch of probed files: the second function that the engine runs in a child."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from sanitize.probe import seen
from sanitize.probe.batch import Batch, Grey
from sanitize.probe.jpeg_strict import SHORTER_SIDE


class Seen(NamedTuple):
    """A probed file: its facts and, where there may be more to measure, its bytes and its reduced picture."""

    facts: dict[str, object]
    data: bytes = b""
    picture: Grey | None = None


def measure_all(files: Sequence[Seen], *, measures: Sequence[str], **_others: object) -> list[dict[str, object]]:
    """Return the facts of all files, with the columns that the modules named in `measures` give to those that decode."""
    batch, numbers = _batch(files) if measures else (None, [])
    if not batch:
        return [file.facts for file in files]
    names: list[str] = []
    columns: list[Sequence[object]] = []
    for module in measures:
        for name, values in _load(module).measure(batch).items():
            names.append(name)
            columns.append(values.tolist() if hasattr(values, "tolist") else values)
    measured = dict(zip(numbers, zip(*columns, strict=True), strict=True))
    return [
        {**file.facts, **dict(zip(names, measured[number], strict=True))} if number in measured else file.facts
        for number, file in enumerate(files)
    ]


def _batch(files: Sequence[Seen]) -> tuple[Batch | None, list[int]]:
    """Return the files of which there is a sound picture, and their numbers."""
    numbers, pictures = [], []
    for number, (facts, data, picture) in enumerate(files):
        if not data or not facts.get("decodes") or "complaint" in facts:
            continue
        if picture is None:
            picture = seen.grey(data, facts, shorter_side=SHORTER_SIDE)
        if picture is not None and picture.size:
            numbers.append(number)
            pictures.append(picture)
    chosen = [files[number] for number in numbers]
    batch = Batch([file.data for file in chosen], [file.facts for file in chosen], pictures)
    return (batch if chosen else None), numbers


@cache
def _load(name: str) -> Any:
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
