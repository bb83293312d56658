"""The functions that programs call: scan a dataset, refuse to train on a bad one, tell whether a scan still holds, ..."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from sanitize import baseline, cores, early, rules, settings
from sanitize.dataset import Severity
from sanitize.engine.start import start
from sanitize.errors import UsageError
from sanitize.listener import Listener
from sanitize.moving.quarantine_folder import MoveResult
from sanitize.moving.quarantining import quarantine_out
from sanitize.moving.undoing import undo_folder
from sanitize.result import ScanResult
from sanitize.scanning import scan_folder
from sanitize.sources.walk import name_folder
from sanitize.verifying import VerifyResult, parse_age, verify_out

PathLike = str | os.PathLike[str]

# Flags that a call does not take, and what it takes.
_FOR_THE_COMMAND = {
    "config": "settings files are not read by a call; give the settings as arguments",
    "set": "options of rules are given as rule_options={'rule': {'option': value}}",
    "output_format": "a call prints no findings; they are in `result.findings`, and in the files of `result.out`",
}
#: How many rules a rejection names.
_RULES_TOLD = 3


class DatasetRejected(Exception):
    """The dataset has what `fail_on` and `max_bad` do not let pass, or images that could not be checked (`exit_status` 3).

    `result` is the scan that found it.
    """

    def __init__(self, message: str, result: ScanResult) -> None:
        super().__init__(message)
        self.result = result

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes it anew, in another process."""
        return type(self), (str(self), self.result)


def scan(images: PathLike, /, labels: PathLike | Sequence[PathLike] | None = None, **options: Any) -> ScanResult:
    """Scan the folder `images` and write OUT, as `sanitize scan` does.

    `labels` is one value of `--labels` or several. `options` are the other flags with `_` for `-`
    (`out="sanitized"`, `num_classes=10`, `no_images=True`, ...) and `rule_options={"rule": {"option": value}}`; None is
    as if not given. Settings files are not read.

    Raises UsageError for what the command ends with status 2 for, InternalError for status 3.
    """
    for name, remedy in _FOR_THE_COMMAND.items():
        if options.get(name) is not None:
            raise UsageError(remedy)
    made = settings.make({**options, "labels": labels}, rules.options)
    folder = name_folder(images)
    with start(made) as engine:
        return scan_folder(folder, made, Listener(), engine, early.begin(folder, made, engine))


def gate(images: PathLike, /, labels: PathLike | Sequence[PathLike] | None = None, **options: Any) -> ScanResult:
    """Scan as `scan` does, and raise DatasetRejected unless the command would end with status 0."""
    result = scan(images, labels, **options)
    if result.exit_status:
        raise DatasetRejected(_say_why(result), result)
    return result


def write_baseline(out: PathLike, file: PathLike) -> int:
    """Accept the errors and warnings of the scan in OUT: write them to a file for `baseline`; return how many.

    Raises UsageError where there is no finished scan, or a file that is no baseline.
    """
    return baseline.write(Path(out), Path(file))


def verify(out: PathLike, /, *, deep: bool = False, max_age: str | timedelta | None = None) -> VerifyResult:
    """Tell whether all that the scan into OUT found good is still as it was, as `sanitize verify` does.

    `deep` reads every picture and compares its SHA-256. `max_age` is an age such as `"24h"`, or a timedelta: an older
    scan is an error. `result.exit_status` is 0 where nothing has changed; `result.findings` tells what has.

    Raises UsageError where there is no scan to compare with, InternalError where the program fails.
    """
    if not isinstance(deep, bool):
        raise UsageError(f"deep takes True or False, not {deep!r}")
    age = parse_age(max_age) if isinstance(max_age, str) else max_age
    if not isinstance(age, timedelta | None):
        raise UsageError(f"max_age takes an age such as '24h', or a timedelta, not {age!r}")
    return verify_out(Path(out), Listener(), deep=deep, max_age=age, workers=cores.usable())


def quarantine(
    out: PathLike, /, to: PathLike, *, execute: bool = False, include_label_errors: bool = False
) -> MoveResult:
    """Move the originals that the scan into OUT found bad to the folder `to`, as `sanitize quarantine` does.

    Without `execute` nothing is touched: `result.moved` is what would be moved. `result.left` is what stays, and why.
    Raises UsageError where there is no scan to go by, or `to` is no place for the files.
    """
    return quarantine_out(Path(out), Path(to), Listener(), execute=execute, include_label_errors=include_label_errors)


def undo(folder: PathLike, /) -> MoveResult:
    """Move everything back that `quarantine` has moved to a folder, as `sanitize undo` does.

    Raises UsageError where it is no such folder.
    """
    return undo_folder(Path(folder), Listener())


def _say_why(result: ScanResult) -> str:
    """Return how much is not fit, and the rules that count, those with most findings first."""
    failing = sorted(result.failing) or [Severity.ERROR]
    counted = result.findings.filter(pl.col("severity").is_in(failing) & ~pl.col("accepted"))
    by_rule = counted.group_by("rule").len().sort("len", "rule", descending=[True, False])
    rules = ", ".join(f"{rule} {count}" for rule, count in by_rule.head(_RULES_TOLD).iter_rows())
    more = f" and {by_rule.height - _RULES_TOLD} more rules" if by_rule.height > _RULES_TOLD else ""
    unchecked = f", {result.unchecked} are unchecked" if result.unchecked else ""
    return (
        f"{result.quarantined} of {result.images} images and {result.lines - result.lines_kept} of {result.lines} lines"
        f" are not fit for training{unchecked} ({rules}{more}); see {result.out / 'findings.jsonl'}"
    )
