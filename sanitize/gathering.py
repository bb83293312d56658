"""Gathers everything that rules may look at: finds the samples, reads the lists, measures, and looks again where asked."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sanitize import idle, inputs, known_files, labels, probe, rules
from sanitize.again import Again
from sanitize.copies import known_bad
from sanitize.copies.finding import find_same
from sanitize.copies.pairs import Stakes
from sanitize.dataset import Dataset, has_image_name, is_class, is_image_content, unlisted_folders
from sanitize.early import Early
from sanitize.engine.schedule import Engine
from sanitize.errors import UsageError
from sanitize.facts import HASHES
from sanitize.inputs import Input
from sanitize.listener import Listener
from sanitize.measure import Measured, measure
from sanitize.names import shown_path, to_key
from sanitize.out import Out
from sanitize.probing import Measures, Prober
from sanitize.settings import Settings
from sanitize.sources import folder
from sanitize.store import Store

#: A source fails wholesale only from so many unreadable files on.
_UNREADABLE_AT_LEAST = 100


class Gathered(NamedTuple):
    """What was found, and how much work it was."""

    dataset: Dataset
    inputs: tuple[Input, ...]
    ignored: int  #: files that are no image of the dataset, pipes and devices among them
    probed: int  #: images that were opened for it
    compare: Callable[[], pl.DataFrame]  #: waits for the facts that say, too, which pictures are the same


def gather(images: Path, settings: Settings, engine: Engine, out: Out, listener: Listener, begun: Early) -> Gathered:
    """Gather what rules look at; `begun` is what of it has begun. To compare pictures with each other has begun then.

    Raises UsageError where there is nothing to scan, or the source has failed.
    """
    found = folder.find(str(images), exclude=settings.exclude, walk=begun.take_walk())
    named = inputs.look(images, settings)
    lists = _read_labels(images, settings, found)
    idle_flags = [*idle.remarks(settings), *idle.remarks_on_excludes(settings, found.unused_excludes)]
    for message in (*idle_flags, *lists.remarks, *idle.remarks_on_lists(settings, lists)):
        listener.on_message(message)
    known = known_files.read(settings, images=images, samples=found.samples, of_tables=lists.checksums)
    measurer = _Measurer(settings, engine, out, listener)
    samples, probed = measurer.measure(images, found, lists, begun)
    dataset, ignored = _assemble(settings, found, lists, samples)
    again = measurer.again(images)
    compares = HASHES in measurer.asked
    facts = known_files.with_digests(dataset.facts, known, again, compares=compares)
    dataset = dataclasses.replace(dataset, checksums=known.checksums, facts=facts)
    if not compares:
        return Gathered(dataset, named, ignored, probed, lambda: dataset.facts)
    bad: list[pl.DataFrame] = []
    for path in known.folders:
        first = max([samples.height, *(table["file"].to_list()[-1] + 1 for table in bad)])
        bad.append(measurer.measure_known(path, first=first))
    same = find_same(
        dataset.facts,
        bad,
        again,
        stakes=Stakes(_at_stake(dataset), known=sum(table.height for table in bad), drops=settings.drop_duplicates),
        distance=settings.near_distance,
        transforms=settings.transforms,
    )
    hashes = known.hashes
    compare = same if hashes is None else lambda: known_bad.mark_by_hash(same(), hashes)
    return Gathered(dataset, named, ignored, probed, compare)


def _read_labels(images: Path, settings: Settings, found: folder.Found) -> labels.Labels:
    if not found.samples.height:
        but = f" but what --exclude {' '.join(settings.exclude)} leaves out" if settings.exclude else ""
        raise UsageError(f"nothing to scan: there is no file in {images}{but}")
    return labels.read(
        settings,
        images=images,
        samples=found.samples.select("file", "path"),
        folders=lambda root: folder.list_folders(str(images), root, exclude=settings.exclude),
    )


class _Measurer:
    """Measures pictures, of the dataset and others, by what the rules of today need."""

    def __init__(self, settings: Settings, engine: Engine, out: Out, listener: Listener) -> None:
        self._settings, self._engine, self._out, self._listener = settings, engine, out, listener
        known = rules.measurements(rules.discover().values())
        active = rules.measurements(rules.active(settings.select, settings.ignore))
        self._measures = Measures(known, [one.module for one in active])
        self._store = self._kept(out.parts)
        self._shades: list[pl.DataFrame] = []

    @property
    def asked(self) -> Collection[str]:
        """The modules that measure."""
        return self._measures.asked

    def measure(
        self, images: Path, found: folder.Found, lists: labels.Labels, begun: Early
    ) -> tuple[pl.DataFrame, int]:
        """Return the samples with their facts and `is_image`, and how many images were opened."""
        named = pl.Series([label_list.implicit for label_list in lists.lists], dtype=pl.Boolean)
        explicit = lists.lines.filter(~named.gather(lists.lines["list"]))["file"].drop_nulls().unique()
        samples, shades, probed = self._measure(
            images, found.samples, explicit, self._store, rehash=self._settings.rehash, begun=begun
        )
        self._shades.append(shades)
        is_image = has_image_name() | is_image_content() | pl.col("file").is_in(explicit.implode())
        samples = samples.with_columns(is_image=is_image)
        return samples, samples.select((pl.col("is_image") & pl.col("file").is_in(probed.implode())).sum()).item()

    def measure_known(self, path: str, *, first: int) -> pl.DataFrame:
        """Return the facts of the pictures in a folder, with absolute `path_bytes` and numbers from `first` on.

        `path` is the one by which the user knows a picture. Raises UsageError where there is none, or one cannot be read.
        """
        place = Path(path).resolve()
        found = folder.find(str(place), exclude=self._settings.exclude)
        name = hashlib.sha256(os.fsencode(place)).hexdigest()[:16]
        store = self._kept(self._out.private / "known" / name)
        samples, shades, _probed = self._measure(place, found.samples, pl.Series(dtype=pl.UInt32), store, rehash=False)
        self._shades.append(shades.with_columns(pl.col("file") + first))
        pictures, warnings = known_bad.choose(path, samples, found.unreadable_folders)
        for warning in warnings:
            self._listener.on_message(warning)
        root = os.fsencode(place)
        return pictures.with_columns(
            (pl.col("file") + first).alias("file"),
            path=pl.lit(os.path.join(to_key(os.fsencode(path)), "")) + pl.col("path"),
            path_bytes=pl.Series([os.path.join(root, name) for name in pictures["path_bytes"]], dtype=pl.Binary),
        )

    def again(self, images: Path) -> Again:
        """Return what it takes to look at a file of the dataset again."""
        listener = self._listener
        return Again(
            self._engine,
            self._store if self._settings.cache else None,
            _root(images),
            on_start=lambda count: listener.on_start("look", count),
            on_progress=listener.on_progress,
            shades=self._shades,
            max_pixels=self._settings.max_pixels,
            pairs=self._out.private / "pairs" if self._settings.cache else None,
        )

    def _measure(
        self,
        root: Path,
        samples: pl.DataFrame,
        listed: pl.Series,
        store: Store,
        *,
        rehash: bool,
        begun: Early | None = None,
    ) -> Measured:
        prober = Prober(
            engine=self._engine,
            store=store,
            measures=self._measures,
            root=_root(root),
            files=samples.height,
            max_pixels=self._settings.max_pixels,
            thorough=self._settings.thorough,
            on_progress=self._listener.on_progress,
        )
        measured = measure(
            samples,
            prober,
            reuse=self._settings.cache,
            rehash=rehash,
            begun=begun,
            listed=listed,
            on_start=self._listener.on_start,
        )
        if not store.is_whole:
            self._listener.on_message(
                f"kept facts in {shown_path(store.folder)} are damaged, half-written or of another version:"
                " their images are measured again"
            )
        if self._settings.cache and len(measured.probed):
            store.compact(measured.samples)
        return measured

    def _kept(self, parts: Path) -> Store:
        return Store(
            parts,
            versions=probe.decoder_versions(),
            probe_version=probe.VERSION,
            measurements=self._measures.known,
        )


def _root(folder: Path) -> bytes:
    return os.fsencode(folder.resolve())


def _assemble(
    settings: Settings, found: folder.Found, lists: labels.Labels, samples: pl.DataFrame
) -> tuple[Dataset, int]:
    facts = _filter(samples, pl.col("is_image")).drop("is_image")
    facts = facts.with_columns(copy_failure=pl.lit(None, dtype=pl.String))
    if not facts.height:
        raise UsageError(f"nothing to scan: none of {samples.height} files is an image by its content or its name")
    out_of_reach = _count_out_of_reach(lists.lines, found.unreadable_folders)
    unreadable = facts.filter(pl.col("status") == "unreadable").height + out_of_reach
    files = facts.height + out_of_reach
    if unreadable > max(settings.max_unreadable * files, _UNREADABLE_AT_LEAST):
        raise UsageError(
            f"{unreadable} of {files} files cannot be read: the source has failed, and nothing was replaced;"
            " check the mount, or raise --max-unreadable"
        )
    lists = labels.keep_images(lists, facts["file"])
    dataset = Dataset(
        facts=facts,
        lines=lists.lines,
        lists=lists.lists,
        classes=lists.classes,
        unreadable_folders=found.unreadable_folders,
        max_pixels=settings.max_pixels,
        salvage=settings.salvage,
        drop_duplicates=settings.drop_duplicates,
        leak_keep=settings.leak_keep,
        ignore_label=frozenset(settings.ignore_label),
        class_texts=lists.class_texts,
    )
    return dataset, samples.height - facts.height


def _at_stake(dataset: Dataset) -> pl.DataFrame:
    """Return the lines of all lists, with a `label` only where it contradicts others (`pairs.Stakes`)."""
    return dataset.lines.select("list", "file", label=pl.when(is_class(dataset)).then("label"))


def _count_out_of_reach(lines: pl.DataFrame, unreadable_folders: pl.DataFrame) -> int:
    """Return how many files the lists name in folders that could not be listed."""
    if not unreadable_folders.height:
        return 0
    lost = lines.filter(pl.col("file").is_null())["target"].drop_nulls().unique()
    return lost.len() - unlisted_folders(lost, unreadable_folders).null_count()


def _filter(table: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """Return the rows of a table for which a condition holds, without a copy where it holds for all."""
    holds = table.select(condition).to_series()
    return table if holds.all() else table.filter(holds)
