"""Calls of functions by their names (`module:function`), which another process may do for us."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

#: Begins to call a function with one argument; what it returns waits for the answer.
Call = Callable[[str, Any], Callable[[], Any]]


def find(name: str) -> Callable[..., Any]:
    """Return the function of that name, its module imported."""
    module, _colon, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return function


def call_here(function: str, item: object) -> Callable[[], Any]:
    """Call a function in this process, when its answer is asked for."""
    return lambda: find(function)(item)
