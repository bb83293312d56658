"""Every path on a clean list opens in Pillow and in OpenCV as the same 8-bit RGB picture."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from sanitize import api

from .conftest import ROOT


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"salvage": True, "icc": "convert", "background": "black"},
        {"rgb_format": "jpeg", "link": "copy", "thorough": True},
    ],
    ids=["as-it-is", "salvaged-and-converted", "all-jpeg"],
)
def test_clean_lists_hold_what_they_promise(tmp_path: Path, options: Mapping[str, object]) -> None:
    result = api.scan(ROOT / "corrupt_samples", out=tmp_path / "out", **options)
    paths = (tmp_path / "out" / "images.txt").read_bytes().splitlines()
    broken = {path: fault for path in paths if (fault := find_fault(tmp_path / "out" / "images", path))}
    assert len(paths) == result.kept > 200
    assert broken == {}


def find_fault(folder: Path, path: bytes) -> str | None:
    """Return what is wrong with a picture in `images/`; None where nothing is."""
    place = os.path.join(os.fsencode(folder), path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(place) as picture:
                picture.load()
                mode, size = picture.mode, picture.size
    except Exception as error:  # noqa: BLE001 - whatever Pillow says is the finding
        return f"Pillow: {error!r}"
    pixels = cv2.imdecode(np.frombuffer(Path(os.fsdecode(place)).read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if mode != "RGB" or pixels is None or pixels.dtype != np.uint8 or pixels.shape != (size[1], size[0], 3):
        return f"{mode} {size}, OpenCV {None if pixels is None else (pixels.dtype, pixels.shape)}"
    return None
