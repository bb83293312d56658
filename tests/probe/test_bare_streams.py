"""Which archives of one stream and compiled modules are told by a short header, and which bytes only begin like them."""

from __future__ import annotations

import importlib.util
import lzma
import marshal
import random
import struct
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import noise
from sanitize.probe import magics
from tests.embedding import COM, places, with_segment

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"
TEXT = b"nothing to see here\n" * 9
CODE = marshal.dumps(compile("print()", "a.py", "exec"))
# The beginning of a code object before Python 3.8 and of version 2: no arguments, no names.
OLDER = b"c" + bytes(8) + b"\2\0\0\0@\0\0\0s" + bytes(20)


def compressed(data: bytes) -> bytes:
    """What `compress` writes for a few bytes: codes of nine bits."""
    known = {bytes([value]): value for value in range(256)}
    codes, word = list[int](), b""
    for place in range(len(data)):
        longer = word + data[place : place + 1]
        if longer in known:
            word = longer
        else:
            codes.append(known[word])
            known[longer], word = len(known) + 1, longer[-1:]
    bits = sum(code << 9 * number for number, code in enumerate([*codes, known[word]]))
    return b"\x1f\x9d\x90" + bits.to_bytes((9 * len(codes) + 16) // 8, "little")


STREAMS = {
    "compress": (compressed(TEXT), "an archive of `compress`"),
    "lzma": (lzma.compress(TEXT, lzma.FORMAT_ALONE), "an LZMA archive"),
    "lzma of known size": (
        lzma.compress(TEXT, lzma.FORMAT_ALONE)[:5]
        + struct.pack("<Q", len(TEXT))
        + lzma.compress(TEXT, lzma.FORMAT_ALONE)[13:],
        "an LZMA archive",
    ),
    "module": (importlib.util.MAGIC_NUMBER + bytes(12) + CODE, "a compiled Python module"),
    "module with a checksum": (
        importlib.util.MAGIC_NUMBER + b"\1\0\0\0" + bytes(range(8)) + CODE,
        "a compiled Python module",
    ),
    "module of 3.6": (struct.pack("<H", 3379) + b"\r\n" + bytes(8) + OLDER, "a compiled Python module"),
    "module of 2.7": (struct.pack("<H", 62211) + b"\r\n" + bytes(4) + OLDER, "a compiled Python module"),
}


def test_finds_them_behind_the_end_and_in_comments(fired: Fired) -> None:
    files, told = {}, {}
    for name, (content, kind) in STREAMS.items():
        files |= {
            f"{name}.png": png(photo("a")) + content,
            f"{name} comment.jpg": with_segment(COM, content),
            f"{name} within.jpg": jpeg(photo("a")) + noise("before", 40) + content,
        }
        told |= {
            f"{name}.png": f"{kind} after the end of the PNG",
            f"{name} comment.jpg": f"{kind} in the comment of the JPEG",
        }
    assert places(fired(RULE, files)) == told


@pytest.mark.parametrize("name", STREAMS)
def test_random_bytes_behind_their_first_ones_are_none(name: str) -> None:
    chance = random.Random(name)
    content, _kind = STREAMS[name]
    for _ in range(2000):
        data = content[:3] + chance.randbytes(chance.randrange(300))
        assert magics.at(data, 0, len(data)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x5d\0\0\1" + bytes(300),
        b"\x5d\0\0\1\0" + struct.pack("<60I", *range(60)),
        struct.pack("<60H", *([0x5D, 0x100] + [0] * 58)),
        struct.pack("<60I", 0x5D, 1, *[0] * 58),
        b"\x1f\x9d\x90" + bytes(10),
        importlib.util.MAGIC_NUMBER + bytes(40),
    ],
)
def test_numbers_and_zeros_are_none(data: bytes) -> None:
    assert magics.at(data, 0, len(data)) is None


def test_cut_ones_are_none_or_all_there_is() -> None:
    for content, _kind in STREAMS.values():
        for length in range(len(content)):
            found = magics.at(content[:length], 0, length)
            assert found is None or (found.start, found.end) == (0, length)
