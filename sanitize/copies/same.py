"""Which files show the same picture, and how alike two of them are."""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, is_image_content, is_kept, stands_for_a_sample
from sanitize.labels.words import quoted

#: The ways in which two lines or files are the same, the closest first: a column of `groups_of`, and how a message says it.
LEVELS: dict[str, str] = {
    "file": "the same file",
    "bytes": "the same bytes",
    "pixels": "the same pixels",
    "near": "nearly the same picture",
}
_NAMED = 5  # files of a group that evidence names
#: The columns of facts that hold groups, by the way in which their files are the same, the closest first: errors go by these.
GROUPS = {"bytes": "same_bytes", "pixels": "same_pixels", "near": "same_closely"}


def groups_of(dataset: Dataset) -> pl.LazyFrame:
    """Return `file` (its number) and its group of each level, `bytes`, `pixels` and `near` (UInt32).

    A group is the number of one of its files, so that the groups of a level hold those of the levels before it; a
    picture that is alone is a group by itself, as is a file that holds no picture, an empty one for example.
    """
    there = set(GROUPS.values()) & set(dataset.facts.columns)
    groups = {
        level: pl.when(is_image_content()).then(pl.col(name) if name in there else None).cast(pl.UInt32)
        for level, name in GROUPS.items()
    }
    return (
        dataset.facts.lazy()
        .select("file", **groups)
        .select(
            "file",
            bytes=pl.coalesce("bytes", "file"),
            pixels=pl.coalesce("pixels", "bytes", "file"),
            near=pl.coalesce("near", "pixels", "bytes", "file"),
        )
    )


def whole(*, near: bool) -> str:
    """Return the level at which pictures count as the same."""
    return "near" if near else "pixels"


def said_how(level: pl.Expr) -> pl.Expr:
    """Return the words for levels."""
    return level.replace_strict(LEVELS, return_dtype=pl.String)


def copies(dataset: Dataset, group: str, *, beyond: str, says: str, surely: str | None = None) -> pl.DataFrame:
    """Return the findings of a rule about duplicates: all files of the groups in the column `group` of the facts.

    A group counts where its files are not all one in the column `beyond`, of a closer level or `file`. `says` ends the
    sentence "one of 3 files ...". With `drop_duplicates` the lines of all but one file on each list under each label are
    dropped, of the groups in the column `surely`, if that is another.
    """
    members = _members(dataset, group, beyond)
    firsts = members.filter(pl.int_range(pl.len()).over("group") < _NAMED).group_by("group").agg(files="path")
    table = members.join(firsts, on="group", how="left", maintain_order="left").collect()
    first = pl.col("files").list.first()
    message = pl.format(f"one of {{}} files {says}; the first is {{}}", "count", quoted(first))
    found = table.select("file", "count", "files", message=message, group=first)
    if not dataset.drop_duplicates:
        return found
    sure = _members(dataset, surely, beyond).collect() if surely else table
    return pl.concat([found, _dropped(dataset, sure)], how="diagonal")


def _members(dataset: Dataset, group: str, beyond: str) -> pl.LazyFrame:
    """Return `file`, `path` and `group` of all files in groups that count, and how many files each of these has."""
    facts = dataset.facts.lazy().filter(pl.col(group).is_not_null())
    members = facts.select("file", "path", group=group, closer=pl.coalesce(beyond, "file"))
    several = members.group_by("group").agg(count=pl.len(), kinds=pl.col("closer").n_unique())
    return members.join(several.filter(pl.col("kinds") > 1), on="group", how="inner", maintain_order="left")


def _dropped(dataset: Dataset, members: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that stand for a copy of a picture that another line of their list has under the same label.

    The first without an error stays. Lines without a label, on lists of labels, stand for nothing. An ignored label is one as
    any other here: its line neither displaces a labelled one nor goes for it.
    """
    lines = dataset.lines.select("list", "line", "file", "label", kept=is_kept(dataset))
    lines = lines.filter(stands_for_a_sample(dataset))
    lines = lines.join(members, on="file", how="inner").sort("list", "line")
    sound_first = pl.col("file").sort_by(~pl.col("kept"), "line")
    lines = lines.with_columns(keeper=sound_first.first().over("list", "group", "label"))
    copies = lines.filter(pl.col("file") != pl.col("keeper"))
    copies = copies.join(dataset.facts.select(keeper="file", kept_path="path"), on="keeper", how="left")
    message = pl.format("dropped as a copy of {}", quoted(pl.col("kept_path")))
    return copies.select("list", "line", message=message, drops=pl.lit(value=True))
