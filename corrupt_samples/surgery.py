"""Damage to the bytes of a file."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageFile

_STANDALONE = {0x01, *range(0xD0, 0xDA)}


def cut(data: bytes, share: float) -> bytes:
    """Return so much of the file's beginning."""
    return data[: int(len(data) * share)]


def filled(data: bytes) -> Image.Image:
    """Return what a tolerant loader makes of a truncated file: it fills up what is missing."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        picture = Image.open(io.BytesIO(data))
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    return picture.copy()


def zeroed(data: bytes, share: float, count: int) -> bytes:
    """Return the file with `count` zero bytes from that share of it on, as a lost disk block leaves it."""
    at = int(len(data) * share)
    return data[:at] + bytes(count) + data[at + count :]


def flipped(data: bytes, share: float, count: int = 1) -> bytes:
    """Return the file with one bit flipped in each of `count` bytes that lie 7 apart, from that share of it on."""
    damaged = bytearray(data)
    for number in range(count):
        damaged[int(len(data) * share) + 7 * number] ^= 1 << number % 8
    return bytes(damaged)


def dropped(data: bytes, share: float, count: int) -> bytes:
    """Return the file without `count` bytes from that share of it on."""
    at = int(len(data) * share)
    return data[:at] + data[at + count :]


def spliced(data: bytes, other: bytes, share: float, other_share: float) -> bytes:
    """Return one file up to `share`, and another from `other_share` on."""
    return cut(data, share) + other[int(len(other) * other_share) :]


def noise(seed: str, count: int) -> bytes:
    """Return random bytes."""
    return random.Random(seed).randbytes(count)


def jpeg_markers(data: bytes) -> list[tuple[int, int]]:
    """Return marker and offset of the segments of a JPEG up to the first scan."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        found.append((marker, at))
        if marker == 0xDA:
            break
        at += 2 if marker in _STANDALONE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


def jpeg_patched(data: bytes, marker: int, offset: int, content: bytes) -> bytes:
    """Return a JPEG in which bytes of the first segment of that marker are replaced; 0 is its marker byte `FF`."""
    at = next(place for found, place in jpeg_markers(data) if found == marker) + offset
    return data[:at] + content + data[at + len(content) :]


def jpeg_inserted(data: bytes, before: int, content: bytes) -> bytes:
    """Return a JPEG with bytes inserted before the first segment of a marker."""
    at = next(place for found, place in jpeg_markers(data) if found == before)
    return data[:at] + content + data[at:]


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return kind and content of the chunks of a PNG."""
    found, at = [], 8
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def png_changed(data: bytes, kind: bytes, change: Callable[[bytes], bytes], *, checked: bool = True) -> bytes:
    """Return a PNG with the content of all chunks of a kind changed, and their checksums right or left as they were."""
    pieces = [data[:8]]
    for name, content in png_chunks(data):
        new = change(content) if name == kind else content
        check = zlib.crc32(name + (new if checked else content))
        pieces.append(struct.pack(">I", len(new)) + name + new + struct.pack(">I", check))
    return b"".join(pieces)


def png_inserted(data: bytes, before: bytes, extra: bytes) -> bytes:
    """Return a PNG with bytes inserted before the first chunk of a kind."""
    at = data.index(before) - 4
    return data[:at] + extra + data[at:]
