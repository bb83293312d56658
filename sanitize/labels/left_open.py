"""Rows of a table that take in the lines after them, because a quote is left open."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from itertools import accumulate
from typing import NamedTuple

from sanitize.formats import IMAGE_EXTENSIONS, extension_of
from sanitize.labels.columns import Columns, plain


class Row(NamedTuple):
    """A row with a line break in a cell."""

    line: int  #: on which it starts
    cells: list[str]


class Line(NamedTuple):
    """A line that such a row has taken in, or begins with."""

    number: int
    cells: list[str]  #: what it holds by itself
    message: str | None  #: null where it is empty


class Lines(NamedTuple):
    """The lines that one row was made of."""

    row: int  #: the line on which it starts
    lines: list[Line]


class _Look(NamedTuple):
    """What a row is judged by."""

    row: Row
    lines: Sequence[str]
    is_closed: bool  #: whether each quote ends at a delimiter or the end of a line
    is_complete: bool  #: whether it has as many cells as the table
    may_be_row: list[bool]  #: whether a line has delimiters enough for a row of its own, and so have those beside it
    readings: list[list[list[str]]]  #: what each line holds by itself: all that it may be, one at least


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

    A row stays what it is if its quotes are closed as RFC 4180 has it, before a delimiter or the end of a line, and no
    line of it is by itself a row of another sample, which would be lost (`_others`); or if its only line breaks
    are in the path, and there is a sample of that name. All others are taken apart: nothing tells which of their quotes
    is the stray one.
    """
    every = (_look(row, _text_of(row, text), delimiter, columns, width) for row in rows)
    looks = [look for look in every if not look.is_closed or any(look.may_be_row)]
    readings = (reading for look in looks for each in look.readings for reading in each)
    inner = {path for reading in readings for path in _paths(reading, columns)}
    own = {path for look in looks for path in _own(look.row, columns)}
    samples = find_samples(own | inner)
    labels = find_labels(inner)
    for look in looks:
        odd = _odd(look.row, columns, samples)
        other = next(_others(look, columns, samples, labels), None) if odd else None
        if odd and (other is not None or not look.is_closed):
            opens = [at for at in odd if at in columns[:2]] or odd
            message = _message(look, opens[0] if other is None else other)
            yield Lines(look.row.line, [*_lines(look, columns, samples, message)])


def _look(row: Row, lines: Sequence[str], delimiter: str, columns: Columns, width: int) -> _Look:
    is_complete = len(row.cells) >= width and not any(row.cells[width:])
    fewest = max(columns.path, columns.label)
    least = width - 1 if is_complete else fewest
    is_closed = _is_closed(lines, delimiter)
    counts = [line.count(delimiter) for line in lines]
    # The lines before are no row if they have too few: a name with a line break begins there, which is no sample's.
    beside = [sum(counts[1:]), *accumulate(counts)]
    may_be_row = [
        count >= least and (more >= fewest or not is_complete) for count, more in zip(counts, beside, strict=False)
    ]
    readings = []
    # Tables have a million of remarks: few of them are worth a look.
    if not is_closed or any(may_be_row):
        readings = [
            _read(line, delimiter, least + 1, is_right=is_closed and is_complete)
            if count >= least
            else [_split(line, delimiter)]
            for line, count in zip(lines, counts, strict=True)
        ]
    return _Look(row, lines, is_closed, is_complete, may_be_row, readings)


def _text_of(row: Row, text: Sequence[str]) -> Sequence[str]:
    return text[row.line - 1 : row.line + sum(cell.count("\n") for cell in row.cells)]


