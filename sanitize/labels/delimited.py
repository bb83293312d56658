"""Tables of samples: CSV and TSV, with the path in one column and the label in another."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Sequence
from itertools import islice

import polars as pl

from sanitize.errors import UsageError
from sanitize.labels.annotations import check_boxes, check_is_list, columns_of_box
from sanitize.labels.columns import LABEL_NAMES, PATH_NAMES, Columns, find_columns, plain
from sanitize.labels.digests import read_digests
from sanitize.labels.left_open import Row, take_apart
from sanitize.labels.places import normalise, without_extension
from sanitize.labels.reading import READ_COLUMNS, Reading, Source, Text, is_not_utf8, physical_lines
from sanitize.labels.table_rows import DELIMITERS, HEAD_ROWS, ending_of, find_delimiter, rows_of

_EXTENSIONS = (".csv", ".tsv", ".tab", ".psv")
_CELLS = pl.Schema(
    {
        "line": pl.UInt32(),
        "path": pl.String(),
        "label_text": pl.String(),
        "fields": pl.Int64(),
        "beyond": pl.Boolean(),
        "left_open": pl.String(),
    }
)
# The first line that spreadsheets write and read to agree on a delimiter.
_HINT = re.compile(rf"sep=([{DELIMITERS}]) *(?=\r?\n|\r)", re.IGNORECASE)
# Line breaks around a label, in quotes, are no part of it: it could not stand on a line of `classes.txt`, as blanks can.
_BREAKS_AROUND = r"^[ \t]*\n\s*|\s*\n[ \t]*$"
# A cell may be as long as a list that was never closed by a quote: Python's limit of 131,072 would be a crash of ours.
_LONGEST_CELL = 2**31 - 1


def claims(source: Source) -> bool:
    """Whether the source is a table: by its extension, a header that names the columns, or commas before labels."""
    if source.text is None:
        return False
    head = source.text.key[:65_536].split("\n")[:HEAD_ROWS]
    lines = [line for line in head if line.strip()]
    if not lines:
        return False
    if source.text.name.lower().endswith(_EXTENSIONS):
        return any(delimiter in line for line in lines for delimiter in DELIMITERS)
    header = {cell.strip(' "\r').casefold() for cell in re.split(f"[{DELIMITERS}]", lines[0])}
    if len(header) > 1 and header & set(PATH_NAMES) and header & set(LABEL_NAMES):
        return True
    if not all(re.search(r"[^ \t], *[+-]?[0-9]+\r?$", line) for line in lines):
        return False
    # Before a blank the comma may be the last letter of a name, or stand in a name that another list would have in quotes.
    with_blank = [line for line in lines if re.search(r", +[+-]?[0-9]+\r?$", line)]
    return not with_blank or (len({line.count(",") for line in lines}) == 1 and not _name_samples(with_blank, source))


def _name_samples(lines: Sequence[str], source: Source) -> bool:
    """Tell whether any of some lines, read as `path label`, names a sample."""
    named = pl.Series([line.rpartition(" ")[0].rstrip(" ") for line in lines])
    return bool(named.is_in(_sample_paths(source).implode()).any())


def read(source: Source) -> Reading:
    """Read a table; raise UsageError where its columns cannot be told or it has no row."""
    assert source.text is not None  # or it would not be claimed
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        return _read(source, source.text)
    finally:
        csv.field_size_limit(limit)


def _read(source: Source, text: Text) -> Reading:
    delimiter = find_delimiter(text)
    hint = _HINT.match(text.key)
    if hint:
        # It stays as an empty line, so that the others keep their numbers.
        delimiter, text = hint[1], text._replace(key=text.key[hint.end(1) :].lstrip(" "))
    head = [row for _, row in islice(rows_of(text, delimiter), HEAD_ROWS) if any(cell.strip() for cell in row)]
    if not head:
        raise UsageError(f"`{text.name}` is empty: a table has one row with path and label for each sample")
    check_is_list(source, pl.Series([cell for row in head for cell in row], dtype=pl.String))
    known = _known(head, source)
    columns = find_columns(head, source.settings.path_column, source.settings.label_column, known, text.name)
    lines = _lines(text, delimiter, columns, len(head[0]), source)
    if lines.is_empty() or lines["empty"].all():
        raise UsageError(f"`{text.name}` has a header and no rows: there is nothing to scan")
    boxes = columns_of_box(head[0]) if columns.header and source.settings.label_column is None else []
    if boxes:
        check_boxes(_boxed(text, delimiter, lines, boxes), text.name)
    return Reading(lines, named=None, table=True, checksums=_checksums(text, delimiter, columns))


def _known(head: Sequence[Sequence[str]], source: Source) -> frozenset[str]:
    """Return the cells that name a sample, or one without its extension where none does so as it stands.

    They are also given without stray quotes and blanks: what those stand around is a name all the same.
    """
    given = {cell for row in head for cell in row}
    cells = pl.Series([*(given | set(map(plain, given)))], dtype=pl.String)
    paths = _sample_paths(source)
    known = paths.filter(paths.is_in(cells.implode()))
    if known.is_empty():
        stems = without_extension(paths)
        known = stems.filter(stems.is_in(cells.implode()))
    return frozenset(known)


def _sample_paths(source: Source) -> pl.Series:
    """Return the paths of all samples, those below the folder of a list relative to it."""
    prefix = f"{source.root}/" if source.root else ""
    return source.samples.select(pl.col("path").str.strip_prefix(prefix)).to_series()


def _lines(text: Text, delimiter: str, columns: Columns, width: int, source: Source) -> pl.DataFrame:
    if '"' in text.key:
        lines = _quoted_cells(text, delimiter, columns, width, source)
    else:
        lines = _plain_cells(text, delimiter, columns, width)
    if columns.header:
        first = lines["fields"].is_not_null().arg_max() or 0
        path, left_open = lines.row(first, named=True)["path"], lines["left_open"][first]
        # The names of columns may have been told by what only seemed to be the first row.
        is_sample = left_open is not None and path is not None and bool(_samples_among([path], source))
        lines = lines.slice(first if is_sample else first + 1)
    more = pl.format(
        "{} fields where the first row has {} (a name with `{}` needs quotes)",
        "fields",
        pl.lit(width),
        pl.lit(delimiter),
    )
    fewer = pl.format("no path: {} fields where the first row has {}", "fields", pl.lit(width))
    no_path = (pl.col("path").fill_null("") == "") & (pl.col("fields") < width)
    malformed = pl.when("beyond").then(more).when(no_path).then(fewer)
    return _flagged(text, lines.with_columns(malformed=pl.coalesce("left_open", malformed)))


def _quoted_cells(text: Text, delimiter: str, columns: Columns, width: int, source: Source) -> pl.DataFrame:
    """Return `line`, `path`, `label_text`, the number of `fields` (null in an empty row), whether some lie `beyond`.

    Beside them is `left_open`, what is wrong where only a quote that is left open made a row of several lines.
    """
    cells, broken = [], []
    for number, row in rows_of(text, delimiter):
        cells.append(_cells(number, row, columns, width))
        if "\n" in "".join(row):
            broken.append(Row(number, row))
    table = pl.DataFrame(cells, schema=_CELLS, orient="row")
    if not broken:
        return table
    physical = physical_lines(text.key, ending_of(text)).str.strip_suffix("\r").to_list()
    apart = list(
        take_apart(
            broken,
            physical,
            delimiter,
            columns,
            width,
            lambda paths: _samples_among(paths, source),
            lambda paths: _labels_of(paths, table),
        )
    )
    parted = [
        _cells(line.number, line.cells, columns, width, left_open=line.message) for each in apart for line in each.lines
    ]
    whole = table.filter(~pl.col("line").is_in([each.row for each in apart]))
    lines = pl.concat([whole, pl.DataFrame(parted, schema=_CELLS, orient="row")]).sort("line")
    return lines.with_columns(pl.col("label_text").str.replace_all(_BREAKS_AROUND, ""))


def _cells(
    number: int, row: Sequence[str], columns: Columns, width: int, *, left_open: str | None = None
) -> tuple[int, str | None, str | None, int | None, bool, str | None]:
    return (
        number,
        row[columns.path] if len(row) > columns.path else None,
        row[columns.label] if len(row) > columns.label else None,
        len(row) if any(map(str.strip, row)) else None,
        len(row) > width and any(row[width:]),
        left_open,
    )


def _samples_among(paths: Collection[str], source: Source) -> frozenset[str]:
    """Return those of some paths that name a sample, or one without its extension."""
    given = pl.Series("path", sorted(paths), pl.String)
    targets = normalise(given.str.strip_chars(" \t"), source.root)["target"]
    files = source.samples["path"]
    is_one = targets.is_in(files.implode()) | targets.is_in(without_extension(files).implode())
    return frozenset(given.filter(is_one))


def _labels_of(paths: Collection[str], table: pl.DataFrame) -> frozenset[tuple[str, str]]:
    """Return some paths with the labels that rows of the table have for them."""
    rows = table.select(pl.col("path", "label_text").str.strip_chars())
    return frozenset(rows.filter(pl.col("path").is_in(sorted(paths))).drop_nulls().iter_rows())


def _plain_cells(text: Text, delimiter: str, columns: Columns, width: int) -> pl.DataFrame:
    """Return the same for a text without quotes, ten times as fast."""
    lines = physical_lines(text.key, ending_of(text)).to_frame().with_row_index("line", offset=1)
    lines = lines.with_columns(text=pl.col("text").str.strip_chars_end("\r"))
    cells = lines.with_columns(cells=pl.col("text").str.split(delimiter))
    filled = pl.col("text").str.strip_chars(delimiter + " \t") != ""
    return cells.select(
        "line",
        path=pl.col("cells").list.get(columns.path, null_on_oob=True).str.strip_chars_start(" "),
        label_text=pl.col("cells").list.get(columns.label, null_on_oob=True).str.strip_chars_start(" "),
        fields=pl.when(filled).then(pl.col("cells").list.len()),
        beyond=(pl.col("cells").list.len() > width)
        & (pl.col("cells").list.slice(width).list.join("").str.strip_chars() != ""),
        left_open=pl.lit(None, pl.String),
    ).cast(_CELLS)


def _checksums(text: Text, delimiter: str, columns: Columns) -> pl.DataFrame | None:
    """Return what `Reading.checksums` holds of all columns that hold any; None where none does."""
    tables: list[pl.DataFrame] = []
    for indices in columns.checksums:
        vague = pl.lit(bool(tables))
        for index in indices:
            cells = _column(text, delimiter, index)
            digests = read_digests(cells["cell"])
            if digests["algorithm"].count():
                tables.append(cells.hstack(digests).with_columns(column=pl.lit(index, pl.UInt32), vague=vague))
    return pl.concat(tables) if tables else None


def _boxed(text: Text, delimiter: str, lines: pl.DataFrame, boxes: Sequence[int]) -> pl.DataFrame:
    """Return `path`, `label_text` and `box` of lines, by the columns that hold this."""
    rows = lines.select("line", "path", "label_text")
    for index in boxes:
        cells = _column(text, delimiter, index).rename({"cell": f"box {index}"})
        rows = rows.join(cells, on="line", how="left", maintain_order="left")
    return rows.select("path", "label_text", box=pl.concat_str(pl.selectors.starts_with("box "), separator=","))


def _column(text: Text, delimiter: str, index: int) -> pl.DataFrame:
    """Return `line` and the `cell` of a column, where there is any."""
    if '"' in text.key:
        rows = [(number, row[index]) for number, row in rows_of(text, delimiter) if len(row) > index]
        cells = pl.DataFrame(rows, schema={"line": pl.UInt32, "cell": pl.String}, orient="row")
    else:
        cell = pl.col("text").str.split(delimiter).list.get(index, null_on_oob=True)
        lines = physical_lines(text.key, ending_of(text)).to_frame().with_row_index("line", offset=1)
        cells = lines.select("line", cell=cell)
    return cells.with_columns(pl.col("cell").str.strip_chars()).filter(pl.col("cell") != "")


def _flagged(text: Text, lines: pl.DataFrame) -> pl.DataFrame:
    path, label, raw = pl.col("path"), pl.col("label_text"), pl.col("literal_path")
    lines = lines.with_columns(
        path=pl.when(path.str.strip_chars(" \t\n") != "").then(path.str.strip_chars_end(" \n")),
        label_text=pl.when(label.str.strip_chars(" \t") != "").then(label),
        literal_path=path,
    )
    empty = path.is_null() & pl.col("label_text").is_null() & pl.col("malformed").is_null()
    no_path = path.is_null() & pl.col("label_text").is_not_null() & pl.col("malformed").is_null()
    nothing = pl.lit(None, pl.String)
    flags = {name: pl.lit(value=False) for name in ("crlf", "trailing_blank", "double_blank", "tab")}
    lines = lines.with_columns(
        **flags,
        empty=empty,
        not_utf8=(is_not_utf8(text, path) | is_not_utf8(text, pl.col("label_text"))).fill_null(value=False),
        malformed=pl.when(no_path)
        .then(pl.lit("no path before the label"))
        .when(path.str.contains("\0", literal=True))
        .then(pl.lit("a NUL byte inside the path"))
        .when(path.str.contains("\r", literal=True) & pl.lit('"' not in text.key))
        .then(pl.lit("a carriage return inside the line"))
        .otherwise(pl.col("malformed")),
        literal_path=pl.when(raw != path).then(raw),
        literal_label=label,
        whole=nothing,
    )
    return lines.select(pl.col(name).cast(dtype) for name, dtype in READ_COLUMNS.items())
