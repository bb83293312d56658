"""Saves a picture in the formats whose damage is counted."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

#: Name, extension and what Pillow is told.
ENCODINGS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "JPEG baseline": (".jpg", {"format": "JPEG", "quality": 85}),
    "JPEG optimised": (".jpg", {"format": "JPEG", "quality": 85, "optimize": True}),
    "JPEG progressive": (".jpg", {"format": "JPEG", "quality": 85, "progressive": True}),
    "PNG": (".png", {"format": "PNG"}),
    "WebP lossy": (".webp", {"format": "WEBP", "quality": 80}),
    "WebP lossless": (".webp", {"format": "WEBP", "lossless": True}),
    "AVIF": (".avif", {"format": "AVIF", "quality": 75, "speed": 8}),
    "GIF": (".gif", {"format": "GIF"}),
    "TIFF deflate": (".tif", {"format": "TIFF", "compression": "tiff_adobe_deflate"}),
    "JPEG 2000": (".jp2", {"format": "JPEG2000"}),
    "BMP": (".bmp", {"format": "BMP"}),
    "PPM": (".ppm", {"format": "PPM"}),
}
#: Longer side in pixels: enough for any damage to have room, small enough to encode hundreds in every format.
_LONGER_SIDE = 400


def read(path: str) -> Image.Image:
    """Return a picture as RGB, scaled down to at most 400 pixels."""
    with Image.open(path) as image:
        picture = image.convert("RGB")
    picture.thumbnail((_LONGER_SIDE, _LONGER_SIDE))
    return picture


def encode(picture: Image.Image, name: str) -> bytes:
    """Return the bytes of a picture in an encoding of that name."""
    target = io.BytesIO()
    picture.save(target, **ENCODINGS[name][1])
    return target.getvalue()
