"""The facts of a PNG, from its own chunks; other readers are asked only where something is odd."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from sanitize.probe import DETAIL, PICTURE, decoder_versions, exif, icc, png_chunks, png_frames, png_rows, seen
from sanitize.probe.complaint import BITSTREAM, CHECKSUM, ENDED_EARLY, Complaint
from sanitize.probe.png_chunks import Chunk, Chunks

if TYPE_CHECKING:
    from PIL import Image

# Pillow's modes by bits and colour type.
_MODES = {
    (1, 0): "1",
    (2, 0): "L",
    (4, 0): "L",
    (8, 0): "L",
    (16, 0): "I;16",
    (8, 2): "RGB",
    (16, 2): "RGB",
    (1, 3): "P",
    (2, 3): "P",
    (4, 3): "P",
    (8, 3): "P",
    (8, 4): "LA",
    (16, 4): "RGBA",
    (8, 6): "RGBA",
    (16, 6): "RGBA",
}
_RGB, _PALETTE = 2, 3
# Sizes that Pillow's readers of these chunks insist on.
_SIZES = {b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"pHYs": 9}
# Compressed texts and profiles: Pillow refuses what unpacks to more.
_MOST_TEXT = 1 << 20
_MOST_TEXTS = 32 << 20
# libpng, and so OpenCV, refuses longer sides.
_LONGEST_SIDE = 1_000_000


class Header(NamedTuple):
    """What IHDR says."""

    width: int
    height: int
    bits: int
    color: int
    interlaced: bool


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a PNG."""
    header = _header(data)
    if header is None:
        return _ask(data, {}, None, max_pixels=max_pixels, thorough=thorough)
    if header.width * header.height > max_pixels:
        return _describe(header, data, ()) | {"decoder": _decoder()}
    chunks = png_chunks.walk(data)
    found = _describe(header, data, chunks.items)
    if chunks.harmless:
        found["harmless"] = chunks.harmless
    complaint, lost, rest = _pixels(data, header, chunks)
    found |= lost
    entries = _entries(chunks) if header.color == _PALETTE else None
    if complaint is None and entries == 0:
        complaint = Complaint("the pixels point to a palette, and there is none before them", BITSTREAM)
    if complaint is None and rest:
        found["harmless"] = _joined(chunks.harmless, rest)
    # Only of a palette that is shorter than its bits allow can a pixel point beyond it.
    short = entries if entries is not None and entries < 1 << header.bits else None
    if complaint or "harmless" in found or thorough or short is not None or not _ordinary(data, header, chunks):
        return _ask(data, found, complaint, max_pixels=max_pixels, thorough=thorough, entries=short)
    found |= {"decodes": True, "decodes_truncated": True, "plain": _may_be_plain(found, header, chunks)}
    found["decoder"] = _decoder()
    return found


def _header(data: bytes) -> Header | None:
    """Return the header; None where there is none that Pillow would read too."""
    if data[:8] != png_chunks.SIGNATURE or data[8:16] != b"\0\0\0\x0dIHDR" or len(data) < 33:
        return None
    width, height, bits, color, packing, filters, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    if (bits, color) not in _MODES or packing or filters or interlaced > 1 or not (0 < width < 1 << 31 > height > 0):
        return None
    return Header(width, height, bits, color, bool(interlaced))


def _describe(header: Header, data: bytes, items: tuple[Chunk, ...]) -> dict[str, object]:
    """Return the columns that header and small chunks give."""
    found: dict[str, object] = {
        "width": header.width,
        "height": header.height,
        "mode": _MODES[header.bits, header.color],
        "bits": header.bits,
        "palette": header.color == _PALETTE,
        "alpha": header.color in (4, 6),
        "frames": 1,
        "orientation": 1,
    }
    for chunk in items:
        if chunk.kind == b"IDAT":
            continue
        content = data[chunk.start : chunk.end]
        if chunk.kind == b"tRNS" and header.color in (0, _RGB):
            found["alpha"] = True
        elif chunk.kind == b"tRNS" and header.color == _PALETTE:
            found["alpha"] = any(entry < 255 for entry in content)
        elif chunk.kind == b"acTL" and len(content) >= 4:
            found["frames"] = max(1, int.from_bytes(content[:4], "big"))
        elif chunk.kind == b"eXIf":
            found["orientation"] = exif.orientation(content)
        elif chunk.kind == b"iCCP" and "profile" not in found:
            found["profile"] = icc.describe(_unpacked(content.partition(b"\0")[2][1:]) or b"")
        elif chunk.kind == b"sRGB":
            found["profile"] = found.get("profile", icc.SRGB)
    return found


