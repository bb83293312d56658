"""What the bytes of a file are, whatever its name says."""

from __future__ import annotations

import struct

from sanitize import formats
from sanitize.probe import sniff_foreign, sniff_weak

# (offset, magic, content). Longer and rarer magics before their prefixes; two bytes are never enough alone.
_MAGICS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG", "png"),
    (0, b"\xff\xd8\xff\xf7", "jpegls"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"\0\0\0\x0cjP  ", "jpeg2000"),
    (0, b"\xff\x4f\xff\x51", "jpeg2000"),
    (0, b"\0\0\0\x0cJXL ", "jxl"),
    (0, b"qoif", "qoi"),
    (0, b"8BPS\0\x01", "psd"),
    (0, b"8BPS\0\x02", "psb"),
    (0, b"DDS |\0\0\0", "dds"),
    (0, b"icns", "icns"),
    (0, b"\x59\xa6\x6a\x95", "sun"),
    (0, b"BLP1", "blp"),
    (0, b"BLP2", "blp"),
    (0, b"DanM", "msp"),
    (0, b"LinS", "msp"),
    (0, b"\xb1\x68\xde\x3a", "dcx"),
    (0, b"/* XPM */", "xpm"),
    (0, b"\x76\x2f\x31\x01", "exr"),
    (0, b"#?RADIANCE", "hdr"),
    (0, b"#?RGBE", "hdr"),
    (0, b"II\xbc\x01", "jxr"),
    (0, b"SIMPLE  =", "fits"),
    (0, b"gimp xcf ", "xcf"),
    (0, b"BPG\xfb", "bpg"),
    (0, b"FLIF", "flif"),
    (0, b"FUJIFILMCCD-RAW", "raw"),
    (0, b"IIRO", "raw"),
    (0, b"IIRS", "raw"),
    (0, b"MMOR", "raw"),
    (0, b"IIU\0", "raw"),
    (6, b"HEAPCCDR", "raw"),
)
_AVIF_BRANDS = (b"avif", b"avis")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2")
_DNG_VERSION = 50706
# How far into a file a JPEG that starts late is looked for.
_LATE = 4096


def telling_extension(name: str) -> str:
    """Return all that a name may tell of what a file is: one of a few extensions, or nothing."""
    extension = formats.extension_of(name)
    return extension if extension in sniff_weak.EXTENSIONS else ""


def sniff(data: bytes, *, name: str = "") -> tuple[str, str | None]:
    """Return the content, a key of `formats.CONTENTS`, with what more can be said of it. Never raises.

    The name helps only where a format has no magic of its own (Targa, XBM), and never against the content.
    """
    head = data[:64]
    for offset, magic, content in _MAGICS:
        if head.startswith(magic, offset):
            return content, None
    structured = _structured(data)
    if structured is not None:
        return structured, None
    if not data:
        return "empty", None
    foreign = sniff_foreign.foreign(data)
    if foreign is not None:
        return foreign
    weak = sniff_weak.weak(data, extension=telling_extension(name))
    if weak is not None:
        return weak, None
    late = _late_jpeg(data)
    if late:
        return "jpeg", f"starts after {late} other bytes"
    if data[:2] == b"\xff\xd8":
        return "jpeg", None
    return sniff_foreign.rest(data)


def _structured(data: bytes) -> str | None:
    """Return the content of formats whose magic is spread over several fields."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return _brand(data)
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return _tiff(data)
    if data[:2] == b"P7" and data[2:3] in (b"\n", b" "):
        return "pam"
    if data[:2] == b"\xff\x0a" and len(data) > 12 and data[2:3] != b"\xff":
        return "jxl"
    return None


def _brand(data: bytes) -> str | None:
    """Return the content of an ISO base media file that is a picture, by its brands."""
    size = max(16, min(int.from_bytes(data[:4], "big"), 256))
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "avif"
    if data[8:12] == b"crx ":
        return "raw"
    if brands[0] in _HEIF_BRANDS or any(brand in _HEIF_BRANDS[:8] for brand in brands):
        return "heic"
    return None


def _tiff(data: bytes) -> str:
    """Tell a TIFF from the camera files that are built like one."""
    if data[8:10] == b"CR" and data[:4] == b"II*\0":
        return "raw"
    order = "<" if data[:2] == b"II" else ">"
    try:
        (at,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, at)
        tags = {struct.unpack_from(order + "H", data, at + 2 + 12 * index)[0] for index in range(count)}
    except struct.error:
        return "tiff"
    return "dng" if _DNG_VERSION in tags else "tiff"


def _late_jpeg(data: bytes) -> int:
    """Return where a JPEG starts that has other bytes before it; 0 where there is none."""
    for mark in (b"JFIF\0", b"Exif\0\0"):
        at = data.find(mark, 0, _LATE)
        if at >= 6 and data[at - 6 : at - 3] == b"\xff\xd8\xff":
            return at - 6
    return 0
