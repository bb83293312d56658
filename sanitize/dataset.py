"""The tables that rules judge: facts, lines of the label lists, lists and classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import polars as pl

from sanitize import formats
from sanitize.errors import CLOSELY
from sanitize.facts import Column


class Severity(StrEnum):
    """How much a finding weighs, the heaviest first: an `error` takes its subject off the clean list."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


#: The place of each severity, from 0 for the heaviest.
RANKS: dict[str, int] = {severity: rank for rank, severity in enumerate(Severity)}


def rank(severity: pl.Expr) -> pl.Expr:
    """Return the place of severities (Int8), from 0 for the heaviest; that behind all where there is none."""
    return severity.replace_strict(RANKS, return_dtype=pl.Int8, default=len(RANKS))


#: What a reader of label lists gives for every line that it sees, and what resolving adds (`file`, `repair`, `outside`, `label`).
LINE_COLUMNS: dict[str, Column] = {
    "list": Column("UInt32", "index of the list in `Dataset.lists`"),
    "line": Column("UInt32", "number of the line in its file, from 1; for folders the number of the file"),
    "path": Column("String", "key of the path as the list has it, not yet joined to a root; null for an empty line"),
    "label_text": Column("String", "the label as the list has it; null where there is none"),
    "crlf": Column("Boolean", "the line ends in CR LF"),
    "empty": Column("Boolean", "nothing but blanks"),
    "trailing_blank": Column("Boolean", "blanks or tabs after the label"),
    "double_blank": Column("Boolean", "more than one blank between path and label"),
    "tab": Column("Boolean", "a tab instead of the blank between path and label"),
    "not_utf8": Column("Boolean", "the line holds bytes that are not UTF-8"),
    "malformed": Column("String", "why the line cannot be taken apart; null where it can"),
    "file": Column("UInt32", "number of the file, as in `facts`; null where there is none"),
    "inexact": Column(
        "String",
        "how the path had to be bent to find the file: `case`, `unicode`, ...; null where it fits",
    ),
    "outside": Column("Boolean", "the path leads outside IMAGES"),
    "hint": Column("String", "what the path of a missing file may have meant, in words; null where nothing is near"),
    "target": Column("String", "key of the path relative to IMAGES, normalised; null where it leads outside"),
    "label": Column("Int64", "the class index as it will be trained on; null where there is no integer"),
    "unknown_class": Column("Boolean", "the label is a class name that is not in the list of classes"),
}

#: What a list of checksums says, or a table of labels with a column of them, one row per line.
CHECKSUM_COLUMNS: dict[str, Column] = {
    "file": Column("UInt32", "number of the file, as in `facts`, of any file in IMAGES; null where there is none"),
    "path": Column("String", "key of the path as the list has it, or the whole line where that is no checksum"),
    "algorithm": Column("String", "name of the algorithm, as hashlib has it; null where the line is no checksum"),
    "expected": Column("String", "the checksum, hexadecimal in lower case; null where the line is none"),
    "source": Column("String", "the list as the user named it, shown form"),
    "line": Column("UInt32", "number of the line in its file, from 1"),
    "list": Column("UInt32", "index of the table in `Dataset.lists`; null for a list of checksums"),
    "column": Column("UInt32", "which column of the table, from 0; null for a list of checksums"),
    "vague": Column(
        "Boolean", "the column tells no algorithm, as another of the table does; null for a list of checksums"
    ),
}


#: Entries of the baseline that stand for no finding.
STALE_COLUMNS: dict[str, Column] = {
    "rule": Column("String", "the rule whose finding was accepted"),
    "path": Column("String", "the path, shown form; null for none"),
    "list": Column("String", "name of the clean list; null for none"),
    "label": Column("String", "the label, shown form; null for none"),
    "message": Column("String", "what the finding said"),
    "fingerprint": Column("String", "what tells it from others"),
    "other_bytes": Column("Boolean", "the file has that finding, but is another one by now"),
}


