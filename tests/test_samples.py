"""The naming law: a rule's name gives its module, its test and its samples, and every sample fires it."""

from __future__ import annotations

import dataclasses
import importlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sanitize import api, facts, gathering, rules, settings
from sanitize.copies import known_bad
from sanitize.dataset import LINE_COLUMNS
from sanitize.judge import judge
from sanitize.result import ScanResult

if TYPE_CHECKING:
    from tests.conftest import Scan

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "corrupt_samples"
RULES = rules.discover()
#: Rules whose subject no file in a repository can be; their tests build it.
UNHELD = {
    "decoder-crash": "a decoder that crashes",
    "decoder-timeout": "a decoder that hangs",
    "out-of-memory": "a decoder that eats memory",
    "internal-error": "a mistake of ours",
    "unconvertible": "a copy that fails",
    "unreadable": "a link that leads nowhere",
    "unreadable-folder": "a folder without permission",
    "unlistable-name": "a name with a line break, which not every file system has",
    "silent-change": "bytes that change while the time of change does not",
    "outside-link": "a link, which not every file system has",
}
SOUND = "sound"
FOLDERS = sorted(path.parent.name for path in SAMPLES.glob("*/make.py"))
#: Folders that are scanned by themselves, with their own settings.
ALONE = sorted(path.parent.name for path in SAMPLES.glob("*/sanitize.toml"))
_NO_SAMPLES = (".py", ".pyc", ".toml", ".txt", ".csv", ".jsonl")

Said = dict[str, set[tuple[str, str]]]  # rule and severity by path


def samples_of(folder: str) -> set[str]:
    files = [path for path in (SAMPLES / folder).rglob("*") if path.is_file() and path.suffix not in _NO_SAMPLES]
    return {path.relative_to(SAMPLES).as_posix() for path in files}


def said_of_files(findings: pl.DataFrame) -> Said:
    said: Said = defaultdict(set)
    for path, rule, severity in (
        findings.filter(pl.col("line").is_null()).select("path", "rule", "severity").iter_rows()
    ):
        said[path].add((rule, severity))
    return said


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    """The scan of all folders that the README begins with, but for the copies."""
    out = tmp_path_factory.mktemp("first_run")
    return api.scan(SAMPLES, SAMPLES / "train.txt", out=out, images=False, cache=False, workers=1)


@pytest.fixture(scope="module")
def everything(first_run: ScanResult) -> Said:
    """What that scan says of every file."""
    return said_of_files(first_run.findings)


def test_every_rule_has_a_manual() -> None:
    def is_manual(text: str) -> bool:
        title, blank, rest = text.partition("\n\n")
        return title.endswith(".") and "\n" not in title and bool(blank and rest.strip())

    assert [name for name, rule in RULES.items() if not is_manual(rule.manual)] == []


def test_every_rule_has_a_test_of_its_name() -> None:
    tests = {path.stem for path in (ROOT / "tests" / "rules").glob("test_*.py")}
    assert tests == {f"test_{name.replace('-', '_')}" for name in RULES}


def test_every_rule_has_samples_of_its_name() -> None:
    assert set(UNHELD) <= set(RULES)
    assert set(FOLDERS) == set(RULES) - set(UNHELD) | {SOUND}
    assert [folder for folder in FOLDERS if not samples_of(folder)] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.needs], ids=lambda rule: rule.name)
def test_a_rule_finds_nothing_where_no_column_that_it_needs_has_a_value(
    rule: rules.Rule, first_run: ScanResult
) -> None:
    dataset = first_run.dataset

    def without(table: pl.DataFrame) -> pl.DataFrame:
        needed = [table[name] for name in rule.needs if name in table.columns]
        return table.with_columns(
            pl.lit(False if one.dtype == pl.Boolean else None, one.dtype).alias(one.name) for one in needed
        )

    tables = {"facts": without(dataset.facts), "lines": without(dataset.lines)}
    found = rule.find(dataclasses.replace(dataset, **tables))
    assert (found.collect() if isinstance(found, pl.LazyFrame) else found).is_empty()  # type: ignore[attr-defined]
    known = {
        *facts.COLUMNS,
        *facts.LOOK_COLUMNS,
        *LINE_COLUMNS,
        "same_bytes",
        "same_pixels",
        "same_picture",
        "same_closely",
        "known_bad",
    }
    known.update(*(one.measurement.columns for one in RULES.values() if one.measurement))
    assert set(rule.needs) <= known


