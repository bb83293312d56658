"""A scan, as a story: find the samples, probe each once, judge the facts, look again where asked, write what follows."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import sanitize.outputs.images as images_output
from sanitize import __version__, labels, outputs, probe, rgb, rules
from sanitize.dataset import Dataset, attach, has_image_name, is_image_content
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.errors import UsageError
from sanitize.facts import Measurement
from sanitize.judge import collapse_traits, give_verdicts, judge, silence
from sanitize.measure import Measures, measure
from sanitize.out import Out, cannot_write, hold
from sanitize.result import ScanResult
from sanitize.settings import Settings, parse_background
from sanitize.sources import folder
from sanitize.store import Store

#: A source fails wholesale only from so many unreadable files on.
_UNREADABLE_AT_LEAST = 100


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how a scan goes on; each call is made in the thread of the scan."""

    on_start: Callable[[str, int], None] = lambda what, count: (
        None
    )  #: a stage (`probe`, `copy`) and its number of files
    on_progress: Callable[[int], None] = lambda count: None  #: so many more files of the stage are done
    on_message: Callable[[str], None] = lambda text: None  #: something to know before it happens


def scan_folder(images: Path, settings: Settings, listener: Listener, engine: Engine) -> ScanResult:
    """Scan a folder of images and bring OUT up to date.

    Raises UsageError where the user is wrong and InternalError where the program is; OUT is then as it was.
    """
    start = time.perf_counter()
    parse_background(settings.background)
    with hold(Path(settings.out), images) as out:
        try:
            dataset, ignored, probed = _look(images, settings, engine, out, listener)
            findings = judge(dataset, _asked(settings, after_verdicts=False), settings.rule_options)
            dataset = give_verdicts(dataset, findings, listed_only=bool(settings.labels))
            dataset = _plan(dataset, settings)
            if settings.images:
                findings, dataset = _make_copies(dataset, findings, images, settings, engine, out, listener)
            findings = pl.concat(
                [findings, judge(dataset, _asked(settings, after_verdicts=True), settings.rule_options)]
            )
            result = ScanResult(
                images_root=images,
                out=out.folder,
                settings=settings,
                dataset=dataset,
                found=collapse_traits(silence(findings, _silenced(settings)), dataset),
                ignored=ignored,
                probed=probed,
                seconds=time.perf_counter() - start,
                version=__version__,
            )
            out.replace(outputs.render_all(result))
            images_output.remove_stale(out.folder, _wanted(dataset) if settings.images else None)
        except OSError as error:
            raise cannot_write(out.folder, error) from error
    return result


def _look(images: Path, settings: Settings, engine: Engine, out: Out, listener: Listener) -> tuple[Dataset, int, int]:
    """Find the samples, read the lists and measure; returns also how many files are ignored, and how many were opened."""
    found = folder.find(str(images), exclude=settings.exclude)
    lists = _read_labels(images, settings, found)
    samples, probed = _measure(images, settings, found, lists, engine, out, listener)
    dataset, ignored = _assemble(settings, found, lists, samples)
    return dataset, ignored, probed


def _read_labels(images: Path, settings: Settings, found: folder.Found) -> labels.Labels:
    if not found.samples.height:
        raise UsageError(f"nothing to scan: there is no file in {images}")
    return labels.read(
        settings.labels,
        images=images,
        samples=found.samples.select("file", "path"),
        folders=found.folders,
        num_classes=settings.num_classes,
        classes=Path(settings.classes) if settings.classes else None,
        class_order=settings.class_order,
        path_column=settings.path_column,
        label_column=settings.label_column,
        rebase_labels=settings.rebase_labels,
        ignore_label=frozenset(settings.ignore_label),
    )


def _measure(
    images: Path,
    settings: Settings,
    found: folder.Found,
    lists: labels.Labels,
    engine: Engine,
    out: Out,
    listener: Listener,
) -> tuple[pl.DataFrame, int]:
    known = rules.measurements(rules.discover().values())
    store = _store(out, known) if settings.cache else None
    named = pl.Series([label_list.implicit for label_list in lists.lists], dtype=pl.Boolean)
    explicit = lists.lines.filter(~named.gather(lists.lines["list"]))["file"].drop_nulls()
    samples, probed = measure(
        found.samples,
        store,
        engine,
        root=os.fsencode(images.resolve()),
        max_pixels=settings.max_pixels,
        thorough=settings.thorough,
        listed=explicit.unique(),
        measures=Measures(known, [one.module for one in rules.measurements(_asked(settings))]),
        on_start=lambda count: listener.on_start("probe", count),
        on_progress=listener.on_progress,
    )
    if store and probed:
        store.compact(samples)
    is_image = has_image_name() | is_image_content() | pl.col("file").is_in(explicit.unique().implode())
    return samples.with_columns(is_image=is_image), probed


def _store(out: Out, measurements: Sequence[Measurement]) -> Store:
    return Store(out.parts, versions=probe.decoder_versions(), probe_version=probe.VERSION, measurements=measurements)


