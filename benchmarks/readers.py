"""Asks the decoders that people use whether they notice that a file is damaged."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import Image


def _pillow_load(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()


def _pillow_verify(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.verify()


def _opencv(data: bytes) -> None:
    if cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None:
        raise ValueError("no picture")


def _strict(data: bytes) -> None:
    simplejpeg.decode_jpeg(data, strict=True)


#: Each raises where it notices something.
READERS: dict[str, Callable[[bytes], None]] = {
    "Pillow load()": _pillow_load,
    "Pillow verify()": _pillow_verify,
    "OpenCV imdecode()": _opencv,
    "strict libjpeg-turbo": _strict,
}


def ask(paths: Sequence[str], *, jpeg: bool) -> dict[str, set[str]]:
    """Return, by reader, the paths of the files that it notices; libjpeg-turbo is asked about JPEGs only."""
    names = [name for name in READERS if jpeg or READERS[name] is not _strict]
    with ProcessPoolExecutor(os.cpu_count(), initializer=_hush) as pool:
        answers = dict(zip(paths, pool.map(partial(_ask, names), paths, chunksize=16), strict=True))
    return {name: {path for path, noticed in answers.items() if name in noticed} for name in names}


def _hush() -> None:
    # Decoders in C complain on the process' own error stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    warnings.simplefilter("ignore")


def _ask(names: Sequence[str], path: str) -> set[str]:
    data = Path(path).read_bytes()
    return {name for name in names if _notices(READERS[name], data)}


def _notices(reader: Callable[[bytes], None], data: bytes) -> bool:
    try:
        reader(data)
    except Exception:  # noqa: BLE001 - whatever a decoder raises
        return True
    return False
