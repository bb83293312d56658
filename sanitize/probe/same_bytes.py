"""What came of bytes that this process has measured lately: under another name they are not decoded again."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sanitize.facts import Row

# Batches that are kept in mind, as the tables that they are sent in: to take files out of them one by one takes longer than it
# saves, and lets memory go to pieces.
_MOST = 8


class Known(NamedTuple):
    """What came of a file."""

    facts: dict[str, object]
    shades: bytes


_batches: deque[Mapping[str, Row]] = deque(maxlen=_MOST)


def key(sha256: str, extension: str, *, max_pixels: int, thorough: bool, measures: Sequence[str], shades: bool) -> str:
    """Return all that the facts of a file come of; `extension` is that of its name where it tells something."""
    return "\0".join((sha256, extension, str(max_pixels), str(thorough), str(shades), *measures))


def recall(asked: str) -> Known | None:
    """Return what came of a file, or None where it is not kept in mind."""
    row = next((rows[asked] for rows in _batches if asked in rows), None)
    if row is None:
        return None
    found = ((name, column[row.number]) for name, column in row.table.items())
    return Known({name: value for name, value in found if value is not None}, row.shades)


def keep(rows: Mapping[str, Row]) -> None:
    """Keep in mind what came of the files of a batch, those that were known included, and forget the oldest batch."""
    _batches.appendleft(rows)
