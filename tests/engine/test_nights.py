"""What a scan every night meets: another scan still at work, a night that failed, facts that were damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanitize.out import is_held

from .conftest import Run, write_photo
from .test_resuming import SLOW, wait_for_parts

Hook = Callable[[str], Path]


@pytest.fixture
def flags(photos: Path, tmp_path: Path) -> list[object]:
    """A scan of forty pictures into `out`."""
    return ["scan", photos, "--no-images", "--workers", "2", "-o", tmp_path / "out"]


def finish(program: Any) -> tuple[int, str]:
    """Wait for a program; return its exit status and what it said."""
    _out, said = program.communicate(timeout=60)
    return program.returncode, said


def summary(out: Path) -> Any:
    return json.loads((out / "summary.json").read_text())


def test_a_second_scan_and_a_baseline_are_refused_while_one_runs(
    flags: list[object], tmp_path: Path, start: Run, hook: Hook
) -> None:
    assert finish(start(*flags))[0] in (0, 1)
    before = (tmp_path / "out" / "summary.json").read_bytes()
    running = start(*flags, "--no-cache", hook=hook("time.sleep(0.4)"))
    try:
        while not is_held(tmp_path / "out"):
            assert running.poll() is None
        status, said = finish(start(*flags))
        assert (status, said.count("\n")) == (2, 1)
        assert "another scan is writing" in said
        assert "wait for it, or name another folder with -o" in said
        status, said = finish(start("baseline", tmp_path / "out", "-o", tmp_path / "baseline.jsonl"))
        assert (status, said.count("\n")) == (2, 1)
        assert "a scan is writing" in said
        assert not (tmp_path / "baseline.jsonl").exists()
    finally:
        running.kill()
        running.communicate(timeout=60)
    assert (tmp_path / "out" / "summary.json").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_night_that_was_killed_leaves_its_facts_and_the_next_compares_with_the_last_that_finished(
    photos: Path, flags: list[object], tmp_path: Path, start: Run, hook: Hook
) -> None:
    for path in sorted(photos.rglob("*.jpg"))[10:]:
        path.rename(tmp_path / path.name)
    finish(start(*flags))
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    for path in sorted(tmp_path.glob("*.jpg")):
        path.rename(photos / "a" / path.name)
    (photos / "a" / "bad.jpg").write_bytes(b"")
    killed = start(*flags, hook=hook(SLOW))
    while wait_for_parts(tmp_path / "out") < 15:
        assert killed.poll() is None
    killed.kill()
    killed.communicate(timeout=60)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == first
    finish(start(*flags))
    third = summary(tmp_path / "out")
    assert third["probed"] < 31
    assert third["drift"]["samples"] == {"new": 31, "gone": 0, "changed": 0}
    assert third["drift"]["new_by_rule"]["empty-file"] == 1


def test_a_baseline_after_a_killed_night_is_that_of_the_last_that_finished(
    photos: Path, flags: list[object], tmp_path: Path, start: Run, hook: Hook
) -> None:
    finish(start(*flags))
    baseline = ["baseline", tmp_path / "out", "-o", tmp_path / "baseline.jsonl"]
    assert finish(start(*baseline))[0] == 0
    before = (tmp_path / "baseline.jsonl").read_bytes()
    for number in range(40, 60):
        write_photo(photos / f"{number}.jpg", number)
    (photos / "bad.jpg").write_bytes(b"")
    killed = start(*flags, hook=hook(SLOW))
    while wait_for_parts(tmp_path / "out") < 41:
        assert killed.poll() is None
    killed.kill()
    killed.communicate(timeout=60)
    assert finish(start(*baseline))[0] == 0
    assert (tmp_path / "baseline.jsonl").read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_damaged_facts_are_told_and_measured_again(
    flags: list[object], tmp_path: Path, start: Run, damage: str
) -> None:
    finish(start(*flags))
    (part,) = (tmp_path / "out" / ".sanitize" / "parts").glob("*.parquet")
    content = bytearray(part.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
    part.write_bytes(content if damage == "flip" else content[: len(content) // 2 if damage == "cut" else 0])
    status, said = finish(start(*flags))
    assert status in (0, 1)
    assert "are damaged, half-written or of another version: their images are measured again" in said
    assert summary(tmp_path / "out")["probed"] == 40
    assert summary(tmp_path / "out")["drift"]["samples"] == {"new": 0, "gone": 0, "changed": 0}
    status, said = finish(start(*flags))
    assert "half-written" not in said
    assert summary(tmp_path / "out")["probed"] == 0
