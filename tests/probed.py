"""What a probe finds of bytes."""

from __future__ import annotations

from typing import Any

from sanitize.probe import examine


def probe_bytes(data: bytes, **options: Any) -> dict[str, object]:
    """Return a subset of `facts.PROBE_COLUMNS` of one file, as `examine` does."""
    return examine(data, **options).facts
