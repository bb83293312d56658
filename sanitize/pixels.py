"""Turns any picture that Pillow opens into 8-bit RGB, as a person would see it.

What is done, in this order, where it applies:

- *depth*: unsigned 16-bit samples are scaled from 0..65535, 12-bit ones of a TIFF from 0..4095, rounded. Signed 16-bit
  ones from 0..32767 and 32-bit ones from 0..65535 where the values lie in there, else from their smallest to their
  largest. Floats within 0..1 are multiplied by 255, those within 0..255 taken as they are, others scaled from their
  smallest to their largest. Nothing is clipped.
- *colour*: CMYK, Lab and grey go to sRGB through the ICC profile that they hold (relative colorimetric, black point
  compensated); without one, grey is taken as sRGB, Lab by its definition (D50), and CMYK by `(1 - ink) * (1 - black)`.
  CMYK JPEGs are taken as inverted, as Adobe writes them and as Pillow and OpenCV read them all. RGB with a profile
  keeps its values, and the profile goes into the copy; with `icc="convert"` it becomes sRGB. PNG's gAMA chunk is not
  applied, as no loader does.
- *alpha*: what is transparent, by channel, palette entry or declared colour, is composed over the background, on plain
  8-bit values.
- *orientation*: the picture is turned as its EXIF orientation says, unless Pillow did it already (TIFF).
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from sanitize.probe import opencv

#: What each EXIF orientation asks for.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BITS_PER_SAMPLE, _SAMPLE_FORMAT = 258, 339  # TIFF tags
_SIGNED = 2
_PROFILE_SPACES = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK", "LAB": b"Lab "}

Array = npt.NDArray[np.generic]


class Picture(NamedTuple):
    """An 8-bit RGB picture and the ICC profile that its values mean, if it is not sRGB."""

    image: Image.Image
    profile: bytes | None


def to_rgb(image: Image.Image, data: bytes, *, background: tuple[int, int, int], icc: str, orientation: int) -> Picture:
    """Return a loaded picture as 8-bit RGB, with nothing in its `info`.

    `data` is the file that `image` was opened from, `icc` is `keep` or `convert`, `orientation` the EXIF orientation.
    """
    # Pillow turns a TIFF while loading.
    turn = TURNS.get(orientation) if image.format != "TIFF" else None
    profile = image.info.get("icc_profile") or None
    eight = _eight_bit(image, data)
    alpha = eight.getchannel("A") if eight.mode in ("LA", "RGBA") else None
    colours = eight if alpha is None else eight.convert(eight.mode[:-1])
    rgb, kept = _colours(colours, profile, icc=icc)
    if alpha is not None:
        rgb.putalpha(alpha)
        rgb = Image.alpha_composite(Image.new("RGBA", rgb.size, (*background, 255)), rgb).convert("RGB")
    if turn is not None:
        rgb = rgb.transpose(turn)
    rgb.info = {}
    return Picture(rgb, kept)


def _eight_bit(image: Image.Image, data: bytes) -> Image.Image:
    """Return the picture in 8 bits a channel: mode L, LA, RGB, RGBA, CMYK or LAB."""
    mode = image.mode
    if mode == "F" or mode.startswith("I"):
        return _scaled(image)
    if _is_deep(image, data):
        grey_with_alpha = image.format == "PNG" and data[25] == 4  # Pillow opens it as RGBA
        image = _rounded(image, data)
        return image.convert("LA") if grey_with_alpha else _with_declared_alpha(image, data)
    if mode in ("P", "PA"):
        has_alpha = mode == "PA" or "transparency" in image.info
        return image.convert("RGBA" if has_alpha else "RGB")
    if mode in ("1", "L", "RGB"):
        return _with_declared_alpha(image.convert("L") if mode == "1" else image, data)
    if mode in ("LA", "RGBA", "CMYK", "LAB"):
        return image
    return image.convert({"La": "LA", "RGBa": "RGBA"}.get(mode, "RGB"))


def _with_declared_alpha(image: Image.Image, data: bytes) -> Image.Image:
    """Make the colour that is declared transparent (PNG's tRNS) an alpha channel."""
    colour = image.info.get("transparency")
    if colour is None:
        return image
    if image.format == "PNG" or data[:4] == b"\x89PNG":
        # The declaration counts in the samples' own depth, the pixels are scaled to 8 bits by now.
        depth = data[24]
        scale = {1: 255, 2: 85, 4: 17}.get(depth, 1)
        values = colour if isinstance(colour, tuple) else (colour,)
        values = tuple(value >> 8 if depth == 16 else min(value * scale, 255) for value in values)
        colour = values if isinstance(colour, tuple) else values[0]
    pixels = np.asarray(image)
    matches = pixels == np.asarray(colour)
    opaque = ~(matches.all(axis=-1) if matches.ndim == 3 else matches)
    image = image.copy()
    image.info.pop("transparency")
    image.putalpha(Image.fromarray(opaque.astype(np.uint8) * np.uint8(255)))
    return image


def _is_deep(image: Image.Image, data: bytes) -> bool:
    """Tell whether the file has 16 bits a channel of which Pillow kept the upper eight."""
    if image.mode not in ("RGB", "RGBA"):
        return False
    if image.format == "PNG":
        return data[24] == 16
    tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
    return bool(max(tags.get(_BITS_PER_SAMPLE, (8,))) == 16)


def _rounded(image: Image.Image, data: bytes) -> Image.Image:
    """Return a 16-bit colour picture rounded to 8 bits, read by OpenCV; as it is where Pillow reads another."""
    deep = opencv.read(data)
    if deep is None or deep.dtype != np.uint16 or deep.ndim != 3 or deep.shape[:2] != image.size[::-1]:
        return image
    deep = deep[..., [2, 1, 0, 3][: deep.shape[2]]]
    key = image.info.get("transparency")
    rgb = ((deep * np.uint32(255) + np.uint32(32767)) // np.uint32(65535)).astype(np.uint8)
    if isinstance(key, tuple) and deep.shape[2] == 3:
        opaque = (deep != np.asarray(key)).any(axis=-1)
        rgb = np.dstack([rgb, opaque.astype(np.uint8) * np.uint8(255)])
    seen = np.asarray(image)
    channels = min(seen.shape[2], rgb.shape[2])
    if np.abs(rgb[..., :channels].astype(np.int16) - seen[..., :channels]).max(initial=0) > 1:
        return image
    return Image.fromarray(rgb)


def _scaled(image: Image.Image) -> Image.Image:
    """Return a picture of wide integers or floats in mode L, or LA where a value is declared transparent."""
    values = np.asarray(image)
    tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
    if image.mode == "F":
        low, high = _float_range(values)
    elif image.mode.startswith("I;16"):
        low, high = 0.0, 4095.0 if tags.get(_BITS_PER_SAMPLE) == (12,) else 65535.0
    else:
        bits, kinds = tags.get(_BITS_PER_SAMPLE, (32,)), tags.get(_SAMPLE_FORMAT, (1,))
        if tags and kinds[0] != _SIGNED:
            values = values.view(np.uint32)
        low, high = _integer_range(values, 32767 if bits[0] == 16 else 65535)
    grey = Image.fromarray(_stretched(values, low, high))
    key = image.info.get("transparency")
    if isinstance(key, int):
        grey.putalpha(Image.fromarray((values != key).astype(np.uint8) * np.uint8(255)))
    return grey


def _integer_range(values: Array, usual: int) -> tuple[float, float]:
    low, high = int(values.min()), int(values.max())
    return (0.0, float(usual)) if low >= 0 and high <= usual else (float(low), float(high))


def _float_range(values: Array) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low >= 0:
        for usual in (1.0, 255.0):
            if high <= usual:
                return 0.0, usual
    return low, high


def _stretched(values: Array, low: float, high: float) -> npt.NDArray[np.uint8]:
    """Scale `low`..`high` to 0..255; by rows, so that no second picture of doubles is held."""
    grey = np.empty(values.shape, np.uint8)
    # The largest numbers are too far apart for a number to say how far.
    part = 1.0 if math.isfinite(high - low) else 0.25
    span = part * high - part * low or 1.0
    # Some NaNs make the processor complain as they are widened.
    with np.errstate(invalid="ignore"):
        for row, target in zip(values, grey, strict=True):
            line = np.nan_to_num(row.astype(np.float64), nan=low, posinf=high, neginf=low)
            target[:] = np.rint((part * line - part * low) / span * 255.0)
    return grey


def _colours(image: Image.Image, profile: bytes | None, *, icc: str) -> tuple[Image.Image, bytes | None]:
    """Return a picture without alpha as RGB, and the profile that stays with it."""
    source = _profile(profile, image.mode)
    if image.mode == "RGB":
        if source is None or icc != "convert":
            return image.copy(), profile if source is not None else None
        return _through(image, source) or image.copy(), None
    if image.mode == "LAB":
        default = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return (source and _through(image, source)) or _through(image, default) or _lightness(image), None
    return (source and _through(image, source)) or image.convert("RGB"), None


def _lightness(image: Image.Image) -> Image.Image:
    return image.getchannel("L").convert("RGB")


def _profile(profile: bytes | None, mode: str) -> ImageCms.ImageCmsProfile | None:
    """Return the profile if it can be read and is one for pictures of this mode."""
    if profile is None:
        return None
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (OSError, ImageCms.PyCMSError):
        return None
    return opened if profile[16:20] == _PROFILE_SPACES[mode] else None


def _through(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image | None:
    """Return the picture in sRGB, or None where the colour library refuses the profile."""
    if image.mode == "L":
        # Littlecms interpolates a coarse grid for grey, which is off by ten in the shadows: so each grey is looked up.
        ramp = _transformed(Image.frombytes("L", (256, 1), bytes(range(256))), source, ImageCms.Flags.NOOPTIMIZE)
        return ramp and Image.fromarray(np.asarray(ramp)[0][np.asarray(image)])
    return _transformed(image, source, ImageCms.Flags.HIGHRESPRECALC)


def _transformed(image: Image.Image, source: ImageCms.ImageCmsProfile, flags: ImageCms.Flags) -> Image.Image | None:
    try:
        return ImageCms.profileToProfile(
            image,
            source,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=flags | ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ImageCms.PyCMSError):
        return None
