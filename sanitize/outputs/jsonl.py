"""The rows of `findings.jsonl`, for a program that reads one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from sanitize.outputs.findings import encode
from sanitize.result import Reported

_ROWS = 10_000


def stream(result: Reported) -> Iterator[str]:
    """Give one object a line."""
    for part in result.findings.iter_slices(_ROWS):
        yield "".join(encode(part, end="\n"))