def test_rules_that_are_asked_while_pictures_are_compared_find_the_same_before(first_run: ScanResult) -> None:
    dataset = first_run.dataset
    compared = ["same_bytes", "same_pixels", "same_picture", "same_closely", *known_bad.COLUMNS]
    before = dataclasses.replace(dataset, facts=dataset.facts.drop(compared, strict=False))
    asked = [rule for rule in RULES.values() if not rule.measurement or rule.measurement.module != gathering.HASHES]
    assert len(asked) < len(RULES)
    for rule in asked:
        assert_frame_equal(judge(before, [rule], {}), judge(dataset, [rule], {}))


def test_the_modules_that_children_measure_with_are_those_of_the_rules() -> None:
    assert [one.module for one in rules.measurements(RULES.values())] == list(facts.MEASURES)


@pytest.mark.parametrize("folder", sorted(set(FOLDERS) - set(ALONE) - {SOUND}))
def test_every_sample_fires_its_rule(folder: str, everything: Said) -> None:
    silent = {path for path in samples_of(folder) if folder not in {rule for rule, _severity in everything[path]}}
    assert silent == set()


@pytest.mark.parametrize("folder", ALONE)
def test_a_folder_with_settings_fires_its_rule(folder: str, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES / folder)
    options = settings.load_file(Path())
    options.pop("config", None)  # a call reads no settings file
    result = scan(Path(), **{"images": "salvage" in options, **options})
    fires = {f"{folder}/{path}" for path in result.findings.filter(rule=folder)["path"]}
    assert fires
    if "labels" not in options:
        assert fires == samples_of(folder)


def test_the_first_scan_meets_defects_of_its_list_too(first_run: ScanResult) -> None:
    rules_of_lines = set(first_run.findings.filter(pl.col("line").is_not_null())["rule"])
    assert rules_of_lines >= {
        "conflicting-labels", "crlf", "double-blank", "duplicate-line", "empty-line", "inexact-path", "label-not-integer",
        "missing-file", "negative-label", "no-label", "outside-path", "tab-separator", "trailing-blank",
    }  # fmt: skip
    assert first_run.exit_status == 1
    assert first_run.unchecked == 0
    assert first_run.lines_kept > 150


def test_sound_pictures_fire_no_error_and_no_warning(everything: Said) -> None:
    found = {path: everything[path] for path in samples_of(SOUND)}
    assert {path: said for path, said in found.items() if {severity for _rule, severity in said} - {"info"}} == {}


def test_sound_pictures_are_all_kept_as_rgb_whatever_name_the_copy_takes(scan: Scan) -> None:
    result = scan(SAMPLES / SOUND, images=True)
    assert result.kept == result.images == len(samples_of(SOUND))
    assert set(result.findings.filter(pl.col("severity") != "info")["rule"]) == {"renamed-copy"}


def test_the_generator_makes_the_files_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    make = importlib.import_module("corrupt_samples.make")
    recorded = (SAMPLES / make.MADE_WITH).read_text()
    if make.made_with() != recorded:
        pytest.skip(f"the samples were made with {recorded.strip()}, not with {make.made_with().strip()}")
    made = make.make_all()
    there = {path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    names = {path.relative_to(SAMPLES).as_posix() for path in there} - {".gitattributes"}
    assert names == set(made)
    assert [name for name, content in made.items() if (SAMPLES / name).read_bytes() != content] == []
