"""The outputs: each module writes one kind of file from the result of a scan, and is found because it lies here.

A module exports `render(result) -> dict[str, bytes]`: the files it gives, by name in OUT. `images`, which fills a
folder rather than a file, has functions of its own.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanitize.result import ScanResult


def render_all(result: ScanResult) -> dict[str, bytes]:
    """Return every file of OUT by name, `summary.json` last."""
    files: dict[str, bytes] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        render: Callable[[ScanResult], dict[str, bytes]] | None = getattr(module, "render", None)
        if render:
            files |= render(result)
    return dict(sorted(files.items(), key=lambda file: (file[0] == "summary.json", file[0])))
