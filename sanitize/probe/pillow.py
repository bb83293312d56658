"""Pillow's answers: what opening and loading a file literally gives, strictly and with LOAD_TRUNCATED_IMAGES."""

from __future__ import annotations

import importlib
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from sanitize import formats
from sanitize.probe import exif, icc
from sanitize.probe.plain_words import plain
from sanitize.texts import cut

# The size is checked before anything is decoded, by the user's limit and not by Pillow's.
Image.MAX_IMAGE_PIXELS = None
# Without this a picture that is not identified comes without the reason.
Image.WARN_POSSIBLE_FORMATS = True

_PLUGINS = {
    "AVIF": "AvifImagePlugin",
    "BLP": "BlpImagePlugin",
    "BMP": "BmpImagePlugin",
    "CUR": "CurImagePlugin",
    "DCX": "DcxImagePlugin",
    "DDS": "DdsImagePlugin",
    "DIB": "BmpImagePlugin",
    "FLI": "FliImagePlugin",
    "GIF": "GifImagePlugin",
    "ICNS": "IcnsImagePlugin",
    "ICO": "IcoImagePlugin",
    "IM": "ImImagePlugin",
    "JPEG": "JpegImagePlugin",
    "JPEG2000": "Jpeg2KImagePlugin",
    "MSP": "MspImagePlugin",
    "PCX": "PcxImagePlugin",
    "PNG": "PngImagePlugin",
    "PPM": "PpmImagePlugin",
    "PSD": "PsdImagePlugin",
    "QOI": "QoiImagePlugin",
    "SGI": "SgiImagePlugin",
    "SUN": "SunImagePlugin",
    "TGA": "TgaImagePlugin",
    "TIFF": "TiffImagePlugin",
    "WEBP": "WebPImagePlugin",
    "XBM": "XbmImagePlugin",
    "XPM": "XpmImagePlugin",
}
_BITS = {"1": 1, "I;16": 16, "I;16B": 16, "I;16L": 16, "I": 32, "F": 32}
_ALPHA_MODES = {"RGBA", "LA", "PA", "La", "RGBa"}
_ADDRESS = re.compile(r"<[\w.]+ object at 0x[0-9a-fA-F]+>")
_ENDED_EARLY = re.compile(
    r"truncat|unexpected end|not enough|end of (?:file|data)|too short|buffer is not large enough", re.I
)
#: Words over a file that is not damaged but of a kind that Pillow does not read.
_UNSUPPORTED = re.compile(
    r"unsupported|not supported|unimplemented|not available|not installed|cannot handle"
    r"|unknown (?:pixel (?:mode|format)|data organization|(?:TGA|PCX) mode|BLP)|unable to determine J2K",
    re.I,
)
_OPENING = re.compile(r"^\w+ opening failed\. ")
_MESSAGE = 300
# Frames that are loaded at most, and what each is taken to cost at least, in pixels.
_MOST_FRAMES, _LEAST_COST = 10_000, 1 << 14


class Answer(NamedTuple):
    """What Pillow said of one file."""

    image: Image.Image | None  #: the opened picture, loaded where there is no error; None where it does not open
    error: str | None  #: why it does not open or load
    warnings: tuple[str, ...]  #: what Python's warnings said meanwhile
    too_large: bool = False  #: opened, found to hold more pixels than wanted, and not loaded

    @property
    def loads(self) -> bool:
        """Whether the picture came out."""
        return self.error is None and not self.too_large


def ask(data: bytes, content: str, *, max_pixels: int, tolerant: bool = False, load: bool = True) -> Answer:
    """Open and load the first frame as Pillow does, with LOAD_TRUNCATED_IMAGES where `tolerant`."""
    names = list(formats.OPENED[content].pillow)
    image = None
    with _truncated(tolerant), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            for name in names:
                importlib.import_module(f"PIL.{_PLUGINS[name]}")
            image = Image.open(io.BytesIO(data), formats=names)
            if image.width * image.height > max_pixels:
                return Answer(image, None, (), too_large=True)
            if load:
                image.load()
            error = None
        except MemoryError:
            raise
        except ImportError:
            error = f"a reader of {formats.CONTENTS[content]} is not available in this Pillow"
        except UnidentifiedImageError:
            reasons = (message(_OPENING.sub("", str(one.message))) for one in caught if _is_about_the_file(one))
            error = ": ".join(["cannot identify image file", *dict.fromkeys(reasons)])
        except Exception as raised:  # noqa: BLE001 - a decoder may raise anything over a damaged file
            error = message(raised)
    said = tuple(
        message(str(one.message)) for one in caught if _is_about_the_file(one) and not _OPENING.match(str(one.message))
    )
    return Answer(image, None if error is None else message(error), said)


