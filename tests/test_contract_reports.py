"""What reports and clean lists hold, whatever the names and whichever rules are asked."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from .conftest import Scan
from .engine.conftest import write_photo


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four pictures."""
    for number in range(4):
        write_photo(tmp_path / "photos" / f"{number}.jpg", number, size=32)
    return tmp_path / "photos"


@pytest.mark.parametrize("rules", [{"ignore": ["no-label", "label-not-integer", "malformed-line"]}, {"select": "grey"}])
def test_a_line_without_label_is_never_kept_even_where_its_rule_is_silent(
    photos: Path, tmp_path: Path, scan: Scan, rules: dict[str, object]
) -> None:
    (tmp_path / "train.txt").write_bytes(b"0.jpg 0\n1.jpg\n2.jpg cat\n3\r.jpg 1\n nope\n 7\n")
    result = scan(photos, tmp_path / "train.txt", **rules)
    assert (result.out / "train.txt").read_text() == "0.jpg 0\n"
    assert (result.lines_kept, result.kept, result.quarantined, result.unlisted) == (1, 1, 2, 1)


def test_a_line_without_path_is_reported_without_one(photos: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "train.txt").write_text("0.jpg 0\n 7\n")
    scan(photos, tmp_path / "train.txt")
    rows = list(csv.DictReader((tmp_path / "out" / "quarantine.csv").read_text().splitlines()))
    assert [(row["path"], row["line"], row["label"], row["rule"]) for row in rows] == [("", "2", "7", "malformed-line")]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are text")
@pytest.mark.parametrize(("name", "shown"), [(b"\xff", "\\xff"), (b"\x1b", "\\x1b"), (b"\\n", "\\n")])
def test_evidence_shows_bytes_that_are_no_text_escaped(photos: Path, scan: Scan, name: bytes, shown: str) -> None:
    Image.open(photos / "0.jpg").save(photos / "x.gif")
    os.rename(photos / "x.gif", os.fsencode(photos) + b"/" + name + b".gif")
    result = scan(photos, images=True)
    findings = [json.loads(line) for line in (result.out / "findings.jsonl").read_text().splitlines()]
    (renamed,) = [finding for finding in findings if finding["rule"] == "renamed-copy"]
    assert renamed["evidence"]["rgb_path"] == f"{shown}.png"
    assert renamed["message"].endswith(f"named {shown}.png")


def test_a_file_on_very_many_lines_gives_evidence_of_bounded_size(photos: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "train.txt").write_text("".join(f"0.jpg {number % 2}\n" for number in range(200)))
    evidence = [json.loads(text) for text in scan(photos, tmp_path / "train.txt").findings["evidence"]]
    assert [(len(object_["lines"]), object_["count"]) for object_ in evidence if "lines" in object_] == [(5, 200)] * 200


@pytest.mark.skipif(os.name == "nt", reason="names there hold no line breaks")
def test_a_class_is_one_line_of_classes_txt_whatever_its_name(photos: Path, scan: Scan) -> None:
    for number, name in enumerate(["a\nb", "c d", "ü"]):
        (photos / name).mkdir()
        (photos / f"{number}.jpg").rename(photos / name / "x.jpg")
    out = scan(photos, "folders").out
    assert (out / "classes.txt").read_text() == "a\\x0ab\nc d\nü\n"
    assert (out / "folders.txt").read_text() == "c d/x.jpg 1\nü/x.jpg 2\n"


def test_a_path_or_label_without_an_end_is_a_cell_that_can_be_read(photos: Path, tmp_path: Path, scan: Scan) -> None:
    longest = 4 * 4096
    lost = ["a" * longest, "b" * 3_000_000]
    (tmp_path / "train.csv").write_text(f"path,label\n0.jpg,0\n1.jpg,{'9' * 200_000}\n{lost[0]},0\n{lost[1]},0\n")
    out = scan(photos, tmp_path / "train.csv").out
    with (out / "quarantine.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["line"]: row for row in csv.DictReader(file) if row["line"]}
    assert rows["4"]["path"] == lost[0]
    assert rows["5"]["path"] == "b" * (longest - 1) + "…"
    assert rows["3"]["label"] == "9" * (longest - 1) + "…"
    findings = [json.loads(line) for line in (out / "findings.jsonl").read_text().splitlines()]
    assert [one["path"] for one in findings if one["line"] == 5] == [lost[1]]
