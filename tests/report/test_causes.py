"""Findings are grouped by what they share, and by nothing that all files share."""

from __future__ import annotations

import io

import polars as pl

from sanitize.report import causes, tables
from tests.report.conftest import files_of, finding

NIGHT = [f"day3/{number}.jpg" for number in range(20)]
OTHERS = [f"day{number % 9 + 4}/{number}.jpg" for number in range(180)]


def told(paths: list[str], findings: list[dict[str, object]]) -> list[causes.Cause]:
    read = tables.read(files_of(paths, findings))
    grouped = causes.with_causes(read.findings, read.facts)
    return causes.describe(grouped, read.facts, most=40, samples=6)


def test_one_broken_night_is_one_cause() -> None:
    found = told(NIGHT + OTHERS, [finding(path) for path in NIGHT])
    assert [(one.rule, one.size, one.shared) for one in found] == [("truncated", 20, ("all in day3/",))]


def test_what_lies_in_one_folder_is_told_apart_from_what_lies_all_over() -> None:
    found = told(NIGHT + OTHERS, [finding(path) for path in NIGHT + OTHERS[:20]])
    assert [(one.size, one.shared, one.folders) for one in found] == [(20, ("all in day3/",), 1), (20, (), 9)]


def test_one_day_and_one_format_are_causes_too() -> None:
    files = files_of(OTHERS, [finding(path) for path in OTHERS[:60]])
    facts = pl.read_parquet(io.BytesIO(files["facts.parquet"])).with_row_index("row")
    day = 86_400 * 10**9
    changed = facts.with_columns(
        mtime_ns=pl.when(pl.col("row") < 30).then(19_800 * day).otherwise("mtime_ns"),
        content=pl.when(pl.col("row").is_between(30, 49)).then(pl.lit("png")).otherwise("content"),
    )
    buffer = io.BytesIO()
    changed.write_parquet(buffer)
    read = tables.read({**files, "facts.parquet": buffer.getvalue()})
    found = causes.describe(causes.with_causes(read.findings, read.facts), read.facts, most=40, samples=6)
    assert [(one.size, one.shared) for one in found] == [
        (30, ("all JPEG", "all of 2024-03-18")),
        (20, ("all PNG", "all of 1970-01-01")),
        (10, ("all JPEG", "all of 1970-01-01")),
    ]


def test_a_trait_of_all_files_is_none_of_a_cause() -> None:
    found = told(NIGHT, [finding(path) for path in NIGHT])
    assert [(one.size, one.shared) for one in found] == [(20, ())]


def test_messages_that_differ_in_numbers_and_names_are_one() -> None:
    messages = [f"lost from row {number} of `{path}`" for number, path in enumerate(OTHERS[:40])]
    other = [finding(path, message="a wholly different thing") for path in OTHERS[40:70]]
    found = told(OTHERS, [*(finding(path, message=text) for path, text in zip(OTHERS, messages, strict=False)), *other])
    assert [(one.size, one.shared) for one in found] == [
        (40, ("all with one message",)),
        (30, ("all with one message",)),
    ]


def test_errors_come_first_and_then_the_larger() -> None:
    infos = [finding(path, rule="grey", severity="info") for path in OTHERS[:90]]
    few = [finding(path, rule="blank") for path in OTHERS[:2]]
    found = told(OTHERS, [*infos, *few, *(finding(path) for path in OTHERS[:30])])
    assert [(one.severity, one.size) for one in found] == [("error", 30), ("error", 2), ("info", 90)]


def test_samples_are_of_all_over_a_cause() -> None:
    (one,) = told(OTHERS, [finding(path) for path in OTHERS])
    assert one.samples == (0, 30, 60, 90, 120, 150)


def test_the_order_of_files_changes_nothing_but_numbers() -> None:
    findings = [finding(path) for path in NIGHT + OTHERS[:20]]
    there, back = told(NIGHT + OTHERS, findings), told(OTHERS + NIGHT, findings)
    assert there == back


def test_every_finding_has_one_cause() -> None:
    read = tables.read(files_of(OTHERS, [finding(path, list="train.txt", line=1) for path in OTHERS]))
    grouped = causes.with_causes(read.findings, read.facts)
    assert grouped.height == 180
    assert grouped.select(pl.col("cause").null_count()).item() == 0


def test_no_findings_are_no_causes() -> None:
    assert told(NIGHT, []) == []
