"""Why a damaged file is refused, in words about the file."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib

import pytest
from PIL import Image

from sanitize.probe.plain_words import plain
from tests.probed import probe_bytes

PROGRAM = re.compile(
    r"unpack|index out of range|literal for int|string to float|\bb'|decoder object|Plugin|overrun|deprecated|codec can't"
)


def saved(kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        Image.radial_gradient("L").resize((40, 30)).convert(mode).save(out, kind)
    return out.getvalue()


def reasons(data: bytes) -> list[str]:
    found = probe_bytes(data)
    names = ("complaint", "decode_message", "decode_truncated_message", "unsupported", "harmless")
    return [str(found[name]) for name in names if name in found]


@pytest.mark.parametrize("kind", ["GIF", "ICNS", "ICO", "IM", "JPEG", "JPEG2000", "PCX", "PNG", "SGI", "TIFF", "WEBP"])
def test_no_cut_is_explained_in_the_words_of_a_program(kind: str) -> None:
    data = saved(kind)
    said = [words for size in range(1, min(len(data), 400)) for words in reasons(data[:size])]
    assert said
    assert not [words for words in said if PROGRAM.search(words)]


def test_a_header_that_ends_early_is_said_to() -> None:
    assert probe_bytes(saved("GIF")[:8])["complaint"] == (
        "cannot identify image file: the header, or a part of it, ends early"
    )


@pytest.mark.parametrize("size", [b":0", b"4\xff"])
def test_a_number_that_is_none_is_said_to_be_unreadable(size: bytes) -> None:
    data = b"P5\n40 30\n" + size + b"\n" + bytes(1200)
    assert probe_bytes(data)["complaint"] == "a number in the header cannot be read"


def test_a_number_without_an_end_is_said_to_be_too_long() -> None:
    assert probe_bytes(b"P5\n40 30\n" + b"\xff" * 1200)["complaint"] == "a number in the header is too long"


def test_rows_that_are_too_long_are_said_to_be() -> None:
    data = bytearray(saved("PCX", "L"))
    data[128:] = b"\xff\x07" * 1200
    assert probe_bytes(bytes(data))["complaint"] == "the coded pixels reach beyond a row or the picture"


def test_a_text_that_unpacks_to_too_much_is_said_to() -> None:
    body = b"Comment\0\0" + zlib.compress(bytes(3 << 20))
    text = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    data = saved("PNG")
    assert "a compressed text or profile unpacks to more than is allowed" in reasons(data[:33] + text + data[33:])


def test_a_reader_that_is_to_go_is_no_reason() -> None:
    data = saved("IM")
    assert probe_bytes(data)["decodes"] is True
    assert not reasons(data)
    assert probe_bytes(data[:100])["complaint"] == "cannot identify image file: File truncated"


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("tuple index out of range", "the header, or a part of it, ends early"),
        ("not enough values to unpack (expected 2, got 1)", "the header, or a part of it, ends early"),
        ("integer division or modulo by zero", "a number in the header is zero"),
        ("Python int too large to convert to C long", "a number in the header is out of range"),
        ("'NoneType' object is not subscriptable", "a part that the picture needs is missing"),
        ("unsupported operand type(s) for +: 'int' and 'NoneType'", "a part that the picture needs is missing"),
        ("129", "the header has a value that is not known (129)"),
        ("decoder error -2", "the coded pixels cannot be decoded"),
        ("AssertionError", "no reason given"),
        ("b'Invalid token for this mode: 7'", "Invalid token for this mode: 7"),
        ("broken PNG file (bad header checksum in b'IHDR')", "broken PNG file (bad header checksum in 'IHDR')"),
    ],
)
def test_words_of_python_are_said_of_the_file(words: str, meaning: str) -> None:
    assert plain(words) == meaning
    assert plain(meaning) == meaning


@pytest.mark.parametrize(
    "words",
    [
        "image file is truncated (7 bytes not processed)",
        "broken data stream when reading image file",
        "Unsupported BMP header type (7)",
        "tag 129 has too many entries",
        "not enough image data",
    ],
)
def test_words_about_the_file_stay(words: str) -> None:
    assert plain(words) == words