def _is_closed(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether each quote of a row ends at a delimiter or the end of a line; blanks after it are harmless."""
    blanks = re.compile(rf'" +(?={re.escape(delimiter)}|$)')
    return len(_strictly([blanks.sub('"', line) + "\n" for line in lines], delimiter) or []) == 1


def _read(line: str, delimiter: str, least: int, *, is_right: bool) -> list[list[str]]:
    """Return the cells of a line by itself: all that they may be, one at least, and not fewer cells than `least`.

    Where a row may well be right, what quotes are in such a line holds what it holds, and is not split if it can be helped.
    """
    first, last = line.replace('"', "", 1), "".join(line.rsplit('"', 1))
    # The odd one is the first where it closes what the lines before have opened, and the last where it opens.
    tried = (first, last) if line.count('"') % 2 else (line, "".join(first.rsplit('"', 1)))
    found = [rows[0] for rows in (_strictly([each], delimiter) for each in tried) if rows and len(rows[0]) >= least]
    return found if found and is_right else [*found, _split(line, delimiter)]


def _split(line: str, delimiter: str) -> list[str]:
    return [plain(cell) for cell in line.split(delimiter)]


def _strictly(lines: Iterable[str], delimiter: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None


def _own(row: Row, columns: Columns) -> tuple[str, ...]:
    """Return the path of a row, with and without what is blank around it; nothing where it has none."""
    path = row.cells[columns.path] if len(row.cells) > columns.path else ""
    return (path, path.strip()) if path else ()


def _odd(row: Row, columns: Columns, samples: Set[str]) -> list[int]:
    """Return the cells with a line break, but for a path that names a sample with it."""
    is_name = any("\n" in path and path in samples for path in _own(row, columns))
    return [at for at, cell in enumerate(row.cells) if "\n" in cell and not (is_name and at == columns.path)]


def _others(look: _Look, columns: Columns, samples: Set[str], labels: Set[tuple[str, str]]) -> Iterator[int]:
    """Give the cells in which lines begin that are, by themselves, rows of a sample or a picture other than the row's.

    What a remark holds is not lost if another row says the same.
    """
    breaks = [at for at, cell in enumerate(look.row.cells) for _ in range(cell.count("\n"))]
    own, start = _own(look.row, columns), sum(at < columns.path for at in breaks)
    own_lines = range(start, start + breaks.count(columns.path) + 1)
    # Before the first line break nothing is amiss, and a name that is a sample's is none by chance.
    is_name = any(path in samples and path.count("\n") == own[0].count("\n") for path in own)
    is_sure = own_lines == range(1) or (look.is_complete and is_name)
    for line, readings in enumerate(look.readings):
        if not look.may_be_row[line] or (line in own_lines and (is_sure or _name(readings, columns, own))):
            continue
        begins = breaks[max(line - 1, 0)]
        is_remark = look.is_complete and begins not in columns[:2]
        for cells in readings:
            paths, label = _paths(cells, columns), cells[columns.label].strip()
            is_said = is_remark and any((path, label) in labels for path in paths)
            if not is_said and any(path in samples or extension_of(path) in IMAGE_EXTENSIONS for path in paths):
                yield begins


def _paths(cells: Sequence[str], columns: Columns) -> set[str]:
    """Return the path of a line by itself, as it stands and without the quotes in it, of which any may be a stray one."""
    return {cells[columns.path].strip(), plain(cells[columns.path])} if len(cells) > columns.path else set()


def _name(readings: Iterable[list[str]], columns: Columns, own: Collection[str]) -> bool:
    """Tell whether a line has a path, but for quotes, which a line by itself may show other than its row."""
    names = set(map(plain, own))
    return any(not names.isdisjoint(_paths(cells, columns)) for cells in readings)


def _lines(look: _Look, columns: Columns, samples: Set[str], message: str) -> Iterator[Line]:
    """Give the lines of a row, each read so that it names a sample if it can."""
    for number, (text, readings) in enumerate(zip(look.lines, look.readings, strict=True), look.row.line):
        named = (cells for cells in readings if not samples.isdisjoint(_paths(cells, columns)))
        yield Line(number, next(named, readings[0]), message if text.strip(' \t"') else None)


def _message(look: _Look, at: int) -> str:
    """Say what is wrong with a row, the quote of the cell `at` being the stray one."""
    opened = look.row.line + sum(cell.count("\n") for cell in look.row.cells[:at])
    last = opened + look.row.cells[at].count("\n") if look.is_closed else look.row.line + len(look.lines) - 1
    taken = f"line {last}" if last == opened + 1 else f"lines {opened + 1} to {last}"
    if look.is_closed:
        return f"the quote on line {opened} is closed on line {last} only, and takes in rows of samples with {taken}"
    what = f"left open and takes in {taken}" if last > opened else "never closed"
    return f"the quote on line {opened} is {what}; one in a name is written twice, in quotes"
