"""The checks of `sanitize verify`: each module says what is no longer as a scan left it, and why that matters.

A module is a check because it lies here, and is named and documented as a rule is: its file name is its name, its
docstring its manual. Its `find(scanned)` returns a row for each thing that has changed: `message`, `path` (key, relative
to IMAGES) where it is about a picture, `list` where it is about a list or report, by its name; all else is evidence.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from sanitize.dataset import Severity
from sanitize.rules import Rule


@cache
def discover() -> Mapping[str, Rule]:
    """Return all checks by name, in alphabetical order."""
    return {check.name: check for check in map(_load, sorted(module.name for module in pkgutil.iter_modules(__path__)))}


def _load(module_name: str) -> Rule:
    import inspect

    module = importlib.import_module(f"{__name__}.{module_name}")
    return Rule(
        name=module_name.replace("_", "-"),
        manual=inspect.cleandoc(module.__doc__ or ""),
        severity=Severity.ERROR,
        find=module.find,
    )
