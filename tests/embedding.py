"""Pictures that hold something, and what a rule says of them."""

from __future__ import annotations

from collections.abc import Iterable

from corrupt_samples.encode import chunk, jpeg, jpeg_segment, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, png_inserted

APP0, APP1, APP2, APP13, COM, DQT = 0xE0, 0xE1, 0xE2, 0xED, 0xFE, 0xDB
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def with_segment(marker: int, content: bytes, seed: str = "a") -> bytes:
    return jpeg_inserted(jpeg(photo(seed)), DQT, jpeg_segment(marker, content))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    return png_inserted(png(photo("a")), b"IDAT", chunk(kind, content))


def in_comments(texts: Iterable[bytes]) -> dict[str, bytes]:
    """JPEGs that hold one of some texts each in their comment."""
    return {f"{number}.jpg": jpeg(photo("a"), comment=text) for number, text in enumerate(texts)}


def places(found: dict[str, tuple[str, str]]) -> dict[str, str]:
    """What is said of the kind and the place, without bytes and details."""
    return {path: message.partition(":")[0] for path, (_severity, message) in found.items()}
