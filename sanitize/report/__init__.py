"""The report for people: `report.html`, a function of the other files of OUT."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence

from sanitize import __version__
from sanitize.report import causes, page, pictures, plots, same, tables
from sanitize.report.pictures import Draw
from sanitize.settings import PRIVATE

NAME = "report.html"
#: The file in OUT that says what the report was made of, and its own SHA-256.
KEY = f"{PRIVATE}/report"
#: Raised when the report is made otherwise of the same files.
VERSION = 1
_CAUSES, _SAMPLES, _GROUPS, _MEMBERS = 40, 6, 12, 6


def render(files: Mapping[str, bytes], draw: Draw) -> bytes:
    """Return the report on what `files` of OUT say, with the thumbnails that `draw` makes."""
    read = tables.read(files)
    findings = causes.with_causes(read.findings, read.facts)
    read = dataclasses.replace(read, findings=findings)
    told = causes.describe(findings, read.facts, most=_CAUSES, samples=_SAMPLES)
    groups, all_groups = same.find(read, groups=_GROUPS, members=_MEMBERS)
    shown = pictures.begin(read, _rows(told, groups, read), draw)
    # What takes no pictures is made while they are drawn.
    graphs, rows = plots.draw(read), page.table_data(findings)
    return page.render(read, told, groups, all_groups, shown(), graphs, rows)


def get_ready() -> None:
    """Load what making a report needs, which takes as long as to make one."""
    page.template()
    plots.charts()


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


def _rows(told: Sequence[causes.Cause], groups: Sequence[same.Group], read: tables.Tables) -> Iterator[int]:
    """Give the files that are shown, the first of every cause before the second of any."""
    for group in groups:
        yield from (member.row for member in group.members)
    row_of = dict(zip(read.findings["finding"], read.findings["row"], strict=True)) if told else {}
    for place in range(_SAMPLES):
        for cause in told:
            if place < len(cause.samples) and (row := row_of[cause.samples[place]]) is not None:
                yield row
