"""`summary.json`: the counts of a scan."""

from __future__ import annotations

import json

from sanitize.result import ScanResult


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `summary.json`."""
    return {"summary.json": (json.dumps(result.summary, indent=2, ensure_ascii=False) + "\n").encode()}