class LabelList(NamedTuple):
    """A list of samples: one `--labels`, or the folder itself where there is none."""

    name: str  #: stem of the clean list and name in reports
    source: str  #: the file as the user named it, shown form
    labelled: bool  #: whether it gives labels
    implicit: bool = False  #: made of the files that are there (folders, or no list at all), not read from a file
    byte_order_mark: bool = False
    guessed_names: bool = False  #: whether its labels are class names only because most of the labels look like some


class Classes(NamedTuple):
    """The classes that labels may name."""

    number: int | None  #: how many the user said there are (`--num-classes`, or the length of `--classes`), if so
    names: tuple[str, ...] | None  #: their names in index order, where there are names


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything that rules may look at.

    `facts` has one row per image: the columns of `facts.COLUMNS`, those that rules have measured, and `file` (UInt32,
    its number, by which tables are joined). `lines` has one row per line of all lists, with `LINE_COLUMNS`. After the
    verdicts `kept` (Boolean) is a column of both.

    Of files that are the same, four columns of `facts` hold the lowest number of the group (UInt32), null where the
    file is alone: `same_bytes`, `same_pixels`, and `same_picture`, which has those groups in it and pictures that are
    nearly alike; `same_closely` has those that still are where an error may come of it (`closer`). Where known bad
    pictures were given, `known_bad` is the name of the one that a file shows again, `known_bad_how` is `bytes`, `pixels`,
    `near` or `hash`, and `known_bad_distance` the bits of 64 (Int64) by which the hashes differ, null where they were not
    compared. Where checksums were given, `md5` and the like hold those of files that a list names, hexadecimal.
    """

    facts: pl.DataFrame
    lines: pl.DataFrame
    lists: tuple[LabelList, ...]
    classes: Classes
    unreadable_folders: pl.DataFrame  #: `path` (key) and `message` of folders that could not be listed
    max_pixels: int
    leak_keep: str  #: which list keeps a picture that is on several: the `first` or the `last` named
    salvage: bool = False
    drop_duplicates: bool = False
    """Of pictures that are the same on a list under one label, the first without an error stays."""
    checksums: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=polars_schema(CHECKSUM_COLUMNS))
    )  #: what files are to agree with, with `CHECKSUM_COLUMNS`
    ignore_label: frozenset[int] = frozenset()
    class_texts: Mapping[str, int] = field(
        default_factory=dict
    )  #: class names as the lists have them, with their counts
    stale_baseline: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=polars_schema(STALE_COLUMNS))
    )  #: accepted findings that do not occur, with `STALE_COLUMNS`; known when all others are


def class_count(dataset: Dataset) -> int | None:
    """Return the number of classes: as given, else as many as are named or the largest label + 1, else None without labels."""
    if dataset.classes.number is not None:
        return dataset.classes.number
    largest = dataset.lines.filter(~is_ignored(dataset))["label"].max()
    # Where some lists give names and others numbers, these may go beyond the names.
    return max(len(dataset.classes.names or ()), largest + 1 if isinstance(largest, int) else 0) or None


def is_ignored(dataset: Dataset) -> pl.Expr:
    """Return the condition, over lines, that the label is one that training ignores."""
    return pl.col("label").is_in(sorted(dataset.ignore_label)).fill_null(value=False)


def is_class(dataset: Dataset) -> pl.Expr:
    """Return the condition, over lines, that the label is one of a class: neither ignored nor out of range, as `cat` is none.

    No other tells anything of a picture: it has an error of its own, and contradicts nothing.
    """
    count = dataset.classes.number
    in_range = pl.col("label") >= 0 if count is None else pl.col("label").is_between(0, count, closed="left")
    return in_range.fill_null(value=False) & ~is_ignored(dataset)


def stands_for_a_sample(dataset: Dataset) -> pl.Expr:
    """Return the condition, over lines, that there is a file, and a label if the list gives labels."""
    labelled = [index for index, of in enumerate(dataset.lists) if of.labelled]
    return pl.col("file").is_not_null() & (pl.col("label").is_not_null() | ~pl.col("list").is_in(labelled))


def is_kept(dataset: Dataset) -> pl.Expr:
    """Return the condition, over lines, that they are kept as far as is known; all are where no verdicts were given yet."""
    return pl.col("kept") if "kept" in dataset.lines.columns else pl.lit(value=True)


def pixel_count() -> pl.Expr:
    """Return width × height (Float64): headers may claim more than 63 bits hold."""
    return pl.col("width").cast(pl.Float64) * pl.col("height")


def has_image_name() -> pl.Expr:
    """Return the condition, over `path`, that the extension is an image's."""
    return extension().is_in(sorted(formats.IMAGE_EXTENSIONS)).fill_null(value=False)


