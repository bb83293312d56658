"""Pictures to convert, and the promise that every copy has to keep."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from sanitize.convert import convert

Pixels = npt.NDArray[Any]
WHITE = (255, 255, 255)


def texture(height: int = 72, width: int = 104, channels: int = 3, seed: int = 0) -> Pixels:
    """Return smooth random colours with noise, uint8."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (height // 8 + 2, width // 8 + 2, channels)).astype(np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
    noisy = smooth.astype(np.int16) + random.integers(-6, 7, smooth.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def with_orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x112] = value
    return exif


def copied(tmp_path: Path, data: bytes, content: str, policy: str = "png", **request: Any) -> Pixels:
    """Convert, hold the copy to the promise, return its pixels."""
    return read_strictly(copy_bytes(tmp_path, data, content, policy, **request))


def copy_bytes(tmp_path: Path, data: bytes, content: str, policy: str = "png", **request: Any) -> bytes:
    answer = asked(tmp_path, data, content, policy, **request)
    assert answer["error"] is None, answer
    made = (tmp_path / "target").read_bytes()
    assert answer["bytes"] == len(made)
    return made


def asked(tmp_path: Path, data: bytes, content: str, policy: str = "png", **request: Any) -> dict[str, object]:
    (tmp_path / "source").write_bytes(data)
    paths = {"source": bytes(tmp_path / "source"), "target": bytes(tmp_path / "target")}
    return convert({**paths, "policy": policy, "content": content, "background": WHITE, "icc": "keep", **request})


def read_strictly(data: bytes) -> Pixels:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = Image.open(io.BytesIO(data))
        image.load()
    assert image.mode == "RGB"
    assert image.getexif().get(0x112) is None
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert array is not None
    assert array.dtype == np.uint8
    pixels = np.asarray(image)
    assert array.shape == pixels.shape
    return pixels


def psnr(left: Pixels, right: Pixels) -> float:
    error = float(np.mean((left.astype(float) - right.astype(float)) ** 2))
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def scaled(values: Pixels, top: float) -> Pixels:
    return np.rint(values.astype(float) * 255 / top).astype(np.uint8)


def repeated(grey: Pixels) -> Pixels:
    return np.repeat(grey[..., None], 3, axis=2)


def over(colour: Pixels, alpha: Pixels, background: tuple[int, int, int]) -> Pixels:
    share = alpha[..., None].astype(float) / 255
    return np.rint(colour * share + np.array(background) * (1 - share))


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(samples: Pixels, *, colour_type: int, depth: int, width: int, chunks: bytes = b"") -> bytes:
    """Return a PNG of rows of packed bytes, with chunks before the picture."""
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    header = struct.pack(">IIBBBBB", width, len(samples), depth, colour_type, 0, 0, 0)
    picture = png_chunk(b"IHDR", header) + chunks + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + picture
