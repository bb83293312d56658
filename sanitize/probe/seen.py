"""Decoded pictures as they are seen: grey or RGB, in full or reduced, over white."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    Picture = npt.NDArray[np.uint8]
    Pixel = TypeVar("Pixel", bound=np.generic)

Colour = tuple[int, int, int]
#: Shorter side, in pixels, that the reduced picture and the detailed one have at least where the picture itself has it.
SHORTER_SIDE, DETAIL_SIDE = 32, 85
#: There is more detail of pictures whose shorter side has so many pixels: a dense code may be a small part of them.
_LARGE_SIDE, LARGE_DETAIL_SIDE = 600, 150
#: In a picture with a shorter side below this hardly anything is small and can be read: its detail is the reduced picture.
LEAST_DETAILED = 192
#: What is transparent is seen over this.
_BACKGROUND: Colour = (255, 255, 255)
#: How the data of an ICC profile begin in a JPEG.
_PROFILE = b"ICC_PROFILE\0"


def shorter_of(facts: Mapping[str, Any]) -> int:
    """Return the shorter side of a picture, pixels; 0 where it is not known."""
    return min(int(facts.get("width") or 0), int(facts.get("height") or 0))


def detail_side(shorter: int) -> int:
    """Return how many pixels the shorter side of the detail of a picture has at least, whose own has `shorter`."""
    return DETAIL_SIDE if shorter < _LARGE_SIDE else LARGE_DETAIL_SIDE


def grey(data: bytes, facts: Mapping[str, object], *, shorter_side: int | None = None) -> Picture | None:
    """Return the picture in grey, rows × columns, as stored; None where it does not decode.

    `facts` are the file's `facts.PROBE_COLUMNS`. With `shorter_side` it may be reduced, as long as the shorter side
    keeps that many pixels.
    """
    return greys(data, facts, shorter_side)[0]


def greys(data: bytes, facts: Mapping[str, object], *shorter_sides: int | None) -> list[Picture | None]:
    """Return the picture as `grey` does, once for each shorter side."""
    if facts.get("content") == "jpeg":
        import simplejpeg

        try:
            return [
                simplejpeg.decode_jpeg(data, "GRAY", fastupsample=True, **_least(side, facts))[:, :, 0]
                for side in shorter_sides
            ]
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - around a decoder; CMYK and odd sampling Pillow takes
            pass
    image = _opened(data, facts)
    return [None] * len(shorter_sides) if image is None else reduced(image, data, *shorter_sides)


def rgb(
    data: bytes,
    facts: Mapping[str, object],
    *,
    background: Colour = _BACKGROUND,
    shorter_side: int | None = None,
) -> Picture | None:
    """Return the picture as 8-bit RGB, rows × columns × 3, as seen: turned, and over `background`.

    None where it does not decode. The values are those that Pillow gives, but that with `shorter_side` a JPEG may be
    reduced, as long as the shorter side keeps that many pixels.
    """
    orientation, mode = facts.get("orientation"), facts.get("mode")
    # Grey levels are those of RGB unless a profile says otherwise.
    if facts.get("content") == "jpeg" and (mode == "RGB" or (mode == "L" and _PROFILE not in data)):
        import simplejpeg

        try:
            decoded: Picture = simplejpeg.decode_jpeg(
                data, "RGB" if mode == "RGB" else "GRAY", **_least(shorter_side, facts)
            )
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - around a decoder; odd sampling Pillow takes
            pass
        else:
            import numpy as np  # rules that only ask for columns import this module too

            return turned(np.broadcast_to(decoded, (*decoded.shape[:2], 3)), orientation)
    image = _opened(data, facts)
    if image is None:
        return None
    to_rgb = importlib.import_module("sanitize.pixels").to_rgb
    import numpy as np

    seen = to_rgb(image, data, background=background, icc="keep", orientation=orientation or 1)
    return np.asarray(seen.image)


def numbers(data: bytes, facts: Mapping[str, object]) -> npt.NDArray[np.float64] | None:
    """Return the numbers of a picture that has wide integers or floats for levels, rows × columns, as seen; None of others."""
    mode = str(facts.get("mode") or "")
    image = _opened(data, facts) if mode == "F" or mode.startswith("I") else None
    if image is None:
        return None
    import numpy as np

    return turned(np.asarray(image).astype(np.float64), left_to_turn(facts.get("content"), facts.get("orientation")))


def reduced(image: Image.Image, data: bytes, *shorter_sides: int | None) -> list[Picture | None]:
    """Return a picture that Pillow has loaded in grey, rows × columns, over white and as stored; None in an odd mode.

    It is reduced as far as leaves the shorter side so many pixels, once for each. `data` is the file that `image` was
    opened from.
    """
    import numpy as np

    factors = [max(1, min(image.size) // side) if side else 1 for side in shorter_sides]
    try:
        shown = _shown(image, data)
        return [np.asarray((shown.reduce(factor) if factor > 1 else shown).convert("L")) for factor in factors]
    except (ValueError, OSError):  # Pillow's words for a conversion that it does not know
        return [None] * len(factors)


def turned(picture: npt.NDArray[Pixel], orientation: object) -> npt.NDArray[Pixel]:
    """Return a picture, rows × columns (× channels), as its EXIF orientation (1 to 8) says that it is to be seen."""
    if orientation in (5, 6, 7, 8):
        picture = picture.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        picture = picture[::-1]
    if orientation in (2, 3, 6, 7):
        picture = picture[:, ::-1]
    return picture


def left_to_turn(content: object, orientation: object) -> object:
    """Return the orientation by which a decoded picture is still to be turned: Pillow turns a TIFF while it loads it."""
    return None if content == "tiff" else orientation


def decoded_size(facts: Mapping[str, object]) -> tuple[object, object]:
    """Return the height and width of a picture as it is decoded: of a TIFF that lies on its side, as seen."""
    height, width = facts.get("height"), facts.get("width")
    is_turned = facts.get("content") == "tiff" and facts.get("orientation") in (5, 6, 7, 8)
    return (width, height) if is_turned else (height, width)


def _least(shorter_side: int | None, facts: Mapping[str, object]) -> dict[str, int]:
    """Return how small a JPEG may be decoded; nothing for its full size."""
    width, height = facts.get("width"), facts.get("height")
    # At seven eighths libjpeg takes twice as long as for the whole picture.
    if not shorter_side or (
        isinstance(width, int) and isinstance(height, int) and shorter_side > 0.75 * min(width, height)
    ):
        return {}
    return {"min_height": shorter_side, "min_width": shorter_side}


def _opened(data: bytes, facts: Mapping[str, object]) -> Image.Image | None:
    # Heavy, and for few JPEGs needed.
    pillow = importlib.import_module("sanitize.probe.pillow")
    answer = pillow.ask(data, str(facts["content"]), max_pixels=1 << 62)
    return answer.image if answer.loads else None


def _shown(image: Image.Image, data: bytes) -> Image.Image:
    """Return a loaded picture in mode L or RGB."""
    transparent = "transparency" in image.info
    if image.mode in ("L", "RGB") and not transparent:
        return image
    if image.mode in ("1", "P", "CMYK") and not transparent:
        return image.convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "P"):
        from PIL import Image

        white = Image.new("RGBA", image.size, (*_BACKGROUND, 255))
        return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    shown: Image.Image = (
        importlib.import_module("sanitize.pixels")
        .to_rgb(image, data, background=_BACKGROUND, icc="keep", orientation=1)
        .image
    )
    return shown
