"""One folder per class: the first folder of a path is the class of its file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import polars as pl

from sanitize.errors import UsageError
from sanitize.labels.reading import READ_COLUMNS, Reading, Source
from sanitize.names import shown, to_bytes

# What splits are usually called, in the order in which they are to be named: of copies the last list keeps one.
_SPLITS = ("train", "val", "valid", "validation", "test")


def claims(source: Source) -> bool:
    """Whether the labels are folders."""
    return source.text is None and source.spec == "folders"


def read(source: Source) -> Reading:
    """Give a line to every file below a class folder; files that lie beside the folders are on no line.

    Hidden folders are classes, as in torchvision. In torchvision's order folders without a file are classes too; timm,
    whose order is the natural one, does not see them. Raises UsageError where there is no folder.
    """
    prefix = f"{source.root}/" if source.root else ""
    inside = source.samples.filter(pl.col("path").str.starts_with(prefix)).with_columns(
        path=pl.col("path").str.strip_prefix(prefix)
    )
    inside = inside.filter(pl.col("path").str.contains("/", literal=True))
    folder = pl.col("path").str.extract(r"^([^/]*)/")
    lines = list_of_files(inside, folder)
    names = lines["label_text"].unique().to_list()
    if source.settings.class_order == "plain":
        names = list({*names, *source.folders(source.root)})
    if not names:
        raise UsageError("`--labels folders`: there is no folder in IMAGES that could be a class")
    classes = tuple(in_order(names, source.settings.class_order))
    return Reading(
        lines, named=True, implicit=True, class_names=classes, remark=_remark(classes, lines["path"], source)
    )


def _remark(classes: Sequence[str], paths: pl.Series, source: Source) -> str | None:
    """Return what to say where all classes have names of splits, and each has folders of its own: those may be the classes."""
    splits = [name for name in _SPLITS if name in classes]
    if len(splits) < len(classes) or not {*classes} <= {*paths.str.extract("^([^/]*)/[^/]*/").drop_nulls().unique()}:
        return None
    values = (f"{name}={source.spec}@{source.root}{'/' if source.root else ''}{name}" for name in splits)
    remedy = " ".join(f"--labels {shlex.quote(shown(value))}" for value in values)
    taken = " and ".join(filter(None, (", ".join(f"`{name}`" for name in splits[:-1]), f"`{splits[-1]}`")))
    what = "classes: if they are splits whose" if len(splits) > 1 else "a class: if it is a split whose"
    return f"`--labels {source.spec}` takes {taken} for {what} folders are the classes, write `{remedy}`"


def list_of_files(samples: pl.DataFrame, label_text: pl.Expr) -> pl.DataFrame:
    """Return a list that has a line for each of the samples, in the order of their paths."""
    lines = samples.sort("path").with_row_index("line", offset=1).with_columns(label_text=label_text)
    flags = {name: pl.lit(value=False) for name, dtype in READ_COLUMNS.items() if dtype == pl.Boolean}
    nulls = {name: pl.lit(None) for name in ("malformed", "literal_path", "literal_label", "whole")}
    lines = lines.with_columns(**flags, **nulls)
    return lines.select(pl.col(name).cast(dtype) for name, dtype in READ_COLUMNS.items())


def in_order(names: list[str], class_order: str) -> list[str]:
    """Return class names in the order of torchvision (`plain`) or of timm (`natural`)."""
    plain = sorted(names, key=_as_python_sees_it)
    return plain if class_order == "plain" else sorted(plain, key=_natural)


def _as_python_sees_it(key: str) -> str:
    return to_bytes(key).decode("utf-8", "surrogateescape")


def _natural(name: str) -> list[str | int]:
    # timm's `natural_key`: digits compare as numbers, letters without case.
    return [int(part) if index % 2 else part for index, part in enumerate(re.split(r"([0-9]+)", name.lower()))]
