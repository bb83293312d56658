"""One JSON document: the exit status, the content of `summary.json`, and the rows of `findings.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sanitize.outputs.findings import encode_by_parts
from sanitize.result import Reported


def stream(result: Reported) -> Iterator[str]:
    """Give an object with `exit_status`, `summary` and `findings`."""
    summary = json.dumps(result.summary, ensure_ascii=False)
    yield f'{{"exit_status": {result.exit_status},\n"summary": {summary},\n"findings": ['
    before = "\n"
    for part in encode_by_parts(result.findings):
        yield before + ",\n".join(part)
        before = ",\n"
    yield "\n]}\n"
