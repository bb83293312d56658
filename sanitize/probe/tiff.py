"""The facts of a TIFF, the data of all of its pages looked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from sanitize.probe import PICTURE, generic, icc, jpeg_strict, tiff_pages, tiff_strips
from sanitize.probe.complaint import BITSTREAM, Complaint
from sanitize.probe.tiff_pages import Page

# Compressions of two-level pictures (TIFF 6.0, sections 10 and 11). Over a code that does not exist libtiff makes the
# rest of the row up, and says so on standard error only.
_FAX = (2, 3, 4)
_BIG = b"MM\0+"
_BAD_CODE = re.compile(r"Bad code word")


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a TIFF."""
    pages, complaint = tiff_pages.read(data)
    header = _header(pages)
    for number, page in enumerate(pages):
        lost = tiff_pages.beyond(page, len(data))
        if lost is None:
            continue
        of = f"page {number + 1} of {len(pages)}: " if len(pages) > 1 else ""
        complaint = Complaint(of + lost[0].text, lost[0].kind)
        height = page.one(tiff_pages.HEIGHT, 0)
        if number == 0 and lost[1] is not None and height:
            header |= {"lost_from_row": lost[1], "survives": lost[1] / height}
        break
    if complaint is None and not generic.too_large(header, max_pixels):
        complaint = tiff_strips.damage(data, pages)
    found, words = _listen(
        lambda: generic.measure(data, "tiff", header, complaint, max_pixels=max_pixels, thorough=thorough), pages
    )
    if words is not None and "complaint" not in found:
        found.pop(PICTURE, None)
        found |= Complaint(words.rstrip("."), BITSTREAM).columns()
    if found.get("decodes") is False and complaint is None and data[:4] == _BIG:
        found["unsupported"] = "Pillow reads no BigTIFF whose highest byte comes first"
        found = {name: value for name, value in found.items() if not name.startswith("complaint")}
    return found


def _listen(measure: Callable[[], dict[str, object]], pages: tuple[Page, ...]) -> tuple[dict[str, object], str | None]:
    """Return what is measured, and what libtiff says meanwhile of a two-level picture."""
    if any(page.one(tiff_pages.COMPRESSION, 1) in _FAX for page in pages):
        return jpeg_strict.listen(measure, _BAD_CODE)
    return measure(), None


def _header(pages: tuple[Page, ...]) -> dict[str, object]:
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
        found["profile"] = icc.describe(page.profile)
    return found
