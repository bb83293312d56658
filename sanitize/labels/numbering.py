"""Labels as lists have them turned into class indices, over all lists together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from sanitize.dataset import Classes
from sanitize.labels.classes import ClassFile, check_unambiguous
from sanitize.labels.folders import in_order
from sanitize.labels.reading import INTEGER, Reading
from sanitize.names import shown
from sanitize.settings import Settings

#: Several labels in one cell, as tables of samples of several classes have them: integers with something between them that
#: is no hyphen and no letter, which class names have.
SEVERAL = r"^[\s\[({]*[+-]?[0-9]+((\s*[,;|]\s*|\s+)[+-]?[0-9]+)+[\s\])}]*$"
#: Caffe and LMDB hold a label in 32 bits.
_LOWEST, _HIGHEST = -(2**31), 2**31 - 1
# What pandas writes for an integer column that has gaps.
_WHOLE = r"^([+-]?[0-9]+)\.0*$"
# What programs write into a table where a label is missing. `None` and `NA` may be names.
_ABSENT = ("nan", "-nan", "null", "<na>", "#n/a")
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
# Numbers beside numbers, and names beside names.
_INFINITE = r"^[+-]?(?i:inf|infinity)$"


class Numbered(NamedTuple):
    """Lines with `label` and `unknown_class`, and the classes that they name."""

    lines: pl.DataFrame
    classes: Classes
    class_texts: dict[str, int]
    named: frozenset[int]  #: the lists whose labels are class names


def number(lines: pl.DataFrame, readings: Sequence[Reading], classes: ClassFile | None, settings: Settings) -> Numbered:
    """Add `label` and `unknown_class` to the lines of all lists."""
    lines = _without_absent(lines, [index for index, reading in enumerate(readings) if reading.table], classes)
    named = _named_lists(lines, readings, classes)
    is_named = pl.col("list").is_in(sorted(named)) & pl.col("label_text").is_not_null() & (pl.col("label_text") != "")
    well_formed = pl.col("malformed").is_null()
    texts: dict[str, int] = {}
    if named:
        counted = lines.filter(is_named & well_formed).group_by("label_text").len().sort("label_text")
        texts = dict(counted.iter_rows())
    known = {name for index, reading in enumerate(readings) if index in named for name in reading.class_names}
    if classes is not None:
        check_unambiguous(classes, set(texts))
        names, index = classes.names, classes.numbers
    else:
        names = tuple(in_order(list({*texts, *known}), settings.class_order))
        index = {name: position for position, name in enumerate(names)}
    whole = pl.col("label_text").str.strip_chars(" \t\v\f")
    guess = [position for position, reading in enumerate(readings) if reading.named is None]
    if guess and lines["label_text"].str.contains(".", literal=True).any():
        whole = pl.when(pl.col("list").is_in(guess)).then(whole.str.replace(_WHOLE, "${1}")).otherwise(whole)
    label = pl.when(whole.str.contains(INTEGER)).then(whole.str.strip_prefix("+")).cast(pl.Int64, strict=False)
    label = pl.when(label.is_between(_LOWEST, _HIGHEST)).then(label)
    if named:
        by_name = pl.col("label_text").replace_strict(_spelled(texts, index), default=None, return_dtype=pl.Int64)
        label = pl.when(is_named).then(by_name).otherwise(label)
    lines = lines.with_columns(label=pl.when(well_formed).then(label))
    unknown = is_named & well_formed & pl.col("label").is_null()
    lines = lines.with_columns(unknown_class=unknown if named else pl.lit(value=False))
    if settings.rebase_labels:
        lines = _rebase(lines, named, settings.ignore_label)
    count = settings.num_classes
    if count is None and classes is not None:
        count = len(classes.names)
    texts |= {name: 0 for name in known if name not in texts}
    return Numbered(lines, Classes(count, names or None), texts, named)


def _without_absent(lines: pl.DataFrame, tables: Sequence[int], classes: ClassFile | None) -> pl.DataFrame:
    """Return the lines without labels that say that there is none, unless the user has a class of that name."""
    if not tables:
        return lines
    names = {name.strip().lower() for name in classes.numbers} if classes is not None else set()
    text, absent = pl.col("label_text"), sorted(set(_ABSENT) - names)
    is_absent = text.str.strip_chars().str.to_lowercase().is_in(absent) & pl.col("list").is_in(tables)
    return lines.with_columns(label_text=pl.when(~is_absent.fill_null(value=False)).then(text))


def drop_unseen(lines: pl.DataFrame, classes: Classes, named: Collection[int]) -> tuple[pl.DataFrame, Classes]:
    """Return the lines and the classes without those that no line of the lists `named` has; those after them move up."""
    by_name = pl.col("list").is_in(sorted(named))
    seen = lines.filter(by_name)["label"].drop_nulls().unique().sort()
    names = classes.names or ()
    if len(seen) == len(names):
        return lines, classes
    moved = pl.col("label").replace_strict(seen, pl.int_range(len(seen), eager=True), default=None)
    lines = lines.with_columns(label=pl.when(by_name).then(moved).otherwise("label"))
    return lines, Classes(classes.number, tuple(names[index] for index in seen) or None)


def _spelled(texts: Collection[str], index: Mapping[str, int]) -> dict[str, int]:
    """Return the classes of labels: of their very names, else without the blanks around, or as `classes.txt` has a line break."""
    found = {text: index.get(text, index.get(text.strip(" \t"), index.get(shown(text)))) for text in texts}
    return {text: position for text, position in found.items() if position is not None}


def _named_lists(lines: pl.DataFrame, readings: Sequence[Reading], classes: ClassFile | None) -> frozenset[int]:
    """Return the lists whose labels are class names; where both is possible, most labels of such lists decide.

    Several numbers in a cell are numbers, unless the user has a class of that name; infinity is what the others are.
    """
    guess = [index for index, reading in enumerate(readings) if reading.named is None]
    named = {index for index, reading in enumerate(readings) if reading.named}
    if guess:
        texts = lines.filter(pl.col("list").is_in(guess) & pl.col("malformed").is_null())["label_text"].drop_nulls()
        texts = texts.str.strip_chars()
        own = list(classes.numbers) if classes else []
        texts = texts.filter(~texts.str.contains(_INFINITE) | texts.is_in(own))
        is_number = texts.str.contains(_NUMBER)
        if 2 * is_number.sum() < len(texts):
            is_number |= texts.str.contains(SEVERAL) & ~texts.is_in(own)
        if 2 * is_number.sum() < len(texts):
            named |= set(guess)
    return frozenset(named)


def _rebase(lines: pl.DataFrame, named: frozenset[int], ignore_label: Collection[int]) -> pl.DataFrame:
    counted = (
        (pl.col("label") >= 0) & ~pl.col("label").is_in(sorted(ignore_label)) & ~pl.col("list").is_in(sorted(named))
    )
    if lines.filter(counted)["label"].min() != 1:
        return lines
    return lines.with_columns(label=pl.when(counted).then(pl.col("label") - 1).otherwise(pl.col("label")))
