"""How much of a JPEG comes out that ends too early, or is damaged at a known place."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile

from sanitize.probe import jpeg_segments

_END = b"\xff\xd9"
_FILLS = 2
_FILL_BYTES, _FILL_PIECES = 64, 64
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
# The last of the 64 coefficients of a block.
_LAST = 63


class Loss(NamedTuple):
    """What is lost of a picture that ends too early."""

    row: int | None  #: first row that is lost; None where every row is there
    scan: int  #: number of the scan, from 1, in or after which it ends
    whole: bool  #: nothing is lost but the end marker


def find(data: bytes, header: jpeg_segments.Header) -> Loss | None:
    """Find out what is lost of `data`, which has no end marker; None where it cannot be told.

    The picture is decoded twice with different bytes after its end: what differs was not in the file. A progressive
    picture has all its rows once the first scan is complete, and the later ones only sharpen it; but a decoder that waits for
    the rest of a segment between two scans shows none of them.
    """
    body = jpeg_segments.read_body(data, header)
    if not body.scans or header.process not in jpeg_segments.USUAL:
        return None
    is_progressive = header.process in jpeg_segments.PROGRESSIVE
    sharpening = is_progressive and len(body.scans) > 1
    are_all = not is_progressive or _are_all(body.scans, header.components)
    if not body.in_scan:
        row = None if are_all or not _is_blank(data) else 0
        return Loss(row, len(body.scans), whole=are_all)
    # At an eighth a pixel is one block's mean: cheap, and no upsampling blurs the border of what is lost. Where the
    # means are all there, fine detail of the last block, or of a later scan, may still be missing.
    whole = data.rstrip(b"\xff")
    restarts = len(_RESTART.findall(data, body.scans[-1].start))
    row = None if sharpening else _first_difference(whole, restarts, 8)
    if row is None:
        row = _first_difference(whole, restarts, 1)
        if row is None or sharpening:
            return Loss(None, len(body.scans), whole=row is None and are_all)
        row = min(row + 1, header.height - 1)  # upsampling reaches one row up
    return Loss(row // header.unit_rows * header.unit_rows, len(body.scans), whole=False)


def _is_blank(data: bytes) -> bool:
    """Tell whether nothing comes out of a file but one colour."""
    shown = _reduced(data, 1)
    return shown is None or not np.ptp(shown, axis=(0, 1)).any()


def _are_all(scans: Sequence[jpeg_segments.Scan], components: int) -> bool:
    """Tell whether the scans of a progressive picture give all that so many components have (ITU-T T.81, annex G.1)."""
    left = {
        (component, number): scan.left
        for scan in scans
        for component in scan.components
        for number in range(scan.band[0], min(scan.band[1], _LAST) + 1)
    }
    found = {component for component, _number in left}
    return len(found) >= components and all(
        left.get((component, number)) == 0 for component in found for number in range(_LAST + 1)
    )


def first_damaged(data: bytes, header: jpeg_segments.Header, offset: int) -> int | None:
    """Return the first row that depends on what stands at `offset`; None where that does not spoil all that follows.

    After a restart marker a decoder finds its way again, and a progressive picture has its rows from other scans too.
    """
    if header.process not in jpeg_segments.SEQUENTIAL or _RESTART.search(data, header.scan):
        return None
    loss = find(data[:offset], header)
    return loss and loss.row


def _first_difference(data: bytes, restarts: int, scale: int) -> int | None:
    """Return the first row, to the nearest `scale`, that depends on what follows `data`; None where none does."""
    plain = _reduced(data + _END, scale)
    if plain is None:
        return None
    rows = []
    for seed in range(_FILLS):
        filled = _reduced(data + _fill(seed, restarts) + _END, scale)
        if filled is not None and filled.shape == plain.shape:
            different = (filled != plain).reshape(len(plain), -1).any(axis=1)
            if different.any():
                rows.append(int(different.argmax()) * scale)
    return min(rows) if rows else None


def _reduced(data: bytes, scale: int) -> npt.NDArray[np.uint8] | None:
    """Decode at one `scale`-th, tolerantly; None where there is no picture."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        if scale > 1:
            image.draft(None, (max(1, image.width // scale), max(1, image.height // scale)))
        return np.asarray(image)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a decoder may raise anything over a damaged file
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _fill(seed: int, restarts: int) -> bytes:
    """Return random entropy-coded data with restart markers that go on after so many `restarts`."""
    source = random.Random(seed)
    pieces = []
    for number in range(restarts, restarts + _FILL_PIECES):
        pieces += [source.randbytes(_FILL_BYTES).replace(b"\xff", b"\x55"), bytes([0xFF, 0xD0 + number % 8])]
    return b"".join(pieces)
