"""Where findings show in a repository: for each a file, a line of it, and an identity that lasts from run to run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from sanitize.dataset import rank
from sanitize.identity import fingerprint
from sanitize.names import shown, to_key
from sanitize.result import Reported

#: The most results of one run that GitHub's code scanning takes; others would not show more either.
MOST = 25_000


class Placed(NamedTuple):
    """A finding, and where it shows: on the line of a list that it is about, or else in the file."""

    rule: str
    severity: str
    text: str  #: the message, led by the path of the picture where there is one
    evidence: str  #: JSON
    place: bytes  #: the file that it shows in: relative to the current folder where it lies below it, else absolute
    line: int  #: line of that file, from 1; 1 where it is about all of it
    picture: bytes | None  #: the picture, likewise, where that is another file
    accepted: bool  #: by the baseline
    identity: str  #: 32 hexadecimal digits, from what it is about and neither the number of the line nor the message
    occurrence: int  #: from 1, among findings of one identity


def place(result: Reported, *, most: int = MOST) -> tuple[list[Placed], int]:
    """Return the findings, the worst first, and how many were left out because there are more than `most`."""
    findings = worst_first(result.findings)
    return list(locate(result, findings.head(most))), max(0, findings.height - most)


def worst_first(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings sorted by severity."""
    return findings.sort(rank(pl.col("severity")), maintain_order=True)


def locate(result: Reported, findings: pl.DataFrame) -> Iterator[Placed]:
    """Give each of the findings, some of `result.findings`, its place."""
    root = os.path.abspath(os.fsencode(result.images_root))
    lists = {name: relative(path) for name, path in result.sources.items()}
    anywhere = next(iter(lists.values()), relative(root))
    named = findings.join(
        result.first_lines.select("file", first_list="list", first_line="line"),
        on="file", how="left", maintain_order="left",
    )  # fmt: skip
    seen: Counter[str] = Counter()
    for row in named.iter_rows(named=True):
        picture = relative(_join(root, row["path_bytes"])) if row["path_bytes"] else None
        in_list = lists.get(row["list"]) or (lists.get(row["first_list"]) if picture else None)
        line = row["line"] if row["list"] in lists else row["first_line"] if in_list else None
        where = in_list or picture or anywhere
        source = lists.get(row["list"], row["list"].encode())
        identity = fingerprint(row["rule"].encode(), source, row["label"].encode(), row["path_bytes"])
        seen[identity] += 1
        yield Placed(
            rule=row["rule"],
            severity=row["severity"],
            text=f"{row['path']}: {row['message']}" if row["path"] else row["message"],
            evidence=row["evidence"],
            place=where,
            line=line or 1,
            picture=None if picture == where else picture,
            accepted=row["accepted"],
            identity=identity,
            occurrence=seen[identity],
        )


def relative(path: bytes) -> bytes:
    """Return an absolute path relative to the current folder, with `/`, where it lies below that, else as it is."""
    try:
        folder = os.path.join(os.getcwdb(), b"")
    except FileNotFoundError:
        return path
    return path.removeprefix(folder).replace(os.fsencode(os.sep), b"/") if path.startswith(folder) else path


def text_of(path: bytes) -> str:
    """Return a path for people."""
    return shown(to_key(path))


def _join(root: bytes, path: bytes) -> bytes:
    joined = os.path.join(root, path)
    return os.path.normpath(joined) if b".." in path else joined
