"""Pictures that are the same, group by group: those whose labels or lists disagree come first."""

from __future__ import annotations

import polars as pl

from sanitize.report.tables import Tables, label_name
from sanitize.report.told import Group, Member

_RULES = {
    "conflicting-labels": "One picture under different labels",
    "split-leak": "One picture on several lists",
    "known-bad": "A known bad picture",
    "placeholder": "One picture in place of many",
    "exact-duplicate": "The same bytes",
    "pixel-duplicate": "The same pixels",
    "near-duplicate": "Nearly the same picture",
}

#: So many of these speak of lines, and may concern one file alone.
_OF_LINES = 2


def find(tables: Tables, *, groups: int, members: int) -> tuple[list[Group], int]:
    """Return so many `groups`, each with so many `members` at most, and how many groups there are in all.

    A group is told by the weightiest rule that speaks of a file in it.
    """
    orders = {rule: order for order, rule in enumerate(_RULES)}
    about = (
        tables.findings.filter(pl.col("rule").is_in(list(_RULES)) & pl.col("row").is_not_null())
        .select("row", order=pl.col("rule").replace_strict(orders, return_dtype=pl.Int8))
        .group_by("row")
        .agg(pl.col("order").min())
    )
    of_file = tables.facts.select("row", group=pl.col("same_picture").cast(pl.Int64))
    of_file = of_file.join(about, on="row", how="left", maintain_order="left")
    # One file that lists name with several labels is a group of its own.
    alone = pl.when(pl.col("order") < _OF_LINES).then(-1 - pl.col("row").cast(pl.Int64))
    of_file = of_file.with_columns(pl.coalesce("group", alone)).drop_nulls("group")
    found = (
        of_file.group_by("group")
        .agg(count=pl.len(), order=pl.col("order").min())
        .filter(pl.col("order").is_not_null() & ((pl.col("count") > 1) | (pl.col("order") < _OF_LINES)))
        .sort("order", "count", "group", descending=[False, True, False])
    )
    shown = found.head(groups)
    chosen = of_file.join(shown.select("group"), on="group", how="semi", maintain_order="left")
    chosen = chosen.filter(pl.int_range(pl.len()).over("group") < members)
    labels = (
        tables.lines.filter(pl.col("row").is_in(chosen["row"].implode()))
        .select("row", words=pl.format("{} ({})", label_name(tables.classes).fill_null("no label"), "list"))
        .unique(maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(labels=pl.col("words").head(members).str.join(", "))
    )
    paths = tables.details(chosen["row"].to_list()).select("row", "path")
    told = chosen.join(paths, on="row", how="left", maintain_order="left")
    told = told.join(labels, on="row", how="left", maintain_order="left").with_columns(pl.col("labels").fill_null(""))
    parts = told.partition_by("group", as_dict=True, maintain_order=True)
    names = list(_RULES)
    made = [
        Group(
            rule=names[row["order"]],
            title=_RULES[names[row["order"]]],
            size=row["count"],
            members=tuple(Member(*each) for each in parts[(row["group"],)].select("row", "path", "labels").iter_rows()),
        )
        for row in shown.to_dicts()
    ]
    return made, found.height
