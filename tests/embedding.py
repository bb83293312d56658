"""Pictures that hold something, and what a rule says of them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from itertools import accumulate

from corrupt_samples.encode import chunk, jpeg, jpeg_segment, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, noise, png_inserted

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


def samsung_trailer(*values: bytes) -> bytes:
    """A Samsung trailer: blocks with a name and a value each, a directory of them, its length and a type."""
    blocks = [struct.pack("<HHI", 0, 0xA01, 4) + b"Note" + value for value in values]
    back = list(accumulate(map(len, reversed(blocks))))[::-1]
    entries = b"".join(
        struct.pack("<HHII", 0, 0xA01, before, len(block)) for before, block in zip(back, blocks, strict=True)
    )
    directory = b"SEFH" + struct.pack("<II", 107, len(blocks)) + entries
    return b"".join(blocks) + directory + struct.pack("<I", len(directory)) + b"SEFT"


def fotostation(value: bytes) -> bytes:
    """A record of a FotoStation trailer."""
    return value + struct.pack(">HI", 1, 10 + len(value)) + b"\xa1\xb2\xc3\xd4"


def photo_mechanic(value: bytes) -> bytes:
    """A Photo Mechanic trailer."""
    return value + struct.pack(">I", len(value)) + b"cbipcbbl"


def canon(value: bytes) -> bytes:
    """A Canon VRD trailer."""
    name = b"CANON OPTIONAL DATA\0"
    return name + bytes(8) + value + name + struct.pack(">I", len(value)) + bytes(40)


def iptc(*values: bytes) -> bytes:
    """IPTC records, which are captions."""
    return b"".join(b"\x1c\2\x78" + struct.pack(">H", len(value)) + value for value in values)


def resource(number: int, content: bytes) -> bytes:
    """An image resource of Photoshop, without a name."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + bytes(len(content) % 2)


def behind_and_in_comments(forms: Mapping[str, tuple[bytes, str]]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return files that hold contents behind a JPEG, behind zeros that follow a PNG and in a comment, and what is told of each.

    `forms` gives each content and what it is called by its name.
    """
    files, told = {}, {}
    for name, (content, kind) in forms.items():
        files |= {
            f"{name}.jpg": jpeg(photo("a")) + content + noise("after", 300),
            f"{name}.png": png(photo("a")) + bytes(7) + content,
            f"{name} comment.jpg": with_segment(COM, content),
        }
        told |= {
            f"{name}.jpg": f"{kind} after the end of the JPEG",
            f"{name}.png": f"{kind} after the end of the PNG",
            f"{name} comment.jpg": f"{kind} in the comment of the JPEG",
        }
    return files, told