def extension() -> pl.Expr:
    """Return the extension of `path`, lower case with its dot; null where there is none."""
    return pl.col("path").str.extract(r"[^/](\.[^./]+)$").str.to_lowercase()


def is_image_content() -> pl.Expr:
    """Return the condition, over facts, that a file holds a picture, one that can be opened here or not."""
    return pl.col("content").is_in(sorted(formats.FORMATS)).fill_null(value=False)


def gives_a_picture() -> pl.Expr:
    """Tell whether Pillow gives a picture of a file, be it damaged: as it is, or with LOAD_TRUNCATED_IMAGES."""
    return pl.col("decodes") | pl.col("decodes_truncated")


def has_other_colours() -> pl.Expr:
    """Return the condition, over facts, that the embedded profile is of another space than sRGB."""
    return (pl.col("profile") != "srgb").fill_null(value=False)


def content_name() -> pl.Expr:
    """Return the content of a file as a sentence names it."""
    return pl.col("content").replace_strict(formats.CONTENTS, default=pl.col("content"))


def why_stopped(decoding: str, looking: str) -> pl.Expr:
    """Return a message of why a file has no answer: what stopped its decoder, or, after that, the looking at it closely."""
    words = pl.col("status_message").fill_null("no reason given")
    return (
        pl.when(words.str.starts_with(CLOSELY))
        .then(words.str.replace(CLOSELY, f"{CLOSELY} {looking}", literal=True))
        .otherwise(pl.format("{}: {}", pl.lit(decoding), words))
    )


def is_listed(dataset: Dataset) -> pl.Expr:
    """Return the condition, over facts, that a line names the file."""
    return pl.col("file").is_in(dataset.lines["file"].drop_nulls().unique().implode())


def unlisted_folders(paths: pl.Series, unreadable_folders: pl.DataFrame) -> pl.Series:
    """Return, for each path (key), the folder above it that could not be listed, null where all could be."""
    unlisted = set(unreadable_folders["path"])
    longest = max(map(len, unlisted), default=0)

    def find(path: str | None) -> str | None:
        folder = (path or "")[: longest + 1]
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in unlisted:
                return folder
        return None

    return pl.Series([find(path) for path in paths], dtype=pl.String)


def attach(table: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """Return a table of files with the columns of another beside its own, which are not copied; null where there is no match."""
    found = table.select("file").join(columns, on="file", how="left", maintain_order="left")
    return table.with_columns(found.drop("file").get_columns())


def named(table: pl.DataFrame, by: pl.DataFrame, *, on: str | list[str]) -> pl.DataFrame:
    """Return the rows of a table that another names: a join with a million rows of which few are meant costs as many."""
    return table.join(by.select(on), on=on, how="semi", maintain_order="left")


def overlay(table: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """Return a table of files with the values of another in place of its own where that has some; all else is not copied."""
    found = table.select("file").join(columns, on="file", how="left", maintain_order="left").drop("file")
    return table.with_columns(pl.coalesce(column, table[column.name]).alias(column.name) for column in found)


def polars_schema(columns: Mapping[str, Column]) -> dict[str, pl.DataType]:
    """Return the Polars dtypes of columns."""
    return {name: getattr(pl, column.dtype)() for name, column in columns.items()}


def cast_to(table: pl.DataFrame, columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return these columns of a table, in their order and with their dtypes."""
    return table.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(columns).items())