def both(data: bytes, content: str, *, max_pixels: int, ask_twice: bool) -> tuple[Answer, dict[str, object]]:
    """Return the better of the strict and the tolerant answer, with the columns that say how each went.

    A sound picture that loads strictly loads tolerantly, too, and need not be asked twice. A damaged one may not: of a PNG
    Pillow then reads on behind chunks whose checksums do not fit.
    """
    strict = ask(data, content, max_pixels=max_pixels)
    if strict.too_large:
        return strict, {}
    found: dict[str, object] = {"decodes": strict.loads, "decodes_truncated": True}
    if strict.error is not None:
        found["decode_message"] = strict.error
    if strict.loads and not ask_twice:
        return strict, found
    tolerant = ask(data, content, max_pixels=max_pixels, tolerant=True)
    if tolerant.too_large:
        return tolerant, {}
    found["decodes_truncated"] = tolerant.loads
    if tolerant.error is not None:
        found["decode_truncated_message"] = tolerant.error
    return strict if strict.loads or tolerant.image is None else tolerant, found


def describe(image: Image.Image) -> dict[str, object]:
    """Return what Pillow knows of an opened picture: the columns about size, colour, orientation and profile."""
    found: dict[str, object] = {
        "width": image.width,
        "height": image.height,
        "mode": image.mode,
        "bits": _BITS.get(image.mode, 8),
        "palette": image.mode in ("P", "PA"),
        "alpha": image.mode in _ALPHA_MODES or "transparency" in image.info,
        "orientation": exif.orientation(_bytes(image.info.get("exif"))),
    }
    profile = _bytes(image.info.get("icc_profile"))
    if profile:
        found["profile"] = icc.describe(profile)
    return found


def frames(image: Image.Image) -> int:
    """Return the number of frames; 1 where it cannot be told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return int(getattr(image, "n_frames", 1))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a damaged directory of frames
            return 1


def later_frames(image: Image.Image, *, max_pixels: int) -> str | None:
    """Load the frames after the first: what is wrong with the first bad one; None where nothing is.

    All together they are loaded up to `max_pixels`, so that a small file cannot keep the decoder busy for minutes. A
    frame of a kind that Pillow does not read, or of more pixels than wanted, says nothing about damage.
    """
    left = max_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(1, _MOST_FRAMES):
            try:
                image.seek(number)
                left -= max(image.width * image.height, _LEAST_COST)
                if left < 0:
                    return None
                image.load()
            except EOFError:
                return None
            except MemoryError:
                raise
            except Exception as raised:  # noqa: BLE001 - a decoder may raise anything over a damaged file
                words = message(raised)
                return None if _UNSUPPORTED.search(words) else f"frame {number + 1}: {words}"
    return None


def finite(image: Image.Image) -> bool | None:
    """Tell whether all pixels of a loaded picture are finite; None where they are no floats."""
    return bool(np.isfinite(np.asarray(image)).all()) if image.mode == "F" else None


def complaint(found: dict[str, object]) -> dict[str, object]:
    """Return the columns of Pillow's own complaint over a picture that it does not load, or does not support."""
    error = found.get("decode_message")
    if found.get("decodes") is not False or not isinstance(error, str):
        return {}
    if found["decodes_truncated"] is False and _UNSUPPORTED.search(error):
        return {"unsupported": error}
    early = _ENDED_EARLY.search(error) is not None
    return {"complaint": error, "complaint_kind": "ended-early" if early else "bitstream"}


def message(raised: BaseException | Warning | str) -> str:
    """Return what an exception says of the file on one line, without addresses, at most 300 characters."""
    text = str(raised) or type(raised).__name__
    words = plain(" ".join(_ADDRESS.sub("the file", text).split()))
    return cut(words, _MESSAGE)


def _is_about_the_file(warning: warnings.WarningMessage) -> bool:
    """Tell whether a warning is about the file; others are about programs (a plugin that is to go)."""
    return issubclass(warning.category, (UserWarning, RuntimeWarning))


@contextmanager
def _truncated(tolerant: bool) -> Iterator[None]:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
