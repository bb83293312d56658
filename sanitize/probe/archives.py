"""Tells archives, disks and databases by their structure."""

from __future__ import annotations

import bz2
import re
import struct
import zlib

from sanitize.probe.payload import MOST_CANDIDATES, Check, Payload, little, words


def zip_archive(data: bytes, start: int, end: int) -> Payload | None:
    """Return a ZIP whose end record between two places leads to its directory, and that to its files. Never raises.

    Readers look for the record in the last 64 KiB; where that is another matter (a comment of an image), `end` says so.
    """
    place = data.rfind(_ZIP_END, start, end)
    for _ in range(MOST_CANDIDATES):
        if place < 0:
            return None
        found = _zip(data, place)
        if found is not None:
            return found
        place = data.rfind(_ZIP_END, start, place)
    return None


_ZIP_END, _ZIP_ENTRY, _ZIP_FILE = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_MOST_ENTRIES = 1000
# So many entries of a directory tell that it is one. Were all to be sound, thousands of records could each have a thousand read.
_SURE_ENTRIES = 4
# Methods that .ZIP File Format Specification 6.3.10, section 4.4.5, names.
_ZIP_METHODS = frozenset({*range(21), *range(92, 100)})


def _zip(data: bytes, place: int) -> Payload | None:
    """Return the ZIP with its end record at `place`."""
    if place + 22 > len(data):
        return None
    disk, first_disk, here, count, size, offset, comment = struct.unpack_from("<HHHHIIH", data, place + 4)
    directory = place - size
    if disk or first_disk or here != count or not count or directory < 0:
        return None
    base = directory - offset
    at_, names, begin = directory, list[bytes](), directory
    for _ in range(min(count, _MOST_ENTRIES)):
        if data[at_ : at_ + 4] != _ZIP_ENTRY or at_ + 46 > place:
            break
        length, extra, remark = struct.unpack_from("<HHH", data, at_ + 28)
        (local,) = struct.unpack_from("<I", data, at_ + 42)
        # Offsets count from the archive's beginning, or from the file's where a tool has mended them.
        starts = [shift + local for shift in (base, 0) if shift + local >= 0]
        found = next((start for start in starts if data[start : start + 4] == _ZIP_FILE and start < directory), None)
        if found is None:
            break
        begin = min(begin, found)
        names.append(data[at_ + 46 : at_ + 46 + length])
        at_ += 46 + length + extra + remark
    if len(names) < min(count, _SURE_ENTRIES):
        return None
    return Payload(_zip_kind(names), begin, min(place + 22 + comment, len(data)), _files(count, names[0]))


def _zip_kind(names: list[bytes]) -> str:
    if b"AndroidManifest.xml" in names:
        return "apk"
    if b"META-INF/MANIFEST.MF" in names or any(name.endswith(b".class") for name in names):
        return "jar"
    return "office" if b"[Content_Types].xml" in names else "zip"


def _files(count: int, first: bytes) -> str:
    name = words(first)
    return f"`{name}`" if count == 1 else f"{count} files, the first `{name}`"


def _zip_local(data: bytes, start: int, end: int) -> Payload | None:
    """Return the ZIP that begins here, or one that has lost its directory, if its first file's header is sane."""
    if start + 30 > end:
        return None
    version, _flags, method = struct.unpack_from("<HHH", data, start + 4)
    length, extra = struct.unpack_from("<HH", data, start + 26)
    name = data[start + 30 : start + 30 + length]
    if version & 255 > 63 or method not in _ZIP_METHODS or not 0 < length <= 512 or start + 30 + length + extra > end:
        return None
    if any(byte < 32 or byte == 127 for byte in name):
        return None
    # A sane header ends a search, so that the end of an archive is looked for once.
    whole = zip_archive(data, start, end)
    if whole is not None and whole.start == start:
        return whole
    return Payload("zip", start, end, f"`{words(name)}`, without a directory")


def _gzip(data: bytes, start: int, end: int) -> Payload | None:
    if end - start < 18 or data[start + 3] & 0xE0 or data[start + 8] not in (0, 2, 4):
        return None
    if data[start + 9] not in (*range(14), 255):
        return None
    unpack = zlib.decompressobj(31)
    try:
        inner = unpack.decompress(data[start : min(end, start + 65536)], 65536)
    except zlib.error:
        return None
    stop = end if not unpack.eof else min(end, start + 65536) - len(unpack.unused_data)
    return Payload("gzip", start, stop) if unpack.eof or len(inner) >= 64 else None


def _xz(data: bytes, start: int, end: int) -> Payload | None:
    flags = data[start + 6 : start + 8]
    sound = data[start : start + 6] == b"\xfd7zXZ\0" and little(data, start + 8) == zlib.crc32(flags)
    return Payload("xz", start, end) if sound else None