def _pixels(data: bytes, header: Header, chunks: Chunks) -> tuple[Complaint | None, dict[str, object], str | None]:
    """Unpack the pixels: what is wrong with them, how much came out, and what is odd but costs nothing."""
    wanted = png_rows.layout(header.width, header.height, header.bits, header.color, interlaced=header.interlaced)
    view = memoryview(data)
    rows = png_rows.unpack([view[chunk.start : chunk.end] for chunk in chunks.items if chunk.kind == b"IDAT"], wanted)
    lost: dict[str, object] = {}
    row = png_rows.first_lost(rows, wanted)
    if row is not None:
        lost = {"lost_from_row": row, "survives": rows.bytes / wanted.total}
    elif chunks.complaint is not None and chunks.complaint.kind != CHECKSUM:
        lost = {"survives": 1.0}
    if chunks.complaint is not None:
        return chunks.complaint, lost, None
    if row is not None and rows.error is None:
        return Complaint(f"the pixels end in row {row} of {header.height}", ENDED_EARLY), lost, None
    if row is not None:
        return Complaint(f"the pixels cannot be unpacked from row {row} on: {rows.error}", BITSTREAM), lost, None
    complaint = png_frames.damage(
        data, chunks, header.width, header.height, header.bits, header.color, interlaced=header.interlaced
    )
    odd = rows.error or ("more pixels than the header says" if rows.more else None)
    return complaint, lost, odd or (None if rows.finished else "the compressed pixels have no end")


def _entries(chunks: Chunks) -> int:
    """Return how many colours the palette has that stands before the pixels; 0 without one."""
    for chunk in chunks.items:
        if chunk.kind == b"IDAT":
            break
        if chunk.kind == b"PLTE":
            return (chunk.end - chunk.start) // 3
    return 0


def _ordinary(data: bytes, header: Header, chunks: Chunks) -> bool:
    """Tell whether Pillow is certain to open and load a PNG whose pixels are complete, so that it need not be asked."""
    kinds = [chunk.kind for chunk in chunks.items]
    if kinds.count(b"IHDR") != 1 or not chunks.ended or (header.color == _PALETTE) != (b"PLTE" in kinds):
        return header.color in (2, 6) and kinds.count(b"IHDR") == 1 and chunks.ended and not _odd(data, header, chunks)
    return not _odd(data, header, chunks)


def _odd(data: bytes, header: Header, chunks: Chunks) -> bool:
    """Tell whether a chunk is one that Pillow may stumble over."""
    kinds = [chunk.kind for chunk in chunks.items]
    first = kinds.index(b"IDAT")
    if kinds[first : first + kinds.count(b"IDAT")] != [b"IDAT"] * kinds.count(b"IDAT"):
        return True
    unpacked = 0
    for chunk in chunks.items:
        length = chunk.end - chunk.start
        if chunk.kind in _SIZES and length != _SIZES[chunk.kind]:
            return True
        if chunk.kind == b"tRNS" and length < {0: 2, 2: 6}.get(header.color, 0):
            return True
        if chunk.kind in (b"acTL", b"fcTL", b"fdAT", b"DDAT", b"IDOT"):
            return True
        if chunk.kind in (b"zTXt", b"iTXt", b"iCCP", b"tEXt") and length > _MOST_TEXT:
            return True
        if chunk.kind in (b"zTXt", b"iCCP") or (chunk.kind == b"iTXt" and length > 1000):
            content = data[chunk.start : chunk.end].partition(b"\0")[2]
            text = _unpacked(content[1:]) if content[:1] == b"\0" else None
            unpacked += len(text or b"")
            if text is None or unpacked > _MOST_TEXTS:
                return True
    return len(data) > _MOST_TEXTS and any(kind in (b"tEXt", b"zTXt", b"iTXt") for kind in kinds)


