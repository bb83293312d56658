"""Which archives, disks and programs that are seldom met are told behind a picture, and which bytes only begin like them."""

from __future__ import annotations

import lzma
import random
import struct
import zlib
from typing import TYPE_CHECKING

from corrupt_samples.payloads import cabinet
from corrupt_samples.surgery import noise
from sanitize.probe import magics
from tests.embedding import behind_and_in_comments, in_comments, places

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"
NOISE = noise("after", 300)


def arj() -> bytes:
    header = bytes((30, 11, 1, 0, 0, 0, 2)) + bytes(23) + b"note\0\0"
    return b"\x60\xea" + struct.pack("<H", len(header)) + header + struct.pack("<I", zlib.crc32(header)) + bytes(2)


def lha(method: bytes = b"-lh0-") -> bytes:
    header = method + struct.pack("<IIIBB", 4, 4, 0, 0x20, 0) + b"\x08note.txt\0\0"
    return bytes((len(header), sum(header) & 255)) + header + b"note\0"


def old_program(kind: bytes) -> bytes:
    header = (b"MZ" + bytes(58) + struct.pack("<I", 64) + kind).ljust(192, b"\0")
    return header[:74] + b"\2" + header[75:118] + b"\2" + header[119:]


def film() -> bytes:
    packed = lzma.compress(b"nothing to see here\n" * 9, lzma.FORMAT_ALONE)
    return b"ZWS\x0d" + struct.pack("<II", 188, len(packed) - 13) + packed[:5] + packed[13:]


FORMS = {
    "arj": (arj(), "an ARJ archive"),
    "lha": (lha(), "an LHA archive"),
    "xar": (b"xar!" + struct.pack(">HHQQI", 28, 1, 20, 40, 1) + zlib.compress(b"<xar/>"), "a XAR archive"),
    "wim": (b"MSWIM\0\0\0" + struct.pack("<I", 208) + bytes(200), "a Windows disk image (WIM)"),
    "squashfs": (
        b"hsqs" + struct.pack("<IIIIHHHHHH", 1, 0, 1 << 17, 0, 1, 17, 0, 1, 4, 0) + bytes(72),
        "a SquashFS file system",
    ),
    "lua 5.1": (b"\x1bLuaQ\0\1\4\x08\4\x08\0" + bytes(20), "compiled Lua code"),
    "lua 5.2": (b"\x1bLuaR\0\1\4\x08\4\x08\0\x19\x93\r\n\x1a\n" + bytes(20), "compiled Lua code"),
    "lua 5.4": (b"\x1bLuaT\0\x19\x93\r\n\x1a\n\4\x08\x08" + bytes(20), "compiled Lua code"),
    "NE": (old_program(b"NE"), "a Windows program"),
    "LE": (old_program(b"LE"), "a Windows program"),
    "film": (film(), "a Flash film"),
    "cabinet": (cabinet(), "a Windows cabinet"),
}


def test_finds_them_behind_the_end_and_in_comments(fired: Fired) -> None:
    files, told = behind_and_in_comments(FORMS)
    assert places(fired(RULE, files)) == told


def test_words_about_them_are_captions(fired: Fired) -> None:
    told = [
        b"# -lh5- is what LHA archives say at their third byte, and -lz4- what LArc's do",
        b"xar! said the poster on the wall, and nothing else was to be read there",
        b"MSWIM is the magic of Windows' disk images, hsqs that of SquashFS",
        b"MZ: NE and LE are kinds of programs for Windows, as is told on this slide",
        b"ZWS, CWS and FWS are what films begin with, as is told on this slide",
    ]
    assert fired(RULE, in_comments(told)) == {}


def test_damaged_and_random_bytes_are_none_and_never_raise() -> None:
    chance = random.Random(1)
    for content, _kind in FORMS.values():
        for _ in range(200):
            data = content[:4] + chance.randbytes(chance.randrange(300))
            assert magics.at(data, 0, len(data)) is None
        for length in range(len(content)):
            magics.at(content[:length], 0, length)
            magics.search(content[:length] * 3, 0, 3 * length)
