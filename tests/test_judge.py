"""Verdicts follow from findings, and what nearly all share is said once."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from sanitize.judge import judge_failed_copies
from sanitize.outputs.images import FAILURES

from .conftest import Scan
from .engine.conftest import write_photo


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twelve pictures."""
    for number in range(12):
        write_photo(tmp_path / "photos" / f"{number:02}.jpg", number, size=32)
    return tmp_path / "photos"


def rows(out: Path) -> list[dict[str, str]]:
    """Return the quarantine."""
    return list(csv.DictReader((out / "quarantine.csv").read_text().splitlines()))


def test_an_error_about_a_file_drops_all_its_lines_and_is_repeated_for_each(
    photos: Path, tmp_path: Path, scan: Scan
) -> None:
    (photos / "01.jpg").write_bytes(b"")
    (tmp_path / "train.txt").write_text("00.jpg 0\n01.jpg 0\n")
    (tmp_path / "test.txt").write_text("02.jpg 0\n01.jpg 0\n")
    result = scan(photos, [tmp_path / "train.txt", tmp_path / "test.txt"], ignore="split-leak")
    assert [(Path(row["list"]).name, row["line"], row["label"], row["rule"]) for row in rows(result.out)] == [
        ("train.txt", "2", "0", "empty-file"),
        ("test.txt", "2", "0", "empty-file"),
    ]
    assert (result.out / "train.txt").read_text() == "00.jpg 0\n"
    assert (result.out / "test.txt").read_text() == "02.jpg 0\n"
    assert (result.images, result.kept, result.quarantined, result.unlisted) == (12, 2, 1, 9)


def test_an_error_about_a_line_drops_that_line_only(photos: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "train.txt").write_text("00.jpg 0\n01.jpg 7\n02.jpg 1\ngone.jpg 1\n")
    result = scan(photos, tmp_path / "train.txt", num_classes=2)
    assert [(row["path"], row["line"], row["rule"]) for row in rows(result.out)] == [
        ("01.jpg", "2", "label-out-of-range"),
        ("gone.jpg", "4", "missing-file"),
    ]
    assert (result.out / "train.txt").read_text() == "00.jpg 0\n02.jpg 1\n"
    assert (result.kept, result.quarantined, result.unlisted, result.lines, result.lines_kept) == (2, 1, 9, 4, 2)


def test_a_second_line_keeps_a_file_whose_first_line_is_wrong(photos: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "train.txt").write_text("00.jpg x\n00.jpg 0\n01.jpg 1\n")
    result = scan(photos, tmp_path / "train.txt")
    assert (result.kept, result.quarantined) == (2, 0)
    assert (result.out / "train.txt").read_text() == "00.jpg 0\n01.jpg 1\n"


def test_without_lists_every_good_file_is_kept(photos: Path, scan: Scan) -> None:
    (photos / "01.jpg").write_bytes(b"")
    result = scan(photos)
    assert (result.images, result.kept, result.quarantined, result.unlisted) == (12, 11, 1, 0)
    assert [(row["path"], row["list"], row["line"]) for row in rows(result.out)] == [("01.jpg", "", "")]
    assert len((result.out / "images.txt").read_text().splitlines()) == 11


def test_what_nearly_all_files_share_is_one_finding_with_its_count_and_first_case(photos: Path, scan: Scan) -> None:
    for path in sorted(photos.iterdir())[1:]:
        path.rename(path.with_suffix(".png"))
    out = scan(photos, select="wrong-extension").out
    [finding] = [json.loads(line) for line in (out / "findings.jsonl").read_text().splitlines()]
    assert (finding["rule"], finding["path"], finding["evidence"]["count"]) == ("wrong-extension", "", 11)
    assert finding["message"] == "11 of 12 files, first 01.png: a JPEG named .png"


