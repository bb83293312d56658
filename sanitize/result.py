"""The result of a scan: the tables, the counts and what they mean for whoever waits for an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from sanitize import names
from sanitize.dataset import Dataset, Severity, class_count, rank
from sanitize.identity import subjects
from sanitize.inputs import Input
from sanitize.judge import by_rule
from sanitize.rules import Rule, discover, silenced
from sanitize.settings import Settings

if TYPE_CHECKING:
    from sanitize.drift import Drift


class Reported(Protocol):
    """What the formats for other programs are made of: the result of a scan, or of a comparison with one."""

    @property
    def command(self) -> str:
        """Which command it is the result of."""

    @property
    def version(self) -> str:
        """The version of the program."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def images_root(self) -> Path:
        """The folder that the paths of findings are relative to."""

    @property
    def findings(self) -> pl.DataFrame:
        """The findings, with the columns of `ScanResult.findings`."""

    @property
    def summary(self) -> dict[str, object]:
        """The counts."""

    @property
    def exit_status(self) -> int:
        """The status that the program ends with."""

    @property
    def failing(self) -> frozenset[str]:
        """The severities whose findings make that status 1."""

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Everything that was asked, by the name that findings have."""

    @property
    def sources(self) -> Mapping[str, bytes]:
        """The absolute path of every file that the `list` of a finding may name."""

    @property
    def first_lines(self) -> pl.DataFrame:
        """The first line that names a file, where a list is one: `file`, `list` (as in findings), `line`."""


@dataclass(frozen=True)
class ScanResult:
    """Everything that a scan found out; what it wrote lies in `out`."""

    images_root: Path
    out: Path
    settings: Settings
    dataset: Dataset  #: facts with `verdict`, `kept`, `rgb_policy`, `rgb_path`; lines with `kept`
    found: pl.DataFrame  #: the findings as `judge.collapse_traits` and `baseline.mark` give them
    ignored: int  #: files that are no image of the dataset
    probed: int  #: images opened in this run
    seconds: float
    version: str
    inputs: tuple[Input, ...] = ()  #: the files that it was told to read, as they were then
    drift: Drift | None = None  #: what changed since the last scan; None where there is none to compare with

    command = "scan"

    def _verdicts(self, verdict: str) -> int:
        return int((self.dataset.facts["verdict"] == verdict).sum())

    @property
    def images(self) -> int:
        """Number of images, of whatever verdict."""
        return self.dataset.facts.height

    @property
    def kept(self) -> int:
        """Number of images on a clean list, or good where there are no lists."""
        return self._verdicts("kept")

    @property
    def quarantined(self) -> int:
        """Number of images that an error, or that they are copies to be dropped, keeps off every clean list."""
        return self._verdicts("quarantined")

    @cached_property
    def errors(self) -> pl.DataFrame:
        """The findings that are errors and that no baseline accepts."""
        return self.findings.filter(pl.col("severity") == Severity.ERROR, ~pl.col("accepted"))

    @property
    def unlisted(self) -> int:
        """Number of images without an error that are on no list although there are lists."""
        return self._verdicts("unlisted")

    @property
    def unchecked(self) -> int:
        """Number of images that could not be judged because the program failed."""
        return self._verdicts("unchecked")

    @property
    def converted(self) -> int:
        """Number of kept images that stand in `images/` as a copy."""
        facts = self.dataset.facts
        return int((facts["kept"] & (facts["rgb_policy"] != "link")).fill_null(value=False).sum())

    @property
    def lines(self) -> int:
        """Number of lines of all lists."""
        return self.dataset.lines.height

    @property
    def lines_kept(self) -> int:
        """Number of lines on the clean lists."""
        return int(self.dataset.lines["kept"].sum())

    @cached_property
    def findings(self) -> pl.DataFrame:
        """The findings as reports have them: first those about whole lists, by severity, then all others by their place.

        Columns: `path` (shown form), `path_bytes`, `list` (as the user named it, empty for none), `line` (null for
        none), `label`, `rule`, `severity`, `message`, `evidence` (JSON), `file` (number) for joining with
        `dataset.facts`, and `accepted`, whether the baseline has it.
        """
        return _as_reported(self.found, self.dataset)

    @cached_property
    def summary(self) -> dict[str, object]:
        """The content of `summary.json`."""
        return {
            "version": self.version,
            "images": self.images,
            "kept": self.kept,
            "converted": self.converted,
            "quarantined": self.quarantined,
            "unlisted": self.unlisted,
            "unchecked": self.unchecked,
            "ignored": self.ignored,
            "lines": self.lines,
            "lines_kept": self.lines_kept,
            "classes": class_count(self.dataset) or 0,
            "findings": by_rule(self.found),
            "accepted": int(self.found["accepted"].sum()),
            "drift": self.drift.summary if self.drift else None,
            "probed": self.probed,
            "seconds": round(self.seconds, 3),
            "images_per_second": round(self.images / self.seconds, 1) if self.seconds else 0.0,
        }

    @property
    def exit_status(self) -> int:
        """The status that the program ends with: 0 good, 1 findings that matter, 3 where the program failed on a sample."""
        return 3 if self.unchecked else 1 if self.failing else 0

    @cached_property
    def failing(self) -> frozenset[str]:
        """The severities that `fail_on` names, where there are findings of them beyond what `max_bad` lets pass."""
        if self.settings.fail_on == "never":
            return frozenset()
        severities: set[str] = {Severity.ERROR, *([Severity.WARNING] if self.settings.fail_on == "warning" else [])}
        bad = self.found.filter(pl.col("severity").is_in(severities) & ~pl.col("accepted"))
        if not bad.height or self._is_tolerable(bad):
            return frozenset()
        return frozenset(severities)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules whose findings were asked for, by name."""
        unasked = silenced(self.settings.select, self.settings.ignore)
        return {name: rule for name, rule in discover().items() if name not in unasked}

    @cached_property
    def sources(self) -> Mapping[str, bytes]:
        """The absolute paths of the lists, by the name that findings have."""
        return {one.source: names.to_bytes(one.path) for one in self.inputs}

    @cached_property
    def first_lines(self) -> pl.DataFrame:
        """The first line that names a file, on a list that is a file: `file`, `list` (as in findings), `line`."""
        numbered = list_sources(self.dataset).filter("numbered").select("list", "source")
        lines = self.dataset.lines.select("file", "list", "line").drop_nulls().join(numbered, on="list", how="inner")
        first = lines.sort("list", "line").unique("file", keep="first", maintain_order=True)
        return first.select("file", "line", list=shown_texts(first["source"]))

    def _is_tolerable(self, bad: pl.DataFrame) -> bool:
        """Tell whether everything bad is about files and lines, and those are no more than `max_bad` of all."""
        alone = bad.filter(pl.col("shared_by").is_null())
        shared = bad.filter(pl.col("shared_by").is_not_null())
        if alone.filter(pl.col("file").is_null() & pl.col("line").is_null()).height:
            return False
        files = alone.filter(pl.col("line").is_null())["file"].n_unique()
        lines = alone.filter(pl.col("line").is_not_null()).select("list", "line").n_unique()
        files += int(shared.filter(pl.col("list").is_null())["shared_by"].sum())
        lines += int(shared.filter(pl.col("list").is_not_null())["shared_by"].sum())
        limit = self.settings.max_bad
        return min(files, self.images) <= limit * self.images and min(lines, self.lines) <= limit * max(self.lines, 1)


