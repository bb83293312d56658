"""The story of a report: tables, then causes, groups and numbers, and last the page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from sanitize import __version__
from sanitize.engine.calls import Call, call_here
from sanitize.report import causes, page, pictures, plots, same, tables
from sanitize.report.pictures import Draw
from sanitize.report.told import Cause, Group
from sanitize.settings import PRIVATE

NAME = "report.html"
#: The file in OUT that says what the report was made of, and its own SHA-256.
KEY = f"{PRIVATE}/report"
#: Raised when the report is made otherwise of the same files.
VERSION = 3
#: Bytes at the start of a report in which its title ends, whatever version wrote it.
HEAD = 4096
_TITLE_ENDS = " – sanitize</title>".encode()
_CAUSES, _SAMPLES, _GROUPS, _MEMBERS = 40, 6, 12, 6

#: What is called in a child, where there is one.
FILL = "sanitize.report.fill:fill"


def render(files: Mapping[str, bytes], draw: Draw, call: Call = call_here) -> bytes:
    """Return the report on what `files` of OUT say, with the thumbnails that `draw` makes.

    What takes other libraries is done by `call`.
    """
    read = tables.read(files)
    findings = causes.with_causes(read.findings, read.facts)
    read = read._replace(findings=findings)
    told = causes.describe(findings, read.facts, most=_CAUSES, samples=_SAMPLES)
    groups, all_groups = same.find(read, groups=_GROUPS, members=_MEMBERS)
    shown = pictures.begin(read, _rows(told, groups, read), draw)
    bars = plots.count(read)
    content = page.tell(read, told, groups, all_groups)
    filled: bytes = call(FILL, (content, bars, shown()))()
    return filled


def key(files: Mapping[str, bytes]) -> str:
    """Return a digest of all that the report is made of."""
    digest = hashlib.sha256(f"{VERSION} {__version__}".encode(), usedforsecurity=False)
    for name in tables.READ:
        content = files.get(name, b"")
        if name == tables.SUMMARY:
            content = repr(sorted(tables.summary(content).items())).encode("utf-8", "replace")
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_report(head: bytes) -> bool:
    """Tell whether a file that starts so is a report of this program."""
    return head.startswith(b"<!DOCTYPE html>") and _TITLE_ENDS in head


def _rows(told: Sequence[Cause], groups: Sequence[Group], read: tables.Tables) -> Iterator[int]:
    """Give the files that are shown, the first of every cause before the second of any."""
    for group in groups:
        yield from (member.row for member in group.members)
    row_of = dict(zip(read.findings["finding"], read.findings["row"], strict=True)) if told else {}
    for place in range(_SAMPLES):
        for cause in told:
            if place < len(cause.samples) and (row := row_of[cause.samples[place]]) is not None:
                yield row
