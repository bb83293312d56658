"""Caffe's image lists: `path label`, split at the last blank.

What is read is what was meant: blanks and tabs around the label do not belong to the name. Where that differs from what
Caffe sees, Caffe's reading is given beside it.
"""

from __future__ import annotations

import re

import polars as pl

from sanitize.errors import UsageError
from sanitize.labels.annotations import check_is_list
from sanitize.labels.reading import (
    INTEGER,
    READ_COLUMNS,
    Reading,
    Source,
    Text,
    check_line_ends,
    is_not_utf8,
    physical_lines,
)
from sanitize.names import shown

#: Every text that no other reader claims is such a list.
LAST = True


def claims(source: Source) -> bool:
    """Whether the source may be such a list."""
    return source.text is not None


def read(source: Source) -> Reading:
    """Read a list; raise UsageError where no line of it has a label."""
    text = source.text
    assert text is not None  # or it would not be claimed
    check_line_ends(text)
    lines = _split(text)
    if lines["empty"].all():
        raise UsageError(f"`{text.name}` is empty: a list has one line `path label` for each sample")
    check_is_list(source, pl.concat([lines["path"], lines["literal_path"], lines["whole"]]))
    if not lines["label_text"].str.contains(INTEGER).any():
        raise UsageError(_no_list(text, lines))
    return Reading(lines)


def _split(text: Text) -> pl.DataFrame:
    lines = physical_lines(text.key).to_frame().with_row_index("line", offset=1)
    # CRs are taken off together: Caffe's atoi stops at the first of them.
    body, rest, path = pl.col("body"), pl.col("rest"), pl.col("path")
    lines = lines.with_columns(body=pl.col("text").str.strip_chars_end("\r")).with_columns(
        crlf=pl.col("text").str.ends_with("\r"), trimmed=body.str.strip_chars_end(" \t")
    )
    lines = lines.with_columns(label_text=pl.col("trimmed").str.extract(r"[ \t]([^ \t]+)$"))
    lines = lines.with_columns(
        rest=pl.col("trimmed").str.strip_suffix(pl.col("label_text")).fill_null(pl.col("trimmed"))
    )
    lines = lines.with_columns(path=rest.str.strip_chars_end(" \t"))
    labelled = pl.col("label_text").is_not_null()
    tab = labelled & body.str.contains("\t", literal=True) & rest.str.contains("\t *$|\t[ \t]*$")
    lines = lines.with_columns(
        empty=pl.col("trimmed") == "",
        trailing_blank=labelled & (pl.col("trimmed").str.len_bytes() < body.str.len_bytes()),
        double_blank=labelled & ~tab & (rest.str.len_bytes() - path.str.len_bytes() > 1),
        tab=tab,
        not_utf8=is_not_utf8(text, body),
        malformed=pl.when(body.str.contains("\r", literal=True))
        .then(pl.lit("a carriage return inside the line"))
        .when(body.str.contains("\0", literal=True))
        .then(pl.lit("a NUL byte inside the line"))
        .when(labelled & (path == ""))
        .then(pl.lit("no path before the label")),
    )
    empty, malformed = pl.col("empty"), pl.col("malformed").is_not_null()
    bent = pl.col("trailing_blank") | pl.col("double_blank") | tab
    literal_label = body.str.extract(r" ([^ ]*)$")
    lines = lines.with_columns(
        path=pl.when(~empty & (path != "")).then(path),
        literal_path=pl.when(bent & ~malformed).then(
            body.str.strip_suffix(literal_label).str.strip_suffix(" ").fill_null(body)
        ),
        literal_label=pl.when(bent).then(literal_label.str.strip_chars(" \t")).replace("", None),
        whole=pl.when(labelled & ~malformed).then(pl.col("trimmed")),
    )
    return lines.select(pl.col(name).cast(dtype) for name, dtype in READ_COLUMNS.items())


def _no_list(text: Text, lines: pl.DataFrame) -> str:
    first = lines.filter(~pl.col("empty")).row(0, named=True)
    raw = first["whole"] or first["path"] or ""
    line = shown(raw)
    line = line if len(line) <= 80 else line[:77] + "..."
    message = f"no line of `{text.name}` is `path label` with an integer label (line {first['line']}: `{line}`)"
    if re.search(r"[,;\t|]", raw) and not text.name.lower().endswith((".csv", ".tsv")):
        return f"{message}; a table, with class names or without, is named .csv or .tsv"
    if lines["label_text"].null_count() == lines.height:
        return f"{message}; without labels leave `--labels` out"
    if re.match(r"[0-9]+[ \t]", line):
        return f"{message}; here the label stands before the path: swap them"
    return f"{message}; class names are read from a table: write each line as `path,label`, and name it .csv"
