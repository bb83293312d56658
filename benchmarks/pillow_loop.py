"""The check that people write by hand: open every image with Pillow and convert it to RGB, on every core.

usage: python -m benchmarks.pillow_loop FOLDER
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from PIL import Image

from benchmarks.pictures import find


def is_damaged(path: str) -> bool:
    """Tell whether Pillow raises on a file."""
    try:
        with Image.open(path) as image:
            image.convert("RGB")
    except Exception:  # noqa: BLE001 - whatever a decoder raises
        return True
    return False


def main(folder: str) -> None:
    paths = find(folder)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        damaged = sum(pool.map(is_damaged, paths, chunksize=64))
    print(f"{len(paths)} images, {damaged} damaged")


if __name__ == "__main__":
    main(sys.argv[1])
