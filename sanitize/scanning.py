"""A scan, as a story: find the samples, probe each once, judge the facts, look again where asked, write what follows."""

from __future__ import annotations

import dataclasses
import importlib
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

import sanitize.outputs.images as images_output
from sanitize import __version__, baseline, drift, interrupts, outputs, reporting, rgb, rules
from sanitize.dataset import Dataset, attach
from sanitize.early import Early
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.errors import UsageError
from sanitize.facts import HASHES
from sanitize.gathering import Gathered, gather
from sanitize.judge import collapse_traits, give_verdicts, judge, judge_failed_copies, silence
from sanitize.listener import Listener
from sanitize.out import Out, cannot_tidy, cannot_write, hold
from sanitize.recipe import chosen
from sanitize.report.making import FILL
from sanitize.result import ScanResult
from sanitize.settings import Settings

# What these rules find is about copies, which a scan without images does not make.
_OF_COPIES = ("renamed-copy", "unconvertible")


def scan_folder(images: Path, settings: Settings, listener: Listener, engine: Engine, begun: Early) -> ScanResult:
    """Go on with a scan of a folder of images that has begun, and bring OUT up to date.

    Raises UsageError where the user is wrong and InternalError where the program is; OUT is then as it was.
    """
    interrupts.end_waits()
    accepted = baseline.read(Path(settings.baseline)) if settings.baseline else None
    _get_ready()
    with hold(Path(settings.out), images) as out:
        try:
            gathered = gather(images, settings, engine, out, listener, begun)
            findings, dataset = _judge(gathered, settings)
            inputs, ignored, probed = gathered.inputs, gathered.ignored, gathered.probed
            del gathered  # with what was compared, which is much of a million files
            if settings.report:
                engine.tell(FILL)
            dataset = _give_verdicts(dataset, findings, accepted, settings)
            dataset = _plan(dataset, settings, ignores_case=out.ignores_case)
            if settings.images:
                findings, dataset = _make_copies(dataset, findings, accepted, images, settings, engine, out, listener)
            later = rules.active(settings.select, settings.ignore, after_verdicts=True)
            findings = pl.concat([findings, judge(dataset, later, settings.rule_options)])
            found = _mark(dataset, findings, accepted, settings)
            del findings
            result = ScanResult(
                images_root=images,
                out=out.folder,
                settings=settings,
                dataset=dataset,
                found=found,
                ignored=ignored,
                probed=probed,
                seconds=time.perf_counter() - begun.since,
                version=__version__,
                inputs=inputs,
                drift=_compare(out, images, settings, dataset, found, listener),
            )
            further = None
            if settings.report:
                further = reporting.of_scan(out, images, engine, listener, cache=settings.cache)
            files = outputs.render_all(result, further)
            engine.release()
            if not settings.images and images_output.is_there(out.folder):
                listener.on_message("images/ of the last scan is taken away, as --no-images says that there is none")
            out.replace(files)
        except OSError as error:
            raise cannot_write(out.folder, error) from error
        try:
            images_output.remove_stale(out.folder, _wanted(dataset) if settings.images else None)
        except OSError as error:
            raise cannot_tidy(out.folder / "images", error) from error
    return result


def _get_ready() -> None:
    """Load what only the end of a scan needs: most often its children have the first files by now."""
    importlib.import_module("sanitize.copies.kept_pairs")
    outputs.modules()


def _judge(gathered: Gathered, settings: Settings) -> tuple[pl.DataFrame, Dataset]:
    """Return the findings of the rules that verdicts follow from, and the dataset that says which pictures are the same.

    All others are asked while the children compare pictures.
    """
    active = rules.active(settings.select, settings.ignore, after_verdicts=False)
    comparing = [rule for rule in active if rule.measurement and rule.measurement.module == HASHES]
    others = [rule for rule in active if not rule.measurement or rule.measurement.module != HASHES]
    findings = judge(gathered.dataset, others, settings.rule_options)
    dataset = dataclasses.replace(gathered.dataset, facts=gathered.compare())
    choosing = [rule for rule in comparing if rule.chooses]
    compared = judge(dataset, [rule for rule in comparing if not rule.chooses], settings.rule_options)
    findings = pl.concat([findings, compared])
    so_far = dataset
    if dataset.drop_duplicates or len(dataset.lists) > 1:
        so_far = _give_verdicts(dataset, findings, None, settings)
    return pl.concat([findings, judge(so_far, choosing, settings.rule_options)]), dataset


