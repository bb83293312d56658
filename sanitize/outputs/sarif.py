"""SARIF 2.1.0, for code scanning and editors: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

from sanitize.outputs.places import Placed, place, relative
from sanitize.result import Reported
from sanitize.rules import Rule
from sanitize.texts import cut

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
#: The folder that relative paths start from, by the name that code scanning knows.
_ROOT = "%SRCROOT%"
#: Longer descriptions are cut off: the section on `reportingDescriptor` of
#: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
_LONGEST = 1024


def stream(result: Reported) -> Iterator[str]:
    """Give one log with one run; of very many findings the worst 25,000, and a notification of how many were left out."""
    found, left_out = place(result)
    rules = {name: index for index, name in enumerate(sorted({*result.rules, *(one.rule for one in found)}))}
    artifacts: dict[bytes, int] = {}
    head = {
        "tool": {"driver": _driver(result, rules)},
        "automationDetails": {"id": f"sanitize/{result.command}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": _absolute(os.getcwdb()).removesuffix("/") + "/"}},
        "invocations": [_invocation(result, left_out)],
    }
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n'
    yield "".join(f"{json.dumps(key)}: {_encode(value)},\n" for key, value in head.items())
    yield '"results": ['
    before = "\n"
    for one in found:
        yield before + _encode(_result(one, rules, artifacts))
        before = ",\n"
    yield "\n],\n"
    known = {relative(path): name for name, path in result.sources.items()}
    listed = [{"location": _artifact(path), **_role(path in known)} for path in artifacts]
    yield f'"artifacts": {_encode(listed)}\n}}]}}\n'


def _driver(result: Reported, rules: dict[str, int]) -> dict[str, object]:
    return {
        "name": "sanitize",
        "version": result.version,
        "semanticVersion": result.version,
        "rules": [_rule(name, result.rules.get(name)) for name in rules],
    }


def _rule(name: str, rule: Rule | None) -> dict[str, object]:
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": cut(f"{rule.title}.", _LONGEST)},
        "fullDescription": {"text": cut(" ".join(rule.manual.split()), _LONGEST)},
        "help": {"text": rule.manual, "markdown": rule.manual},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["dataset"],
            "precision": "very-high",
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }


def _invocation(result: Reported, left_out: int) -> dict[str, object]:
    invocation: dict[str, object] = {"executionSuccessful": result.exit_status != 3, "exitCode": result.exit_status}
    if left_out:
        text = f"{left_out:,} more findings are not in this log; `--output-format jsonl` prints all"
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return invocation


def _result(found: Placed, rules: dict[str, int], artifacts: dict[bytes, int]) -> dict[str, object]:
    answer: dict[str, object] = {
        "ruleId": found.rule,
        "ruleIndex": rules[found.rule],
        "level": _LEVELS[found.severity],
        "message": {"text": found.text},
        "locations": [_location(found.place, artifacts, line=found.line)],
        "partialFingerprints": {"primaryLocationLineHash": f"{found.identity}:{found.occurrence}"},
        "properties": {"evidence": json.loads(found.evidence)},
    }
    if found.accepted:
        answer["suppressions"] = [{"kind": "external", "justification": "accepted by the baseline"}]
    if found.picture is not None:
        answer["relatedLocations"] = [_location(found.picture, artifacts)]
    return answer


def _location(path: bytes, artifacts: dict[bytes, int], line: int | None = None) -> dict[str, object]:
    index = artifacts.setdefault(path, len(artifacts))
    where: dict[str, object] = {"artifactLocation": {**_artifact(path), "index": index}}
    if line is not None:
        where["region"] = {"startLine": line, "startColumn": 1, "endLine": line}
    return {"physicalLocation": where}


def _artifact(path: bytes) -> dict[str, object]:
    if os.path.isabs(path):
        return {"uri": _absolute(path)}
    return {"uri": quote_from_bytes(path, safe="/"), "uriBaseId": _ROOT}


def _absolute(path: bytes) -> str:
    return Path(os.fsdecode(path)).as_uri()


def _role(is_list: bool) -> dict[str, object]:
    return {"roles": ["analysisTarget"]} if is_list else {}


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
