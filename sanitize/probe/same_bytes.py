"""What came of bytes that this process has measured lately: under another name they are not decoded again."""

from __future__ import annotations

from typing import NamedTuple

from sanitize.facts import Row

# Files that are kept in mind, 3 kB each: what stands in for many comes again soon.
_MOST = 1024


class Asked(NamedTuple):
    """What the facts of a file come of."""

    sha256: str
    extension: str  #: all that a name tells (`sniff`)
    max_pixels: int
    thorough: bool
    measures: tuple[str, ...]
    shades: bool


_rows: dict[Asked, Row] = {}


def recall(asked: Asked) -> tuple[dict[str, object], bytes] | None:
    """Return all facts and the shades of a file, as `measure_all` gave them; None where it is new."""
    row = _rows.get(asked)
    if row is None:
        return None
    found = ((name, column[row.number]) for name, column in row.table.items())
    return {name: value for name, value in found if value is not None}, row.shades


def keep(asked: Asked, row: Row) -> None:
    """Keep in mind what came of a file, in place of the one that was kept first where there are too many."""
    _rows[asked] = row
    if len(_rows) > _MOST:
        del _rows[next(iter(_rows))]
