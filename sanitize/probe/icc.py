"""What an embedded ICC profile says of itself."""

from __future__ import annotations

import math
import re
import struct

SRGB = "srgb"
UNREADABLE = "unreadable profile"

# Colorants of sRGB adapted to D50, as IEC 61966-2-1's profiles hold them.
_COLORANTS = {
    b"rXYZ": (0.4361, 0.2225, 0.0139),
    b"gXYZ": (0.3851, 0.7169, 0.0971),
    b"bXYZ": (0.1431, 0.0606, 0.7141),
}
_COLORANT_TOLERANCE = 0.003
# The sRGB curve at one half is 0.2140, a plain gamma of 2.2 has 0.2176.
_HALF, _HALF_TOLERANCE = 0.2140, 0.006
# Names of sRGB; `e-sRGB`, `esRGB` and `Rec2020-elle-V2-srgbtrc` mean another range, or only its curve.
_NAME = re.compile(r"(?<![a-z-])srgb")
# Descriptions that name sRGB but mean another curve or range.
_NOT_SRGB = ("linear", "scrgb", "e-srgb", "wide", "g10")


def describe(profile: bytes) -> str:
    """Return the profile's description; `srgb` where it is sRGB by its colorants and curve, or else by name. Never raises."""
    try:
        tags = _tags(profile)
    except (struct.error, ValueError):
        return UNREADABLE
    name = _description(tags.get(b"desc", b""))
    folded = name.lower()
    if profile[16:20] == b"RGB " and not any(word in folded for word in _NOT_SRGB):
        measured = _is_srgb(tags)
        if measured or (measured is None and _NAME.search(folded)):
            return SRGB
    space = profile[16:20].decode("ascii", "replace").strip()
    return name or f"unnamed {space} profile"


def _tags(profile: bytes) -> dict[bytes, bytes]:
    if len(profile) < 132 or profile[36:40] != b"acsp":
        raise ValueError
    (count,) = struct.unpack_from(">I", profile, 128)
    tags = {}
    for at in range(132, 132 + 12 * min(count, 200), 12):
        name, offset, size = struct.unpack_from(">4sII", profile, at)
        tags[name] = profile[offset : offset + min(size, 1 << 20)]
    return tags


def _description(tag: bytes) -> str:
    if tag[:4] == b"desc" and len(tag) > 12:
        text = tag[12 : 12 + int.from_bytes(tag[8:12], "big")].decode("latin-1")
    elif tag[:4] == b"mluc" and len(tag) >= 28:
        size, offset = struct.unpack_from(">II", tag, 20)
        text = tag[offset : offset + size].decode("utf-16-be", "replace")
    elif tag[:4] == b"text":
        text = tag[8:].decode("latin-1")
    else:
        text = ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:100]


def _is_srgb(tags: dict[bytes, bytes]) -> bool | None:
    """Tell whether colorants and curve are those of sRGB; None where they are not told as numbers."""
    for name, wanted in _COLORANTS.items():
        tag = tags.get(name, b"")
        if tag[:4] != b"XYZ " or len(tag) < 20:
            return None
        found = [value / 65536 for value in struct.unpack_from(">3i", tag, 8)]
        if any(abs(a - b) > _COLORANT_TOLERANCE for a, b in zip(found, wanted, strict=True)):
            return False
    half = _half(tags.get(b"rTRC", b""))
    return None if half is None else abs(half - _HALF) < _HALF_TOLERANCE


def _half(curve: bytes) -> float | None:
    """Return the value of a tone curve at one half; None where it cannot be told."""
    if curve[:4] == b"curv" and len(curve) >= 14:
        (count,) = struct.unpack_from(">I", curve, 8)
        if count == 1:
            return math.pow(0.5, int.from_bytes(curve[12:14], "big") / 256)
        if count > 1 and len(curve) >= 12 + 2 * count:
            values: tuple[int, ...] = struct.unpack_from(f">{count}H", curve, 12)
            return float(values[(count - 1) // 2] + values[count // 2]) / 2 / 65535
    elif curve[:4] == b"para" and len(curve) >= 16:
        kind = int.from_bytes(curve[8:10], "big")
        numbers = [value / 65536 for value in struct.unpack_from(f">{min(7, (len(curve) - 12) // 4)}i", curve, 12)]
        gamma = numbers[0]
        if kind == 0:
            return _power(0.5, gamma)
        if len(numbers) >= 5 and kind in (3, 4):
            return _power(numbers[1] * 0.5 + numbers[2], gamma)
    return None


def _power(base: float, exponent: float) -> float | None:
    if not 0 < base < 4 or not 0 <= exponent < 16:
        return None
    return math.pow(base, exponent)