def _assemble(
    settings: Settings, found: folder.Found, lists: labels.Labels, samples: pl.DataFrame
) -> tuple[Dataset, int]:
    facts = _filter(samples, pl.col("is_image")).drop("is_image")
    facts = facts.with_columns(copy_failure=pl.lit(None, dtype=pl.String))
    if not facts.height:
        raise UsageError(f"nothing to scan: none of {samples.height} files is an image by its content or its name")
    unreadable = facts.filter(pl.col("status") == "unreadable").height
    if unreadable > max(settings.max_unreadable * facts.height, _UNREADABLE_AT_LEAST):
        raise UsageError(
            f"{unreadable} of {facts.height} files cannot be read: the source has failed, and nothing was replaced;"
            " check the mount, or raise --max-unreadable"
        )
    # A line of an implicit list stands for a file that is there: it goes with files that are no images.
    lines = _filter(lists.lines, pl.col("file").is_null() | pl.col("file").is_in(facts["file"].implode()))
    dataset = Dataset(
        facts=facts,
        lines=lines,
        lists=lists.lists,
        classes=lists.classes,
        unreadable_folders=found.unreadable_folders,
        max_pixels=settings.max_pixels,
        salvage=settings.salvage,
        drop_duplicates=settings.drop_duplicates,
        leak_keep=settings.leak_keep,
        rebase_labels=settings.rebase_labels,
        ignore_label=frozenset(settings.ignore_label),
        class_texts=lists.class_texts,
    )
    return dataset, samples.height - facts.height


def _filter(table: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """Return the rows of a table for which a condition holds, without a copy where it holds for all."""
    holds = table.select(condition).to_series()
    return table if holds.all() else table.filter(holds)


def _asked(settings: Settings, *, after_verdicts: bool | None = None) -> list[rules.Rule]:
    """Return the rules that run, all or those of one stage: those that are silenced but decide about integrity run too."""
    silenced = _silenced(settings)
    return [
        rule
        for rule in rules.discover().values()
        if after_verdicts in (None, rule.after_verdicts) and (rule.integrity or rule.name not in silenced)
    ]


def _silenced(settings: Settings) -> set[str]:
    unselected = set(rules.discover()) - set(settings.select) if settings.select else set()
    return unselected | set(settings.ignore)


def _plan(dataset: Dataset, settings: Settings) -> Dataset:
    """Add to the facts what each kept image needs to be 8-bit RGB: `rgb_policy` and `rgb_path`, its path on clean lists."""
    kept = dataset.facts.filter("kept")
    if settings.images:
        # The names of all are planned, so that a copy never stands under the name of an original that is not kept.
        plan = rgb.plan(dataset.facts, icc=settings.icc, rgb_format=settings.rgb_format, salvage=settings.salvage)
        plan = plan.join(kept, on="file", how="semi")
    else:
        nothing = {"rgb_policy": pl.lit(None, dtype=pl.String), "rgb_bytes": pl.lit(0, dtype=pl.Int64)}
        plan = kept.select("file", rgb_path="path", **nothing)
    return dataclasses.replace(dataset, facts=attach(dataset.facts, plan, on="file"))


def _wanted(dataset: Dataset) -> pl.DataFrame:
    return dataset.facts.filter("kept")


def _make_copies(
    dataset: Dataset,
    findings: pl.DataFrame,
    images: Path,
    settings: Settings,
    engine: Engine,
    out: Out,
    listener: Listener,
) -> tuple[pl.DataFrame, Dataset]:
    """Bring OUT/images up to date; a copy that cannot be made takes its file off the lists."""

    def convert(requests: list[dict[str, Any]], sizes: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        return _convert(requests, sizes, engine, listener)

    failures = images_output.update(
        out.folder,
        images.resolve(),
        _wanted(dataset),
        link=settings.link,
        icc=settings.icc,
        background=parse_background(settings.background),
        convert=convert,
        on_message=listener.on_message,
        on_copies=lambda count, _bytes: listener.on_start("copy", count),
    )
    if not failures.height:
        return findings, dataset
    facts = attach(dataset.facts, failures.select("file", copy_failure="message"), on="file")
    dataset = dataclasses.replace(dataset, facts=facts)
    findings = pl.concat([findings, judge(dataset, [rules.discover()["unconvertible"]], settings.rule_options)])
    return findings, give_verdicts(dataset, findings, listed_only=bool(settings.labels))


def _convert(
    requests: list[dict[str, Any]], sizes: list[int], engine: Engine, listener: Listener
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Make copies in the children; yields the number of the request and its answer."""
    batches = split(sizes, workers=engine.workers)
    answered: list[tuple[int, dict[str, Any]]] = []

    def take(number: int, answers: list[Answer]) -> None:
        for request, (status, payload) in zip(batches[number], answers, strict=True):
            answered.append((request, payload if status == "ok" else {"error": f"{status}: {payload}", "bytes": 0}))
        listener.on_progress(len(answers))

    engine.run("sanitize.convert:convert", [[requests[number] for number in batch] for batch in batches], {}, take)
    yield from answered
