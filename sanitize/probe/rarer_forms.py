"""Tells rarer archives, films and documents by their structure, and pickles that call something."""

from __future__ import annotations

import re
import zlib
from itertools import islice

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
    name = data[start + 110 : start + 109 + length]
    sound = 1 < length <= 4096 and start + 110 + length <= end and data[start + 109 + length] == 0 and b"\0" not in name
    return Payload("cpio", start, end, f"`{words(name)}`") if sound else None


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
    try:
        sound = len(zlib.decompressobj().decompress(data[start + 8 : min(end, start + 8 + 4096)], 64)) > 12
    except zlib.error:
        return None
    return Payload("flash", start, end) if sound else None


def _postscript(data: bytes, start: int, end: int) -> Payload | None:
    """A program says of which version it is, and shows a page or says where it ends."""
    header = _POSTSCRIPT.match(data, start, end)
    ends = header is not None and any(
        data.find(word, header.end(), min(end, header.end() + _NEAR)) >= 0 for word in (b"showpage", b"%%EOF")
    )
    return Payload("postscript", start, end) if ends else None


def _rich_text(data: bytes, start: int, end: int) -> Payload | None:
    """Text alone is a caption of some programs; with an object it can hold any program."""
    is_one = _RICH_TEXT.match(data, start, end) and _OBJECT.search(data, start, min(end, start + _NEAR))
    return Payload("rtf", start, end) if is_one else None


def _pickle(data: bytes, start: int, end: int) -> Payload | None:
    """A pickle of protocol 2 to 5 that names a function or a class and calls it: its operations are listed, none is done."""
    import pickletools  # rarely needed

    name, is_called, texts = "", False, list[str]()
    operations = pickletools.genops(data[start : min(end, start + _MOST)])
    try:
        for operation, value, place in islice(operations, _MOST_OPERATIONS):
            if operation.name == "GLOBAL":
                name = name or str(value).replace(" ", ".")
            elif operation.name == "STACK_GLOBAL" and len(texts) >= 2:
                name = name or ".".join(texts[-2:])
            elif operation.name in _CALLS:
                is_called = is_called or name != ""
            elif operation.name in _TEXTS:
                texts = [*texts[-1:], str(value)]
            elif operation.name == "STOP":
                sound = is_called and place is not None and _NAME.fullmatch(name)
                return Payload("pickle", start, start + place + 1, f"`{name}`") if sound and place else None
    except _NO_PICKLE:
        pass
    return None


# What `pickletools` raises; a warning of odd escapes only where warnings are errors.
_NO_PICKLE = (ValueError, OverflowError, IndexError, DeprecationWarning)
_MOST, _MOST_OPERATIONS = 1 << 22, 1 << 17
# So many bytes behind a magic what it announces is looked for: there may be thousands of them.
_NEAR = 1 << 16
_CALLS = frozenset({"REDUCE", "NEWOBJ", "NEWOBJ_EX", "OBJ"})
_TEXTS = frozenset({"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"})
_NAME = re.compile(r"[A-Za-z_][\w.]{0,200}")
_CPIO = re.compile(rb"07070[12][0-9A-Fa-f]{104}")
_RPM = re.compile(rb"\xed\xab\xee\xdb[\3\4].\0[\0\1]", re.DOTALL)
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
    (b"%!PS-Adobe-", 0, _postscript),
    (b"{\\rtf", 0, _rich_text),
)
#: What has too short a magic to be looked for everywhere: its first two bytes, and who checks it.
AT_START: tuple[tuple[bytes, Check], ...] = tuple((b"\x80%c" % protocol, _pickle) for protocol in range(2, 6))
