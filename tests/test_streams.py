"""The program ends as it should whatever its streams, its folder and its user's patience are like."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sanitize import streams, systems
from sanitize.errors import UsageError

from .engine.conftest import write_photo

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a shell and signals as POSIX has them")
PROGRAM = shlex.join([sys.executable, "-m", "sanitize"])


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A sound picture and an empty file."""
    write_photo(tmp_path / "photos" / "a.jpg", 1)
    (tmp_path / "photos" / "b.jpg").write_bytes(b"")
    return tmp_path / "photos"


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    return subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("redirected", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", "</dev/null >/dev/full"])
def test_a_scan_needs_no_streams(photos: Path, tmp_path: Path, redirected: str) -> None:
    if "/dev/full" in redirected and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    done = shell(f"{PROGRAM} scan photos -o out {redirected}", tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "images.txt").read_text() == "a.jpg\n"
    for path in (tmp_path / "out").rglob("*"):
        assert path.suffix != ".jsonl" or path.read_text().startswith("{"), "nothing is printed into a report"


def test_who_hears_nothing_still_gets_the_status(photos: Path, tmp_path: Path) -> None:
    done = shell(f"{PROGRAM} scan photos -o out 2>&1 >/dev/null | true", tmp_path)
    assert done.stderr == ""
    done = shell(f"({PROGRAM} scan photos -o out; echo $? >status) 2>&1 | true; cat status", tmp_path)
    assert done.stdout == "1\n"


@pytest.mark.parametrize("command", ["rules", "explain grey", "--version", "scan --help"])
@pytest.mark.parametrize("redirected", [">&-", ">/dev/full"])
def test_what_cannot_be_printed_is_one_line_and_2(tmp_path: Path, command: str, redirected: str) -> None:
    if "/dev/full" in redirected and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    done = shell(f"{PROGRAM} {command} {redirected}", tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "cannot print to standard output" in done.stderr


def test_a_result_for_a_program_that_cannot_be_printed_is_an_error(photos: Path, tmp_path: Path) -> None:
    done = shell(f"{PROGRAM} scan photos -o out --quiet --output-format json >&-", tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("windows", [True, False])
def test_a_pipe_that_nobody_reads_any_more_is_no_error_in_the_words_of_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: bool
) -> None:
    class Pipe(io.StringIO):
        def fileno(self) -> int:
            return file.fileno()

        def flush(self) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(systems, "WINDOWS", windows)
    with (tmp_path / "pipe").open("w") as file:
        monkeypatch.setattr(sys, "stdout", Pipe())
        with contextlib.nullcontext() if windows else pytest.raises(UsageError, match="Invalid argument"):
            streams.show("text")


def test_files_of_the_present_folder_are_no_modules(photos: Path, tmp_path: Path) -> None:
    for name in ("numpy", "polars", "json", "sitecustomize", "PIL", "secrets"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)")
    done = shell(f"{PROGRAM} scan photos -o out", tmp_path)
    assert done.returncode == 1, done.stderr


def interrupting(folder: Path, module: str) -> str:
    """Return a folder of modules with which a program is interrupted as soon as it imports `module`."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Interrupter:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            sys.meta_path.remove(self)\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupter())\n"
    )
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])


@pytest.mark.parametrize(
    ("module", "flags", "words"),
    [
        ("sanitize.scanning", "", "sanitize: interrupted; the next scan goes on from here\n"),
        ("sanitize.scanning", "--no-cache", "sanitize: interrupted\n"),
        ("sanitize.settings", "", "sanitize: interrupted\n"),
        ("sanitize.cli", "", ""),
    ],
)
def test_an_interrupt_is_one_line_that_promises_what_is_true(
    photos: Path, tmp_path: Path, module: str, flags: str, words: str
) -> None:
    program = [sys.executable, "-m", "sanitize", "scan", str(photos), "-o", str(tmp_path / "out"), *flags.split()]
    environment = {**os.environ, "PYTHONPATH": interrupting(tmp_path / "hook", module)}
    done = subprocess.run(program, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.stderr == words
    # By the signal itself before the program listens, and where Python says so.
    assert done.returncode in (130, -signal.SIGINT)
    assert done.stdout == ""


def test_an_interrupt_that_is_ignored_stays_so(photos: Path, tmp_path: Path) -> None:
    hook = interrupting(tmp_path / "hook", "sanitize.scanning")
    done = shell(f"trap '' INT; {PROGRAM} scan photos -o out", tmp_path, PYTHONPATH=hook)
    assert done.returncode == 1
