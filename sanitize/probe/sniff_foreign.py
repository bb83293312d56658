"""What a file holds that is no picture."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from sanitize.texts import cut

# (offset, magic, content, detail)
_MAGICS: tuple[tuple[int, bytes, str, str | None], ...] = (
    (0, b"version https://git-lfs.github.com/spec/", "git-lfs", None),
    (0, b"\0\x05\x16\x07\0\x02\0\0", "appledouble", None),
    (0, b"%PDF-", "pdf", None),
    (0, b"%!PS", "postscript", None),
    (0, b"\x04%!PS", "postscript", None),
    (0, b"\xc5\xd0\xd3\xc6", "postscript", "EPS with a preview"),
    (0, b"\xd7\xcd\xc6\x9a\0\0", "metafile", "WMF"),
    (40, b" EMF", "metafile", "EMF"),
    (0, b"Rar!\x1a\x07", "rar", None),
    (0, b"7z\xbc\xaf\x27\x1c", "7z", None),
    (0, b"\xfd7zXZ\0", "xz", None),
    (0, b"\x28\xb5\x2f\xfd", "zstd", None),
    (257, b"ustar", "tar", None),
    (0, b"\x7fELF", "executable", "ELF"),
    (0, b"\xcf\xfa\xed\xfe", "executable", "Mach-O"),
    (0, b"\xce\xfa\xed\xfe", "executable", "Mach-O"),
    (0, b"\xca\xfe\xba\xbe", "executable", "Mach-O or Java"),
    (0, b"\x93NUMPY", "npy", None),
    (0, b"\x89HDF\r\n\x1a\n", "hdf5", None),
    (0, b"MATLAB 5.0 MAT-file", "matlab", None),
    (0, b"SQLite format 3\0", "sqlite", None),
    (16, b"\xde\xc0\xef\xbe", "lmdb", None),
    (0, b"PAR1", "parquet", None),
    (0, b"ARROW1\0\0", "arrow", None),
    (0, b"GRIB", "grib", None),
    (0, b"BUFR", "bufr", None),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office", None),
    (0, b"Salted__", "encrypted", None),
    (0, b"wOFF", "font", None),
    (0, b"wOF2", "font", None),
    (0, b"OTTO\0", "font", None),
    (0, b"\x1a\x45\xdf\xa3", "video", "Matroska"),
    (0, b"FLV\x01", "video", "Flash"),
    (0, b"\0\0\x01\xba", "video", "MPEG"),
    (0, b"\0\0\x01\xb3", "video", "MPEG"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video", "Windows Media"),
    (4, b"moov", "video", "QuickTime"),
    (4, b"mdat", "video", "QuickTime"),
    (4, b"wide", "video", "QuickTime"),
    (0, b"OggS\0", "audio", "Ogg"),
    (0, b"fLaC", "audio", "FLAC"),
    (0, b"ID3\x02", "audio", "MP3"),
    (0, b"ID3\x03", "audio", "MP3"),
    (0, b"ID3\x04", "audio", "MP3"),
    (0, b"MThd\0\0\0\x06", "audio", "MIDI"),
)
# What is unpacked at most of a compressed file, to see what is inside.
_INNER = 512
_TEXT = 8192
_TITLE = re.compile(r"<title[^>]*>(.{0,500}?)</title", re.I | re.S)
_HTML = re.compile(
    r"\s*(?:<\?xml.{0,200}?\?>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    r"<(?:!doctype html|html|head|body|title|h1|center|script|meta)\b",
    re.I | re.S,
)
_SVG = re.compile(
    r"\s*(?:<\?xml(?:(?!\?>).)*\?>\s*)?(?:<!--(?:(?!-->).)*-->\s*|<!doctype svg[^>]*>\s*)*<(?:\w+:)?svg\b",
    re.I | re.S,
)
_DATA_URI = re.compile(rb"\s*data:image/[\w.+-]+;base64,")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]{64,}+[=\r\n]*+\Z")
_OCTAL = re.compile(rb" *([0-7]{1,7})[ \0]")
_TAGS = re.compile(r"<[^>]*>")


def foreign(data: bytes) -> tuple[str, str | None] | None:
    """Return what a file holds that is certainly no picture, with more about it; None where nothing is certain."""
    for offset, magic, content, detail in _MAGICS:
        if data.startswith(magic, offset):
            return content, detail
    return _packed(data) or _media(data) or _base64(data) or _program(data)


def rest(data: bytes) -> tuple[str, str | None]:
    """Return what a file holds that fits nothing else: text, one byte repeated, or unknown content."""
    if data.count(data[:1]) == len(data):
        times = "once" if len(data) == 1 else f"{len(data)} times"
        return ("zeros", None) if data[0] == 0 else ("constant", f"byte {data[0]:#04x}, {times}")
    text = _as_text(data[:_TEXT])
    if text is None:
        return "unknown", f"starts with {data[:16].hex(' ')}"
    return markup(text)


def markup(text: str) -> tuple[str, str | None]:
    """Return what a text is: a page with its title, an error body, a script, or words."""
    start = text.lstrip("\ufeff \t\r\n\0")
    if _SVG.match(start):
        return "svg", None
    if _HTML.match(start):
        from html import unescape  # here and below: what few files need is not imported for all

        title = _TITLE.search(text)
        words = _line(unescape(title.group(1) if title else _TAGS.sub(" ", text)))
        return "html", words or None
    if start[:5].lower() == "<?xml" or re.match(r"<[A-Za-z][\w:.-]*[\s>/]", start):
        return "xml", _line(_TAGS.sub(" ", start)) or _line(start)
    if start[:1] in "{[" and start and _is_json(start):
        return "json", _line(start)
    if start[:2] == "#!":
        return "script", _line(start.splitlines()[0])
    return "text", _line(start) or "blanks only"


def _packed(data: bytes) -> tuple[str, str | None] | None:
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        if b"[Content_Types].xml" in data[:_TEXT]:
            return "office", None
        return "zip", None
    if _is_old_tar(data[:512]):
        return "tar", None
    if data[:3] == b"\x1f\x8b\x08":
        return _compressed(data, 31, "gzip")
    if data[:3] == b"BZh" and data[4:10] == b"1AY&SY":
        return "bz2", None
    if data[:2] in (b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
        found = _compressed(data, 15, "unknown")
        return found if found[0] == "compressed-image" else None
    return None


def _is_old_tar(head: bytes) -> bool:
    """Tell a tar archive from before POSIX by the sum of its first header, in octal, which takes its own place for blanks."""
    said = _OCTAL.match(head[148:156]) if len(head) == 512 else None
    return said is not None and int(said[1], 8) == sum(head[:148]) + 8 * ord(" ") + sum(head[156:])


def _compressed(data: bytes, window: int, otherwise: str) -> tuple[str, str | None]:
    """Look at the first bytes inside; no more is ever unpacked, whatever the file claims."""
    try:
        inner = zlib.decompressobj(window).decompress(data[:65536], _INNER)
    except zlib.error:
        return otherwise, None
    image = _image_magic(inner)
    return ("compressed-image", image) if image else (otherwise, None)


def _image_magic(head: bytes) -> str | None:
    for magic, name in (
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n", "PNG"),
        (b"GIF8", "GIF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
    ):
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "AVIF"
    if head[4:8] == b"jP  " or head.startswith(b"\xff\x4f\xff\x51"):
        return "JPEG 2000"
    return "BMP" if head[:2] == b"BM" and head[6:10] == bytes(4) else None


def _media(data: bytes) -> tuple[str, str | None] | None:
    if data[:4] == b"RIFF" and len(data) >= 12:
        return {b"AVI ": ("video", "AVI"), b"WAVE": ("audio", "WAV")}.get(data[8:12])
    if data[4:8] == b"ftyp":
        brand = data[8:12].decode("latin-1").strip()
        return ("audio", brand) if brand in ("M4A", "M4B") else ("video", brand if brand.isprintable() else None)
    if data[:1] == b"\x47" and len(data) > 376 and data[188:189] == data[376:377] == b"\x47":
        return "video", "MPEG transport stream"
    if data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xfa") and len(data) > 4 and data[2] & 0xF0 not in (0, 0xF0):
        return "audio", "MP3"
    return None


def _base64(data: bytes) -> tuple[str, str | None] | None:
    uri = _DATA_URI.match(data[:200])
    if uri is None and not _BASE64.match(data[:_TEXT]):
        return None
    text = b"".join(data[uri.end() if uri else 0 :][:1024].split())
    try:
        inner = base64.b64decode(text[: len(text) // 4 * 4])
    except (binascii.Error, ValueError):
        return None
    image = _image_magic(inner)
    if image is None and uri is None:
        return None
    return "base64-image", image


def _program(data: bytes) -> tuple[str, str | None] | None:
    if data[:2] == b"MZ" and len(data) >= 64:
        at = int.from_bytes(data[60:64], "little")
        if data[at : at + 4] == b"PE\0\0" or at + 4 > len(data):
            return "executable", "Windows"
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05") and data.rstrip(b"\n")[-1:] == b".":
        return "pickle", f"protocol {data[1]}"
    if (
        len(data) > 28
        and data[4:8] == bytes(4)
        and 0 < int.from_bytes(data[:4], "little") < len(data)
        and data[12:13] == b"\x0a"
    ):
        return "tfrecord", None
    return None


def _as_text(data: bytes) -> str | None:
    """Return the data as text; None where it is none: control bytes, or nothing that an encoding explains."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8")
    letters = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in data)
    return data.decode("latin-1") if letters >= 0.85 * len(data) else None


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return re.match(r'\{\s*"|\[\s*[\[{"\d-]', text) is not None
    return True


def _line(text: str) -> str:
    """Return the first words of a text, on one line."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:1000]).split())
    return cut(words, 120)