def _bzip2(data: bytes, start: int, end: int) -> Payload | None:
    """The magic is text, which a caption may quote: the tables of the first block have to be sound, as far as they are there."""
    if not _BZIP2.match(data, start, end):
        return None
    try:
        bz2.BZ2Decompressor().decompress(data[start : min(end, start + 4096)], 1)
    except OSError:
        return None
    return Payload("bzip2", start, end)


def _zstd(data: bytes, start: int, end: int) -> Payload | None:
    """Zstandard has no checksum in its header (RFC 8878, section 3.1.1): its first block has to lie inside."""
    if data[start : start + 4] != b"\x28\xb5\x2f\xfd" or start + 12 > end:
        return None
    flags = data[start + 4]
    if flags & 0x18:
        return None
    single = flags >> 5 & 1
    size = (1 if single else 0, 2, 4, 8)[flags >> 6]
    block = start + 5 + (1 - single) + (0, 1, 2, 4)[flags & 3] + size
    header = int.from_bytes(data[block : block + 3], "little")
    kind, length = header >> 1 & 3, header >> 3
    if kind == 3 or block + 3 + (1 if kind == 1 else length) > end or length > 1 << 17:
        return None
    return Payload("zstd", start, end)


def _lz4(data: bytes, start: int, end: int) -> Payload | None:
    """The descriptor of an LZ4 frame: version 1, reserved bits, a size of blocks and its own checksum (LZ4 frame format 1.6)."""
    if data[start : start + 4] != b"\x04\x22\x4d\x18" or start + 11 > end:
        return None
    flags, sizes = data[start + 4 : start + 6]
    stop = start + 6 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    is_sound = flags >> 6 == 1 and not flags & 2 and not sizes & 0x8F and sizes >> 4 >= 4 and stop + 5 <= end
    if not is_sound or data[stop] != _xxh32(data[start + 4 : stop]) >> 8 & 255:
        return None
    return Payload("lz4", start, end)


def _xxh32(data: bytes) -> int:
    """Return the checksum XXH32 of less than 16 bytes, with the seed 0 (xxHash specification 0.1.1)."""
    value = (0x165667B1 + len(data)) & _WORD
    whole = len(data) & ~3
    for place in range(0, whole, 4):
        value = _turned((value + little(data, place) * 0xC2B2AE3D) & _WORD, 17) * 0x27D4EB2F & _WORD
    for byte in data[whole:]:
        value = _turned((value + byte * 0x165667B1) & _WORD, 11) * 0x9E3779B1 & _WORD
    value = (value ^ value >> 15) * 0x85EBCA77 & _WORD
    value = (value ^ value >> 13) * 0xC2B2AE3D & _WORD
    return value ^ value >> 16


_WORD = 0xFFFFFFFF


def _turned(value: int, bits: int) -> int:
    return (value << bits | value >> 32 - bits) & _WORD


def _sqlite(data: bytes, start: int, end: int) -> Payload | None:
    """The header of a database: a size of pages, and fractions that may be no others (SQLite file format, section 1.3)."""
    if data[start : start + 16] != _SQLITE or start + 100 > end:
        return None
    size = int.from_bytes(data[start + 16 : start + 18], "big")
    sound = (size == 1 or (size >= 512 and not size & size - 1)) and data[start + 21 : start + 24] == b"\x40\x20\x20"
    return Payload("sqlite", start, end) if sound else None


def _seven_zip(data: bytes, start: int, end: int) -> Payload | None:
    head = data[start : start + 32]
    sound = (
        head[:6] == b"7z\xbc\xaf\x27\x1c"
        and len(head) == 32
        and little(head, 8) == zlib.crc32(head[12:])
        and head[6] == 0
    )
    return Payload("7z", start, end) if sound else None


def _rar(data: bytes, start: int, end: int) -> Payload | None:
    if data[start : start + 7] == b"Rar!\x1a\x07\0":
        (check, kind, _flags, size) = struct.unpack("<HBHH", data[start + 7 : start + 14].ljust(7, b"\0"))
        whole = data[start + 9 : start + 7 + size]
        sound = kind == 0x73 and size >= 13 and zlib.crc32(whole) & 0xFFFF == check
        return Payload("rar", start, end) if sound else None
    if data[start : start + 8] == b"Rar!\x1a\x07\1\0" and start + 13 < end:
        size = data[start + 12]
        sound = size < 128 and zlib.crc32(data[start + 12 : start + 13 + size]) == little(data, start + 8)
        return Payload("rar", start, end) if sound else None
    return None


