"""Formats of which only Pillow's answer is known."""

from __future__ import annotations

from sanitize.probe import decoder_versions, pillow


def probe(data: bytes, *, content: str, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a picture as Pillow sees it."""
    answer, found = pillow.both(data, content, max_pixels=max_pixels, thorough=thorough)
    readers = ["pillow"]
    if answer.image is not None:
        found |= pillow.describe(answer.image)
        found["frames"] = pillow.frames(answer.image)
    if not answer.too_large:
        found["plain"] = False
        found |= pillow.complaint(answer, found)
        if answer.loads and answer.image is not None:
            finite = pillow.finite(answer.image)
            if finite is not None:
                found["finite"] = finite
        if thorough:
            from sanitize.probe import opencv  # heavy, and rarely asked

            found["decodes_opencv"] = opencv.decodes(data)
            readers.append("opencv")
    versions = decoder_versions()
    found["decoder"] = "; ".join(f"{reader} {versions[reader]}" for reader in readers)
    return found
