"""Runs the measurements on a folder of images: `python -m benchmarks FOLDER`, or `make bench IMAGES=FOLDER`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import sys
from datetime import date
from importlib.metadata import version

from benchmarks import recall, startup, times
from benchmarks.pictures import find

_PARTS = ("times", "startup", "recall")
_PACKAGES = ("sanitize", "pillow", "opencv-python-headless", "simplejpeg", "dask", "polars")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("folder", help="any folder of images; it is only read")
    parser.add_argument("--part", action="append", choices=_PARTS, help="measure this only (default: everything)")
    parser.add_argument("--rounds", type=int, default=5, help="of each timed command (default: 5)")
    parser.add_argument("--pictures", type=int, default=100, help="to damage in every format (default: 100)")
    parser.add_argument(
        "--cleanvision", metavar="PYTHON", help="interpreter that has CleanVision (default: this, if it has)"
    )
    arguments = parser.parse_args()
    if not find(arguments.folder):
        parser.error(f"there is no image in {arguments.folder}")
    cleanvision = arguments.cleanvision or (sys.executable if importlib.util.find_spec("cleanvision") else None)
    versions = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    print(
        f"{date.today()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    print(versions)
    parts = arguments.part or _PARTS
    if "times" in parts:
        times.measure(arguments.folder, rounds=arguments.rounds, cleanvision=cleanvision)
    if "startup" in parts:
        startup.measure(arguments.folder, rounds=arguments.rounds)
    if "recall" in parts:
        recall.measure(arguments.folder, pictures=arguments.pictures)


if __name__ == "__main__":
    main()
