"""Which rarer archives, films and documents are told behind a picture, and which bytes only begin like them."""

from __future__ import annotations

import bz2
import random
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import noise
from sanitize.probe import rarer_forms
from tests.embedding import COM, behind_and_in_comments, in_comments, places, with_chunk, with_segment

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"
NOISE = noise("after", 300)
TEXT = b"nothing to see here\n" * 9
PROGRAM = b"%!PS-Adobe-3.0 EPSF-3.0\n/x 1 def\nshowpage\n"
DOCUMENT = b"{\\rtf1\\ansi hello {\\object\\objemb{\\*\\objdata 0105}}}"


def flash(packed: bytes) -> bytes:
    body = b"\x78\0\5\x5f\0\0\x0f\xa0\0\0\x0c\1\0" + bytes(40)
    held = zlib.compress(body) if packed == b"C" else body
    return packed + b"WS\x0a" + struct.pack("<I", 8 + len(body)) + held


FORMS = {
    "lzip": (b"LZIP\1\x0c" + NOISE, "an lzip archive"),
    "cpio": (b"070701" + b"0" * 88 + b"00000002" + b"0" * 8 + b"a\0" + TEXT, "a cpio archive"),
    "rpm": (b"\xed\xab\xee\xdb\3\0\0\0\0\1note-1.0".ljust(78, b"\0") + b"\0\5" + bytes(16), "an RPM package"),
    "flash": (flash(b"F"), "a Flash film"),
    "packed flash": (flash(b"C"), "a Flash film"),
    "postscript": (PROGRAM, "a PostScript program"),
    "rtf": (DOCUMENT, "an RTF document that holds an object"),
    "dos postscript": (
        b"\xc5\xd0\xd3\xc6" + struct.pack("<6IH", 30, len(PROGRAM), 0, 0, 0, 0, 0xFFFF) + PROGRAM,
        "a PostScript program",
    ),
}


def test_finds_them_behind_the_end_and_in_comments(fired: Fired) -> None:
    files, told = behind_and_in_comments(FORMS)
    assert places(fired(RULE, files)) == told


@pytest.mark.parametrize(("content", "kind"), [(PROGRAM, "postscript"), (DOCUMENT, "rtf")])
def test_documents_are_told_where_they_begin_what_holds_them(fired: Fired, content: bytes, kind: str) -> None:
    held = {
        "blanks.jpg": with_segment(COM, b" \r\n" + content),
        "behind.jpg": jpeg(photo("a")) + b"\r\n\r\n" + content,
        "text.png": with_chunk(b"tEXt", b"Comment\0" + content),
        "packed.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(content)),
        "segment.jpg": with_segment(0xE4, b"NAME\0" + content),
    }
    assert {name: FORMS[kind][1] in message for name, (_error, message) in fired(RULE, held).items()} == dict.fromkeys(
        held, True
    )


@pytest.mark.parametrize("content", [PROGRAM, DOCUMENT])
def test_texts_that_quote_documents_are_captions(fired: Fired, content: bytes) -> None:
    quoted = b"converted from a file that begins with " + content + b"%%EOF\nand ends so"
    quoting = {
        "a.jpg": with_segment(COM, quoted),
        "a.png": with_chunk(b"tEXt", b"Comment\0" + quoted),
        "packed.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(quoted)),
        "behind.jpg": jpeg(photo("a")) + quoted,
    }
    assert fired(RULE, quoting) == {}


def test_words_about_them_are_captions(fired: Fired) -> None:
    told = [
        b"BZh91AY&SY",
        b"BZh91AY&SY is how bzip2 archives begin, said the poster on the wall of the room",
        b"BZh91AY&SY" + bytes(30),
        b"LZIP\1",
        b"070701 is how cpio archives begin",
        b"FWS and CWS are what films begin with, as is told on this slide",
        b"%!PS-Adobe-3.0 on a mug",
        b"{\\rtf1\\ansi\\deff0 A caption as \\b some\\b0  programs write it}",
        b"%!PS-Adobe-3.0\n",
    ]
    assert fired(RULE, in_comments(told)) == {}


def test_bzip2_is_told_whole_and_cut(fired: Fired) -> None:
    whole = {"few": bz2.compress(b"a"), "none": bz2.compress(b""), "much": bz2.compress(noise("much", 9000))}
    files = {f"{name}.jpg": jpeg(photo("a")) + data for name, data in whole.items()}
    files["cut.jpg"] = jpeg(photo("a")) + whole["much"][:2000]
    assert fired(RULE, files).keys() == files.keys()


def test_damaged_and_random_bytes_are_none_and_never_raise() -> None:
    chance = random.Random(1)
    checks = [(magic, check) for magic, _offset, check in rarer_forms.MAGICS]
    checks += rarer_forms.AT_START[:2]
    for magic, check in checks:
        for _ in range(300):
            data = magic + chance.randbytes(chance.randrange(200))
            assert check(data, 0, len(data)) is None or magic == b"LZIP\1"
    for content, _kind in FORMS.values():
        for length in range(len(content)):
            for _magic, check in checks:
                check(content[:length], 0, length)
