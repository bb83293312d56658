"""JUnit XML, which every CI system shows: a test for each rule, that fails where its findings make the command fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from sanitize.result import Reported
from sanitize.texts import counted, cut

# Findings of a rule that are told, and characters of one: a server keeps the file of every run whole.
_MOST, _LONGEST = 100, 1_000
#: The rule whose findings are a mistake of the program.
_OURS = "internal-error"
# Whatever is not a `Char`: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def stream(result: Reported) -> Iterator[str]:
    """Give a test suite; a rule with other findings passes and tells them as its output."""
    found = {str(rule): rows for (rule,), rows in result.findings.group_by("rule", maintain_order=True)}
    names = sorted({*result.rules, *found})
    cases = [_case(result, name, found.get(name)) for name in names]
    failures = sum("<failure" in case for case in cases)
    errors = sum("<error" in case for case in cases)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="sanitize" {counts} time="{result.seconds:.3f}">\n'
    yield f'<testsuite name="sanitize.{result.command}" {counts} skipped="0" time="{result.seconds:.3f}">\n'
    yield from cases
    yield "</testsuite>\n</testsuites>\n"


def xml_text(text: str) -> str:
    """Return a text as the content of an element; what XML cannot hold is written as `\\uNNNN`."""
    from xml.sax.saxutils import escape  # brings the modules of the network with it, which no other output needs

    return escape(_NO_XML.sub(_in_words, text), {"\r": "&#13;"})


def xml_attribute(text: str) -> str:
    """Return a text as the value of an attribute, with its quotes, likewise."""
    from xml.sax.saxutils import quoteattr

    return quoteattr(_NO_XML.sub(_in_words, text))


def _in_words(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _case(result: Reported, rule: str, found: pl.DataFrame | None) -> str:
    start = f'<testcase classname="sanitize.{result.command}" name={xml_attribute(rule)} time="0"'
    if found is None:
        return f"{start}/>\n"
    worst = found.filter(pl.col("severity").is_in(sorted(result.failing)) & ~pl.col("accepted"))
    told = xml_text(_told(worst if worst.height else found))
    if rule == _OURS:
        inner = f"<error message={xml_attribute(counted(found.height, 'finding'))}>{told}</error>"
    elif worst.height:
        inner = f"<failure message={xml_attribute(counted(worst.height, 'finding'))}>{told}</failure>"
    else:
        inner = f"<system-out>{told}</system-out>"
    return f"{start}>{inner}</testcase>\n"


def _told(found: pl.DataFrame) -> str:
    lines = []
    for row in found.head(_MOST).iter_rows(named=True):
        list_line = f"{row['list']}:{row['line']}" if row["line"] is not None else row["list"]
        line = ": ".join(filter(None, [row["severity"], list_line, row["path"], row["message"]]))
        lines.append(cut(line, _LONGEST))
    if found.height > _MOST:
        lines.append(f"... and {found.height - _MOST:,} more; `--output-format jsonl` prints all")
    return "\n".join(lines)
