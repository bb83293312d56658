"""Rows of a table that take in the lines after them, because a quote is left open."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from sanitize.formats import IMAGE_EXTENSIONS, extension_of
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
    width: int,
    find_samples: Callable[[Collection[str]], Set[str]],
    find_labels: Callable[[Collection[str]], Set[tuple[str, str]]],
) -> Iterator[Lines]:
    """Give the lines of those rows, out of the lines of the `text`, that nobody meant to be one.

    `width` is the number of cells of the table; `find_samples` returns the paths that name a sample, `find_labels`
    paths with their labels, without blanks around, as whole rows have them.

    A quote is closed where RFC 4180 has it so: a delimiter or the end of the line follows. What it holds is a cell then,
    with its line breaks, and no samples are lost in it. Two things tell a quote that is left open up to another one:

    - Something else follows the quote that ends a path or a label, and there is no sample of the path with its breaks.
    - A line is a row by itself, with a label and the name of a sample or a picture, and not that of the row. No path and no
      label holds such a line. A remark may, where it is closed: if another row says the same of that sample, or the line
      has fewer cells than the table, nothing is lost by reading a remark; else a sample may be, and that is worse than
      a remark too many that is told of.
    """
    rows = [row for row in rows if _may_be_several(row, _text_of(row, text)[1:], delimiter, columns, width)]
    alone = [[_split(line, delimiter) for line in _text_of(row, text)] for row in rows]
    inner = {cells[columns.path].strip() for lines in alone for cells in lines if len(cells) > columns.path}
    samples = find_samples({row.cells[columns.path] for row in rows if len(row.cells) > columns.path} | inner)
    labels = find_labels(inner)
    for row, lines in zip(rows, alone, strict=True):
        broken = _broken(row, columns, samples)
        is_closed = _is_closed(_text_of(row, text), delimiter)
        is_remark = not row.header and not broken & {columns.path, columns.label}
        least = width if is_remark or row.header else max(columns.path, columns.label) + 1
        others = _others(row, [cells for cells in lines if len(cells) >= least], columns, samples)
        if is_closed and is_remark:
            others -= labels
        if not others and (is_closed or is_remark or row.header):
            continue
        at = min(broken & {columns.path, columns.label} or broken)
        opened = row.line + sum(cell.count("\n") for cell in row.cells[:at])
        message = _message(opened, row.line + len(lines) - 1, is_closed=is_closed)
        yield Lines(
            row.line,
            [
                Line(number, cells, message if any(map(str.strip, cells)) else None)
                for number, cells in enumerate(lines, row.line)
            ],
        )


def _may_be_several(row: Row, later: Sequence[str], delimiter: str, columns: Columns, width: int) -> bool:
    """Tell whether a row is worth a look: tables have a million of remarks."""
    if not row.header and any("\n" in cell for cell in (row.cells[at] for at in columns[:2] if at < len(row.cells))):
        return True
    return any(line.count(delimiter) >= width - 1 for line in later)


def _text_of(row: Row, text: Sequence[str]) -> Sequence[str]:
    return text[row.line - 1 : row.line + sum(cell.count("\n") for cell in row.cells)]


def _split(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line by itself, in which a quote may be left open or closed only."""
    # The odd one is the first where it closes what the lines before have opened, and the last where it opens.
    is_odd = line.count('"') % 2
    for whole in (line.replace('"', "", 1), "".join(line.rsplit('"', 1))) if is_odd else (line,):
        rows = _strictly([whole], delimiter)
        if rows is not None:
            return rows[0] if rows else []
    return [cell.strip(' "') for cell in line.split(delimiter)]


def _is_closed(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether each quote of a row ends at a delimiter or the end of a line; blanks after it are harmless."""
    blanks = re.compile(rf'" +(?={re.escape(delimiter)}|$)')
    return len(_strictly([blanks.sub('"', line) + "\n" for line in lines], delimiter) or []) == 1


def _strictly(lines: Iterable[str], delimiter: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None


def _broken(row: Row, columns: Columns, samples: Set[str]) -> set[int]:
    """Return the cells with a line break, but for a path that names a sample with it."""
    cells = {index for index, cell in enumerate(row.cells) if "\n" in cell}
    return cells - {columns.path} if columns.path in cells and row.cells[columns.path] in samples else cells


def _others(row: Row, lines: Iterable[list[str]], columns: Columns, samples: Set[str]) -> set[tuple[str, str]]:
    """Return path and label, without blanks around, of the lines that name a sample or a picture other than the row's."""
    own = row.cells[columns.path] if len(row.cells) > columns.path else ""
    names = {(cells[columns.path].strip(), cells[columns.label].strip()) for cells in lines}
    return {
        (path, label)
        for path, label in names
        if (path in samples or extension_of(path) in IMAGE_EXTENSIONS)
        and path != own.strip()
        and not (own in samples and path in own.split("\n"))
    }


def _message(opened: int, last: int, *, is_closed: bool) -> str:
    taken = f"line {last}" if last == opened + 1 else f"lines {opened + 1} to {last}"
    if is_closed:
        return f"the quote on line {opened} is closed on line {last} only, and takes in rows of samples with {taken}"
    return f"the quote on line {opened} is left open and takes in {taken}; one in a name is written twice, in quotes"
