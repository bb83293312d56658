"""The rows of `findings.jsonl`, for a program that reads one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from sanitize.outputs.findings import encode_by_parts
from sanitize.result import Reported


def stream(result: Reported) -> Iterator[str]:
    """Give one object a line."""
    for part in encode_by_parts(result.findings, end="\n"):
        yield "".join(part)
