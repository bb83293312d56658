"""A scan that was killed or interrupted goes on where it was, and the last good result stays until the next is whole."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sanitize.parts import Parts
from tests.links import needs_links

from .conftest import Run, write_photo

SLOW = "time.sleep(0.15)"


def change_kept(out: Path, **columns: pl.Expr) -> None:
    """Let the facts that a scan kept say something else."""
    folder = out / ".sanitize" / "parts"
    parts = sorted(folder.glob("*.parquet"), key=lambda path: int(path.name.partition("-")[0]))
    kept = pl.concat([pl.read_parquet(part) for part in parts], how="diagonal").unique("path", keep="last")
    Parts(folder, kept.schema).replace(kept.with_columns(**columns))


def read(out: Path, *apart: str) -> dict[str, bytes]:
    """Return what a scan wrote and has no time in it, apart from some files."""
    return {
        path.name: path.read_bytes()
        for path in out.iterdir()
        if path.is_file() and path.name not in ("summary.json", "facts.parquet", *apart)
    }


def wait_for_parts(out: Path) -> int:
    """Wait until facts were written, and return of how many files."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        parts = list((out / ".sanitize" / "parts").glob("*.parquet"))
        if parts:
            return sum(pl.read_parquet(part).height for part in parts)
        time.sleep(0.05)
    raise AssertionError("no facts were written")


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_scan_resumes_and_ends_with_the_same_result(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path]
) -> None:
    flags = ("scan", photos, "--labels", tmp_path / "train.txt", "--no-images", "--workers", "2", "-o")
    whole = start(*flags, tmp_path / "whole")
    whole.communicate(timeout=60)
    killed = start(*flags, tmp_path / "out", hook=hook(SLOW))
    wait_for_parts(tmp_path / "out")
    killed.kill()
    killed.communicate(timeout=60)
    done = wait_for_parts(tmp_path / "out")
    assert not (tmp_path / "out" / "summary.json").exists()
    resumed = start(*flags, tmp_path / "out")
    resumed.communicate(timeout=60)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert 0 < done < 40
    assert summary["probed"] == 40 - done
    assert read(tmp_path / "out") == read(tmp_path / "whole")


@pytest.mark.skipif(os.name == "nt", reason="there are no signals for one process")
@pytest.mark.parametrize(
    ("number", "status", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_an_interrupted_scan_ends_at_once_and_resumes(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path], number: int, status: int, word: str
) -> None:
    flags = ("scan", photos, "--no-images", "--workers", "2", "-o", tmp_path / "out")
    program = start(*flags, hook=hook("time.sleep(0.3)"))
    wait_for_parts(tmp_path / "out")
    begin = time.monotonic()
    program.send_signal(number)
    _out, err = program.communicate(timeout=60)
    assert time.monotonic() - begin < 5  # half a second where nothing else runs
    assert (program.returncode, err) == (status, f"sanitize: {word}; the next scan goes on from here\n")
    done = wait_for_parts(tmp_path / "out")
    resumed = start(*flags)
    resumed.communicate(timeout=60)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["kept"], summary["probed"]) == (40, 40 - done)


HANGS = "time.sleep(60 if b'hangs' in bytes(data) else 0.1)"


def wait_until_much_is_kept(out: Path) -> None:
    """Wait until facts are kept of more files than come before one that hangs."""
    until = time.monotonic() + 20
    while wait_for_parts(out) < 15 and time.monotonic() < until:
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT for one process")
def test_an_interrupt_ends_a_scan_whose_decoder_hangs(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path]
) -> None:
    (photos / "a" / "00.jpg").write_bytes((photos / "a" / "00.jpg").read_bytes() + b"hangs")
    program = start("scan", photos, "--no-images", "--workers", "2", "-o", tmp_path / "out", hook=hook(HANGS))
    wait_until_much_is_kept(tmp_path / "out")
    begin = time.monotonic()
    program.send_signal(signal.SIGINT)
    program.communicate(timeout=60)
    assert time.monotonic() - begin < 2
    assert program.returncode == 130


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_what_is_done_is_kept_while_a_decoder_hangs(
    photos: Path, tmp_path: Path, start: Run, hook: Callable[[str], Path]
) -> None:
    (photos / "a" / "00.jpg").write_bytes((photos / "a" / "00.jpg").read_bytes() + b"hangs")
    flags = ("scan", photos, "--no-images", "--workers", "2", "-o", tmp_path / "out")
    killed = start(*flags, hook=hook(HANGS))
    wait_until_much_is_kept(tmp_path / "out")
    killed.kill()
    killed.communicate(timeout=60)
    done = wait_for_parts(tmp_path / "out")
    assert done >= 15
    start(*flags).communicate(timeout=60)
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["probed"] == 40 - done


