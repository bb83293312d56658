"""The Code Quality report for GitLab: its fields, and fingerprints by which a merge request is compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanitize.outputs.gitlab import stream
from sanitize.result import Reported, ScanResult
from tests.conftest import Scan

from .conftest import write_sound


def read(result: Reported) -> list[dict[str, Any]]:
    """Return the entries, each with the fields that are documented and no others."""
    entries: list[dict[str, Any]] = json.loads("".join(stream(result)))
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert set(entry["location"]) == {"path", "lines"}
        assert entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    return entries


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture and an empty file, in a folder of the current one."""
    monkeypatch.chdir(tmp_path)
    write_sound(tmp_path / "photos" / "a.jpg")
    (tmp_path / "photos" / "b.jpg").write_bytes(b"")
    return Path("photos")


def test_the_worst_come_first_at_their_lines(photos: Path, scan: Scan) -> None:
    Path("train.txt").write_text("a.jpg  0\nb.jpg 0\na.jpg 0\n")
    found = [
        (entry["severity"], entry["check_name"], entry["location"]["path"], entry["location"]["lines"]["begin"])
        for entry in read(scan(photos, "train.txt"))
    ]
    assert found == [
        ("critical", "empty-file", "train.txt", 2),
        ("minor", "double-blank", "train.txt", 1),
        ("minor", "duplicate-line", "train.txt", 3),
    ]


def test_a_fingerprint_lasts_while_lines_move_and_folders_do(
    photos: Path, tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("train.txt").write_text("b.jpg 0\nc.jpg 0\nc.jpg 0\na.jpg 0\n")
    before = [(entry["check_name"], entry["fingerprint"]) for entry in read(scan(photos, "train.txt"))]
    Path("train.txt").write_text("a.jpg 0\n\nb.jpg 0\nc.jpg 0\nc.jpg 0\n")
    entries = [entry for entry in read(scan(photos, "train.txt")) if entry["check_name"] != "empty-line"]
    assert [(entry["check_name"], entry["fingerprint"]) for entry in entries] == before
    (tmp_path / "elsewhere").mkdir()
    for name in ("photos", "train.txt"):
        (tmp_path / name).rename(tmp_path / "elsewhere" / name)
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = read(scan(photos, Path("train.txt").absolute()))
    assert [entry["fingerprint"] for entry in again if entry["check_name"] != "empty-line"] == [
        fingerprint for _name, fingerprint in before
    ]


def test_a_good_dataset_is_an_empty_array(photos: Path, scan: Scan) -> None:
    (photos / "b.jpg").unlink()
    assert read(scan(photos)) == []


def test_an_error_about_no_file_shows_at_the_list(photos: Path, scan: Scan) -> None:
    Path("train.txt").write_text("a.jpg 1\n")
    [entry] = [entry for entry in read(scan(photos, "train.txt")) if entry["check_name"] == "labels-not-from-zero"]
    assert entry["location"] == {"path": "train.txt", "lines": {"begin": 1}}


def test_hostile_names_are_shown(hostile: ScanResult) -> None:
    entries = read(hostile)
    assert {entry["location"]["path"] for entry in entries} == {
        "tr,ain:5%.txt",
        "photos/a b.jpg",
        "photos/x\\x0ay.jpg",
    }
    assert "<script>.jpg: the file is empty (0 bytes)" in {entry["description"] for entry in entries}


def test_of_very_many_the_worst_are_told_and_how_many_are_not(many: Callable[[int], Reported]) -> None:
    entries = read(many(100_000))
    assert len(entries) == 25_001
    assert [entry["severity"] for entry in entries[:10_000]] == ["critical"] * 10_000
    assert entries[-1]["description"].startswith("75,000 more findings are not shown here")
