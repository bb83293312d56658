"""What the page tells, as plain data: made of tables, and put into words and pictures by a child, which has no tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Cause(NamedTuple):
    """Findings that belong together."""

    number: int
    rule: str
    severity: str
    size: int
    shared: tuple[str, ...]  #: what all of them have in common, in words
    folders: int  #: in how many folders they lie
    samples: tuple[int, ...]  #: numbers of some findings, from all over it


class Member(NamedTuple):
    """A file of a group."""

    row: int
    path: str
    labels: str  #: with the list of each, in words; empty where there is none


class Group(NamedTuple):
    """Files that show the same picture."""

    rule: str
    title: str
    size: int
    members: tuple[Member, ...]  #: the first of them


class Shown(NamedTuple):
    """A file of which the report shows a thumbnail, or says why there is none."""

    picture: str | None  #: the thumbnail as a data URL
    lost: str  #: what is marked in it, in words; empty where nothing is
    instead: str  #: what the file is, where there is no thumbnail


class Bars(NamedTuple):
    """The numbers of a plot, and what is said of them."""

    title: str
    note: str  #: what is left out
    bars: tuple[str, ...]  #: the name of each bar
    series: tuple[tuple[str, tuple[int, ...]], ...]  #: a name, and a number for each bar
    marks: tuple[str, ...]  #: by which the page colours each series
    stacked: bool


class Page(NamedTuple):
    """All that the page tells but the plots and the thumbnails."""

    summary: Mapping[str, Any]
    drift: Sequence[str]  #: what changed since the last scan, line by line
    counts: Mapping[str, int]  #: findings by severity, without those that are accepted
    total: int  #: findings in all
    causes: Sequence[Cause]
    more_causes: int
    findings: Mapping[int, Mapping[str, Any]]  #: the samples of causes, by number
    rules: Mapping[str, tuple[str, str]]  #: title and manual of each rule
    groups: Sequence[Group]
    all_groups: int
    rows: str  #: the table of all findings, as JSON that may stand in a page
    left_out: int  #: findings that the table has no room for
