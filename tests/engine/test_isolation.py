"""A decoder that crashes, hangs or eats memory costs the verdict of its own file only."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run

MARK = b"the one that misbehaves"


@pytest.mark.parametrize(
    ("action", "rule"),
    [
        ("os.abort()", "decoder-crash"),
        ("time.sleep(60)", "decoder-timeout"),
        ("bytearray(3 << 30)", "out-of-memory"),
        ("hoard = [bytes(os.urandom(1)) * (1 << 27) for _ in range(5)]; time.sleep(60)", "out-of-memory"),
    ],
)
def test_a_decoder_that_misbehaves_costs_one_file(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path], action: str, rule: str
) -> None:
    bad = photos / "a" / "06.jpg"
    bad.write_bytes(bad.read_bytes() + MARK)
    folder = hook(f"if {MARK!r} in bytes(data): {action}")
    program = start(
        "scan", photos, "--labels", tmp_path / "train.txt", "-o", tmp_path / "out", "--no-images", "--timeout", "4",
        "--memory-limit", "400MiB", "--workers", "2", hook=folder,
    )  # fmt: skip
    _out, err = program.communicate(timeout=60)
    assert program.returncode == 1, err
    rows = list(csv.DictReader((tmp_path / "out" / "quarantine.csv").read_text().splitlines()))
    assert [(row["path"], row["rule"]) for row in rows] == [("a/06.jpg", rule)]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["images"], summary["kept"], summary["quarantined"]) == (40, 39, 1)


def test_passing_troubles_are_not_remembered(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path]
) -> None:
    bad = photos / "a" / "06.jpg"
    bad.write_bytes(bad.read_bytes() + MARK)
    flags = ("scan", photos, "-o", tmp_path / "out", "--no-images", "--quiet")
    crashed = start(*flags, hook=hook(f"if {MARK!r} in bytes(data): os.abort()"))
    crashed.communicate(timeout=60)
    sound = start(*flags)
    sound.communicate(timeout=60)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (crashed.returncode, sound.returncode) == (1, 0)
    assert (summary["probed"], summary["kept"]) == (1, 40)


def test_a_mistake_of_ours_leaves_the_sample_unchecked(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path]
) -> None:
    folder = hook("pass")
    (folder / "sitecustomize.py").write_text(
        "import sanitize.probe.read as read\n"
        "real = read.probe_path\n"
        "def probe_path(item, **options):\n"
        "    if item[0].endswith(b'06.jpg'): raise KeyError('a bug')\n"
        "    return real(item, **options)\n"
        "read.probe_path = probe_path\n"
    )
    program = start(
        "scan", photos, "--labels", tmp_path / "train.txt", "-o", tmp_path / "out", "--no-images", hook=folder
    )
    program.communicate(timeout=60)
    assert program.returncode == 3
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["kept"], summary["quarantined"], summary["unchecked"]) == (39, 0, 1)
    findings = [json.loads(line) for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines()]
    findings = [finding for finding in findings if finding["severity"] == "error"]
    assert [finding["rule"] for finding in findings] == ["internal-error"]
    assert "KeyError: 'a bug'" in findings[0]["evidence"]["traceback"]
    assert "a/06.jpg" not in (tmp_path / "out" / "train.txt").read_text()


@pytest.mark.parametrize(
    ("action", "rule", "exit_status"),
    [
        ("raise KeyError('a bug')", "internal-error", 3),
        ("os.abort()", "decoder-crash", 1),
        ("time.sleep(60)", "decoder-timeout", 1),
        ("raise MemoryError", "out-of-memory", 1),
    ],
)
def test_a_measurement_of_a_whole_batch_that_fails_costs_the_file_it_fails_at(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path], action: str, rule: str, exit_status: int
) -> None:
    bad = photos / "a" / "06.jpg"
    bad.write_bytes(bad.read_bytes() + MARK)
    folder = hook("pass")
    (folder / "sitecustomize.py").write_text(
        "import os, time\n"
        "import sanitize.probe.measurements as measurements\n"
        "real = measurements.measure_all\n"
        "def measure_all(files, **options):\n"
        f"    if any(file.data.endswith({MARK!r}) for file in files):\n"
        f"        {action}\n"
        "    return real(files, **options)\n"
        "measurements.measure_all = measure_all\n"
    )
    program = start("scan", photos, "-o", tmp_path / "out", "--no-images", "--timeout", "1", hook=folder)
    program.communicate(timeout=60)
    assert program.returncode == exit_status
    findings = [json.loads(line) for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines()]
    assert [(finding["rule"], finding["path"]) for finding in findings if finding["severity"] == "error"] == [
        (rule, "a/06.jpg")
    ]
