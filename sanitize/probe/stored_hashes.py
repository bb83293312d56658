"""The hash that a list may have of a picture: of what Pillow opens, which is not always what is seen."""

from __future__ import annotations

import io

import imagehash
import numpy as np
from PIL import Image

import sanitize.probe.pillow  # noqa: F401 - lets Pillow open what was decoded before, however large
from sanitize.contents import read_again

# Standard deviation of levels below which there is nothing to be seen.
_FLAT = 2.0


def as_stored(item: bytes, *, root: bytes) -> dict[str, str] | None:
    """Return `phash_stored` of the file `item`, a path relative to `root`: as `imagehash.phash` makes it of what Pillow opens.

    That is neither turned by its orientation nor over white. None where what is transparent hides a picture that nobody sees,
    and where it cannot be read or decoded any more. Raises MemoryError, and OSError where this process has used up what it may
    have.
    """
    data = read_again(item, root=root)
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return None if _hides_something(picture) else {"phash_stored": str(imagehash.phash(picture))}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - around a decoder
        return None


def _hides_something(picture: Image.Image) -> bool:
    """Tell whether what is transparent of a picture is not of one colour."""
    shown = picture.convert("RGBA") if picture.has_transparency_data else None
    if shown is None:
        return False
    levels = np.asarray(shown.convert("L"))[np.asarray(shown.getchannel("A")) == 0]
    return bool(levels.size) and float(levels.std()) >= _FLAT
