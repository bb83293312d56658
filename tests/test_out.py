"""OUT is one scan's or the next one's, whatever ends a scan on its way."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize import scanning, systems
from sanitize.errors import UsageError
from sanitize.out import cannot_write, hold, is_held
from tests.conftest import Scan


def listed(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def images(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    return tmp_path / "images"


def test_lists_of_the_scan_before_leave(tmp_path: Path, images: Path) -> None:
    with hold(tmp_path / "out", images) as out:
        (out.folder / "notes.txt").write_bytes(b"somebody's")
        out.replace({"train.txt": b"1", "summary.json": b"1"})
        out.replace({"test.txt": b"2", "summary.json": b"2"})
    assert listed(out.folder) == {"notes.txt": b"somebody's", "test.txt": b"2", "summary.json": b"2"}
    assert sorted(path.name for path in out.private.iterdir()) == ["lock", "marker", "written"]


@pytest.mark.parametrize("note", [b"a.txt\n\0\n", b"a.txt\n\xff\xfe" + b"x" * 600 + b"\n", b"a.txt\n" + b"\1" * 600])
def test_a_damaged_note_of_what_was_written_takes_nothing_away_and_stops_nothing(
    tmp_path: Path, images: Path, note: bytes
) -> None:
    with hold(tmp_path / "out", images) as out:
        out.replace({"a.txt": b"1", "summary.json": b"1"})
        (out.private / "written").write_bytes(note)
        out.replace({"b.txt": b"2", "summary.json": b"2"})
        assert listed(out.folder) == {"a.txt": b"1", "b.txt": b"2", "summary.json": b"2"}
        out.replace({"summary.json": b"3"})
    assert listed(out.folder) == {"a.txt": b"1", "summary.json": b"3"}


@pytest.mark.parametrize("name", ["käse.txt", "two words.txt", "👩\u200d🚀.txt"])
def test_a_list_of_any_name_leaves(tmp_path: Path, images: Path, name: str) -> None:
    with hold(tmp_path / "out", images) as out:
        out.replace({name: b"1", "summary.json": b"1"})
        out.replace({"summary.json": b"2"})
    assert listed(out.folder) == {"summary.json": b"2"}


@pytest.mark.parametrize("survived", range(6))
def test_a_scan_that_is_killed_while_it_replaces_leaves_nothing_to_stay(
    tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    steps: list[object] = []

    def replace_some(source: Any, target: Any) -> None:
        steps.append(target)
        if len(steps) > survived:
            raise KeyboardInterrupt
        real(source, target)

    real = os.replace
    with hold(tmp_path / "out", images) as out:
        out.replace({"a.txt": b"1", "b.txt": b"1", "summary.json": b"1"})
        monkeypatch.setattr(os, "replace", replace_some)
        with contextlib.suppress(KeyboardInterrupt):
            out.replace({"b.txt": b"2", "c.txt": b"2", "summary.json": b"2"})
        monkeypatch.undo()
        out.replace({"b.txt": b"3", "summary.json": b"3"})
    assert listed(out.folder) == {"b.txt": b"3", "summary.json": b"3"}


def test_where_no_report_may_be_replaced_what_is_remembered_of_the_last_scan_stays(
    tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_options: object) -> None:
        assert path.parent == tmp_path / "out"
        raise PermissionError

    with hold(tmp_path / "out", images) as out:
        out.replace({".sanitize/record.json": b"1", "a.txt": b"1", "summary.json": b"1"})
        monkeypatch.setattr(Path, "touch", refuse)
        for replace in (out.replace, out.add):
            with pytest.raises(PermissionError):
                replace({".sanitize/record.json": b"2", "a.txt": b"2", "summary.json": b"2"})
    assert (tmp_path / "out" / ".sanitize" / "record.json").read_bytes() == b"1"
    assert listed(out.folder) == {"a.txt": b"1", "summary.json": b"1"}


def test_where_a_report_is_open_in_another_program_on_windows_no_other_is_replaced(
    tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _target: Path) -> None:
        if path.name == "quarantine.csv":
            error = PermissionError(errno.EACCES, "it is used by another process", str(path))
            error.winerror = 32  # type: ignore[attr-defined]
            raise error

    first = {"a.txt": b"1", "quarantine.csv": b"1", "summary.json": b"1"}
    with hold(tmp_path / "out", images) as out:
        out.replace(first)
        monkeypatch.setattr(systems, "WINDOWS", True)
        monkeypatch.setattr(systems, "_PAUSES", (0.0,))
        monkeypatch.setattr(os, "rename", refuse)
        for files in (first, {"a.txt": b"2", "summary.json": b"2"}):
            with pytest.raises(PermissionError) as caught:
                out.replace({**files, "a.txt": b"2"})
            assert f"close {tmp_path}/out/quarantine.csv, or" in str(cannot_write(out.folder, caught.value))
    assert listed(tmp_path / "out") == first


def test_where_entries_of_the_last_scan_cannot_leave_the_lists_are_said_to_be_new(
    tmp_path: Path, images: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (images / "a.jpg").write_bytes(jpeg(photo("a")))
    scan(images)
    monkeypatch.setattr(scanning.images_output, "remove_stale", refuse)
    with pytest.raises(UsageError, match=r"cannot take what is stale from .*images \(Permission denied\); the lists"):
        scan(images)


def test_a_scan_that_was_killed_before_its_marker_was_set_does_not_block_the_next(tmp_path: Path, images: Path) -> None:
    (tmp_path / "out" / ".sanitize").mkdir(parents=True)
    with hold(tmp_path / "out", images) as out:
        out.replace({"summary.json": b"1"})
    assert listed(out.folder) == {"summary.json": b"1"}


def test_who_only_looks_whether_a_scan_is_at_work_stops_none(tmp_path: Path, images: Path) -> None:
    with hold(tmp_path / "out", images):
        pass
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            is_held(tmp_path / "out")

    watcher = threading.Thread(target=look)
    watcher.start()
    scans = 0
    try:
        for _scan in range(50):
            with hold(tmp_path / "out", images):
                scans += 1
    finally:
        ended.set()
        watcher.join()
    assert scans == 50


def test_two_scans_do_not_write_one_folder(tmp_path: Path, images: Path) -> None:
    with (
        hold(tmp_path / "out", images),
        pytest.raises(UsageError, match="another scan"),
        hold(tmp_path / "out", images),
    ):
        pass