def _give_verdicts(
    dataset: Dataset, findings: pl.DataFrame, accepted: pl.DataFrame | None, settings: Settings
) -> Dataset:
    if accepted is not None and settings.keep_accepted:
        findings = baseline.not_kept(findings, dataset, accepted)
    return give_verdicts(dataset, findings, listed_only=bool(settings.labels))


def _mark(dataset: Dataset, findings: pl.DataFrame, accepted: pl.DataFrame | None, settings: Settings) -> pl.DataFrame:
    """Return the findings that are reported, those that are accepted marked, and what is accepted in vain."""
    silenced = rules.silenced(settings.select, settings.ignore)
    found = collapse_traits(silence(findings, silenced), dataset)
    unasked = {*silenced, *(() if settings.images else _OF_COPIES)}
    found, dataset = baseline.mark(found, dataset, accepted, unasked)
    if accepted is None or baseline.STALE in silenced:
        return found
    stale = judge(dataset, [rules.discover()[baseline.STALE]], settings.rule_options)
    return pl.concat([found, stale], how="diagonal").with_columns(pl.col("accepted").fill_null(value=False))


def _plan(dataset: Dataset, settings: Settings, *, ignores_case: bool) -> Dataset:
    """Add to the facts what each kept image needs to be 8-bit RGB: `rgb_policy` and `rgb_path`, its path on clean lists."""
    kept = dataset.facts.select("file", "path").filter(dataset.facts["kept"])
    if settings.images:
        # The names of all are planned, so that a copy never stands under the name of an original that is not kept.
        plan = rgb.plan(
            dataset.facts,
            icc=settings.icc,
            rgb_format=settings.rgb_format,
            salvage=settings.salvage or settings.keep_accepted,
            ignores_case=ignores_case,
        )
        plan = plan.join(kept, on="file", how="semi")
    else:
        nothing = {"rgb_policy": pl.lit(None, dtype=pl.String), "rgb_bytes": pl.lit(0, dtype=pl.Int64)}
        plan = kept.select("file", rgb_path="path", **nothing)
    return dataclasses.replace(dataset, facts=attach(dataset.facts, plan))


def _compare(
    out: Out, images: Path, settings: Settings, dataset: Dataset, found: pl.DataFrame, listener: Listener
) -> drift.Drift | None:
    """Tell what changed since the last finished scan; a scan that cannot be compared with is no reason to stop."""
    try:
        return drift.find(out.folder, images, settings, dataset, found)
    except UsageError as error:
        reason = str(error).removesuffix("; scan again")
        listener.on_message(
            f"what changed since the last scan is not known: {reason}; the next one has this to compare with"
        )
        return None


def _wanted(dataset: Dataset) -> pl.DataFrame:
    return dataset.facts.select(images_output.WANTED).filter(dataset.facts["kept"])


def _make_copies(
    dataset: Dataset,
    findings: pl.DataFrame,
    accepted: pl.DataFrame | None,
    images: Path,
    settings: Settings,
    engine: Engine,
    out: Out,
    listener: Listener,
) -> tuple[pl.DataFrame, Dataset]:
    """Bring OUT/images up to date; a copy that cannot be made takes its file off the lists."""

    failures = images_output.update(
        out.folder,
        images.resolve(),
        _wanted(dataset),
        chosen(dataclasses.asdict(settings)),
        convert=partial(_convert, engine=engine, listener=listener),
        listener=listener,
    )
    if not failures.height:
        return findings, dataset
    dataset, found = judge_failed_copies(dataset, failures, settings.rule_options)
    findings = pl.concat([findings, found])
    return findings, _give_verdicts(dataset, findings, accepted, settings)


def _convert(
    requests: list[dict[str, Any]], sizes: list[int], engine: Engine, listener: Listener
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Make copies in the children; yields the number of the request and its answer."""
    batches = split(sizes, workers=engine.workers)
    answered: list[tuple[int, dict[str, Any]]] = []

    def take(number: int, answers: list[Answer]) -> None:
        for request, (status, payload) in zip(batches[number], answers, strict=True):
            answered.append((request, payload if status == "ok" else {"error": payload, "status": status}))
        listener.on_progress(len(answers))

    engine.run("sanitize.convert:convert", [[requests[number] for number in batch] for batch in batches], {}, take)
    yield from answered
