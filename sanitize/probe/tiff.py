"""The facts of a TIFF, the data of all of its pages looked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache

from PIL import Image

from sanitize.probe import DETAIL, PICTURE, generic, icc, jpeg_strict, tiff_pages, tiff_strips
from sanitize.probe.complaint import BITSTREAM, Complaint
from sanitize.probe.tiff_pages import Page

# Compressions of two-level pictures (TIFF 6.0, sections 10 and 11). Over a code that does not exist libtiff makes the
# rest of the row up, and says so on standard error only.
_FAX = (2, 3, 4)
# Those that every libtiff reads, and those that one may have been built without, as Pillow names them. Others, such as
# JPEG 2000, LERC and JPEG XL, Pillow does not know.
_ORDINARY = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32809, 32946, 34676, 34677})
_OPTIONAL = {34925: "lzma", 50000: "zstd", 50001: "webp"}
_BIG = b"MM\0+"
_BAD_CODE = re.compile(r"Bad code word")


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a TIFF."""
    pages, complaint = tiff_pages.read(data)
    header = _header(data, pages)
    for number, page in enumerate(pages):
        lost = tiff_pages.beyond(page, len(data))
        if lost is None:
            continue
        of = f"page {number + 1} of {len(pages)}: " if len(pages) > 1 else ""
        complaint = Complaint(of + lost[0].text, lost[0].kind)
        height = page.one(tiff_pages.HEIGHT, 0)
        if number == 0 and lost[1] is not None and height:
            # Only the padding of a last tile may be what is missing.
            header |= {"survives": lost[1] / height} | ({"lost_from_row": lost[1]} if lost[1] < height else {})
        break
    if complaint is None and not generic.too_large(header, max_pixels):
        complaint = tiff_strips.damage(data, pages)
    found, words = _listen(
        lambda: generic.measure(data, "tiff", header, complaint, max_pixels=max_pixels, thorough=thorough), pages
    )
    if words is not None and "complaint" not in found:
        found.pop(PICTURE, None)
        found.pop(DETAIL, None)
        found |= Complaint(words.rstrip("."), BITSTREAM).columns()
    if found.get("decodes_truncated") is False and complaint is None:
        reason = _limit(data, pages)
        if reason is not None:
            return generic.unsupported(found, reason)
    return found


def _limit(data: bytes, pages: tuple[Page, ...]) -> str | None:
    """Return why Pillow cannot read a TIFF that may be sound all the same; None where nothing says so."""
    if data[:4] == _BIG:
        return "Pillow reads no BigTIFF whose highest byte comes first"
    compression = pages[0].one(tiff_pages.COMPRESSION, 1) if pages else 1
    if compression in _OPTIONAL:
        return (
            None if _is_built(_OPTIONAL[compression]) else f"this libtiff knows no {_OPTIONAL[compression]} compression"
        )
    return None if compression in _ORDINARY else f"a compression that Pillow does not read (number {compression})"


@cache
def _is_built(compression: str) -> bool:
    """Tell whether this Pillow's libtiff has a compression that not every libtiff has."""
    try:
        Image.new("RGB", (16, 16)).save(io.BytesIO(), "TIFF", compression=compression)
    except Exception:  # noqa: BLE001 - around a codec; what it raises is its own
        return False
    return True


def _listen(measure: Callable[[], dict[str, object]], pages: tuple[Page, ...]) -> tuple[dict[str, object], str | None]:
    """Return what is measured, and what libtiff says meanwhile of a two-level picture."""
    if any(page.one(tiff_pages.COMPRESSION, 1) in _FAX for page in pages):
        return jpeg_strict.listen(measure, _BAD_CODE)
    return measure(), None


def _header(data: bytes, pages: tuple[Page, ...]) -> dict[str, object]:
    """Return the columns of the first page: Pillow turns a rotated TIFF when it opens it, so size is as stored here."""
    if not pages:
        return {}
    page = pages[0]
    found: dict[str, object] = {"frames": len(pages), "orientation": 1}
    width, height = page.one(tiff_pages.WIDTH, 0), page.one(tiff_pages.HEIGHT, 0)
    if width > 0 and height > 0:
        found |= {"width": width, "height": height}
    found["bits"] = max(page.tags.get(tiff_pages.BITS, (1,)))
    orientation = page.one(tiff_pages.ORIENTATION, 1)
    if 1 <= orientation <= 8:
        found["orientation"] = orientation
    if page.profile:
        found["profile"] = icc.describe(data[slice(*page.profile)])
    return found
