"""The units, judged by systemd-analyze, and the command of the service."""

from __future__ import annotations

import configparser
import shlex
import shutil
from pathlib import Path

import pytest

from .conftest import HERE, WORKFLOWS, adapt, run, truncate, write_photos

UNITS = WORKFLOWS / "systemd"
ANALYZE = shutil.which("systemd-analyze")

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


@needs_systemd
def test_the_units_are_valid(units: Path) -> None:
    done = run(ANALYZE, "verify", "--man=no", *sorted(units.iterdir()))
    assert [line for line in (done.stdout + done.stderr).splitlines() if "sanitize" in line] == []


@needs_systemd
@pytest.mark.parametrize(
    ("unit", "right", "wrong"),
    [
        ("sanitize.service", "Type=oneshot", "Type=onceonly"),
        ("sanitize.service", "ExecStart=", "ExecStart=/nowhere"),
        ("sanitize.timer", "02:30:00", "25:30:00"),
    ],
)
def test_a_mistake_in_them_is_seen(units: Path, unit: str, right: str, wrong: str) -> None:
    (units / unit).write_text((units / unit).read_text().replace(right, wrong))
    command = ["bash", "-c", '"$0" verify --man=no "$@" 2>&1 || true', ANALYZE, *sorted(units.iterdir())]
    assert unit in run(*command).stdout


@needs_systemd
def test_the_service_may_do_little(units: Path) -> None:
    run(ANALYZE, "security", "--offline=yes", "--no-pager", "--threshold=20", units / "sanitize.service")


@needs_systemd
def test_the_timer_starts_it_every_night() -> None:
    when = read(UNITS / "sanitize.timer")["Timer"]["OnCalendar"]
    done = run(ANALYZE, "calendar", "--iterations=2", when)
    assert done.stdout.count("02:30:00") >= 2


@pytest.mark.parametrize("status", [0, 1])
def test_the_command_of_the_service_scans(units: Path, tmp_path: Path, status: int) -> None:
    if status:
        truncate(tmp_path)
    command = read(units / "sanitize.service")["Service"]["ExecStart"].replace("%%", "%")
    done = run("env", "-i", *shlex.split(command), cwd=Path("/"), status=status)
    assert ("truncated" in done.stderr) == bool(status)
    assert (tmp_path / "state" / "nightly" / "summary.json").is_file()


def test_a_failure_is_mailed_with_its_status_and_what_was_said(tmp_path: Path) -> None:
    (tmp_path / "journalctl").write_text('#!/bin/sh\necho "said by $2"\n')
    (tmp_path / "mail").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/mailed\ncat >> {tmp_path}/mailed\n')
    for program in ("journalctl", "mail"):
        (tmp_path / program).chmod(0o755)
    command = shlex.split(read(UNITS / "sanitize-failed.service")["Service"]["ExecStart"].replace("$$", "$"))
    run(*command, programs=(tmp_path,), MONITOR_EXIT_STATUS="1", MONITOR_INVOCATION_ID="0123")
    subject, said = (tmp_path / "mailed").read_text().splitlines()
    assert subject.startswith("-s sanitize ended with status 1 on ")
    assert said == "said by _SYSTEMD_INVOCATION_ID=0123"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A folder with the units, adapted to where things are here."""
    write_photos(tmp_path)
    (tmp_path / "state").mkdir()
    for unit in UNITS.iterdir():
        changes: dict[str, object] = {}
        if unit.name == "sanitize.service":
            changes = {"/opt/sanitize/bin": HERE, "/data/": f"{tmp_path}/", "/var/lib/sanitize/": f"{tmp_path}/state/"}
        adapt(unit, tmp_path / "units", changes)
    return tmp_path / "units"


def read(unit: Path) -> configparser.RawConfigParser:
    """Read a unit that sets nothing twice."""
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    return parser
