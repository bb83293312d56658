"""Tells rarer archives, films and documents by their structure."""

from __future__ import annotations

import re
import zlib

from sanitize.probe.payload import Check, Payload, little, words


def _lzip(data: bytes, start: int, end: int) -> Payload | None:
    """The header of an lzip member: version 1 and a size of its dictionary, 4 KiB to 512 MiB; the trailer has 20 bytes."""
    sound = data[start : start + 5] == b"LZIP\1" and start + 26 <= end and 12 <= data[start + 5] & 31 <= 29
    return Payload("lzip", start, end) if sound else None


def _cpio(data: bytes, start: int, end: int) -> Payload | None:
    """A header in the new form: 13 numbers of 8 hexadecimal digits, of which one is the length of a name."""
    if not _CPIO.match(data, start, end):
        return None
    length = int(data[start + 94 : start + 102], 16)
    first, last = start + 110, start + 109 + length
    sound = 1 < length <= 4096 and last < end and data.find(b"\0", first, last + 1) == last
    return Payload("cpio", start, end, f"`{words(data[first:last])}`") if sound else None


def _rpm(data: bytes, start: int, end: int) -> Payload | None:
    """The lead of a package: version 3 or 4, binary or source, and signatures in a header (type 5)."""
    sound = start + 96 <= end and _RPM.match(data, start) and data[start + 78 : start + 80] in (b"\0\5", b"\0\0")
    name = words(data[start + 10 : start + 76].split(b"\0")[0])
    return Payload("rpm", start, end, f"`{name}`") if sound and name else None


def _flash(data: bytes, start: int, end: int) -> Payload | None:
    """A version, a length, and what that is of: packed data, or a rectangle whose numbers have so many bits, and two more."""
    version, length = data[start + 3 : start + 4], little(data, start + 4)
    if start + 21 > end or not 0 < version[0] <= 50 or length < 21:
        return None
    if data[start] == ord("F"):
        bits, sound = data[start + 8] >> 3, start + length <= end
        return Payload("flash", start, start + length) if sound and 5 <= bits <= 25 else None
    if data[start] == ord("Z"):
        return _lzma_flash(data, start, end)
    try:
        sound = len(zlib.decompressobj().decompress(data[start + 8 : min(end, start + 8 + 4096)], 64)) > 12
    except zlib.error:
        return None
    return Payload("flash", start, end) if sound else None


def _lzma_flash(data: bytes, start: int, end: int) -> Payload | None:
    """Since version 13: a length, the usual properties of LZMA, the size of a dictionary, and a stream that begins with zero."""
    if start + 18 > end or data[start + 3] < 13 or data[start + 12] != 0x5D or data[start + 17]:
        return None
    stop, dictionary = start + 17 + little(data, start + 8), little(data, start + 13)
    sound = stop <= end and dictionary.bit_count() in (1, 2) and dictionary >= 4096
    return Payload("flash", start, stop) if sound else None


def _document(data: bytes, start: int, end: int) -> Payload | None:
    """A PostScript program or a document, behind blanks or without.

    Both begin with text, which a caption may quote: elsewhere in one they are words about them.
    """
    found = _BEGINNING.match(data, start, end)
    return (_postscript if found["postscript"] is not None else _rich_text)(data, found.end(), end) if found else None


def _postscript(data: bytes, start: int, end: int) -> Payload | None:
    """A program says of which version it is, and shows a page or says where it ends."""
    header = _POSTSCRIPT.match(data, start, end)
    ends = header is not None and any(
        data.find(word, header.end(), min(end, header.end() + _NEAR)) >= 0 for word in (b"showpage", b"%%EOF")
    )
    return Payload("postscript", start, end) if ends else None


def _dos_postscript(data: bytes, start: int, end: int) -> Payload | None:
    """A header of 30 bytes says where the program and its previews begin, and how long they are (Adobe, EPSF 3.0, 5.2)."""
    program, length = start + little(data, start + 4), little(data, start + 8)
    sound = start + 30 <= program and program + length <= end and _POSTSCRIPT.match(data, program, end)
    return Payload("postscript", start, end) if sound else None


def _rich_text(data: bytes, start: int, end: int) -> Payload | None:
    """Text alone is a caption of some programs; with an object it can hold any program."""
    is_one = _RICH_TEXT.match(data, start, end) and _OBJECT.search(data, start, min(end, start + _NEAR))
    return Payload("rtf", start, end) if is_one else None


# So many bytes behind a beginning what it announces is looked for.
_NEAR = 1 << 16
_CPIO = re.compile(rb"07070[12][0-9A-Fa-f]{104}")
_RPM = re.compile(rb"\xed\xab\xee\xdb[\3\4].\0[\0\1]", re.DOTALL)
_BEGINNING = re.compile(rb"(?:[\s\0]|\xef\xbb\xbf){0,64}(?:(?P<postscript>(?=%!PS-Adobe-))|(?=\{\\rtf))")
_POSTSCRIPT = re.compile(rb"%!PS-Adobe-[123]\.\d(?: EPSF-[123]\.\d)?[ \t]*[\r\n]")
_RICH_TEXT = re.compile(rb"\{\\rtf1?\\(?:ansi|mac|pca?|deff|adeflang)")
_OBJECT = re.compile(rb"\\obj(?:ect|data|ocx|emb|autlink)\b")

#: Magics, how far behind the beginning they stand, and who checks what is there: only where it is sound, and never raises.
MAGICS: tuple[tuple[bytes, int, Check], ...] = (
    (b"LZIP\1", 0, _lzip),
    (b"070701", 0, _cpio),
    (b"070702", 0, _cpio),
    (b"\xed\xab\xee\xdb", 0, _rpm),
    (b"CWS", 0, _flash),
    (b"FWS", 0, _flash),
    (b"ZWS", 0, _flash),
    (b"\xc5\xd0\xd3\xc6", 0, _dos_postscript),
)
#: What only counts where it begins something: its first two bytes, of which the first may be a blank, and who checks it.
AT_START: tuple[tuple[bytes, Check], ...] = (
    (b"%!", _document),
    (b"{\\", _document),
    *((bytes((blank, byte)), _document) for blank in b"\0\t\n\v\f\r \xef" for byte in range(256)),
)
