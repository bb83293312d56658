"""Runs a command as a process of its own and measures it from outside: wall and processor seconds."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a command cost."""

    wall: float  #: seconds from start to exit
    cpu: float  #: user and system seconds of the process and of all that it waited for


def run(command: Sequence[str], *, good: Sequence[int] = (0,)) -> Run:
    """Run a command to its end; raises RuntimeError for an exit status that is not among `good`."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    with process.stderr:
        said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise RuntimeError(
            f"{' '.join(command)} ended with {process.returncode}: {said.decode(errors='replace')[-2000:]}"
        )
    return Run(wall, usage.ru_utime + usage.ru_stime)


def alternate(
    commands: Mapping[str, Sequence[str]], *, rounds: int, good: Sequence[int] = (0,)
) -> dict[str, list[Run]]:
    """Run all commands in turn, `rounds` times after a round that is not counted, and return the runs of each.

    In turn, because a machine's speed drifts: what is compared must have met the same weather.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            measured = run(command, good=good)
            if number:
                runs[name].append(measured)
    return runs


def median(runs: Sequence[Run]) -> Run:
    """Return the medians of wall and processor seconds."""
    return Run(statistics.median(r.wall for r in runs), statistics.median(r.cpu for r in runs))


def ratio(runs: Sequence[Run], others: Sequence[Run]) -> Run:
    """Return the medians of the ratios, taken round by round."""
    pairs = list(zip(runs, others, strict=True))
    return Run(
        statistics.median(a.wall / b.wall for a, b in pairs),
        statistics.median(a.cpu / b.cpu for a, b in pairs),
    )
