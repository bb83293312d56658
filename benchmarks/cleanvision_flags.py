"""Which of CleanVision's flags a scan agrees with, file by file, and the numbers of both where it does not.

usage: python -m benchmarks.cleanvision_flags FOLDER [--examples 3] [--folders]; needs `pip install cleanvision`
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

import sanitize
from benchmarks.pictures import find
from benchmarks.tables import show


class Kind(NamedTuple):
    """A flag of CleanVision's, the rule that says the same, and the facts that it judges by."""

    flag: str
    rule: str
    facts: tuple[str, ...]


KINDS = (
    Kind("dark", "dark", ("brightness_99", "brightest")),
    Kind("light", "bright", ("brightness_5", "darkest")),
    Kind("blurry", "blurry", ("step", "climb_4", "climb_8")),
    Kind("low_information", "low-information", ("entropy", "edges", "fine_edges", "tone_spread")),
    Kind("odd_size", "odd-size", ("width", "height")),
    Kind("odd_aspect_ratio", "odd-aspect", ("width", "height")),
    Kind("grayscale", "grey", ("mode",)),
)
#: A blank picture is told as that and not as dark, bright or of low information, too.
_BLANK, _OR_BLANK = "blank", ("dark", "light", "low_information")
#: CleanVision fails on these modes of Pillow's, and ends.
_FAILING = ("LA", "PA")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleanvision_flags", description=__doc__)
    parser.add_argument("folder", help="any folder of images; it is only read")
    parser.add_argument("--examples", type=int, default=3, help="of either disagreement, by kind (default: 3)")
    parser.add_argument("--folders", action="store_true", help="count the pictures of each folder, too")
    arguments = parser.parse_args()
    if importlib.util.find_spec("cleanvision") is None:
        sys.exit("CleanVision is not installed here: pip install cleanvision")
    if not find(arguments.folder):
        parser.error(f"there is no image in {arguments.folder}")
    facts, findings = ours(Path(arguments.folder))
    theirs = flags(Path(arguments.folder), facts["path"].to_list())
    compare(facts, findings, theirs, examples=arguments.examples, folders=arguments.folders)


def ours(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return facts and findings (`path`, `rule`) of the pictures that both can judge: sound ones under a usual name."""
    with tempfile.TemporaryDirectory() as out:
        result = sanitize.scan(folder, out=out, images=False, cache=False, quiet=True)
    usual = set(find(folder))
    sound = result.dataset.facts.filter(pl.col("decodes") & ~pl.col("mode").is_in(_FAILING))
    there = [str(folder / path) in usual for path in sound["path"]]
    return sound.filter(pl.Series(there, dtype=pl.Boolean)), result.findings.select("path", "rule")


def flags(folder: Path, paths: list[str]) -> dict[str, dict[str, Any]]:
    """Return CleanVision's row of every file: `is_dark_issue`, `dark_score`, ..."""
    from cleanvision import Imagelab

    lab = Imagelab(filepaths=[str(folder / path) for path in paths], verbose=False)
    lab.find_issues({kind.flag: {} for kind in KINDS}, n_jobs=os.cpu_count(), verbose=False)
    rows = lab.issues.to_dict(orient="index")
    return {os.path.relpath(path, folder): row for path, row in rows.items()}


def compare(
    facts: pl.DataFrame, findings: pl.DataFrame, theirs: dict[str, dict[str, Any]], *, examples: int, folders: bool
) -> None:
    """Print who flags how many, of each folder where asked for, and examples of what only one of the two says."""
    numbers = {row["path"]: row for row in facts.iter_rows(named=True)}
    table, by_folder, told = [], [], []
    for kind in KINDS:
        flagged = {path for path, row in theirs.items() if row[f"is_{kind.flag}_issue"]} & set(numbers)
        said = _of_rule(findings, kind.rule)
        if kind.flag in _OR_BLANK:
            said |= _of_rule(findings, _BLANK) & flagged
        said &= set(numbers)
        table.append([kind.flag, kind.rule, *(str(len(paths)) for paths in (flagged, said, flagged & said))])
        for folder in sorted({os.path.dirname(path) for path in flagged | said}):
            counts = [sum(os.path.dirname(path) == folder for path in paths) for paths in (numbers, flagged, said)]
            by_folder.append([f"{kind.flag}: {folder}", *map(str, counts)])
        for who, paths in (("CleanVision", flagged - said), ("sanitize", said - flagged)):
            told += [
                [f"{kind.flag}: {path}", who, _score(theirs[path], kind), _numbers(numbers[path], kind)]
                for path in sorted(paths)[:examples]
            ]
    show(f"{len(numbers)} pictures", ["CleanVision's", "sanitize's", "theirs", "ours", "both"], table)
    if folders:
        show("By folder", ["", "pictures", "theirs", "ours"], by_folder)
    show("Examples of disagreement", ["", "flagged by", "CleanVision's score", "sanitize's facts"], told)


def _of_rule(findings: pl.DataFrame, rule: str) -> set[str]:
    return set(findings.filter(pl.col("rule") == rule)["path"])


def _score(row: dict[str, Any], kind: Kind) -> str:
    return f"{row[f'{kind.flag}_score']:.3f}"


def _numbers(row: dict[str, Any], kind: Kind) -> str:
    return ", ".join(f"{name} {_short(row[name])}" for name in kind.facts if row[name] is not None) or "none measured"


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