def test_a_second_scan_decodes_what_changed_only(photos: Path, tmp_path: Path, start: Run) -> None:
    flags = ("scan", photos, "--no-images", "--quiet", "-o", tmp_path / "out")

    def probed(*more: str) -> int:
        start(*flags, *more).communicate(timeout=60)
        return int(json.loads((tmp_path / "out" / "summary.json").read_text())["probed"])

    assert probed() == 40
    assert probed() == 0
    write_photo(photos / "a" / "00.jpg", 99)
    assert probed() == 1
    assert probed("--max-pixels", "50") == 0
    assert probed("--no-cache") == 40


def test_facts_are_void_when_their_decoder_changed(photos: Path, tmp_path: Path, start: Run) -> None:
    write_photo(photos / "c.png", 7)
    flags = ("scan", photos, "--no-images", "--quiet", "-o", tmp_path / "out")
    start(*flags).communicate(timeout=60)
    change_kept(tmp_path / "out", decoder=pl.col("decoder").str.replace(r"simplejpeg \S+", "simplejpeg 0.1"))
    start(*flags).communicate(timeout=60)
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["probed"] == 40


def test_a_measurement_of_another_version_is_made_again_and_no_other(photos: Path, tmp_path: Path, start: Run) -> None:
    out = tmp_path / "out"
    flags = ("scan", photos, "--no-images", "--quiet", "-o", out)
    start(*flags).communicate(timeout=60)
    before = pl.read_parquet(out / "facts.parquet")
    older = pl.col("measured").str.replace(r"probe\.hashes \d+", "probe.hashes 0")
    change_kept(out, measured=older, phash=pl.lit("0" * 16), entropy=pl.lit(-1, dtype=pl.Float32))
    start(*flags).communicate(timeout=60)
    after = pl.read_parquet(out / "facts.parquet")
    assert after["phash"].to_list() == before["phash"].to_list()
    assert set(after["entropy"]) == {-1}
    assert json.loads((out / "summary.json").read_text())["probed"] == 40


def test_a_broken_cache_costs_speed_only(photos: Path, tmp_path: Path, start: Run) -> None:
    flags = ("scan", photos, "--no-images", "-o", tmp_path / "out")
    start(*flags).communicate(timeout=60)
    for part in (tmp_path / "out" / ".sanitize" / "parts").glob("*.parquet"):
        part.write_bytes(part.read_bytes()[:500])
    program = start(*flags)
    program.communicate(timeout=60)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (program.returncode, summary["kept"], summary["probed"]) == (0, 40, 40)


@needs_links
def test_a_source_that_fails_wholesale_replaces_nothing(tmp_path: Path, start: Run) -> None:
    for number in range(130):
        write_photo(tmp_path / "photos" / f"{number}.jpg", number, size=16)
    flags = ("scan", tmp_path / "photos", "--no-images", "-o", tmp_path / "out")
    start(*flags).communicate(timeout=60)
    before = read(tmp_path / "out")
    for path in (tmp_path / "photos").iterdir():
        path.unlink()
        path.symlink_to(tmp_path / "gone" / path.name)
    program = start(*flags)
    _out, err = program.communicate(timeout=60)
    assert program.returncode == 2
    assert "130 of 130 files cannot be read" in err
    assert read(tmp_path / "out") == before


def test_an_out_that_cannot_be_written_is_a_one_line_error(photos: Path, tmp_path: Path, start: Run) -> None:
    (tmp_path / "file").write_text("not a folder")
    program = start("scan", photos, "-o", tmp_path / "file" / "out")
    _out, err = program.communicate(timeout=60)
    assert program.returncode == 2
    assert len(err.splitlines()) == 1


def test_a_folder_that_no_scan_wrote_is_never_written_to(photos: Path, tmp_path: Path, start: Run) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "train.txt").write_text("precious")
    program = start("scan", photos, "-o", tmp_path / "mine")
    _out, err = program.communicate(timeout=60)
    assert program.returncode == 2
    assert "no scan wrote" in err
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["train.txt"]


def test_facts_of_a_picture_that_is_too_large_now_say_nothing_of_its_pixels(
    photos: Path, tmp_path: Path, start: Run
) -> None:
    (photos / "a" / "00.jpg").write_bytes((photos / "a" / "00.jpg").read_bytes()[:-300])
    flags = ("scan", photos, "--no-images", "--quiet", "-o")
    start(*flags, tmp_path / "out").communicate(timeout=60)
    for out in ("out", "fresh"):
        start(*flags, tmp_path / out, "--max-pixels", "50").communicate(timeout=60)
    # The report tells what has changed since the last scan, which one of them had not.
    assert read(tmp_path / "out", "report.html") == read(tmp_path / "fresh", "report.html")
    start(*flags, tmp_path / "out").communicate(timeout=60)
    assert "truncated" in (tmp_path / "out" / "quarantine.csv").read_text()


def test_a_file_from_the_far_future_is_a_file(photos: Path, tmp_path: Path, start: Run) -> None:
    far = 14_000_000_000
    os.utime(photos / "a" / "00.jpg", (far, far))
    os.utime(photos / "a" / "02.jpg", (-far // 10, -far // 10))
    program = start("scan", photos, "--no-images", "-o", tmp_path / "out")
    _out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
