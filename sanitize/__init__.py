"""Checks every sample of an image dataset before training, and leaves off what cannot be trained on."""

from __future__ import annotations

__version__ = "0.2.0"

# To import `typing` takes longer than all else that is done before the children are begun.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sanitize.api import DatasetRejected, gate, quarantine, scan, undo, verify, write_baseline
    from sanitize.errors import InternalError, UsageError
    from sanitize.moving.quarantine_folder import MoveResult
    from sanitize.result import ScanResult
    from sanitize.verifying import VerifyResult

__all__ = [
    "DatasetRejected",
    "InternalError",
    "MoveResult",
    "ScanResult",
    "UsageError",
    "VerifyResult",
    "__version__",
    "gate",
    "quarantine",
    "scan",
    "undo",
    "verify",
    "write_baseline",
]

_HOMES = {
    "DatasetRejected": "sanitize.api",
    "gate": "sanitize.api",
    "quarantine": "sanitize.api",
    "undo": "sanitize.api",
    "scan": "sanitize.api",
    "verify": "sanitize.api",
    "write_baseline": "sanitize.api",
    "InternalError": "sanitize.errors",
    "UsageError": "sanitize.errors",
    "MoveResult": "sanitize.moving.quarantine_folder",
    "ScanResult": "sanitize.result",
    "VerifyResult": "sanitize.verifying",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    # The children that decode import this package too, and need none of it.
    if name not in _HOMES:
        raise AttributeError(f"module 'sanitize' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
