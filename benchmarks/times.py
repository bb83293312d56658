"""Times whole processes: a first and a second scan, the floor, the loop written by hand, and CleanVision."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import processes, tables
from benchmarks.pictures import find

#: The libraries that a scan needs by all means, without any work.
IMPORTS = "import dask, polars"


def measure(folder: str, *, rounds: int, cleanvision: str | None) -> None:
    """Time everything on a folder, in turn, and print a table."""
    with tempfile.TemporaryDirectory() as scratch:
        scan = [sys.executable, "-m", "sanitize", "scan", folder, "--no-images", "--fail-on", "never", "--quiet", "-o"]
        commands = {
            "sanitize, first scan": [*scan, str(Path(scratch, "first")), "--no-cache"],
            "sanitize, second scan": [*scan, str(Path(scratch, "second"))],
            "floor": [sys.executable, "-m", "benchmarks.floor", folder],
            "Pillow loop": [sys.executable, "-m", "benchmarks.pillow_loop", folder],
            f"python -c '{IMPORTS}'": [sys.executable, "-c", IMPORTS],
        }
        if cleanvision:
            commands["CleanVision"] = [cleanvision, str(Path(__file__).with_name("cleanvision_scan.py")), folder]
        runs = processes.alternate(commands, rounds=rounds)
    count = len(find(folder))
    rows = []
    for name, measured in runs.items():
        middle, against = processes.median(measured), processes.ratio(measured, runs["floor"])
        walls = [run.wall for run in measured]
        rows.append(
            [
                name,
                f"{middle.wall:.2f}",
                f"{min(walls):.2f} to {max(walls):.2f}",
                f"{middle.cpu:.2f}",
                f"{against.wall:.2f}",
                f"{against.cpu:.2f}",
            ]
        )
    header = ["whole process", "wall s", "spread", "user+system s", "wall / floor", "user+system / floor"]
    tables.show(f"{count:,} images, medians of {rounds} rounds", header, rows)
