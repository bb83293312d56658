"""Scans a million tiny JPEGs twice and shows the memory of the driving process and the time of each stage.

Every picture is another one, so the set needs some gigabytes; it stays for another run. Linux only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import simplejpeg

_FOLDER = 1_000  # files of one class
_CELLS, _CELL = 8, 8  # random greys in a row, and pixels of each


def make(folder: Path, count: int) -> Path:
    """Make `count` pictures in folders of a thousand, one class each, and return the list that names them."""
    label_list = folder / "train.txt"
    if label_list.exists() and label_list.read_bytes().count(b"\n") == count:
        return label_list
    chance = np.random.default_rng(0)
    lines = []
    for number in range(count):
        label = number // _FOLDER
        name = f"class{label:04}/picture{number % _FOLDER:04}.jpg"
        path = f"{folder}/images/{name}"
        if number % _FOLDER == 0:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        cells = chance.integers(0, 256, (_CELLS, _CELLS, 1), np.uint8)
        picture = cells.repeat(_CELL, axis=0).repeat(_CELL, axis=1)
        Path(path).write_bytes(simplejpeg.encode_jpeg(picture, 50, "GRAY"))
        lines.append(f"{name} {label}\n")
    label_list.write_text("".join(lines))
    return label_list


def watch(command: list[str]) -> int:
    """Run a command and return the peak memory of its own process, without its children, in kB."""
    process = subprocess.Popen(command)
    peak = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            break
        peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        time.sleep(0.05)
    if process.wait():
        raise SystemExit(f"the scan ended with status {process.returncode}")
    return peak


def main(scratch: str, count: int = 1_000_000) -> None:
    folder = Path(scratch, str(count))
    label_list = make(folder, count)
    scan = [sys.executable, "-m", "benchmarks.stages", str(folder / "images"), str(label_list), str(folder / "out")]
    for name in ("first scan", "second scan, nothing changed"):
        print(f"\n{name}", flush=True)
        peak = watch(scan)
        print(f"peak memory of the driving process: {peak / 1000:.0f} MB, {peak * 1000 / count:.0f} bytes a file")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__)
    parser.add_argument("scratch", help="folder where the pictures are made, and stay")
    parser.add_argument("count", nargs="?", type=int, default=1_000_000, help="of pictures (default: a million)")
    arguments = parser.parse_args()
    main(arguments.scratch, arguments.count)
