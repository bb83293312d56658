"""Times what a scan of ten images costs beyond importing the libraries."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks import processes, tables
from benchmarks.pictures import find

IMPORTS = "import dask, cv2, PIL"


def measure(folder: str, *, rounds: int) -> None:
    """Time a scan of ten of a folder's images, in turn with the imports alone, and print a table."""
    with tempfile.TemporaryDirectory() as scratch:
        ten = Path(scratch, "ten")
        ten.mkdir()
        for number, path in enumerate(find(folder)[:10]):
            shutil.copyfile(path, ten / f"{number}{Path(path).suffix}")
        scan = [sys.executable, "-m", "sanitize", "scan", str(ten), "--no-images", "--no-cache", "--fail-on", "never"]
        commands = {
            "sanitize, 10 images": [*scan, "--quiet", "-o", str(Path(scratch, "out"))],
            f"python -c '{IMPORTS}'": [sys.executable, "-c", IMPORTS],
        }
        runs = processes.alternate(commands, rounds=rounds)
    first, second = runs.values()
    extra = statistics.median(a.wall - b.wall for a, b in zip(first, second, strict=True))
    middles = {name: processes.median(measured) for name, measured in runs.items()}
    rows = [[name, f"{middle.wall:.2f}", f"{middle.cpu:.2f}"] for name, middle in middles.items()]
    rows.append(["the difference", f"{extra:.2f}", ""])
    tables.show(f"Start-up, medians of {rounds} rounds", ["whole process", "wall s", "user+system s"], rows)
