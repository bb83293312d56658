"""The same picture on two lists.

What is tested, or chosen by, has been trained on: the result is better than the model. A picture stays on one list
only, the one that is named last, so that `--labels train.txt --labels test.txt` leaves the test set as it is;
`--leak-keep first` leaves the first. Two pictures are the same that are one file, have equal bytes or pixels, or look
nearly alike, such as a copy that was saved again, or of which each does with a third; `--set split-leak.near=false`
compares pixels only. Lists that hold others by design, such as `trainval.txt`, are no splits: scan them apart.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.same import LEVELS, groups_of, said_how, whole
from sanitize.dataset import Dataset, Severity, is_class, is_kept, stands_for_a_sample
from sanitize.labels.words import quoted
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on

SEVERITY = Severity.ERROR
CHOOSES = True


def find(dataset: Dataset, *, near: bool = True) -> pl.DataFrame:
    """Find the lines whose picture stays on another list.

    With `near` those too whose picture is only nearly the same.
    """
    if len(dataset.lists) < 2:
        return pl.DataFrame(schema={"list": pl.UInt32, "line": pl.UInt32, "message": pl.String})
    lines = dataset.lines.lazy().filter(stands_for_a_sample(dataset) & (pl.col("label").is_null() | is_class(dataset)))
    lines = lines.join(groups_of(dataset), on="file", how="left", maintain_order="left")
    group = whole(near=near)
    lists = pl.col("list")
    # A line that has an error of its own keeps nothing, unless all have one.
    keeps = pl.coalesce(_named(lists.filter(is_kept(dataset)), dataset), _named(lists, dataset))
    several = lines.group_by(group).agg(of=pl.col("list").n_unique(), keeper=keeps).filter(pl.col("of") > 1)
    shared = lines.join(several, on=group, how="inner", maintain_order="left")
    path = pl.coalesce("target", "path")
    table = shared.select(
        "list", "line", "keeper", *LEVELS, path=path, stays=pl.col("list") == pl.col("keeper"), kept=is_kept(dataset)
    ).collect()
    if not table.height:
        return table
    leaks, stays = table.filter(~pl.col("stays")), table.filter("stays").sort(~pl.col("kept"), "line")
    other = pl.lit(None, dtype=pl.UInt32)
    leaks = leaks.with_columns(same=pl.lit(None, dtype=pl.String), other_line=other, other_path=pl.lit(None, pl.String))
    for level in list(LEVELS)[: list(LEVELS).index(group) + 1]:
        leaks = _match(leaks, stays, level)
    return leaks.sort("list", "line").select("list", "line", **_say(dataset))


def _named(lists: pl.Expr, dataset: Dataset) -> pl.Expr:
    """Return the list, of some, that is to keep what is on all of them."""
    return lists.max() if dataset.leak_keep == "last" else lists.min()


def _match(leaks: pl.DataFrame, stays: pl.DataFrame, level: str) -> pl.DataFrame:
    """Give the leaks that have none yet the first line that stays and is the same at a level."""
    first = stays.unique(level, keep="first", maintain_order=True).select(level, at="line", of="path")
    leaks = leaks.join(first, on=level, how="left", maintain_order="left")
    new = pl.col("same").is_null() & pl.col("at").is_not_null()
    return leaks.with_columns(
        same=pl.when(new).then(pl.lit(level)).otherwise("same"),
        other_line=pl.when(new).then("at").otherwise("other_line"),
        other_path=pl.when(new).then("of").otherwise("other_path"),
    ).drop("at", "of")


def _say(dataset: Dataset) -> dict[str, pl.Expr]:
    sources = {index: of.name if of.implicit else of.source for index, of in enumerate(dataset.lists)}
    numbered = pl.col("keeper").is_in([index for index, of in enumerate(dataset.lists) if not of.implicit])
    source = pl.col("keeper").replace_strict(sources, return_dtype=pl.String)
    line = pl.when(numbered).then("other_line")
    place = source + (pl.lit(":") + line.cast(pl.String)).fill_null("")
    path = pl.when(pl.col("same") == "file").then(pl.lit("")).otherwise(pl.lit(" as ") + quoted(pl.col("other_path")))
    verb = pl.when(pl.col("same").is_in(["file", "near"])).then(pl.lit("is")).otherwise(pl.lit("are"))
    message = pl.format("{} {} on {}{}", said_how(pl.col("same")), verb, place, path)
    return {
        "message": message,
        "same": pl.col("same"),
        "other_list": source,
        "other_line": line,
        "other_path": pl.col("other_path"),
    }
