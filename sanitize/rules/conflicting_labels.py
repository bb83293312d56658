"""The same picture under two labels.

One of them is wrong, and nothing says which: every line of the picture is an error, on whichever lists they are. Keep
the right line and delete the others. Two pictures are the same that are one file, have equal bytes or pixels, or look
nearly alike, such as a copy that was saved again; these were compared closely, window by window and in colour. Two may
be the same by a third that is the same as either, be it on a list or not. Where pictures that look alike may well
differ in their label, as neighbours in a film do, compare pixels only: `--set conflicting-labels.near=false`. With
`--transforms` a picture that is turned or mirrored is the same one, by a small look only: a 6 and a 9, or arrows to
both sides, are errors then. Labels that training ignores (`--ignore-label`) contradict nothing, nor do those that are
errors of their own, as they are negative, out of range or no integers.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.same import LEVELS, groups_of, said_how, whole
from sanitize.dataset import Dataset, Severity, is_class
from sanitize.labels.words import readable
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on

SEVERITY = Severity.ERROR
NEEDS = ("label",)
_NAMED = 5  # lines that a finding names


def find(dataset: Dataset, *, near: bool = True) -> pl.DataFrame:
    """Find all lines of pictures that have more than one label, over all lists together.

    With `near` those too that are only nearly the same picture.
    """
    usable = pl.col("file").is_not_null() & is_class(dataset)
    lines = dataset.lines.lazy().filter(usable).join(groups_of(dataset), on="file", how="left", maintain_order="left")
    group = whole(near=near)
    span = lines.group_by(group).agg(least=pl.col("label").min(), most=pl.col("label").max())
    torn = lines.join(span.filter(pl.col("least") != pl.col("most")), on=group, how="semi", maintain_order="left")
    torn = torn.select("list", "line", "label", "label_text", *LEVELS, path=pl.coalesce("target", "path"))
    levels = list(LEVELS)[: list(LEVELS).index(group) + 1]
    differs = {level: pl.col("label").min().over(level) != pl.col("label").max().over(level) for level in levels}
    same = pl.coalesce(pl.when(condition).then(pl.lit(level)) for level, condition in differs.items())
    table = torn.with_columns(same=same).collect()
    if not table.height:
        return table
    found = pl.concat(_say(table, level, dataset) for level in levels if level in table["same"])
    return found.sort("list", "line")


def _say(torn: pl.DataFrame, level: str, dataset: Dataset) -> pl.DataFrame:
    """Return the findings of lines that a line of another label is the same as at a level, and at no closer one."""
    own = torn.filter(same=level)
    members = torn.join(own.select(level).unique(), on=level, how="semi").sort("list", "line")
    # One line of each label comes first: of a thousand lines five show what they disagree about.
    members = members.with_columns(again=pl.int_range(pl.len()).over(level, "label")).sort("again", "list", "line")
    named = members.filter(pl.int_range(pl.len()).over(level) < _NAMED).sort("list", "line")
    label = readable(pl.col("label_text").str.strip_chars())
    named = named.with_columns(said=pl.format("{} says {}", _place(dataset), label))
    said = named.group_by(level).agg(lines="said", paths="path")
    counts = members.group_by(level).agg(count=pl.len(), labels=pl.col("label").n_unique())
    own = own.join(said, on=level, how="left").join(counts, on=level, how="left")
    more = pl.when(pl.col("count") > _NAMED).then(pl.lit(", ...")).otherwise(pl.lit(""))
    message = pl.format(
        "{} labels for {}: {}",
        _number(pl.col("labels")),
        said_how(pl.col("same")),
        pl.col("lines").list.join(", ") + more,
    )
    paths = pl.when(pl.col("same") != "file").then("paths")
    return own.select("list", "line", "lines", "count", "labels", "same", message=message, paths=paths)


def _number(count: pl.Expr) -> pl.Expr:
    return pl.when(count == 2).then(pl.lit("two")).otherwise(count.cast(pl.String))


def _place(dataset: Dataset) -> pl.Expr:
    """Return where a line stands; that of a list which is made of files is a file."""
    sources = {index: f"{of.source}:" for index, of in enumerate(dataset.lists) if not of.implicit}
    names = {index: f" ({of.name})" for index, of in enumerate(dataset.lists)}
    source = pl.col("list").replace_strict(sources, default=None, return_dtype=pl.String)
    name = pl.col("list").replace_strict(names, return_dtype=pl.String)
    return pl.coalesce(source + pl.col("line").cast(pl.String), readable(pl.col("path")) + name)
