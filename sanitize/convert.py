"""Makes the RGB copy of a file: runs in a child, one file a call."""

from __future__ import annotations

import hashlib
import io
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import cast

import numpy as np
from PIL import Image, ImageFile

from sanitize import contents, jpeg_copy
from sanitize.errors import EXHAUSTED
from sanitize.formats import OPENED
from sanitize.pixels import Picture, to_rgb
from sanitize.probe import exif, opencv

_ADDRESS = re.compile(r" ?(?:at )?0x[0-9a-fA-F]{6,}")
_LONGEST_MESSAGE = 300
# Level 6 takes four times as long to save 6 % of a photograph.
_PNG = {"format": "PNG", "compress_level": 3}
_JPEG95 = {"format": "JPEG", "quality": 95, "subsampling": 0}


class BrokenPromise(Exception):
    """A copy would not open everywhere as the same 8-bit RGB picture; says how."""


def convert(request: Mapping[str, object]) -> dict[str, object]:
    """Write the RGB copy of one file.

    The request holds `source` and `target` (paths as bytes; the target is a temporary name, its folder exists),
    `policy` (as `rgb.plan` gives it), `content` (a key of `formats.OPENED`), `background` (red, green, blue), `icc`
    (`keep` or `convert`), `orientation` (EXIF, or None: read it from the file), `tolerant` (decode what is left of a
    damaged file) and `lost` (that may be nothing).
    Answers `error` (None, or why there is no copy), `errno` of a failed write, and `bytes` and `sha256` (hexadecimal) of
    the copy.
    The same source and request give the same bytes.
    """
    try:
        data = contents.read(cast(bytes, request["source"]))
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return {"error": f"cannot be read: {error.strerror}", "bytes": 0}
    with _opening(tolerant=bool(request.get("tolerant"))):
        encoded = _encode(data, request)
    if isinstance(encoded, str):
        return {"error": encoded, "bytes": 0}
    try:
        _write(cast(bytes, request["target"]), encoded)
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return {"error": f"cannot be written: {error.strerror}", "errno": error.errno, "bytes": 0}
    digest = hashlib.sha256(encoded, usedforsecurity=False).hexdigest()
    return {"error": None, "bytes": len(encoded), "sha256": digest}


def check_promise(data: bytes) -> None:
    """Raise BrokenPromise unless Pillow, strictly and without a warning, and OpenCV read the same 8-bit RGB picture."""
    try:
        with _opening(tolerant=False):
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
                image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise BrokenPromise(f"Pillow: {_words(error)}") from error
    array = opencv.read(data)
    if image.mode != "RGB":
        raise BrokenPromise(f"Pillow reads it as {image.mode}")
    if array is None or array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise BrokenPromise("OpenCV does not read it as three 8-bit channels")
    if (array.shape[1], array.shape[0]) != image.size:
        theirs, ours = f"{array.shape[1]} x {array.shape[0]}", f"{image.width} x {image.height}"
        raise BrokenPromise(f"OpenCV reads {theirs} pixels, Pillow {ours}")


def _encode(data: bytes, request: Mapping[str, object]) -> bytes | str:
    """Return the bytes of the copy, or why there can be none."""
    how = str(request["policy"]).partition(":")[0]
    if how == "jpeg-lossless":
        try:
            stripped = jpeg_copy.without_metadata(data)
            check_promise(stripped)
        except (ValueError, BrokenPromise):
            how = "jpeg-same"
        else:
            return stripped
    opened = _opened(data, str(request.get("content")))
    if isinstance(opened, str):
        return opened
    given = cast("int | None", request.get("orientation"))
    orientation = exif.orientation(opened.info.get("exif", b"")) if given is None else given
    picture = to_rgb(
        opened,
        data,
        background=cast("tuple[int, int, int]", request["background"]),
        icc=str(request["icc"]),
        orientation=orientation,
    )
    if request.get("lost") and not np.ptp(np.asarray(picture.image), axis=(0, 1)).any():
        return "nothing is left of the picture but one colour"
    if how == "jpeg-same":
        return _saved(picture, jpeg_copy.encoding(opened, orientation) or _JPEG95)
    return _saved(picture, _JPEG95 if how == "jpeg-95" else _PNG)


def _opened(data: bytes, content: str) -> Image.Image | str:
    formats = OPENED[content].pillow if content in OPENED else None
    if not formats:
        return "no format that is opened"
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - around a decoder
        return _words(error)
    return image


def _saved(picture: Picture, options: dict[str, object]) -> bytes | str:
    target = io.BytesIO()
    try:
        picture.image.save(target, icc_profile=picture.profile, **options)  # type: ignore[arg-type]
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - around an encoder
        return _words(error)
    try:
        check_promise(target.getvalue())
    except BrokenPromise as error:
        return _words(error)
    return target.getvalue()


@contextmanager
def _opening(*, tolerant: bool) -> Iterator[None]:
    """Open whatever the size (the driver has judged it), in silence."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = tolerant, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = before


def _write(target: bytes, data: bytes) -> None:
    """Write a new file: one that is there, or a link of that name, is taken away and never written through."""
    with suppress(FileNotFoundError):
        os.unlink(target)
    with open(target, "xb") as file:
        file.write(data)


def _words(error: Exception) -> str:
    return " ".join(_ADDRESS.sub("", str(error) or type(error).__name__).split())[:_LONGEST_MESSAGE]
