from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo
from sanitize import api

if TYPE_CHECKING:
    from tests.conftest import Scan

RULE = "stale-baseline"
GOOD = jpeg(photo("a"))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A truncated picture and a sound one."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(GOOD[:-800])
    (folder / "b.jpg").write_bytes(jpeg(photo("b")))
    return folder


def said(scan: Scan, photos: Path, **options: object) -> list[tuple[str, str, str]]:
    found = scan(photos, baseline=photos.parent / "baseline.jsonl", **options).findings
    return found.filter(rule=RULE).select("path", "severity", "message").rows()


def accept(scan: Scan, photos: Path) -> None:
    api.write_baseline(scan(photos).out, photos.parent / "baseline.jsonl")


def test_is_silent_while_everything_accepted_is_there(photos: Path, scan: Scan) -> None:
    accept(scan, photos)
    assert said(scan, photos) == []


def test_names_what_was_mended(photos: Path, scan: Scan) -> None:
    accept(scan, photos)
    (photos / "a.jpg").write_bytes(GOOD)
    assert said(scan, photos) == [("a.jpg", "warning", "`truncated` was accepted, and does not occur any more")]


def test_says_when_the_file_holds_other_bytes(photos: Path, scan: Scan) -> None:
    accept(scan, photos)
    (photos / "a.jpg").write_bytes(GOOD[:-900])
    assert said(scan, photos) == [("a.jpg", "warning", "`truncated` was accepted, and the file holds other bytes now")]


def test_names_a_file_that_is_gone(photos: Path, scan: Scan) -> None:
    accept(scan, photos)
    (photos / "a.jpg").unlink()
    assert said(scan, photos) == [("a.jpg", "warning", "`truncated` was accepted, and does not occur any more")]


def test_is_silent_about_rules_that_nobody_asked(photos: Path, scan: Scan) -> None:
    accept(scan, photos)
    assert said(scan, photos, ignore="truncated") == []
    assert said(scan, photos, select=["grey", RULE]) == []
    (photos / "a.jpg").write_bytes(GOOD)
    assert said(scan, photos, ignore=RULE) == []


def test_is_silent_about_copies_that_a_scan_without_images_does_not_make(photos: Path, scan: Scan) -> None:
    (photos / "c.gif").write_bytes(encode(photo("c"), "GIF"))
    api.write_baseline(scan(photos, images=True).out, photos.parent / "baseline.jsonl")
    assert said(scan, photos, images=False) == []
    (photos / "c.gif").unlink()
    assert said(scan, photos, images=True) == [
        ("c.gif", "warning", "`renamed-copy` was accepted, and does not occur any more")
    ]


def test_is_itself_never_accepted(photos: Path, tmp_path: Path, scan: Scan) -> None:
    accept(scan, photos)
    (photos / "a.jpg").write_bytes(GOOD)
    result = scan(photos, baseline=tmp_path / "baseline.jsonl")
    assert result.summary["findings"] == {RULE: 1}
    assert api.write_baseline(result.out, tmp_path / "baseline.jsonl") == 0


def test_the_evidence_says_what_was_accepted(photos: Path, tmp_path: Path, scan: Scan) -> None:
    accept(scan, photos)
    (photos / "a.jpg").write_bytes(GOOD)
    (finding,) = scan(photos, baseline=tmp_path / "baseline.jsonl").findings.to_dicts()
    evidence = json.loads(finding["evidence"])
    entry = json.loads((tmp_path / "baseline.jsonl").read_text().splitlines()[1])
    assert (evidence["accepted_rule"], evidence["fingerprint"]) == ("truncated", entry["fingerprint"])
    assert evidence["accepted_message"] == entry["message"]
