"""Lists of samples with their labels: who reads them, what their lines lead to and which class that is."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import polars as pl

from sanitize import wide
from sanitize.dataset import CHECKSUM_COLUMNS, LINE_COLUMNS, Classes, LabelList, cast_to, polars_schema
from sanitize.errors import UsageError
from sanitize.labels.classes import read_classes
from sanitize.labels.mismatch import check_found
from sanitize.labels.numbering import drop_unseen, number
from sanitize.labels.places import place
from sanitize.labels.reading import Folders, Reading, Source, read_text
from sanitize.labels.resolve import bend_paths, find_files
from sanitize.labels.specs import parse
from sanitize.names import shown, to_key
from sanitize.settings import Settings


class Labels(NamedTuple):
    """All lists of a scan."""

    lines: pl.DataFrame  #: one row per line, with `dataset.LINE_COLUMNS`
    lists: tuple[LabelList, ...]
    classes: Classes
    class_texts: dict[str, int]  #: class names as the lists have them, with their counts
    checksums: pl.DataFrame  #: what tables have in a column of checksums, with `dataset.CHECKSUM_COLUMNS`
    remarks: tuple[str, ...]  #: what the user may not have meant
    named: frozenset[int]  #: the lists whose labels are names of classes
    seen_only: frozenset[int]  #: the lists whose labels are the names of those classes only that have pictures


def read(settings: Settings, *, images: Path, samples: pl.DataFrame, folders: Folders = lambda _: ()) -> Labels:
    """Read the lists that `settings.labels` names, and find their files among `samples`.

    `samples` holds every regular file below IMAGES (`file` UInt32, `path` key), images or not; `folders` gives
    the names of the folders in a folder. A value is `folders`, `LIST`, `NAME=LIST`, `LIST@ROOT` or `NAME=LIST@ROOT`;
    without any there is the list `images`, which has no labels. Raises UsageError.
    """
    known = read_classes(Path(settings.classes)) if settings.classes else None
    readings: list[Reading] = []
    frames: list[pl.DataFrame] = []
    lists: list[LabelList] = []
    for spec in parse(settings.labels, images):
        text = read_text(spec.path, "the list") if spec.path is not None else None
        source = Source(spec.source, text, spec.root, samples, folders, settings)
        reading = _reader(source).read(source)
        lines = _with_files(reading, source, images)
        frames.append(lines.with_columns(list=pl.lit(len(lists), pl.UInt32)))
        mark = source.text is not None and source.text.byte_order_mark
        name = shown(to_key(spec.source.encode("utf-8", "surrogateescape")))
        lists.append(LabelList(spec.name, name, reading.labelled, reading.implicit, mark))
        readings.append(reading)
    numbered = number(pl.concat(frames), readings, known, settings)
    if (settings.path_column or settings.label_column) and not any(reading.table for reading in readings):
        raise UsageError("--path-column and --label-column are for tables, and no list is one; leave them out")
    if known is None:
        guessed = {index for index in numbered.named if readings[index].named is None}
        lists = [of._replace(guessed_names=index in guessed) for index, of in enumerate(lists)]
    found = wide.folded(cast_to(numbered.lines, LINE_COLUMNS))
    checksums = pl.concat(
        _checksums(found, which, of, reading) for which, (of, reading) in enumerate(zip(lists, readings, strict=True))
    )
    seen_only = numbered.named if settings.class_order == "natural" and known is None else frozenset()
    return Labels(
        lines=found,
        lists=tuple(lists),
        classes=numbered.classes,
        class_texts=numbered.class_texts,
        checksums=checksums,
        remarks=tuple(reading.remark for reading in readings if reading.remark),
        named=numbered.named,
        seen_only=seen_only,
    )


def _with_files(reading: Reading, source: Source, images: Path) -> pl.DataFrame:
    """Return the lines of a list with the files that they name. Raises UsageError where hardly any is there."""
    where = place(source.samples, source.root, images)
    lines = find_files(reading, where)
    if source.text is not None:
        check_found(lines, reading, where, source.text.name, images)
    return bend_paths(lines, reading, where)


def keep_images(lists: Labels, images: pl.Series) -> Labels:
    """Return the lists when it is known which files are images (numbers): others are on no implicit list.

    A class folder without an image is none for timm.
    """
    is_gone = pl.col("file").is_not_null() & ~pl.col("file").is_in(images.implode())
    if not lists.lines.select(is_gone.any()).item():
        return lists
    lines, classes, texts = lists.lines.filter(~is_gone), lists.classes, lists.class_texts
    if lists.seen_only:
        lines, classes = drop_unseen(lines, classes, lists.seen_only)
        texts = {name: count for name, count in texts.items() if name in (classes.names or ())}
    return lists._replace(lines=lines, classes=classes, class_texts=texts)


def _checksums(lines: pl.DataFrame, number: int, of: LabelList, reading: Reading) -> pl.DataFrame:
    """Return the checksums that a list has of files that are there, with what a column of them has beside."""
    cells = reading.checksums
    if cells is None:
        return pl.DataFrame(schema=polars_schema(CHECKSUM_COLUMNS))
    # A row that cannot be taken apart may hold the checksum of another.
    intact = pl.col("file").is_not_null() & pl.col("malformed").is_null()
    own = lines.filter((pl.col("list") == number) & intact)
    table = own.join(cells, on="line", how="inner").with_columns(source=pl.lit(of.source))
    # Hashes of another kind are none of the files' bytes.
    table = table.filter(pl.col("algorithm").count().over("column") > 0)
    is_digest = pl.col("algorithm").is_not_null()
    table = table.filter(is_digest | pl.col("damaged")).with_columns(
        path=pl.when(is_digest).then("path").otherwise("cell")
    )
    return cast_to(table, CHECKSUM_COLUMNS)


def _reader(source: Source) -> ModuleType:
    return next(reader for reader in _readers() if reader.claims(source))


@cache
def _readers() -> tuple[ModuleType, ...]:
    """Return the modules that read lists, those last that claim whatever is left."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    readers = [module for module in modules if hasattr(module, "claims")]
    return tuple(sorted(readers, key=lambda module: getattr(module, "LAST", False)))