@pytest.mark.parametrize(("shared", "files", "findings"), [(10, 11, 1), (9, 10, 9), (9, 9, 9), (10, 12, 10)])
def test_nearly_all_are_nine_tenths_and_at_least_ten_files(
    photos: Path, scan: Scan, shared: int, files: int, findings: int
) -> None:
    for number, path in enumerate(sorted(photos.iterdir())):
        if number >= files:
            path.unlink()
        elif number < shared:
            path.rename(path.with_suffix(".png"))
    assert scan(photos, select="wrong-extension").summary["findings"] == {"wrong-extension": findings}


def test_what_some_files_share_is_a_finding_each(photos: Path, scan: Scan) -> None:
    for path in sorted(photos.iterdir())[:6]:
        path.rename(path.with_suffix(".png"))
    assert scan(photos, select="wrong-extension").summary["findings"] == {"wrong-extension": 6}


def test_what_all_lines_share_is_one_finding_about_the_list(photos: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "train.txt").write_bytes(b"".join(b"%02d.jpg %d\r\n" % (number, number % 2) for number in range(12)))
    result = scan(photos, tmp_path / "train.txt")
    crlf = result.findings.filter(rule="crlf")
    assert crlf.select("path", "line", "severity").rows() == [("", None, "warning")]
    assert "12 of 12 lines, first line 1" in crlf["message"][0]
    assert b"\r" not in (result.out / "train.txt").read_bytes()


def test_errors_are_never_told_as_one(photos: Path, scan: Scan) -> None:
    for path in photos.iterdir():
        path.write_bytes(b"")
    result = scan(photos)
    assert result.summary["findings"] == {"empty-file": 12}
    assert (result.exit_status, result.kept) == (1, 0)


def test_a_copy_that_fails_is_the_fault_of_the_file_or_not(photos: Path, scan: Scan) -> None:
    dataset = scan(photos).dataset
    failures = pl.DataFrame(
        [
            (0, "no such colours", None),
            (1, "Traceback:\nTypeError: ours", "internal"),
            (2, "ended by SIGSEGV", "crash"),
            (3, "", "memory"),
        ],
        schema=FAILURES,
        orient="row",
    )
    dataset, found = judge_failed_copies(dataset, failures, {})
    assert sorted(found.select("file", "rule", "message").rows()) == [
        (0, "unconvertible", "no RGB copy could be made: no such colours"),
        (1, "internal-error", "not checked: TypeError: ours"),
        (2, "decoder-crash", "the decoder crashed: while its RGB copy was made: ended by SIGSEGV"),
        (3, "out-of-memory", "decoding takes too much memory: while its RGB copy was made"),
    ]
    assert dataset.facts["status"].to_list() == ["ok", "internal", "crash", "memory", *["ok"] * 8]


def test_what_nearly_all_share_counts_for_each_where_a_share_is_let_pass(
    photos: Path, tmp_path: Path, scan: Scan
) -> None:
    (tmp_path / "train.txt").write_bytes(b"".join(b"%02d.jpg %d\r\n" % (number, number % 2) for number in range(12)))
    strict = {"fail_on": "warning", "select": "crlf"}
    assert scan(photos, tmp_path / "train.txt", **strict, max_bad="95%").exit_status == 1
    assert scan(photos, tmp_path / "train.txt", **strict, max_bad="100%").exit_status == 0


def test_findings_about_whole_lists_come_first_the_worst_before_the_others(
    photos: Path, tmp_path: Path, scan: Scan
) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbf00.jpg 1\r\n01.jpg 1\r\n02.jpg 3\r\nnone.jpg 1\r\n")
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf03.jpg 1\r\n04.jpg 1\r\n05.jpg 3\r\n")
    found = scan(photos, [tmp_path / "b.txt", tmp_path / "a.txt"]).findings
    whole = found.filter(pl.col("file").is_null() & pl.col("line").is_null())
    assert whole.height >= 5
    assert found.head(whole.height).equals(whole)
    severities = whole["severity"].to_list()
    assert severities == sorted(severities)
    assert severities[0] == "error"
    for _name, of_one in whole.group_by("severity", maintain_order=True):
        assert of_one["rule"].is_sorted()
    assert [Path(path).name for path in whole.filter(rule="crlf")["list"]] == ["b.txt", "a.txt"]