def _tar(data: bytes, start: int, end: int) -> Payload | None:
    """A header's checksum counts itself as blanks (POSIX.1-1988 ustar, and before)."""
    header = data[start : start + _TAR_HEADER]
    if len(header) < _TAR_HEADER or start < 0:
        return None
    try:
        check = int(header[148:156].split(b"\0")[0].strip() or b"x", 8)
    except ValueError:
        return None
    name = words(header[:100].split(b"\0")[0])
    sound = sum(header) - sum(header[148:156]) + 8 * 32 == check
    return Payload("tar", start, end, f"`{name}`" if name else None) if sound else None


def _cabinet(data: bytes, start: int, end: int) -> Payload | None:
    if data[start : start + 8] != b"MSCF\0\0\0\0" or start + 36 > end:
        return None
    size, none, first, zero = struct.unpack_from("<IIII", data, start + 8)
    sound = none == zero == 0 and 36 <= first < size and data[start + 25] == 1
    return Payload("cab", start, min(end, start + size)) if sound else None


def _compound(data: bytes, start: int, end: int) -> Payload | None:
    """The header of a compound file (MS-CFB, section 2.2): no class, a version, an order of bytes and sizes of sectors."""
    if data[start : start + 8] != _COMPOUND or start + 512 > end:
        return None
    version, order, sector, small = struct.unpack_from("<HHHH", data, start + 26)
    sound = data[start + 8 : start + 24] == bytes(16) and (version, sector) in ((3, 9), (4, 12))
    return Payload("ole", start, end) if sound and order == 0xFFFE and small == 6 else None


def _unix_archive(data: bytes, start: int, end: int) -> Payload | None:
    sound = data[start : start + 8] == b"!<arch>\n" and data[start + 66 : start + 68] == b"`\n"
    return Payload("ar", start, end) if sound else None


#: So far into a CD image its first descriptor stands; what comes before is for systems (ECMA-119, section 6.2.1).
ISO_START = 0x8000


def _iso(data: bytes, start: int, end: int) -> Payload | None:
    """The first volume descriptor, and the record of the root directory in it (ECMA-119, section 8.4)."""
    place = start + ISO_START
    sound = data[place : place + 8] == b"\1CD001\1\0" and data[place + 156 : place + 157] == b"\x22" and place < end
    return Payload("iso", start, end) if sound else None


def iso_at(data: bytes, start: int, end: int) -> Payload | None:
    """Return the CD image that begins at `start`, whatever its first 32 KiB hold. Never raises."""
    return _iso(data, start, end) if data.startswith(b"CD001", start + ISO_START + 1) else None


def tar(data: bytes) -> Payload | None:
    """Return the tar archive that a file is, its image being the name of its first member. Never raises."""
    return _tar(data, 0, len(data)) if _is_like_tar(data, 0) else None


def tar_at(data: bytes, start: int, end: int) -> Payload | None:
    """Return the tar archive whose header is at `start`, with a magic or without. Never raises."""
    return _tar(data, start, end) if end - start >= _TAR_HEADER and _is_like_tar(data, start) else None


def _is_like_tar(data: bytes, start: int) -> bool:
    """Tell whether the magic of a tar is there, or, as the oldest have none, numbers stand where those have theirs."""
    return data[start + 257 : start + 262] == b"ustar" or _TAR_NUMBERS.match(data, start + 100) is not None


_TAR_HEADER = 512
# Mode, owner, group, size, time and checksum in octal (Unix, seventh edition, `tar`).
_TAR_NUMBERS = re.compile(rb"[ 0-7\0]{48} *[0-7]{1,7}[ \0]")
# A byte is packed into 37, nothing into 14: the magic, and a checksum of zero.
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY.{27}|\x17\x72\x45\x38\x50\x90\0{4})", re.DOTALL)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE = b"SQLite format 3\0"

#: Magics, how far behind the beginning they stand, and who checks what is there: only where it is sound, and never raises.
MAGICS: tuple[tuple[bytes, int, Check], ...] = (
    (_ZIP_FILE, 0, _zip_local),
    (b"\x1f\x8b\x08", 0, _gzip),
    (b"\xfd7zXZ\0", 0, _xz),
    (b"BZh", 0, _bzip2),
    (b"7z\xbc\xaf\x27\x1c", 0, _seven_zip),
    (b"Rar!\x1a\x07", 0, _rar),
    (b"ustar", 257, _tar),
    (b"MSCF\0\0\0\0", 0, _cabinet),
    (_COMPOUND, 0, _compound),
    (b"!<arch>\n", 0, _unix_archive),
    (_SQLITE, 0, _sqlite),
    (b"\x04\x22\x4d\x18", 0, _lz4),
)
#: Those of what one stream is compressed to, and one that checks too little to be looked for everywhere.
PACKED: tuple[Check, ...] = (_gzip, _xz, _bzip2, _lz4)
ZSTD: tuple[bytes, Check] = (b"\x28\xb5", _zstd)
