"""What changed since the last finished scan: samples new, gone and changed, findings new, gone and still there."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from sanitize import names, record
from sanitize.dataset import Dataset, Severity, rank
from sanitize.errors import UsageError
from sanitize.identity import IDENTITY, identify
from sanitize.out import FACTS, FINISHED
from sanitize.parts import read
from sanitize.record import Record
from sanitize.settings import PRIVATE, Settings

#: The file in OUT that holds the identities of the findings for the next scan.
NAME = f"{PRIVATE}/findings.parquet"
#: Settings that change neither what is found nor what is kept, or, as `rehash` does, find only what has changed.
_OF_RUNNING = frozenset(
    {
        "out", "link", "report", "output_format", "quiet", "config", "workers", "scheduler", "cache", "fail_on", "max_bad",
        "max_unreadable", "rehash",
    }
)  # fmt: skip
_KEYS = ["severity", *IDENTITY]
_STATE = ["size", "mtime_ns", "sha256"]


class Drift(NamedTuple):
    """What is not as it was at the end of the last scan into the same OUT that finished."""

    since: datetime  #: when that scan ended, UTC
    samples: Mapping[str, int]  #: numbers of images: `new`, `gone`, `changed`
    findings: Mapping[str, int]  #: numbers of findings: `new`, `gone`, `standing`
    new_by_rule: Mapping[str, int]  #: of the new findings, the most severe first
    examples: Mapping[str, str]  #: by the same rules: the path of the first new finding, shown form, empty for none
    settings: tuple[str, ...]  #: names of settings that were others, which is a reason for findings to come and go

    @property
    def is_none(self) -> bool:
        """Whether nothing has changed."""
        changes = (self.samples["new"], self.samples["gone"], self.samples["changed"])
        return not any((*changes, self.findings["new"], self.findings["gone"], self.settings))

    @property
    def summary(self) -> dict[str, object]:
        """What `summary.json` says of it."""
        return {
            "since": self.since.isoformat(timespec="seconds"),
            "samples": dict(self.samples),
            "findings": dict(self.findings),
            "new_by_rule": dict(self.new_by_rule),
            "settings": list(self.settings),
        }


def find(out: Path, images: Path, settings: Settings, dataset: Dataset, found: pl.DataFrame) -> Drift | None:
    """Compare with what the last finished scan left in OUT; None where there was none.

    `found` are the findings as `judge.collapse_traits` gives them. Raises UsageError where a scan was there that cannot be
    compared with, for the reason that the message tells.
    """
    if not (out / record.NAME).exists() and not (out / FINISHED).exists():
        return None
    last = record.load(out)
    if last.images_root != record.root_of(images):
        raise UsageError(f"it was of another folder, {names.shown(last.images)}")
    facts, findings = record.intact(out, last, FACTS), record.intact(out, last, NAME)
    now = identify(found, dataset).with_columns(found.select("severity", shared=_is_shared()))
    then = read(findings, [*_KEYS, "shared"])
    new, gone, standing = _compare_findings(now, then)
    return Drift(
        since=last.finished,
        samples=_compare_samples(facts, dataset.facts),
        findings={"new": int(new["count"].sum()), "gone": gone, "standing": standing},
        new_by_rule={row["rule"]: row["count"] for row in new.iter_rows(named=True)},
        examples={row["rule"]: names.shown(row["path"]) for row in new.iter_rows(named=True)},
        settings=_other_settings(last, settings),
    )


def render(dataset: Dataset, found: pl.DataFrame) -> dict[str, bytes]:
    """Return what the next scan, and `sanitize baseline`, need to know of the findings of this one."""
    light = pl.col("severity") == Severity.INFO
    table = identify(found, dataset).with_columns(
        found.select(
            "severity",
            shared=_is_shared(),
            # The messages of infos, which are by far the most, are nobody's.
            message=pl.when(~light).then("message"),
            about_file=pl.col("file").is_not_null() & pl.col("line").is_null(),
        )
    )
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="lz4")
    return {NAME: buffer.getvalue()}


def _is_shared() -> pl.Expr:
    return pl.col("shared_by").is_not_null()


def _compare_samples(path: Path, facts: pl.DataFrame) -> dict[str, int]:
    """Count the images that are new, gone and changed; one that was only touched is not."""
    gone = new = 0
    then, now = read(path, ["path_bytes"]), facts.select("path_bytes")
    rows: pl.DataFrame | None = None  # of both, by their numbers; as they are where all are the same
    if not then.equals(now):
        rows = then.with_row_index("then").join(now.with_row_index("now"), on="path_bytes", how="inner")
        rows = rows.select("then", "now").sort("then")
        gone, new = then.height - rows.height, now.height - rows.height
    del then, now  # of a million files, that is more than what follows
    before, after = read(path, _STATE), facts.select(_STATE)
    if rows is not None:
        before, after = before[rows["then"]], after[rows["now"]]
    moved = (before["size"] != after["size"]) | (before["mtime_ns"] != after["mtime_ns"])
    # A file was perhaps not read, then or now.
    known = before["sha256"].is_not_null() & after["sha256"].is_not_null()
    changed = (before["sha256"] != after["sha256"]).zip_with(known, moved)
    return {"new": new, "gone": gone, "changed": int(changed.sum())}


def _without_shared(findings: pl.DataFrame, shared: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    """Return one row for all that a rule says of a list, or of files, where either scan tells it once for all of them.

    A share that crosses the bar would make thousands of findings new or gone, and nothing has changed.
    """
    which = ["rule", "severity", "list"]
    traits = pl.concat([one.select(which) for one in shared]).unique()
    if not traits.height:
        return findings
    rest = findings.join(traits, on=which, how="anti", maintain_order="left")
    once = findings.join(traits, on=which, how="semi", maintain_order="left").select(which).unique()
    empty = pl.lit("")
    return pl.concat([rest.select(_KEYS), once.with_columns(label=empty, path=empty).select(_KEYS)])


def _compare_findings(now: pl.DataFrame, then: pl.DataFrame) -> tuple[pl.DataFrame, int, int]:
    """Return the new findings as `rule`, `count` and a `path`, and how many are gone, and how many still there."""
    if now.select(_KEYS).equals(then.select(_KEYS)):
        return pl.DataFrame(schema={"rule": pl.String, "count": pl.Int64, "path": pl.String}), 0, now.height
    both = now.filter("shared"), then.filter("shared")
    now, then = _without_shared(now, both), _without_shared(then, both)
    counts = now.group_by(_KEYS, maintain_order=True).len("now")
    before = then.group_by(_KEYS).len("then")
    # A count is unsigned, and a difference may be below 0.
    joined = counts.join(before, on=_KEYS, how="left", maintain_order="left").with_columns(
        pl.col("now").cast(pl.Int64), pl.col("then").cast(pl.Int64).fill_null(0)
    )
    standing = int(joined.select(pl.min_horizontal("now", "then").sum()).item())
    order = rank(pl.col("severity"))
    new = (
        joined.filter(pl.col("now") > pl.col("then"))
        .group_by("rule", maintain_order=True)
        .agg(count=(pl.col("now") - pl.col("then")).sum(), path=pl.col("path").first(), order=order.min())
        .sort("order", "count", "rule", descending=[False, True, False])
    )
    return new.select("rule", "count", "path"), then.height - standing, standing


def _other_settings(last: Record, settings: Settings) -> tuple[str, ...]:
    now: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(settings), default=str))
    names_of_both = {*now, *last.settings} - _OF_RUNNING
    return tuple(sorted(name for name in names_of_both if now.get(name) != last.settings.get(name)))
