"""A scan says what changed since the last one that finished into the same OUT."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize import UsageError, record
from sanitize.drift import NAME
from sanitize.result import ScanResult
from sanitize.summaries import summarize

from .conftest import Scan
from .test_cli import sanitize as command

NOTHING = {"new": 0, "gone": 0, "changed": 0}


def write_photo(path: Path, seed: int) -> None:
    """Write a picture that no rule minds, and no other seed gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(photo(str(seed))))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four sound pictures and an empty file."""
    for number in range(4):
        write_photo(tmp_path / "photos" / f"{number}.jpg", number)
    (tmp_path / "photos" / "empty.jpg").write_bytes(b"")
    return tmp_path / "photos"


def drift(result: ScanResult) -> Any:
    """Return what `summary.json` says."""
    return json.loads((result.out / "summary.json").read_text())["drift"]


def paragraph(result: ScanResult) -> str:
    """Return what the terminal says of it."""
    return "\n".join(line for line in summarize(result, colour=False).splitlines() if "since the scan" in line)


def test_the_first_scan_has_nothing_to_compare_with(photos: Path, scan: Scan) -> None:
    first = scan(photos)
    assert drift(first) is None
    assert paragraph(first) == ""


def test_an_unchanged_dataset_has_not_changed(photos: Path, scan: Scan) -> None:
    scan(photos)
    second = scan(photos)
    assert drift(second) == {
        "since": drift(second)["since"],
        "samples": NOTHING,
        "findings": {"new": 0, "gone": 0, "standing": 1},
        "new_by_rule": {},
        "settings": [],
    }
    assert paragraph(second).startswith("  nothing has changed since the scan of ")


def test_since_is_when_the_last_scan_ended(photos: Path, scan: Scan) -> None:
    ended = record.load(scan(photos).out).finished
    assert drift(scan(photos))["since"] == ended.isoformat(timespec="seconds")


def test_samples_are_new_gone_and_changed(photos: Path, scan: Scan) -> None:
    scan(photos)
    write_photo(photos / "deep" / "new.jpg", 10)
    write_photo(photos / "new.jpg", 11)
    (photos / "0.jpg").unlink()
    write_photo(photos / "1.jpg", 12)
    second = scan(photos)
    assert drift(second)["samples"] == {"new": 2, "gone": 1, "changed": 1}
    assert "samples 2 new, 1 gone, 1 changed; findings 1 still there" in paragraph(second)


def test_a_picture_that_was_only_touched_has_not_changed(photos: Path, scan: Scan) -> None:
    scan(photos)
    os.utime(photos / "0.jpg", ns=(1, 1))
    assert drift(scan(photos))["samples"] == NOTHING


def test_other_bytes_of_the_same_size_and_time_are_a_change_to_a_scan_that_reads_them(photos: Path, scan: Scan) -> None:
    scan(photos)
    path, times = photos / "0.jpg", os.stat(photos / "0.jpg")
    path.write_bytes(path.read_bytes()[:-2] + b"\0\0")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert drift(scan(photos))["samples"] == {**NOTHING, "changed": 1}


def test_findings_are_new_gone_and_still_there(photos: Path, scan: Scan) -> None:
    (photos / "1.jpg").write_bytes(b"")
    scan(photos)
    write_photo(photos / "1.jpg", 20)
    (photos / "2.jpg").write_bytes((photos / "2.jpg").read_bytes()[:1000])
    second = scan(photos)
    assert drift(second)["findings"] == {"new": 1, "gone": 1, "standing": 1}
    assert drift(second)["new_by_rule"] == {"truncated": 1}
    assert "    new findings: truncated 1 (2.jpg)" in summarize(second, colour=False).splitlines()


def test_a_line_that_moved_has_the_same_finding(photos: Path, tmp_path: Path, scan: Scan) -> None:
    labels = tmp_path / "train.txt"
    labels.write_text("0.jpg 0\n1.jpg x\n2.jpg 1\n")
    scan(photos, labels)
    labels.write_text("3.jpg 0\n0.jpg 0\n2.jpg 1\n1.jpg x\n")
    assert drift(scan(photos, labels))["findings"] == {"new": 0, "gone": 1, "standing": 2}  # 3.jpg was unlisted


def test_the_same_finding_once_more_is_one_new(photos: Path, tmp_path: Path, scan: Scan) -> None:
    labels = tmp_path / "train.txt"
    labels.write_text("0.jpg 0\n1.jpg 0\n0.jpg 0\n")
    scan(photos, labels)
    labels.write_text("0.jpg 0\n1.jpg 0\n0.jpg 0\n0.jpg 0\n")
    said = drift(scan(photos, labels))
    assert (said["new_by_rule"], said["findings"]["gone"]) == ({"duplicate-line": 1}, 0)


def test_what_nearly_all_lines_share_is_not_new_when_its_count_grows_or_falls(
    photos: Path, tmp_path: Path, scan: Scan
) -> None:
    labels = tmp_path / "train.txt"
    some, ends = [f"{number}.jpg 0" for number in range(4)], {"all": b"\r\n", "half": b"\n"}

    def write(lines: list[str], *, last: str) -> None:
        labels.write_bytes(b"".join(line.encode() + b"\r\n" for line in lines[:3]) + lines[3].encode() + ends[last])

    seen = []
    for last in ("all", "half", "all"):
        write(some, last=last)
        found = scan(photos, labels)
        seen.append((found.findings.filter(rule="crlf").height, (drift(found) or {}).get("new_by_rule")))
    assert seen == [(1, None), (3, {}), (1, {})]


def test_a_warning_that_becomes_an_error_is_new(photos: Path, scan: Scan) -> None:
    (photos / "2.jpg").write_bytes((photos / "2.jpg").read_bytes()[:-400])
    scan(photos, images=True, salvage=True)
    said = drift(scan(photos, images=True))
    assert said["new_by_rule"] == {"truncated": 1}
    assert said["settings"] == ["salvage"]


def test_other_settings_are_named_and_those_of_running_are_not(photos: Path, scan: Scan) -> None:
    scan(photos)
    of_running = {
        "workers": 2,
        "link": "copy",
        "report": True,
        "cache": True,
        "max_unreadable": 0.5,
        "fail_on": "never",
    }
    second = scan(photos, ignore="empty-file", **of_running)
    assert drift(second)["settings"] == ["ignore"]
    assert "    settings changed since then: ignore" in summarize(second, colour=False).splitlines()


def test_what_a_file_may_cost_and_whether_it_is_read_again_are_reasons_for_findings(photos: Path, scan: Scan) -> None:
    scan(photos)
    second = scan(photos, timeout=20, memory_limit="1GiB", rehash=True, cache=True)
    assert drift(second)["settings"] == ["memory_limit", "timeout"]


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_hostile_names_are_compared_and_shown(photos: Path, scan: Scan) -> None:
    scan(photos)
    for name in (b"\xff\n.jpg", b"=cmd<script>.jpg", b"'\"\x1b.jpg"):
        write_photo(photos / "x.jpg", len(name))
        (photos / "x.jpg").write_bytes(b"")
        os.rename(os.fsencode(photos / "x.jpg"), os.path.join(os.fsencode(photos), name))
    second = scan(photos)
    assert drift(second)["samples"] == {**NOTHING, "new": 3}
    assert drift(second)["new_by_rule"]["empty-file"] == 3
    assert "\x1b" not in summarize(second, colour=False)
    assert drift(scan(photos))["samples"] == NOTHING


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def _flip(path: Path) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 0x10
    path.write_bytes(damaged)


def _of_version(path: Path) -> None:
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "version": "0.0.1"}))


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        ("facts.parquet", _cut, "facts.parquet is gone, damaged or half-written"),
        ("facts.parquet", _flip, "facts.parquet is gone, damaged or half-written"),
        ("facts.parquet", Path.unlink, "facts.parquet is gone, damaged or half-written"),
        (NAME, _cut, "findings.parquet is gone, damaged or half-written"),
        (NAME, _flip, "findings.parquet is gone, damaged or half-written"),
        (record.NAME, _cut, "record.json is damaged, or only half of it was written"),
        (record.NAME, Path.unlink, "was written by a version that left no record of its scan"),
        (record.NAME, _of_version, "was written by version 0.0.1, and this is "),
    ],
)
def test_what_the_last_scan_left_may_be_damaged_or_of_another_version_and_the_scan_goes_on(
    photos: Path, tmp_path: Path, name: str, damage: Callable[[Path], object], words: str
) -> None:
    flags = ("scan", "photos", "--no-images", "--workers", "1", "-o", "out")
    command(*flags, cwd=tmp_path)
    damage(tmp_path / "out" / name)
    second = command(*flags, cwd=tmp_path)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert second.returncode == 1
    assert (summary["drift"], summary["probed"]) == (None, 0)
    (line,) = [line for line in second.stderr.splitlines() if "is not known" in line]
    assert words in line
    assert "scan again" not in line
    command(*flags, cwd=tmp_path)
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["drift"]["samples"] == NOTHING


def test_an_out_of_other_images_is_not_compared_with(photos: Path, tmp_path: Path, scan: Scan) -> None:
    write_photo(tmp_path / "others" / "0.jpg", 0)
    scan(tmp_path / "others")
    assert drift(scan(photos)) is None


def test_a_scan_that_came_to_nothing_is_not_compared_with(photos: Path, tmp_path: Path, scan: Scan) -> None:
    scan(photos)
    write_photo(photos / "new.jpg", 30)
    with pytest.raises(UsageError, match="nowhere"):
        scan(photos, tmp_path / "nowhere.txt", cache=True)
    assert drift(scan(photos))["samples"] == {**NOTHING, "new": 1}
