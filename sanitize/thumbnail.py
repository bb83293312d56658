"""Makes a small picture of one file, as a tolerant loader gives it, with the lost part marked: runs in a child."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING

from sanitize import formats
from sanitize.contents import read_again

if TYPE_CHECKING:
    from PIL import Image

#: Longer side of a small picture, and its quality as a JPEG.
SIDE, QUALITY = 112, 72
#: What is shown of a larger picture is not worth its decoding.
_MOST_PIXELS = 100_000_000
#: Where the lost part begins, and the stripes over it, which show on any picture and in print.
_EDGE, _STRIPES, _STEP = (220, 0, 0), ((255, 255, 255), (20, 20, 20)), 7

Item = tuple[bytes, str, int | None, int | None, int | None, int | None]


def draw(item: Item, *, root: bytes) -> bytes | None:
    """Return a JPEG of one file; None where nothing of it can be shown.

    `item` is its path relative to `root`, its content and orientation as in the facts, its number of rows, the first
    of them that is lost and how many are, as stored; null where none is known to be. Raises MemoryError, and OSError
    where this process has used up what it may have.
    """
    path, content, orientation, height, lost_from, lost = item
    data = read_again(path, root=root)
    if data is None:
        return None
    try:
        if content == "jpeg" and not lost:
            plain = _plain_jpeg(data, orientation)
            if plain is not None:
                return plain
        small = _reduced(data, content)
        if small is None:
            return None
        if height and lost and lost_from is not None:
            small = _marked(small, lost_from / height, (lost_from + lost) / height)
        return _encoded(small, orientation if content != "tiff" else None)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - around a decoder: what it cannot show is told in words
        return None


def _plain_jpeg(data: bytes, orientation: int | None) -> bytes | None:
    """Return a JPEG of a sound one; None where the strict reader does not give it.

    Pillow takes longer to import than dozens of them to draw.
    """
    import cv2
    import numpy as np
    import simplejpeg

    from sanitize.probe import seen

    try:
        height, width, _colors, _sampling = simplejpeg.decode_jpeg_header(data)
        rows, columns = (SIDE, 1) if height >= width else (1, SIDE)
        picture = simplejpeg.decode_jpeg(data, "RGB", strict=True, min_height=rows, min_width=columns)
    except (ValueError, RecursionError):  # damaged, or of a kind that the reader does not know
        return None
    scale = SIDE / max(height, width)
    if scale < 1:
        small = max(1, round(width * scale)), max(1, round(height * scale))
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    encoded: bytes = simplejpeg.encode_jpeg(
        np.ascontiguousarray(seen.turned(picture, orientation)),
        quality=QUALITY,
        colorspace="RGB",
        colorsubsampling="420",
    )
    return encoded


def _reduced(data: bytes, content: str) -> Image.Image | None:
    """Return the picture in RGB over white, reduced and as stored."""
    pillow = importlib.import_module("sanitize.probe.pillow")
    from PIL import Image, ImageFile

    image: Image.Image
    if content == "jpeg":
        # A decoder that reduces while it reads is several times as fast.
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image = Image.open(io.BytesIO(data), formats=list(formats.OPENED[content].pillow))
            image.draft("RGB", (SIDE, SIDE))
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
    else:
        answer = pillow.ask(data, content, max_pixels=_MOST_PIXELS, tolerant=True)
        if not answer.loads or answer.image is None:
            return None
        image = answer.image
    if image.mode[0] in "IF":
        deep: Image.Image = (
            importlib.import_module("sanitize.pixels")
            .to_rgb(image, data, background=(255, 255, 255), icc="keep", orientation=1)
            .image
        )
        image = deep
    if image.mode in ("RGBA", "LA", "PA", "P") or "transparency" in image.info:
        over = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(over, image.convert("RGBA"))
    image = image.convert("RGB")
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return image


def _marked(image: Image.Image, start: float, end: float) -> Image.Image:
    """Return a picture with stripes over the rows from one share of its height to another, and a line at their edge."""
    from PIL import ImageDraw

    first, last = round(start * image.height), min(round(end * image.height), image.height)
    if first >= last:
        return image
    band = image.crop((0, first, image.width, last))
    pen = ImageDraw.Draw(band)
    for number, left in enumerate(range(-band.height, band.width, _STEP)):
        pen.line((left, band.height, left + band.height, 0), fill=_STRIPES[number % 2], width=2)
    marked = image.copy()
    marked.paste(band, (0, first))
    edge = first if first else last - 1
    ImageDraw.Draw(marked).line((0, edge, image.width, edge), fill=_EDGE, width=2)
    return marked


def _encoded(image: Image.Image, orientation: int | None) -> bytes:
    turns = importlib.import_module("sanitize.pixels").TURNS
    if orientation in turns:
        image = image.transpose(turns[orientation])
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=False)
    return buffer.getvalue()
