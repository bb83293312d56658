"""The header of a Targa, and the footer that may end it (Truevision TGA 2.0, "File Header" and "File Footer")."""

from __future__ import annotations

import struct
from typing import NamedTuple

#: Kinds of pictures: with a palette, in colour and grey, as they are, and packed in runs.
PLAIN, PACKED = (1, 2, 3), (9, 10, 11)
#: What ends a footer, behind the offsets of two areas.
SIGNATURE = b"TRUEVISION-XFILE.\0"
FOOTER_BYTES = 8 + len(SIGNATURE)
_FIELDS = struct.Struct("<BBBHHBHHHHBB")


class Header(NamedTuple):
    """The fields of a header."""

    id_bytes: int
    map_type: int  #: 1 where there is a palette
    kind: int
    first_color: int
    colors: int  #: of the palette
    color_bits: int
    x: int
    y: int
    width: int
    height: int
    depth: int  #: bits of a pixel
    flags: int

    @property
    def start(self) -> int:
        """The first byte of the pixels."""
        colors = self.colors * ((self.color_bits + 7) // 8) if self.map_type else 0
        return _FIELDS.size + self.id_bytes + colors

    @property
    def stride(self) -> int:
        """Bytes of a row that is not packed; pixels of 15 bits take up two bytes each, as those of 16 do."""
        depth = self.depth + 7 & ~7 if self.depth > 8 else self.depth
        return (self.width * depth + 7) // 8


def read(data: bytes) -> Header | None:
    """Return the header that data begin with; None where they are too short for one. What it says may be anything."""
    return Header(*_FIELDS.unpack_from(data, 0)) if len(data) >= _FIELDS.size else None
