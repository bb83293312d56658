"""A scan on a Dask cluster gives what a scan on this machine gives, even when a worker is lost on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import Run
from .test_resuming import read, wait_for_parts

DASK = (sys.executable, "-m", "dask")


class Cluster(NamedTuple):
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path, hook: Callable[[str], Path]) -> Iterator[Cluster]:
    """A scheduler and two slow workers on the loopback interface."""
    where = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(hook("time.sleep(0.15)"))}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(where)],
        **quiet,
    )
    workers: list[subprocess.Popen[bytes]] = []
    try:
        until = time.monotonic() + 30
        while not (where.exists() and where.stat().st_size) and time.monotonic() < until:
            time.sleep(0.05)
        address = json.loads(where.read_text())["address"]
        for number in (1, 2):
            workers.append(
                subprocess.Popen(
                    [*DASK, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1",
                     "--local-directory", str(tmp_path / f"worker-{number}")],
                    env=environment,
                    **quiet,
                )
            )  # fmt: skip
        yield Cluster(address, scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_a_cluster_that_loses_a_worker_gives_the_same_result(
    cluster: Cluster,
    photos: Path,
    tmp_path: Path,
    start: Run,
) -> None:
    (photos / "a" / "02.jpg").write_bytes((photos / "a" / "02.jpg").read_bytes()[:-300])
    flags = ("scan", photos, "--labels", tmp_path / "train.txt", "--no-images", "-o")
    start(*flags, tmp_path / "here").communicate(timeout=60)
    program = start(*flags, tmp_path / "out", "--scheduler", cluster.address, "--workers", "4")
    done = wait_for_parts(tmp_path / "out")
    cluster.workers[0].kill()
    _out, err = program.communicate(timeout=120)
    assert program.returncode == 1, err
    assert done < 40
    assert read(tmp_path / "out") == read(tmp_path / "here")


def test_a_scheduler_that_does_not_answer_is_a_one_line_error(photos: Path, tmp_path: Path, start: Run) -> None:
    program = start("scan", photos, "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    _out, err = program.communicate(timeout=90)
    assert program.returncode == 2
    assert "tcp://127.0.0.1:1" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_a_cluster_without_workers_ends_the_scan(cluster: Cluster, photos: Path, tmp_path: Path, start: Run) -> None:
    program = start("scan", photos, "--no-images", "-o", tmp_path / "out", "--scheduler", cluster.address)
    wait_for_parts(tmp_path / "out")
    for worker in cluster.workers:
        worker.kill()
    _out, err = program.communicate(timeout=120)
    assert program.returncode == 2, err
    assert "all its workers" in err.splitlines()[-1]
    assert len(err.splitlines()) == 1


def test_a_scheduler_that_is_killed_ends_the_scan(cluster: Cluster, photos: Path, tmp_path: Path, start: Run) -> None:
    program = start("scan", photos, "--no-images", "-o", tmp_path / "out", "--scheduler", cluster.address)
    wait_for_parts(tmp_path / "out")
    cluster.scheduler.kill()
    _out, err = program.communicate(timeout=120)
    assert program.returncode == 2, err
    assert "is lost" in err.splitlines()[-1]
    assert len(err.splitlines()) == 1
