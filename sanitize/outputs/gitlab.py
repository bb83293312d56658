"""A Code Quality report for GitLab, which shows findings in a merge request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from sanitize.outputs.places import Placed, place, text_of
from sanitize.result import Reported

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
_SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}


def stream(result: Reported) -> Iterator[str]:
    """Give a JSON array; of very many findings the worst 25,000, and one that says how many were left out."""
    found, left_out = place(result)
    entries = [_entry(one) for one in found if not one.accepted]
    if left_out:
        entries.append(_rest(found[0], left_out))
    yield "["
    before = "\n"
    for entry in entries:
        yield before + json.dumps(entry, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _entry(found: Placed) -> dict[str, object]:
    return {
        "description": found.text,
        "check_name": found.rule,
        "fingerprint": hashlib.sha256(f"{found.identity}:{found.occurrence}".encode()).hexdigest()[:32],
        "severity": _SEVERITIES[found.severity],
        "location": {"path": text_of(found.place), "lines": {"begin": found.line}},
    }


def _rest(somewhere: Placed, count: int) -> dict[str, object]:
    return {
        "description": f"{count:,} more findings are not shown here; `--output-format jsonl` prints all",
        "check_name": "sanitize",
        "fingerprint": hashlib.sha256(b"more").hexdigest()[:32],
        "severity": "info",
        "location": {"path": text_of(somewhere.place), "lines": {"begin": 1}},
    }
