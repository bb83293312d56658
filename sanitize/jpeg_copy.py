"""How a JPEG becomes another JPEG that loses as little as possible."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from sanitize.probe.jpeg_segments import NEXT, SCAN_END

_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE
_APP0, _APP15 = 0xE0, 0xEF
#: What a decoder needs of the application segments: JFIF, the colour profile, and Adobe's word on the colour space.
_KEPT = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_TURNED = (5, 6, 7, 8)  # orientations that swap rows and columns


def without_metadata(data: bytes) -> bytes:
    """Return the JPEG up to its end marker, bit for bit, without metadata and stray bytes.

    Raises ValueError where it cannot be walked through.
    """
    if data[:2] != b"\xff\xd8":
        raise ValueError("no start marker")
    pieces = [data[:2]]
    at, scanning = 2, False
    while True:
        found = (SCAN_END if scanning else NEXT).search(data, at)
        if not found:
            raise ValueError("no end marker")
        if scanning:
            pieces.append(data[at : found.start()].rstrip(b"\xff"))
        marker, begin = found[0][1], found.end()
        if marker == _EOI:
            return b"".join([*pieces, b"\xff\xd9"])
        end = begin + int.from_bytes(data[begin : begin + 2], "big")
        if end < begin + 2 or end > len(data):
            raise ValueError("a segment ends beyond the file")
        if _is_needed(marker, data[begin + 2 : begin + 16]):
            pieces.append(b"\xff" + data[begin - 1 : end])
        at, scanning = end, marker == _SOS


def encoding(image: Image.Image, orientation: int) -> dict[str, object] | None:
    """Return Pillow's options to encode a turned picture of a JPEG with the JPEG's own tables; None where it has none.

    The tables are transposed where the picture is. Pillow cannot write 4:4:0 and rarer subsamplings: they become the
    next one that loses nothing.
    """
    layers: Sequence[tuple[int, int, int, int]] = getattr(image, "layer", ())
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    if len(layers) not in (1, 3) or any(layer[3] not in tables for layer in layers):
        return None
    turned = orientation in _TURNED
    own = [_transposed(tables[layer[3]]) if turned else list(tables[layer[3]]) for layer in layers]
    if len(own) == 3 and own[1] == own[2]:
        own.pop()
    if len(own) == 2 and own[0] == own[1]:
        own.pop()
    options: dict[str, object] = {"format": "JPEG", "qtables": own, "subsampling": _subsampling(layers, turned=turned)}
    if len(layers) == 3 and (image.info.get("adobe_transform") == 0 or bytes(layer[0] for layer in layers) == b"RGB"):
        options["keep_rgb"] = True
        options["subsampling"] = 0
    return options


def _is_needed(marker: int, head: bytes) -> bool:
    if marker == _COM:
        return False
    if _APP0 <= marker <= _APP15:
        return any(marker == kept and head.startswith(name) for kept, name in _KEPT)
    return True


def _transposed(table: Sequence[int]) -> list[int]:
    return [table[8 * column + row] for row in range(8) for column in range(8)]


def _subsampling(layers: Sequence[tuple[int, int, int, int]], *, turned: bool) -> int:
    """Return Pillow's number: 0 for 4:4:4, 1 for 4:2:2, 2 for 4:2:0."""
    if len(layers) == 1:
        return 2  # the colour planes are empty
    across = layers[0][1] // max(layer[1] for layer in layers[1:])
    down = layers[0][2] // max(layer[2] for layer in layers[1:])
    if turned:
        across, down = down, across
    if across >= 2:
        return 2 if down >= 2 else 1
    return 0
