"""`json` and `jsonl`: what the reports hold, on stdout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanitize import UsageError, outputs
from sanitize.outputs import json as json_output
from sanitize.outputs import jsonl
from sanitize.result import ScanResult
from tests.conftest import Scan
from tests.engine.conftest import Run
from tests.engine.conftest import start as start
from tests.test_cli import sanitize

from .conftest import write_sound


def test_json_is_the_summary_and_the_findings_with_the_exit_status(hostile: ScanResult) -> None:
    told = json.loads("".join(json_output.stream(hostile)))
    lines = (hostile.out / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    assert told == {
        "exit_status": 1,
        "summary": json.loads((hostile.out / "summary.json").read_text(encoding="utf-8")),
        "findings": [json.loads(line) for line in lines],
    }


def test_jsonl_is_findings_jsonl(hostile: ScanResult) -> None:
    assert "".join(jsonl.stream(hostile)).encode() == (hostile.out / "findings.jsonl").read_bytes()


def test_without_findings_both_are_valid(tmp_path: Path, scan: Scan) -> None:
    write_sound(tmp_path / "photos" / "a.jpg")
    result = scan(tmp_path / "photos")
    assert json.loads("".join(json_output.stream(result)))["findings"] == []
    assert "".join(jsonl.stream(result)) == ""


@pytest.mark.parametrize("name", ["json", "jsonl", "sarif", "junit", "github", "gitlab"])
def test_every_format_is_found_by_the_name_of_its_module_and_named_by_the_help(name: str) -> None:
    assert outputs.find_format(name)
    assert name in sanitize("scan", "--help").stdout


def test_another_format_is_wrong_usage_before_anything_is_scanned(tmp_path: Path) -> None:
    assert outputs.find_format("text") is None
    with pytest.raises(
        UsageError, match="takes text or github or gitlab or json or jsonl or junit or sarif, not 'xml'"
    ):
        outputs.find_format("xml")
    with pytest.raises(UsageError):
        outputs.find_format("places")
    write_sound(tmp_path / "photos" / "a.jpg")
    done = sanitize("scan", "photos", "--output-format", "xml", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "sanitized").exists()


def test_stdout_holds_the_format_alone_in_utf8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    write_sound(tmp_path / "photos" / "ü.jpg")
    (tmp_path / "photos" / "ö.jpg").write_bytes(b"")
    done = sanitize(
        "scan", "photos", "--output-format", "json", "--no-images", cwd=tmp_path, PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert [finding["path"] for finding in json.loads(done.stdout)["findings"]] == ["ö.jpg"]
    assert "1 image of 2 kept" in done.stderr
    assert done.returncode == 1


def test_the_settings_file_may_name_a_format(tmp_path: Path) -> None:
    write_sound(tmp_path / "photos" / "a.jpg")
    (tmp_path / "sanitize.toml").write_text('output-format = "json"\nquiet = true\n')
    done = sanitize("scan", "photos", cwd=tmp_path)
    assert (json.loads(done.stdout)["exit_status"], done.stderr) == (0, "")
    assert sanitize("scan", "photos", "--output-format", "text", cwd=tmp_path).stdout == ""


def test_a_reader_that_had_enough_does_not_change_the_exit_status(tmp_path: Path, start: Run) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "b.jpg").write_bytes(b"")
    running = start("scan", tmp_path / "photos", "-o", tmp_path / "out", "--output-format", "sarif", "--quiet")
    assert running.stdout
    assert running.stderr
    running.stdout.close()
    assert running.wait(60) == 1
    assert running.stderr.read() == ""
    running.stderr.close()
