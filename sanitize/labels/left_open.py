"""Rows of a table that take in the lines after them, because a quote is left open."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from typing import NamedTuple

from sanitize.labels.columns import Columns


class Row(NamedTuple):
    """A row that runs over several lines."""

    line: int  #: on which it starts
    cells: list[str]
    header: bool  #: whether it names the columns


class Line(NamedTuple):
    """A line that such a row has taken in, or begins with."""

    number: int
    cells: list[str]  #: what it holds by itself
    message: str | None  #: null where it is empty


class Lines(NamedTuple):
    """The lines that one row was made of."""

    row: int  #: the line on which it starts
    lines: list[Line]


def take_apart(
    rows: Sequence[Row],
    text: Sequence[str],
    delimiter: str,
    columns: Columns,
    find_samples: Callable[[Collection[str]], Set[str]],
) -> Iterator[Lines]:
    """Give the lines of those rows, out of the lines of the `text`, that nobody meant to be one.

    Names of files hold line breaks, if rarely, and so do remarks; no name of a class does, and no line within a remark
    is like a row that names a sample. `find_samples` returns the paths that name one.
    """
    rows = [row for row in rows if _may_be_several(row, _text_of(row, text)[1:], delimiter, columns)]
    alone = [[_split(line, delimiter) for line in _text_of(row, text)] for row in rows]
    paths = {row.cells[columns.path] for row in rows if len(row.cells) > columns.path}
    paths |= {cells[columns.path] for lines in alone for cells in lines[1:] if len(cells) > columns.path}
    samples = find_samples(paths)
    for row, lines in zip(rows, alone, strict=True):
        at = _broken(row, columns, samples)
        if at is None and any(
            len(cells) == len(row.cells) > columns.path and cells[columns.path] in samples for cells in lines[1:]
        ):
            at = next(index for index, cell in enumerate(row.cells) if "\n" in cell)
        if at is None:
            continue
        opened = row.line + sum(cell.count("\n") for cell in row.cells[:at])
        message = _message(opened, row.line + len(lines) - 1)
        yield Lines(
            row.line,
            [
                Line(number, cells, message if any(map(str.strip, cells)) else None)
                for number, cells in enumerate(lines, row.line)
            ],
        )


def _may_be_several(row: Row, later: Sequence[str], delimiter: str, columns: Columns) -> bool:
    """Tell whether a row is worth a look: tables have a million of remarks."""
    if not row.header and any("\n" in cell for cell in (row.cells[at] for at in columns[:2] if at < len(row.cells))):
        return True
    return any(line.count(delimiter) >= len(row.cells) - 1 for line in later)


def _text_of(row: Row, text: Sequence[str]) -> Sequence[str]:
    return text[row.line - 1 : row.line + sum(cell.count("\n") for cell in row.cells)]


def _split(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line by itself, in which a quote may be left open or closed only."""
    try:
        rows = list(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return [cell.strip(' "') for cell in line.split(delimiter)]
    return rows[0] if rows else []


def _broken(row: Row, columns: Columns, samples: Set[str]) -> int | None:
    """Return which cell holds a line break that it cannot have."""
    if row.header:
        return None
    broken = {index for index in (columns.path, columns.label) if index < len(row.cells) and "\n" in row.cells[index]}
    if columns.path in broken and row.cells[columns.path] in samples:
        broken.remove(columns.path)
    return min(broken, default=None)


def _message(opened: int, last: int) -> str:
    taken = f"line {last}" if last == opened + 1 else f"lines {opened + 1} to {last}"
    return f"the quote on line {opened} is left open and takes in {taken}; one in a name is written twice, in quotes"
