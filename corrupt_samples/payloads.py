"""What hides in images: small, harmless things of every kind, made by code. None of the programs does anything."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

_DATE = (2020, 1, 1, 0, 0, 0)


def gzip_of(content: bytes) -> bytes:
    """Return it as a gzip file; what `gzip` writes differs between versions of Python."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def zip_of(*names: str, comment: bytes = b"") -> bytes:
    """Return a ZIP archive of small text files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names or ("note.txt",):
            archive.writestr(zipfile.ZipInfo(name, _DATE), f"{name}: nothing to see here\n")
        archive.comment = comment
    return out.getvalue()


def tar_of(name: str = "note.txt") -> bytes:
    """Return a tar archive of a small text file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"note"))
    return out.getvalue()


def tar_with_name(name: bytes) -> bytes:
    """Return a tar archive whose only member has a name of up to 100 bytes, which may be any, and is empty."""
    header = bytearray(512)
    header[: len(name)] = name
    header[100:136] = b"0000644\0" + b"0000000\0" * 2 + b"00000000000\0"
    header[136:148] = b"00000000000\0"
    header[156:157] = b"0"
    header[257:265] = b"ustar\x0000"
    return _summed(header) + bytes(1024)


def old_tar(name: bytes = b"note.txt") -> bytes:
    """Return a tar archive of a small text file as Unix wrote them in 1979, without a magic."""
    header = bytearray(name.ljust(512, b"\0"))
    header[100:148] = b"%06o \0" % 0o644 + b"%06o \0" % 1000 * 2 + b"%011o " % 4 + b"%011o " % 0
    return _summed(header) + b"note".ljust(512 + 1024, b"\0")


def _summed(header: bytearray) -> bytes:
    """Return the header of a member of a tar archive with its checksum."""
    header[148:156] = b"%06o\0 " % (sum(header) - sum(header[148:156]) + 8 * 32)
    return bytes(header)


def seven_zip() -> bytes:
    """Return the header of an empty 7-Zip archive."""
    start = struct.pack("<QQI", 0, 0, 0)
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start


def rar_5() -> bytes:
    """Return an empty RAR archive of the newer form."""
    head = bytes((3, 1, 0, 0))
    end = bytes((3, 5, 0, 0))
    blocks = [struct.pack("<I", zlib.crc32(block)) + block for block in (head, end)]
    return b"Rar!\x1a\x07\1\0" + b"".join(blocks)


def cabinet() -> bytes:
    """Return the header of a Windows cabinet without files."""
    return b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, 64, 0, 44, 0, 3, 1, 0, 0, 0, 0, 0) + bytes(28)


def compound() -> bytes:
    """Return the header of a compound file, such as an installer, without anything in it."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 0, 0xFFFFFFFE, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    return header + b"\xff" * (512 - len(header))


def unix_archive() -> bytes:
    """Return an archive of one small file."""
    return b"!<arch>\n" + b"note.txt/       0           0     0     644     4         `\nnote"


def elf() -> bytes:
    """Return the header of a Linux program without code."""
    return b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0)


def pe() -> bytes:
    """Return the headers of a Windows program without code."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 0, 2)


def mach_o() -> bytes:
    """Return the header of a macOS program with one command that does nothing."""
    return struct.pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 2, 1, 16, 0, 0) + struct.pack("<IIQ", 0x1B, 16, 0)


def java_class() -> bytes:
    """Return the beginning of a Java class."""
    return b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 52, 2) + b"\1\0\4Note" + bytes(16)


def wasm() -> bytes:
    """Return an empty WebAssembly module with an empty section."""
    return b"\0asm\1\0\0\0" + b"\0\5\4note"


def dex() -> bytes:
    """Return the header of an Android program without classes."""
    return b"dex\n035\0" + bytes(24) + struct.pack("<II", 112, 0x70) + b"\x78\x56\x34\x12" + bytes(68)


def shortcut() -> bytes:
    """Return the header of a Windows shortcut that leads nowhere."""
    return bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(56)


def pdf(offset: int = 0) -> bytes:
    """Return a PDF of one empty page that stands so many bytes into its file."""
    pieces = [b"%PDF-1.4\n"]
    places = []
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        ),
        1,
    ):
        places.append(offset + sum(map(len, pieces)))
        pieces.append(b"%d 0 obj%s endobj\n" % (number, body))
    table = offset + sum(map(len, pieces))
    pieces.append(b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    pieces.append(b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table)
    return b"".join(pieces)


def iso_descriptor() -> bytes:
    """Return the first descriptor of a CD image, which stands 32 KiB into it."""
    return b"\1CD001\1\0" + b"NOTHING".ljust(148) + b"\x22\0" + bytes(1890)


def database() -> bytes:
    """Return the first page of an SQLite database, whose table of tables is empty."""
    header = struct.pack(">HBBBBBBIIIIII", 512, 1, 1, 0, 64, 32, 32, 1, 1, 0, 0, 0, 4)
    return (b"SQLite format 3\0" + header).ljust(100, b"\0") + b"\x0d\0\0\0\0\2" + bytes(406)


PHP = b"<?php echo 1; ?>"
HTML = b"<!DOCTYPE html><html><body>nothing</body></html>"
SCRIPT = b"<script>console.log(1)</script>"
SHELL = b"#!/bin/sh\necho nothing\n"
BATCH = b"@echo off\r\nrem nothing\r\n"

#: Every kind that can stand by itself behind an image, by its name in the facts.
ALL: dict[str, bytes] = {
    "zip": zip_of(),
    "jar": zip_of("META-INF/MANIFEST.MF", "Note.class"),
    "apk": zip_of("AndroidManifest.xml", "classes.dex"),
    "office": zip_of("[Content_Types].xml", "word/document.xml"),
    "gzip": gzip_of(b"nothing to see here\n" * 9),
    "xz": lzma.compress(b"nothing to see here\n"),
    "bzip2": bz2.compress(b"nothing to see here\n"),
    "zstd": b"\x28\xb5\x2f\xfd\x20\4\x21\0\0note",
    "7z": seven_zip(),
    "rar": rar_5(),
    "tar": tar_of(),
    "cab": cabinet(),
    "ole": compound(),
    "ar": unix_archive(),
    "elf": elf(),
    "pe": pe(),
    "mach-o": mach_o(),
    "java-class": java_class(),
    "wasm": wasm(),
    "dex": dex(),
    "shortcut": shortcut(),
    "pdf": pdf(),
    "shell": SHELL,
    "batch": BATCH,
    "php": PHP,
    "server-page": b'<%@ page language="java" %><% out.print(1); %>',
    "html": HTML,
    "html-script": SCRIPT,
}

#: Further kinds, of which there is no sample.
MORE: dict[str, bytes] = {
    "lz4": bytes.fromhex("04224d186440a7140000806e6f7468696e6720746f2073656520686572650a000000003812caab"),
    "sqlite": database(),
}
