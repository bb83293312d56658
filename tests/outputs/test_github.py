"""Annotations for GitHub Actions: what the runner reads from them, and that there are few."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitize.outputs.github import escape_data, escape_property, stream
from sanitize.result import Reported, ScanResult
from tests.conftest import Scan

from .conftest import write_sound

Command = tuple[str, dict[str, str], str]


def unescape(text: str) -> str:
    """Return a text as the runner reads it: `%25` last, so that nothing is taken for an escape that was none."""
    for escape, character in {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


def read(line: str) -> Command:
    """Return command, properties and message of a workflow command, as the runner takes it apart."""
    match = re.fullmatch(r"::([a-z]+) (.*?)::(.*)\n", line)
    assert match, line
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {name: unescape(value) for name, value in properties.items()}, unescape(match[3])


@given(st.text())
def test_any_text_survives_as_a_message(text: str) -> None:
    assert not set(escape_data(text)) & set("\r\n")
    assert unescape(escape_data(text)) == text


@given(st.text())
def test_any_text_survives_as_a_property(text: str) -> None:
    assert not set(escape_property(text)) & set("\r\n:,")
    assert unescape(escape_property(text)) == text


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two pictures, the second cut off, in a folder of the current one."""
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        write_sound(tmp_path / "photos" / f"{name}.jpg")
    cut = (tmp_path / "photos" / "b.jpg").read_bytes()[:-200]
    (tmp_path / "photos" / "b.jpg").write_bytes(cut)
    return Path("photos")


def test_findings_show_at_the_lines_of_the_list_the_file_being_told(photos: Path, scan: Scan) -> None:
    Path("lists").mkdir()
    Path("lists", "train.txt").write_text("a.jpg 0\nb.jpg 0\nc.jpg 0\n")
    found = [read(line) for line in stream(scan(photos, Path("lists", "train.txt").absolute()))]
    assert [(command, at["file"], at["line"], at["title"], text[:7]) for command, at, text in found] == [
        ("error", "lists/train.txt", "2", "truncated", "b.jpg: "),
        ("error", "lists/train.txt", "3", "missing-file", "c.jpg: "),
    ]


def test_without_a_list_they_show_at_the_file(photos: Path, scan: Scan) -> None:
    [(command, at, _text)] = [read(line) for line in stream(scan(photos))]
    assert (command, at) == ("error", {"file": "photos/b.jpg", "line": "1", "title": "truncated"})


def test_a_message_that_is_too_long_is_cut_before_it_is_escaped(
    photos: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "b.jpg").rename(photos / "100%.jpg")
    monkeypatch.setattr("sanitize.outputs.github._LONGEST", 5)
    Path("train.txt").write_text("100%.jpg 0\n")
    assert read(next(iter(stream(scan(photos, "train.txt")))))[2] == "100%…"


def test_what_lies_elsewhere_is_named_by_its_whole_path(
    photos: Path, tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos)
    result = scan(tmp_path / "photos", out=tmp_path / "out")
    assert read(next(iter(stream(result))))[1]["file"] == "b.jpg"
    monkeypatch.chdir(tmp_path / "out")
    assert read(next(iter(stream(result))))[1]["file"] == str(tmp_path / "photos" / "b.jpg")


def test_a_good_dataset_gives_nothing_and_infos_are_no_annotations(photos: Path, scan: Scan) -> None:
    (photos / "b.jpg").unlink()
    Path("train.txt").write_text("a.jpg 0\n")
    write_sound(photos / "unlisted.jpg")
    result = scan(photos, "train.txt")
    assert result.findings["severity"].to_list() == ["info"]
    assert list(stream(result)) == []


def test_hostile_names_are_one_command_each(hostile: ScanResult) -> None:
    found = [read(line) for line in stream(hostile)]
    assert [command for command, _at, _text in found[:10]] == ["error"] * 10
    assert {at.get("file", "tr,ain:5%.txt") for _command, at, _text in found} <= {
        "tr,ain:5%.txt",
        "photos/a b.jpg",
        "photos/x\\x0ay.jpg",
    }
    texts = " ".join(text for _command, _at, text in found)
    assert "::error::.jpg: the file is empty" in texts
    assert "\\xff\\xfe.jpg: the line is not UTF-8" in texts


def test_of_very_many_there_are_ten_of_each_kind_every_rule_among_them(many: Callable[[int], Reported]) -> None:
    found = [read(line) for line in stream(many(100_000))]
    assert [command for command, _at, _text in found] == ["error"] * 10 + ["warning"] * 10
    assert found[9][2].startswith("9,991 more; all findings of this severity by rule: label-out-of-range (10,000)")
    assert [at.get("line") for _command, at, _text in found[10:13]] == ["1", "2", "3"]
    assert [len(list(stream(many(count)))) for count in (10, 12)] == [9, 11]
