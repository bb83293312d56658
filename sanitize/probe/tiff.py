"""The facts of a TIFF, the data of all of its pages looked for."""

from __future__ import annotations

from sanitize.probe import generic, icc, tiff_pages, tiff_strips
from sanitize.probe.complaint import Complaint
from sanitize.probe.tiff_pages import Page


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
    return generic.measure(data, "tiff", header, complaint, max_pixels=max_pixels, thorough=thorough)


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
