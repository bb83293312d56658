"""The outputs: each module writes one kind of file from the result of a scan, or one format, and is found because it lies here.

A module exports `render(result) -> dict[str, bytes]`, the files it gives, by name in OUT; or `stream(result)`, which gives
the pieces of a text for another program: the format that `--output-format` knows by the module's name. `images`, which
fills a folder rather than a file, has functions of its own.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from sanitize.errors import UsageError

if TYPE_CHECKING:
    from sanitize.result import Reported, ScanResult

#: The format that is no module: a summary for people, elsewhere than where a program reads.
TEXT = "text"


def render_all(
    result: ScanResult, further: Callable[[Mapping[str, bytes]], dict[str, bytes]] | None = None
) -> dict[str, bytes]:
    """Return every file of OUT by name, what the program itself needs later among them and `summary.json` last.

    `further` gives files that are made of the others.
    """
    from sanitize import drift, record

    files: dict[str, bytes] = {}
    for module in modules():
        render: Callable[[ScanResult], dict[str, bytes]] | None = getattr(module, "render", None)
        if render:
            files |= render(result)
    own = drift.render(result.dataset, result.found)
    if further:
        files |= further(files)
    files |= own | record.render(result, files, own)
    return dict(sorted(files.items(), key=lambda file: (file[0] == "summary.json", file[0])))


def find_format(name: str) -> Callable[[Reported], Iterator[str]] | None:
    """Return what gives a result in the format of that name; None for `text`. Raises UsageError where there is none."""
    if name == TEXT:
        return None
    formats = {module.__name__.rpartition(".")[2]: module for module in modules() if hasattr(module, "stream")}
    if name not in formats:
        raise UsageError(f"--output-format takes {' or '.join([TEXT, *sorted(formats)])}, not {name!r}")
    stream: Callable[[Reported], Iterator[str]] = formats[name].stream
    return stream


def modules() -> list[ModuleType]:
    """Return all outputs."""
    return [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
