"""Tells archives and disks that are seldom met, and compiled Lua, by their structure."""

from __future__ import annotations

import struct
import zlib

from sanitize.probe.payload import Check, Payload, little, words


def _arj(data: bytes, start: int, end: int) -> Payload | None:
    """The main header: its size, and behind it its checksum (ARJ's technical notes)."""
    size = int.from_bytes(data[start + 2 : start + 4], "little")
    header = data[start + 4 : start + 4 + size]
    sound = (
        data[start : start + 2] == b"\x60\xea"
        and 30 <= size <= 2600
        and start + 8 + size <= end
        and header[6] == 2  # the kind of a main header
        and zlib.crc32(header) == little(data, start + 4 + size)
    )
    return Payload("arj", start, end) if sound else None


def _lha(data: bytes, start: int, end: int) -> Payload | None:
    """The header of a file: its size, the sum of its bytes, a method, sizes, and the length of its name (levels 0 and 1)."""
    header = data[start + 2 : start + 2 + data[start]] if start < end else b""
    if len(header) < 22 or start + 2 + len(header) > end or header[:5] not in _LHA_METHODS or header[18] > 1:
        return None
    name = header[20 : 20 + header[19]]
    sound = sum(header) & 255 == data[start + 1] and 0 < len(name) == header[19] and all(byte >= 32 for byte in name)
    return Payload("lha", start, end, f"`{words(name)}`") if sound else None


_LHA_METHODS = frozenset(b"-lh%c-" % kind for kind in b"01234567d") | {b"-lzs-", b"-lz4-", b"-lz5-"}


def _xar(data: bytes, start: int, end: int) -> Payload | None:
    """A header of 28 bytes and more, version 1, and a table that is compressed with zlib."""
    size, version = struct.unpack(">HH", data[start + 4 : start + 8].ljust(4, b"\0"))
    sound = data[start : start + 4] == b"xar!" and 28 <= size <= 64 and version == 1
    return Payload("xar", start, end) if sound and data[start + size : start + size + 1] == b"\x78" else None


def _windows_image(data: bytes, start: int, end: int) -> Payload | None:
    sound = data[start : start + 8] == b"MSWIM\0\0\0" and little(data, start + 8) == 208 and start + 208 <= end
    return Payload("wim", start, end) if sound else None


def _squashfs(data: bytes, start: int, end: int) -> Payload | None:
    """The first block of version 4, where the size of blocks is written twice."""
    if data[start : start + 4] != b"hsqs" or start + 96 > end:
        return None
    size, _fragments, compression, power, _flags, _ids, major, minor = struct.unpack_from("<IIHHHHHH", data, start + 12)
    sound = (major, minor) == (4, 0) and 12 <= power <= 20 and size == 1 << power and 1 <= compression <= 6
    return Payload("squashfs", start, end) if sound else None


def _lua(data: bytes, start: int, end: int) -> Payload | None:
    """The header of code that `luac` has compiled: since version 5.2 with bytes that a transfer as text would change."""
    version, rest = data[start + 4 : start + 5], data[start + 5 : start + 18]
    mended = rest[1:7] == _LUA_DATA or rest[7:13] == _LUA_DATA
    sound = rest[:1] == b"\0" and (rest[1:4] == b"\1\4\4" or rest[1:4] == b"\1\4\x08" if version == b"Q" else mended)
    return Payload("lua", start, end) if data[start : start + 4] == b"\x1bLua" and sound and start + 18 <= end else None


# Version 5.2 has it behind six sizes, later ones before.
_LUA_DATA = b"\x19\x93\r\n\x1a\n"

#: Magics, how far behind the beginning they stand, and who checks what is there: only where it is sound, and never raises.
MAGICS: tuple[tuple[bytes, int, Check], ...] = (
    (b"-lh", 2, _lha),
    (b"-lz", 2, _lha),
    (b"xar!", 0, _xar),
    (b"MSWIM\0\0\0", 0, _windows_image),
    (b"hsqs", 0, _squashfs),
    (b"\x1bLua", 0, _lua),
)
#: What has too short a magic to be looked for everywhere: its first two bytes, and who checks it.
AT_START: tuple[tuple[bytes, Check], ...] = ((b"\x60\xea", _arj),)
