"""Tells whether what a scan judged is what will be trained on: everything is as the scan left it, and not too old."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from sanitize import __version__, checks, interrupts, names, record, rules
from sanitize.dataset import Severity
from sanitize.errors import InternalError, UsageError
from sanitize.judge import by_rule, evidence
from sanitize.listener import Listener
from sanitize.name_columns import as_bytes
from sanitize.names import shown_path
from sanitize.out import FINISHED, refuse_held
from sanitize.result import shown_evidence, shown_texts
from sanitize.rules import Rule
from sanitize.scanned import Scanned, look

_FINDINGS: dict[str, pl.DataType] = {
    "path": pl.String(),
    "list": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "message": pl.String(),
    "evidence": pl.String(),
}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class VerifyResult:
    """What has become of a scan."""

    out: Path
    scanned: Scanned
    found: pl.DataFrame  #: the findings as checks gave them
    seconds: float
    version: str

    command = "verify"
    failing: frozenset[str] = frozenset({Severity.ERROR})

    @property
    def fit(self) -> bool:
        """Whether everything is as the scan left it, the scan is recent enough, and no error stands."""
        return not self.found.height

    @property
    def exit_status(self) -> int:
        """The status that the program ends with: 0 fit for training, 1 not."""
        return 0 if self.fit else 1

    @property
    def images_root(self) -> Path:
        """The folder of images."""
        return Path(os.fsdecode(names.to_bytes(self.scanned.record.images)))

    @cached_property
    def findings(self) -> pl.DataFrame:
        """What is not as it was, sorted, with the columns of `ScanResult.findings`.

        `list` names a list or report, relative to the folder where the scan ran; `line` and `file` are null.
        """
        found = self.found.with_columns(pl.col("path", "list").fill_null(""))
        found = found.with_columns(path_bytes=pl.Series(as_bytes(found["path"]), dtype=pl.Binary))
        ordered = found.sort("path_bytes", "list", "rule", "message")
        return ordered.select(
            path=shown_texts(ordered["path"]),
            path_bytes="path_bytes",
            list="list",
            line=pl.lit(None, dtype=pl.UInt32),
            label=pl.lit(""),
            rule="rule",
            severity="severity",
            message=shown_texts(ordered["message"]),
            evidence=shown_evidence(ordered["evidence"]),
            file=pl.lit(None, dtype=pl.UInt32),
            accepted=pl.lit(value=False),
        )

    @cached_property
    def summary(self) -> dict[str, object]:
        """What was compared and found, and the counts of the scan."""
        return {
            "version": self.version,
            "fit": self.fit,
            "scan_finished": self.scanned.record.finished.isoformat(),
            "age_seconds": round(self.scanned.age.total_seconds()),
            "deep": self.scanned.deep,
            "files": self.scanned.files.height,
            "entries": self.scanned.entries.height,
            "findings": by_rule(self.found),
            "seconds": round(self.seconds, 3),
            "scan": self.scanned.summary,
        }

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The checks, and the rules whose errors still stand."""
        standing = {str(one["rule"]) for one in self.scanned.record.standing}
        known = rules.discover()
        return {**checks.discover(), **{name: known[name] for name in sorted(standing) if name in known}}

    @cached_property
    def sources(self) -> Mapping[str, bytes]:
        """The absolute paths of lists and reports, by the name that findings have; first where others are to show."""
        known = self.scanned.record
        read = {one.source: names.to_bytes(one.path) for one in known.inputs}
        reports = sorted((self.out / one.name for one in known.outputs), key=lambda path: path.name != FINISHED)
        written = {shown_path(path): os.path.abspath(os.fsencode(path)) for path in reports}
        return read | {name: path for name, path in written.items() if name not in read}

    @property
    def first_lines(self) -> pl.DataFrame:
        """Nothing: what is compared is files."""
        return pl.DataFrame(schema={"file": pl.UInt32, "list": pl.String, "line": pl.UInt32})


def verify_out(out: Path, listener: Listener, *, deep: bool, max_age: timedelta | None, workers: int) -> VerifyResult:
    """Compare everything that the last scan found good, and what it wrote, with what is there now.

    `deep` reads the pictures, `workers` at a time. Raises UsageError where there is no scan to compare with, and
    InternalError where a check fails.
    """
    start = time.perf_counter()
    interrupts.end_waits()
    known = record.load(out)
    refuse_held(out)
    scanned = look(out, known, deep=deep, max_age=max_age, workers=workers, listener=listener)
    found = [_ask(check, scanned) for check in checks.discover().values()]
    standing = pl.DataFrame([*known.standing], schema=_FINDINGS).with_columns(evidence=pl.lit("{}"))
    return VerifyResult(
        out=out,
        scanned=scanned,
        found=pl.concat([*found, standing]),
        seconds=time.perf_counter() - start,
        version=__version__,
    )


def parse_age(text: str) -> timedelta:
    """Return an age such as `24h`, `7d` or `90m`; raises UsageError for what is none."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([smhdw])", text.strip())
    try:
        if match:
            return timedelta(**{_UNITS[match[2]]: float(match[1])})
    except OverflowError:
        pass
    raise UsageError(f"--max-age takes an age such as 90m, 24h or 7d, not {text!r}")


def _ask(check: Rule, scanned: Scanned) -> pl.DataFrame:
    try:
        found = check.find(scanned)
        assert isinstance(found, pl.DataFrame)
        return _complete(check, found)
    except Exception as error:
        raise InternalError(f"check {check.name} failed ({type(error).__name__}: {error})") from error


def _complete(check: Rule, found: pl.DataFrame) -> pl.DataFrame:
    given: dict[str, pl.Expr] = {
        "path": pl.lit(None),
        "list": pl.lit(None),
        **{name: pl.col(name) for name in found.columns if name in _FINDINGS},
        "rule": pl.lit(check.name),
        "severity": pl.lit(str(check.severity)),
        "evidence": evidence(found, _FINDINGS),
    }
    return found.select(given[name].cast(dtype).alias(name) for name, dtype in _FINDINGS.items())