def shown_texts(texts: pl.Series) -> pl.Series:
    """Return keys, or texts that hold keys, in the form for people."""
    hidden = texts.str.contains(names.HIDDEN).fill_null(value=False)
    if not hidden.any():
        return texts
    return pl.Series(texts.name, [text if text is None else names.shown(text) for text in texts], dtype=pl.String)


def shown_evidence(texts: pl.Series) -> pl.Series:
    """Return evidence (JSON) with the keys in it in the form for people; line breaks, as of a traceback, stay."""
    # A control character is an escape in JSON.
    hidden = texts.str.contains(rf"{names.HIDDEN}|\\[bfrtu]").fill_null(value=False)
    if not hidden.any():
        return texts
    odd = texts.filter(hidden).unique().to_list()
    return texts.replace(odd, [json.dumps(_shown_within(json.loads(text)), ensure_ascii=False) for text in odd])


def bytes_of(keys: pl.Series) -> pl.Series:
    """Return the bytes of keys (Binary)."""
    if not keys.str.contains(names.HIDDEN).fill_null(value=False).any():
        return keys.cast(pl.Binary)
    return pl.Series(keys.name, [key if key is None else names.to_bytes(key) for key in keys], dtype=pl.Binary)


def list_sources(dataset: Dataset) -> pl.DataFrame:
    """Return `list`, its `source` as the user named it, and whether lines have numbers (`numbered`).

    What was made of the files that are there has no lines that a person could look up.
    """
    return pl.DataFrame(
        [
            (
                index,
                label_list.source if label_list.labelled or not label_list.implicit else None,
                not label_list.implicit,
            )
            for index, label_list in enumerate(dataset.lists)
        ],
        schema={"list": pl.UInt32, "source": pl.String, "numbered": pl.Boolean},
        orient="row",
    )


def _as_reported(found: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    joined = (
        subjects(found, dataset)
        .join(list_sources(dataset), on="list", how="left", maintain_order="left")
        .with_columns(line=pl.when("numbered").then("line"), path=pl.col("path").fill_null(""))
    )
    joined = joined.with_columns(path_bytes=bytes_of(joined["path"]))
    # What concerns no file and no line stands for itself: there the rule counts more than the place.
    whole = pl.col("file").is_null() & pl.col("line").is_null() & (pl.col("path") == "")
    order = rank(pl.when(whole).then("severity"))
    name = pl.when(whole).then("rule")
    ordered = joined.sort("path_bytes", order, name, "list", "line", "rule", "message", nulls_last=False)
    return ordered.select(
        path=shown_texts(ordered["path"]),
        path_bytes="path_bytes",
        list=shown_texts(ordered["source"].fill_null("")),
        line="line",
        label=shown_texts(ordered["label"].fill_null("")),
        rule="rule",
        severity="severity",
        message=shown_texts(ordered["message"]),
        evidence=shown_evidence(ordered["evidence"]),
        file="file",
        accepted="accepted",
    )


def _shown_within(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(map(names.shown, value.split("\n")))
    if isinstance(value, list):
        return [_shown_within(item) for item in value]
    if isinstance(value, dict):
        return {key: _shown_within(item) for key, item in value.items()}
    return value
