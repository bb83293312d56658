"""Finds the pictures below a folder."""

from __future__ import annotations

import os
from pathlib import Path

JPEG = frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})
PICTURES = JPEG | {".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".ppm", ".pgm", ".jp2"}


def find(folder: str | Path, extensions: frozenset[str] = PICTURES) -> list[str]:
    """Return the paths of all files below a folder whose extension says that they are pictures, sorted."""
    return sorted(
        os.path.join(where, name)
        for where, _, names in os.walk(folder)
        for name in names
        if os.path.splitext(name)[1].lower() in extensions
    )