def _unpacked(packed: bytes) -> bytes | None:
    """Unpack a text or profile as Pillow does; None where that is too large."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, _MOST_TEXT)
    except zlib.error:
        return b""
    return None if inflater.unconsumed_tail else content


def _may_be_plain(found: dict[str, object], header: Header, chunks: Chunks) -> bool:
    return (
        header.color == _RGB
        and header.bits == 8
        and found["orientation"] == 1
        and max(header.width, header.height) <= _LONGEST_SIDE
        and not any(chunk.kind in (b"tRNS", b"acTL") for chunk in chunks.items)
    )


def _ask(
    data: bytes,
    found: dict[str, object],
    complaint: Complaint | None,
    *,
    max_pixels: int,
    thorough: bool,
    entries: int | None = None,
) -> dict[str, object]:
    """Add what Pillow, and where it matters OpenCV, say of a PNG that is not ordinary.

    `entries` are those of a palette beyond which pixels may point.
    """
    from sanitize.probe import pillow  # heavy, and rarely needed for a PNG

    answer, answers = pillow.both(data, "png", max_pixels=max_pixels, ask_twice=thorough or complaint is not None)
    if answer.image is not None and "width" not in found:
        found = pillow.describe(answer.image) | {"frames": pillow.frames(answer.image)} | found
    found = found | {"decoder": _decoder("pillow")}
    if answer.too_large:
        return found
    if complaint is None and entries is not None and answer.loads and answer.image is not None:
        beyond = _beyond(answer.image, entries)
        if beyond:
            found["harmless"] = _joined(found.get("harmless"), beyond)
        # It is decoded already, which the rules that look at pictures need not do again.
        sides = seen.SHORTER_SIDE, seen.detail_side(min(answer.image.size))
        found[PICTURE], found[DETAIL] = seen.reduced(answer.image, data, *sides)
    found |= answers | pillow.complaint(answers) | (complaint.columns() if complaint else {})
    if found.get("complaint"):
        found.pop("harmless", None)
    elif answer.loads and answer.warnings:
        found["harmless"] = _joined(found.get("harmless"), *answer.warnings)
    found["plain"] = False
    # OpenCV takes the memory that a damaged chunk says it needs.
    could = (
        found.get("mode") == "RGB"
        and found.get("bits") == 8
        and not found.get("alpha")
        and found.get("frames") == 1
        and not found.get("complaint")
    )
    if thorough or (could and found["decodes"] and not answer.warnings and found.get("orientation") == 1):
        from sanitize.probe import opencv  # heavy, and rarely needed for a PNG

        picture = opencv.unchanged(data)
        found["decoder"] = _decoder("pillow", "opencv")
        if thorough:
            found["decodes_opencv"] = picture is not None
        same = picture == ((found.get("height"), found.get("width"), 3), "uint8")
        found["plain"] = bool(could and same and found["decodes"] and not answer.warnings and found["orientation"] == 1)
    return found


def _beyond(image: Image.Image, entries: int) -> str | None:
    """Say that pixels of a loaded picture point beyond its palette.

    Decoders make up different colours for them, and libpng warns. It is no loss: masks have an index for what is no class, and
    are read by their indices.
    """
    count = sum(image.histogram()[entries:]) if image.mode == "P" else 0
    if not count:
        return None
    return f"{count} of {image.width * image.height} pixels point beyond the palette of {entries} colours"


def _joined(*complaints: object) -> str:
    """Return the complaints that there are as the column `harmless` holds them."""
    return "; ".join(str(complaint) for complaint in complaints if complaint)


def _decoder(*readers: str) -> str:
    versions = decoder_versions()
    return "; ".join(f"{reader} {versions[reader]}" for reader in ("zlib", *readers))
