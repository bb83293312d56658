"""Pictures that have no magic of their own, told by headers that fit their data."""

from __future__ import annotations

import re
import struct

from sanitize.probe import tga_header

_NETPBM = re.compile(rb"P([1-6])(?:[ \t\r\n]|#[^\n]*\n)+(\d{1,9})(?:[ \t\r\n]|#[^\n]*\n)+(\d{1,9})[ \t\r\n#]")
#: Bytes of a Netpbm picture before its pixels at most; comments in them may be long.
LONGEST_HEADER = 1 << 20
_PFM = re.compile(rb"P[Ff][ \t\r\n]+\d{1,9}[ \t\r\n]+\d{1,9}[ \t\r\n]+[-+.\deE]+[ \t\r\n]")
_XBM = re.compile(
    rb"\s*(?:/\*.{0,2000}?\*/\s*)?#define[ \t]+\S*_width[ \t]+\d+\s+#define[ \t]+\S*_height[ \t]+\d+", re.S
)
_IM = re.compile(rb"[A-Z][A-Za-z ]{2,20}: [^\r\n]{1,120}\r?\n")
_DIB_BITS = (1, 2, 4, 8, 16, 24, 32)
_PCX, _TARGA = frozenset({".pcx"}), frozenset({".tga", ".targa", ".icb", ".vda", ".vst"})
#: Extensions that tell what a header leaves open; all others tell nothing.
EXTENSIONS = _PCX | _TARGA


def weak(data: bytes, *, extension: str) -> str | None:
    """Return the content of a picture without a real magic; None where nothing fits."""
    for content, fits in _FITS.items():
        if fits(data, extension):
            return content
    return None


def _ppm(data: bytes, extension: str) -> bool:
    if data[:2] in (b"PF", b"Pf"):
        return _PFM.match(data, 0, 200) is not None
    return _NETPBM.match(data, 0, LONGEST_HEADER) is not None


def _bmp(data: bytes, extension: str) -> bool:
    if data[:2] != b"BM" or len(data) < 18:
        return False
    (offset, header) = struct.unpack_from("<II", data, 10)
    return header in (12, 40, 52, 56, 64, 108, 124) and 18 <= offset < 1 << 24


def _dib(data: bytes, extension: str) -> bool:
    if data[:4] not in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0") or len(data) < 40:
        return False
    width, height, planes, bits, compression = struct.unpack_from("<iiHHI", data, 4)
    return planes == 1 and bits in _DIB_BITS and 0 < width < 1 << 16 and 0 < abs(height) < 1 << 16 and compression <= 6


def _ico(data: bytes, extension: str) -> bool:
    return data[:4] == b"\0\0\1\0" and _directory(data)


def _cur(data: bytes, extension: str) -> bool:
    return data[:4] == b"\0\0\2\0" and _directory(data)


def _directory(data: bytes) -> bool:
    """Tell whether the first entry of an icon's directory is one: it lies behind the directory, and is reserved 0."""
    if len(data) < 22:
        return False
    (count,) = struct.unpack_from("<H", data, 4)
    reserved, _planes, _bits, size, offset = struct.unpack_from("<xxxBHHII", data, 6)
    return 1 <= count <= 1000 and reserved in (0, 255) and size >= 40 and 6 + 16 * count <= offset < 1 << 24


def _sgi(data: bytes, extension: str) -> bool:
    if data[:2] != b"\x01\xda" or len(data) < 12:
        return False
    storage, size, dimension, width, height, channels = struct.unpack_from(">BBHHHH", data, 2)
    return (
        storage <= 1
        and size in (1, 2)
        and 1 <= dimension <= 3
        and width > 0
        and (height > 0 or dimension == 1)
        and channels <= 5
    )


def _pcx(data: bytes, extension: str) -> bool:
    if len(data) < 128 or data[0] != 10 or data[1] not in (0, 2, 3, 4, 5) or data[2] != 1:
        return False
    left, top, right, bottom = struct.unpack_from("<4H", data, 4)
    planes, stride = struct.unpack_from("<BH", data, 65)
    wanted = ((right - left + 1) * data[3] + 7) // 8
    fits = (
        data[3] in (1, 2, 4, 8)
        and right >= left
        and bottom >= top
        and planes in (1, 3, 4)
        and wanted <= stride <= wanted + 16
    )
    return fits and (extension in _PCX or not any(data[74:128]))


def _fli(data: bytes, extension: str) -> bool:
    if len(data) < 128 or data[4:6] not in (b"\x11\xaf", b"\x12\xaf"):
        return False
    size, _magic, frames, width, height, depth, flags = struct.unpack_from("<IHHHHHH", data, 0)
    return (
        size >= 128 and frames > 0 and 0 < width <= 4096 and 0 < height <= 4096 and depth in (0, 8) and flags in (0, 3)
    )


def _im(data: bytes, extension: str) -> bool:
    """Tell whether the first lines are `Key: value` and name an image type, as an IFUNC header must."""
    if not _IM.match(data[:200]):
        return False
    return data[:512].startswith(b"Image type:") or (b"\nImage type:" in data[:512] and b"Image size" in data[:512])


def _xbm(data: bytes, extension: str) -> bool:
    return _XBM.match(data[:4096]) is not None


def _tga(data: bytes, extension: str) -> bool:
    """Tell a Targa by its footer, else by a header that is plausible in every field and fits the length of the data."""
    header = tga_header.read(data)
    if header is None or header.kind not in _TGA_DEPTHS or header.map_type > 1 or not header.width * header.height:
        return False
    is_odd_map = (
        header.color_bits not in (15, 16, 24, 32) if header.map_type else header.colors or header.kind in (1, 9)
    )
    if header.depth not in _TGA_DEPTHS[header.kind] or header.flags & 0xC0 or is_odd_map:
        return False
    if data[-18:].startswith(tga_header.SIGNATURE[:-1]) or extension in _TARGA:
        return True
    pixels = header.height * header.stride
    return header.kind in tga_header.PLAIN and len(data) == header.start + pixels and pixels >= 64


_TGA_DEPTHS = {1: (8, 16), 9: (8, 16), 2: (16, 24, 32), 10: (16, 24, 32), 3: (1, 8, 16), 11: (8, 16)}


_FITS = {
    "bmp": _bmp,
    "ppm": _ppm,
    "ico": _ico,
    "cur": _cur,
    "sgi": _sgi,
    "dib": _dib,
    "pcx": _pcx,
    "fli": _fli,
    "xbm": _xbm,
    "im": _im,
    "tga": _tga,
}
