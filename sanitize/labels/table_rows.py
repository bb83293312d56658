"""Splits the text of a table into rows and their cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from sanitize.errors import UsageError
from sanitize.labels.reading import Text

#: What may stand between cells, and so many rows tell what does.
DELIMITERS = ",;\t|"
HEAD_ROWS = 50


def find_delimiter(text: Text) -> str:
    """Return the delimiter that splits most of the first rows into as many cells as the first."""
    if text.name.lower().endswith((".tsv", ".tab")) and "\t" in text.key:
        return "\t"

    def fitting(delimiter: str) -> tuple[int, int]:
        rows: list[list[str]] = []
        # Quotes and carriage returns that are wrong for one delimiter may be right for another.
        with suppress(UsageError):
            rows.extend(row for _, row in islice(rows_of(text, delimiter), HEAD_ROWS) if row)
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fitting)


def rows_of(text: Text, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the number of the line on which it starts, blanks after a delimiter taken off."""
    ending = ending_of(text)
    reader = csv.reader(_ended(io.StringIO(text.key, ending), ending), delimiter=delimiter, skipinitialspace=True)
    start = last = 1
    try:
        for row in reader:
            yield start, row
            start, last = reader.line_num + 1, start
    except csv.Error as error:
        if "new-line" not in str(error):
            raise UsageError(f"`{text.name}` cannot be read as a table from line {start} on: {error}") from error
        raise UsageError(
            f"`{text.name}` has a carriage return within line {start}, and lines that end otherwise: give all lines the same end"
        ) from error
    if last < reader.line_num:
        _check_closed(text, text.key.split(ending)[last - 1 :], last, delimiter)


def _ended(lines: Iterable[str], ending: str) -> Iterator[str]:
    return (line.removesuffix(ending).removesuffix("\r") + "\n" for line in lines)


def _check_closed(text: Text, lines: Sequence[str], number: int, delimiter: str) -> None:
    """Raise UsageError where the last row, which has several lines, is one only because a quote is left open."""
    try:
        list(csv.reader(_ended(lines, ""), delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise UsageError(
                f"`{text.name}`: the quote on line {number} is never closed; one in a name is written twice, in quotes"
            ) from error


def ending_of(text: Text) -> str:
    """Return what ends lines, LF, or CR where there is no LF: a line number is what an editor shows."""
    return "\n" if "\n" in text.key else "\r"
