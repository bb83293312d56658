"""The facts of a picture that Pillow opens, with what its own bytes say of it laid over them."""

from __future__ import annotations

from sanitize.probe import DETAIL, PICTURE, decoder_versions, pillow, seen
from sanitize.probe.complaint import BITSTREAM, Complaint
from sanitize.probe.seen import SHORTER_SIDE, detail_side

# Formats whose later frames only Pillow can judge.
_FRAMES_OF_PILLOW = frozenset({"webp", "avif", "tiff", "fli", "dcx", "im"})


def probe(data: bytes, *, content: str, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a picture of which only Pillow's answer is known."""
    return measure(data, content, {}, None, max_pixels=max_pixels, thorough=thorough)


def measure(
    data: bytes,
    content: str,
    header: dict[str, object],
    complaint: Complaint | None,
    *,
    max_pixels: int,
    thorough: bool,
    for_opencv: bytes | None = None,
) -> dict[str, object]:
    """Return the facts of a picture as Pillow sees it, and PICTURE and DETAIL where it loads.

    `header` is what its own bytes say, which outweighs Pillow; `complaint` what they say is damaged, null where
    nothing. `for_opencv` is the same picture as OpenCV is asked about: where it does not decode, the file is damaged, too.
    """
    if too_large(header, max_pixels):
        return header | {"decoder": decoder("pillow")}
    answer, found = pillow.both(data, content, max_pixels=max_pixels, ask_twice=thorough or complaint is not None)
    said: dict[str, object] = {}
    if answer.image is not None:
        said = pillow.describe(answer.image)
        said["frames"] = 1 if "frames" in header else pillow.frames(answer.image)
    # A frame may be larger than the header says: what Pillow would decode counts where it is too much.
    found = header | said if answer.too_large else said | header | found
    readers = ["pillow"]
    if not answer.too_large:
        found["plain"] = False
        if complaint is not None:
            found |= complaint.columns()
        else:
            found |= pillow.complaint(found)
        if answer.loads and complaint is None and answer.warnings:
            found["harmless"] = "; ".join(answer.warnings)
        if answer.loads and answer.image is not None:
            if complaint is None and found.get("decodes"):
                sides = SHORTER_SIDE, detail_side(min(answer.image.size))
                found[PICTURE], found[DETAIL] = seen.reduced(answer.image, data, *sides)
            finite = pillow.finite(answer.image)
            if finite is not None:
                found["finite"] = finite
            if complaint is None and content in _FRAMES_OF_PILLOW:
                words = pillow.later_frames(answer.image, max_pixels=max_pixels)
                if words is not None:
                    found |= Complaint(words, BITSTREAM).columns()
                    found.pop("harmless", None)
        if thorough or (for_opencv is not None and "complaint" not in found):
            from sanitize.probe import opencv  # heavy, and rarely asked

            readers.append("opencv")
            found["decodes_opencv"] = opencv.decodes(data)
            doubted = None if found["decodes_opencv"] or "complaint" in found else for_opencv
            if doubted and (doubted == data or not opencv.decodes(doubted)):
                found |= Complaint("OpenCV does not decode it", BITSTREAM).columns()
    return found | {"decoder": decoder(*readers)}


def unsupported(found: dict[str, object], reason: str) -> dict[str, object]:
    """Return the facts of a picture that Pillow refuses for what it is, and not for any damage."""
    return {name: value for name, value in found.items() if not name.startswith("complaint")} | {"unsupported": reason}


def too_large(header: dict[str, object], max_pixels: int) -> bool:
    """Tell whether the header promises more pixels than are decoded."""
    width, height = header.get("width"), header.get("height")
    return isinstance(width, int) and isinstance(height, int) and width * height > max_pixels


def decoder(*readers: str) -> str:
    """Return names and versions of readers as the facts have them."""
    versions = decoder_versions()
    return "; ".join(f"{reader} {versions[reader]}" for reader in readers)
