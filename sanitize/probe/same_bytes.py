"""What came of bytes that this process has measured lately: under another name they are not decoded again."""

from __future__ import annotations

from typing import NamedTuple

from sanitize.facts import Row

# Files that are kept in mind, 3 kB each: what stands in for many comes again soon.
_MOST = 1024


class Asked(NamedTuple):
    """What the facts of a file come of."""

    sha256: str
    extension: str  #: of the name, where it tells something (`sniff.telling_extension`)
    max_pixels: int
    thorough: bool
    measures: tuple[str, ...]
    shades: bool


class Known(NamedTuple):
    """What came of a file."""

    facts: dict[str, object]  #: all that it has, which nobody changes
    shades: bytes


_files: dict[Asked, Known] = {}


def recall(asked: Asked) -> Known | None:
    """Return what came of a file, or None where it is not kept in mind."""
    return _files.get(asked)


def keep(asked: Asked, row: Row) -> None:
    """Keep in mind what came of a file, in place of the one that was kept first where there are too many."""
    # A row by itself: with its table it would keep in mind all files of a batch.
    found = ((name, column[row.number]) for name, column in row.table.items())
    _files[asked] = Known({name: value for name, value in found if value is not None}, row.shades)
    if len(_files) > _MOST:
        del _files[next(iter(_files))]
