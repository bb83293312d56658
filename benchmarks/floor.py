"""The least that a check of JPEGs can cost: one strict decode of each in grey at the smallest scale, on every core.

usage: python -m benchmarks.floor FOLDER
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import simplejpeg

from benchmarks.pictures import JPEG, find


def is_damaged(path: str) -> bool:
    """Tell whether libjpeg-turbo, with warnings as errors, complains of a file."""
    data = Path(path).read_bytes()
    try:
        simplejpeg.decode_jpeg(data, "GRAY", fastdct=True, fastupsample=True, min_height=1, min_width=1, strict=True)
    except ValueError:
        return True
    return False


def main(folder: str) -> None:
    paths = find(folder, JPEG)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        damaged = sum(pool.map(is_damaged, paths, chunksize=64))
    print(f"{len(paths)} JPEGs, {damaged} damaged")


if __name__ == "__main__":
    main(sys.argv[1])
