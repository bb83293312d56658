"""Damages the bytes of a picture in the ways that disks, networks and careless programs do."""

from __future__ import annotations

import random
from collections.abc import Callable

#: Takes the picture's bytes, those of another picture of the same format, and a source of chance.
Damage = Callable[[bytes, bytes, random.Random], bytes]

#: Bytes at the end that only `cut` touches: an end marker, a trailer or the last checksum.
_TAIL = 12


def body_start(data: bytes) -> int:
    """Return where the coded picture begins: after the first scan header of a JPEG, a tenth into anything else."""
    if not data.startswith(b"\xff\xd8"):
        return len(data) // 10
    at = 2
    while True:
        after = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDA:
            return after
        at = after


def _stretch(data: bytes, length: int, chance: random.Random) -> slice:
    """Choose a stretch inside the coded picture, no longer than half of it."""
    start, end = body_start(data), len(data) - _TAIL
    length = max(1, min(length, (end - start) // 2))
    at = chance.randrange(start, end - length)
    return slice(at, at + length)


def _cut(share: float) -> Damage:
    return lambda data, other, chance: data[: int(len(data) * share)]


def _cut_tail(length: int) -> Damage:
    return lambda data, other, chance: data[:-length]


def _zero(length: int) -> Damage:
    def damage(data: bytes, other: bytes, chance: random.Random) -> bytes:
        hit = _stretch(data, length, chance)
        return data[: hit.start] + bytes(hit.stop - hit.start) + data[hit.stop :]

    return damage


def _drop(length: int) -> Damage:
    def damage(data: bytes, other: bytes, chance: random.Random) -> bytes:
        hit = _stretch(data, length, chance)
        return data[: hit.start] + data[hit.stop :]

    return damage


def _flip(bits: int) -> Damage:
    def damage(data: bytes, other: bytes, chance: random.Random) -> bytes:
        changed = bytearray(data)
        for _ in range(bits):
            changed[_stretch(data, 1, chance).start] ^= 1 << chance.randrange(8)
        return bytes(changed)

    return damage


def _splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: _stretch(data, 1, chance).start] + other[_stretch(other, 1, chance).start :]


def _newlines(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data.replace(b"\n", b"\r\n")


KINDS: dict[str, Damage] = {
    "last 2 bytes cut": _cut_tail(2),
    "last 16 bytes cut": _cut_tail(16),
    "cut at 99 %": _cut(0.99),
    "cut at 50 %": _cut(0.50),
    "512 bytes zeroed": _zero(512),
    "4 KiB zeroed": _zero(4096),
    "1 byte dropped": _drop(1),
    "4 KiB dropped": _drop(4096),
    "1 bit flipped": _flip(1),
    "10 bits flipped": _flip(10),
    "tail of another spliced in": _splice,
    "LF turned into CRLF": _newlines,
}
