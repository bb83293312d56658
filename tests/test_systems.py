"""What Windows does otherwise is taken as it comes: files that are held for a moment, and colours."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sanitize import systems, terminal


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[object]]:
    """A function that lets a virus scanner hold files so many times; what it returns has an entry for each."""

    def hold(times: int) -> list[object]:
        refused: list[object] = []

        def replace(*paths: Path) -> None:
            if len(refused) < times:
                refused.append(paths)
                raise PermissionError(13, "Permission denied")
            real(*paths)

        monkeypatch.setattr(os, "replace", replace)
        return refused

    real = os.replace
    return hold


def test_a_file_that_is_held_for_a_moment_is_replaced_on_windows(
    tmp_path: Path, held: Callable[[int], list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systems, "WINDOWS", True)
    (tmp_path / "new").write_text("new")
    refused = held(3)
    systems.replace(tmp_path / "new", tmp_path / "old")
    assert (len(refused), (tmp_path / "old").read_text()) == (3, "new")


@pytest.mark.parametrize(("windows", "attempts"), [(True, 11), (False, 1)])
def test_a_file_that_stays_held_is_an_error(
    windows: bool, attempts: int, held: Callable[[int], list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systems, "WINDOWS", windows)
    monkeypatch.setattr(systems.time, "sleep", lambda _seconds: None)
    refused = held(99)
    with pytest.raises(PermissionError):
        systems.replace("new", "old")
    assert len(refused) == attempts


@pytest.mark.parametrize("windows", [True, False])
def test_an_old_console_of_windows_is_told_before_colours_come(windows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []
    monkeypatch.setattr(systems, "WINDOWS", windows)
    monkeypatch.setattr(os, "system", commands.append)
    assert terminal.painter(colour=False)("error", "bad") == "bad"
    assert commands == []
    assert terminal.painter(colour=True)("error", "bad") == "\x1b[31mbad\x1b[0m"
    assert commands == ([""] if windows else [])


def test_files_are_replaced_in_one_place() -> None:
    folder = Path(systems.__file__).parent
    users = [path.name for path in folder.rglob("*.py") if "os.replace" in path.read_text(encoding="utf-8")]
    assert users == ["systems.py"]
