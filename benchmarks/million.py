"""Scans a million tiny JPEGs twice and shows the memory of the driving process and the time of each stage.

usage: python -m benchmarks.million SCRATCH_FOLDER [COUNT]

The names are links to a few thousand files, so the set needs little space; it stays for another run. Linux only.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

_FOLDER = 1_000  # files of one class
_LINKS = 500  # names of one file: file systems allow no more than some ten thousand


def make(folder: Path, count: int) -> Path:
    """Make `count` pictures in folders of a thousand, one class each, and return the list that names them."""
    label_list = folder / "train.txt"
    if label_list.exists() and label_list.read_bytes().count(b"\n") == count:
        return label_list
    chance = np.random.default_rng(0)
    lines, source = [], ""
    for number in range(count):
        label = number // _FOLDER
        name = f"class{label:04}/picture{number % _FOLDER:04}.jpg"
        path = f"{folder}/images/{name}"
        if number % _FOLDER == 0:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        if number % _LINKS == 0:
            source = path
            picture = Image.fromarray(chance.integers(0, 256, (32, 32, 3), np.uint8))
            target = io.BytesIO()
            picture.save(target, "JPEG", quality=50)
            Path(path).write_bytes(target.getvalue())
        else:
            os.link(source, path)
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
    main(sys.argv[1], *map(int, sys.argv[2:]))
