"""Tells archives of one stream and compiled modules whose headers are short, by what follows these."""

from __future__ import annotations

import re

from sanitize.probe.payload import Check, Payload, little


def _compress(data: bytes, start: int, end: int) -> Payload | None:
    """What `compress` writes: a magic, the most bits of a code, and codes, of which each is at most the next that is free.

    Of random bytes behind the magic one in 2^15 has a width and 16 such codes, and one in 2^31 all.
    """
    flags = data[start + 2 : start + 3]
    if data[start : start + 2] != b"\x1f\x9d" or not flags or flags[0] & 0x60 or not 9 <= flags[0] & 31 <= 16:
        return None
    bits, count = int.from_bytes(data[start + 3 : min(end, start + 3 + _READ)], "little"), 8 * (end - start - 3) // 9
    free = 257 if flags[0] & 0x80 else 256
    if not bits & _FIRST_CODES:  # zeros would be written shorter
        return None
    for number in range(min(count, _MOST_CODES)):
        code = bits >> 9 * number & 511
        if code == 256 and flags[0] & 0x80:
            return Payload("compress", start, end) if number >= _LEAST_CODES else None
        if code > (free + number - 1 if number else 255):
            return None
    return Payload("compress", start, end) if count >= _LEAST_CODES else None


# The first codes have nine bits each, and about 256 of them come before longer ones.
_LEAST_CODES, _MOST_CODES = 16, 250
_READ = (9 * _MOST_CODES + 7) // 8
_FIRST_CODES = (1 << 9 * _LEAST_CODES) - 1


def _lzma(data: bytes, start: int, end: int) -> Payload | None:
    """The header before xz: the usual properties, a size of the dictionary as programs choose it, and that of the data.

    One in 2^60 random bytes is like it; where few of them are other than zero, the first bytes have to unpack, too.
    """
    header = _LZMA.match(data, start, end)
    if header is None or end - start < _LZMA_HEADER + 5:
        return None
    size = int.from_bytes(header[2], "little")
    dictionary = int.from_bytes(header[1], "little")
    sound = dictionary >= 4096 and dictionary.bit_count() <= 2 and (size == _UNKNOWN_SIZE or 0 < size < 1 << 38)
    return Payload("lzma", start, end) if sound and _unpacks(data[start : min(end, start + 4096)]) else None


def _unpacks(data: bytes) -> bool:
    """Tell whether the first bytes unpack; for these a small dictionary does, where a header could ask for gigabytes."""
    import lzma  # rarely needed

    small = data[:1] + (1 << 16).to_bytes(4, "little") + data[5:]
    try:
        return len(lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(small, 64)) > 0
    except lzma.LZMAError:
        return False


_LZMA_HEADER, _UNKNOWN_SIZE = 13, (1 << 64) - 1
# The first byte of the stream is zero, and the next four hardly are.
_LZMA = re.compile(rb"\x5d(\0.{3})(.{8})\0(?!\0{4})", re.DOTALL)


def _bytecode(data: bytes, start: int, end: int) -> Payload | None:
    """A module that Python has compiled: a number of its version, a time or a checksum, and a code object without arguments."""
    if data[start + 2 : start + 4] != b"\r\n":
        return None
    version = int.from_bytes(data[start : start + 2], "little")
    # PEP 552 put flags before the time, PEP 3147's successor in 3.3 a size behind it.
    place = start + (16 if 3390 <= version < _NEWEST else 12 if 3190 <= version < 3390 else 8)
    sound = data[place : place + 1] in (b"\xe3", b"\x63") and place + 32 <= end
    sound = (
        sound and data[place + 1 : place + 9] == bytes(8) and (place - start < 16 or little(data, start + 4) in _FLAGS)
    )
    return Payload("pyc", start, end) if sound else None


_NEWEST, _PYTHON_2 = 4000, 62_211  # versions to come, and 2.7
_FLAGS = (0, 1, 3)

#: What has too short a magic to be looked for everywhere: its first two bytes, and who checks it.
AT_START: tuple[tuple[bytes, Check], ...] = (
    (b"\x1f\x9d", _compress),
    (b"\x5d\0", _lzma),
    *((version.to_bytes(2, "little"), _bytecode) for version in (*range(3000, _NEWEST), _PYTHON_2)),
)
