"""Makes a table of what children answered of their files."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from sanitize.dataset import polars_schema
from sanitize.engine.child import Answer
from sanitize.facts import PROBE_COLUMNS

_SCHEMA = polars_schema(PROBE_COLUMNS)
#: Columns, and how many rows they have.
_Block = tuple[Mapping[str, Sequence[object]], int]


def as_table(answers: list[Answer], measured: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return what children answered of files: PROBE_COLUMNS, and those of the columns `measured` that any of them has.

    An answer that is good is a `facts.Row`; of another its status and message are told.
    """
    blocks = list(_blocks(answers))
    given = {"status"}.union(*(columns for columns, _count in blocks))
    columns = {**_SCHEMA, **{name: dtype for name, dtype in measured.items() if name in given}}
    # Of most files there is little to say: columns that none of them has are made without a look at each.
    table = pl.DataFrame(
        {name: pl.Series(_column(blocks, name), dtype=dtype) for name, dtype in columns.items() if name in given}
    )
    nothing = {name: pl.lit(None, dtype=dtype) for name, dtype in columns.items() if name not in given}
    table = table.with_columns(**nothing).select(*columns)
    # Nothing could be measured where an array says NaN.
    return table.with_columns(
        pl.col(name).fill_nan(None) for name in columns if name in measured and measured[name].is_float()
    )


def _blocks(answers: list[Answer]) -> Iterator[_Block]:
    """Give the columns of answers that were given together, and how many these are, in their order."""
    for _table, group in itertools.groupby(answers, lambda answer: id(answer[1].table) if answer[0] == "ok" else None):
        together = list(group)
        status, payload = together[0]
        if status == "ok":
            rows = [row.number for _status, row in together]
            if len(rows) == len(payload.table["status"]):
                yield payload.table, len(rows)
            else:
                yield {name: [values[row] for row in rows] for name, values in payload.table.items()}, len(rows)
        else:
            statuses, messages = zip(*together, strict=True)
            yield {"status": statuses, "status_message": messages}, len(together)


def _column(blocks: list[_Block], name: str) -> list[object]:
    values: list[object] = []
    for columns, count in blocks:
        values += columns[name] if name in columns else [None] * count
    return values
