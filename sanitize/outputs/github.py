"""Annotations for GitHub Actions: workflow commands that show findings beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sanitize.outputs.places import Placed, locate, text_of
from sanitize.result import Reported
from sanitize.texts import cut

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; infos are no news for a review.
_COMMANDS = {"error": "error", "warning": "warning"}
#: A step shows so many errors and so many warnings: https://docs.github.com/en/rest/checks/runs
_MOST = 10
#: Characters of a message, which stands among the lines of a change; what a rule says has a few hundred.
_LONGEST = 4_000
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def stream(result: Reported) -> Iterator[str]:
    """Give at most 10 errors and 10 warnings: one of each rule first, and the last tells of those that there are more."""
    for severity, command in _COMMANDS.items():
        findings = result.findings.filter(pl.col("severity") == severity, ~pl.col("accepted"))
        chosen = _of_every_rule(findings, _MOST if findings.height <= _MOST else _MOST - 1)
        for found in locate(result, chosen):
            yield _annotate(command, found)
        if findings.height > _MOST:
            yield _tell_of_more(command, findings, findings.height - chosen.height)


def escape_data(text: str) -> str:
    """Return a text as the message of a workflow command has it."""
    return "".join(_DATA.get(character, character) for character in text)


def escape_property(text: str) -> str:
    """Return a text as a property of a workflow command has it."""
    return "".join(_PROPERTY.get(character, character) for character in text)


def _of_every_rule(findings: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return so many findings, of as many rules as can be."""
    nth = findings.with_columns(nth=pl.int_range(pl.len()).over("rule"))
    return nth.sort("nth", maintain_order=True).head(most).drop("nth")


def _annotate(command: str, found: Placed) -> str:
    properties = {"file": text_of(found.place), "line": str(found.line), "title": found.rule}
    written = ",".join(f"{name}={escape_property(text)}" for name, text in properties.items())
    return f"::{command} {written}::{escape_data(cut(found.text, _LONGEST))}\n"


def _tell_of_more(command: str, findings: pl.DataFrame, count: int) -> str:
    counts = findings["rule"].value_counts(sort=True, name="count").sort("count", "rule", descending=[True, False])
    rules = ", ".join(f"{rule} ({number:,})" for rule, number in counts.iter_rows())
    text = f"{count:,} more; all findings of this severity by rule: {rules}. `--output-format jsonl` prints them"
    return f"::{command} title=sanitize::{escape_data(text)}\n"
