"""Tables of a hundred columns and a million rows, changed without a second copy of them.

A row of facts weighs about a kilobyte, so that a join of a million of them takes a gigabyte beside the one that is there.
Most columns are empty in most files: a text that is null still weighs 16 bytes in a column, and nothing where the column
is one literal, as Polars holds that once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import polars as pl


def folded(columns: Iterable[pl.Series]) -> pl.DataFrame:
    """Return a table of columns of one length, those that are null throughout, or one text, held as one value.

    Where they come from a generator, each may go before the next is made.
    """
    names: list[str] = []
    full: list[pl.Series] = []
    even: list[pl.Expr] = []
    for column in columns:
        names.append(column.name)
        # A table without a single column has no height.
        if full and _is_even(column):
            even.append(pl.lit(column.first(), column.dtype).alias(column.name))
        else:
            full.append(column)
        del column
    return pl.DataFrame(full).with_columns(even).select(names)


def taken(tables: list[pl.DataFrame], rows: pl.Series | None = None) -> pl.DataFrame:
    """Return the rows of these numbers, or all, of tables that stand one below the other.

    The list is left empty: where nobody else has the tables, each column goes when it was copied, so that at no time there
    are two of all.
    """
    names = tables[0].columns
    columns = [table.get_columns()[::-1] for table in tables]
    tables.clear()

    def take() -> Iterable[pl.Series]:
        for _ in names:
            column = pl.concat([of.pop() for of in columns], rechunk=rows is None)
            yield column if rows is None else column.gather(rows).rechunk()

    return folded(take())


def chosen(tables: list[pl.DataFrame], mask: pl.Series) -> pl.DataFrame:
    """Return the rows of tables, one below the other, for which `mask` is true, likewise; without a copy where all are."""
    if mask.all(ignore_nulls=False):
        table = pl.concat(tables, rechunk=False)
        tables.clear()
        return table
    return taken(tables, mask.arg_true())


def blanked(table: pl.DataFrame, condition: pl.Expr, columns: Collection[str]) -> pl.DataFrame:
    """Return a table in which these columns are null where the condition does not hold."""
    holds = table.select(condition).to_series()
    if holds.all(ignore_nulls=False):
        return table
    for name in columns:
        if table[name].null_count() < table.height:
            table = table.with_columns(pl.when(holds).then(pl.col(name)))
    return table


def _is_even(column: pl.Series) -> bool:
    """Tell whether all values are null, or one text; to compare numbers is not worth while, and 0.0 equals -0.0."""
    if column.null_count() or not len(column):
        return column.null_count() == len(column)
    return column.dtype == pl.String and bool((column == column.first()).all())
