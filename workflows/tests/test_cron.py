"""The crontab's line, run as cron runs it: with no environment but what the crontab sets; what it prints would be mailed."""

from __future__ import annotations

import fcntl
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import HERE, WORKFLOWS, Install, adapt, run, truncate, write_photos

CRON = WORKFLOWS / "cron"


def test_the_crontab_has_one_valid_line(install: Install) -> None:
    program = (
        "import sys, crontab\n"
        "[job] = crontab.CronTab(tabfile=sys.argv[1])\n"
        "print(job.is_valid(), job.slices, job.command, sep='|')\n"
    )
    done = run(install("crontab", "python-crontab") / "python", "-c", program, CRON / "crontab")
    assert done.stdout == "True|30 2 * * *|nice /opt/sanitize/bin/nightly.sh\n"


def test_shellcheck_has_nothing_to_say(shellcheck: Callable[[Path], None]) -> None:
    shellcheck(CRON / "nightly.sh")


def test_a_sound_dataset_mails_nothing(data: Path) -> None:
    status, mail = run_as_cron(data)
    assert (status, mail) == (0, "")
    assert (data / "nightly" / "train.txt").is_file()


def test_a_bad_picture_is_mailed(data: Path) -> None:
    truncate(data)
    status, mail = run_as_cron(data)
    assert status == 1
    assert f"{data}/photos has more errors than may be" in mail
    assert f'"cats/3.jpg","{data}/train.txt","4","1","truncated","error"' in mail


def test_a_disk_that_is_away_is_mailed_as_what_it_is(data: Path) -> None:
    (data / "photos").rename(data / "elsewhere")
    status, mail = run_as_cron(data)
    assert status == 2
    assert "sanitize: " in mail
    assert "could not be scanned" in mail
    assert "more errors" not in mail


def test_a_second_scan_does_not_start(data: Path) -> None:
    run_as_cron(data)
    with (data / "nightly" / ".sanitize" / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        status, mail = run_as_cron(data)
    assert status == 2
    assert "another scan is writing" in mail


def test_a_scan_that_takes_too_long_ends_as_interrupted(data: Path) -> None:
    script = data / "bin" / "nightly.sh"
    (data / "bin" / "sanitize").unlink()
    (data / "bin" / "sanitize").write_text("#!/bin/sh\ntrap 'exit 130' INT\nwhile sleep 0.1; do :; done\n")
    (data / "bin" / "sanitize").chmod(0o755)
    script.write_text(script.read_text().replace("INT 6h", "INT 1"))
    status, mail = run_as_cron(data)
    assert status == 130
    assert "took too long" in mail


def run_as_cron(data: Path) -> tuple[int, str]:
    """Run the line of the crontab as its user's cron would; return its exit status and what would be mailed."""
    lines = [line for line in (data / "crontab").read_text().splitlines() if line and not line.startswith("#")]
    settings = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    [job] = [line for line in lines if not re.match(r"\w+=", line)]
    command = job.split(maxsplit=5)[5]
    assert "%" not in command, "cron takes it for the end of the line"
    environment = {"HOME": str(data), "LOGNAME": "somebody", **settings}
    done = subprocess.run(
        [settings["SHELL"], "-c", command],
        env=environment,
        cwd=data,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that stands for /data, with the workflow set up in it."""
    write_photos(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sanitize").symlink_to(HERE / "sanitize")
    adapt(CRON / "nightly.sh", tmp_path / "bin", {"/data": tmp_path})
    adapt(CRON / "crontab", tmp_path, {"/opt/sanitize/bin": tmp_path / "bin"})
    return tmp_path
