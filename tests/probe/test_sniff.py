"""Contents are told by the bytes, and by a name only where no bytes could."""

from __future__ import annotations

import base64
import gzip
import io
import pickle
import struct
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sanitize import formats
from sanitize.probe.sniff import sniff


def saved(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((48, 40)).convert(mode).save(out, kind, **options)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "words")
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "content"),
    [
        ("JPEG", "RGB", "jpeg"),
        ("PNG", "RGB", "png"),
        ("GIF", "P", "gif"),
        ("BMP", "RGB", "bmp"),
        ("DIB", "RGB", "dib"),
        ("TIFF", "RGB", "tiff"),
        ("WEBP", "RGB", "webp"),
        ("AVIF", "RGB", "avif"),
        ("JPEG2000", "RGB", "jpeg2000"),
        ("PPM", "RGB", "ppm"),
        ("PPM", "1", "ppm"),
        ("PPM", "F", "ppm"),
        ("ICO", "RGB", "ico"),
        ("TGA", "RGB", "tga"),
        ("PCX", "RGB", "pcx"),
        ("SGI", "RGB", "sgi"),
        ("DDS", "RGB", "dds"),
        ("XBM", "1", "xbm"),
        ("MSP", "1", "msp"),
        ("QOI", "RGB", "qoi"),
    ],
)
def test_pictures_are_known_without_their_name(kind: str, mode: str, content: str) -> None:
    assert sniff(saved(kind, mode)) == (content, None)


def boxes(brand: bytes, *more: bytes) -> bytes:
    return struct.pack(">I4s4sI", 16 + 4 * len(more), b"ftyp", brand, 0) + b"".join(more) + bytes(8)


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (boxes(b"heic", b"mif1", b"heic"), "heic"),
        (boxes(b"mif1", b"mif1", b"heic"), "heic"),
        (boxes(b"mif1", b"mif1", b"avif"), "avif"),
        (boxes(b"crx ", b"crx "), "raw"),
        (boxes(b"isom", b"mp41"), "video"),
        (boxes(b"M4A ", b"M4A "), "audio"),
        (b"\xff\x0a" + bytes(range(1, 60)), "jxl"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20), "jxl"),
        (b"v/1\x01\x02\0\0\0channels\0", "exr"),
        (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n", "hdr"),
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(40), "raw"),
        (b"FUJIFILMCCD-RAW 0201", "raw"),
        (b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\0", "pam"),
        (b"8BPS\0\x01" + bytes(20), "psd"),
    ],
)
def test_formats_that_are_not_opened_are_known(data: bytes, content: str) -> None:
    assert sniff(data)[0] == content


def test_a_tiff_with_a_dng_version_is_a_negative() -> None:
    directory = struct.pack("<HHHI4sI", 1, 50706, 1, 4, b"\1\4\0\0", 0)
    assert sniff(b"II*\0\x08\0\0\0" + directory)[0] == "dng"


@pytest.mark.parametrize(
    ("data", "content", "detail"),
    [
        (b"", "empty", None),
        (bytes(5000), "zeros", None),
        (b"\xff" * 100, "constant", "byte 0xff, 100 times"),
        (b"\xff", "constant", "byte 0xff, once"),
        (b"<!DOCTYPE html><html><head><title>404 &amp; gone</title>", "html", "404 & gone"),
        (b"\xef\xbb\xbf\r\n  <html><body><h1>Not here</h1></body></html>", "html", "Not here"),
        (b"<!-- moved --><HTML><TITLE>\n Photo\n unavailable </TITLE></HTML>", "html", "Photo unavailable"),
        (b'{"error": "not found"}', "json", '{"error": "not found"}'),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "xml", "AccessDenied"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg xmlns='http://www.w3.org/2000/svg'/>", "svg", None),
        (b"Too many requests, try again.\n", "text", "Too many requests, try again."),
        ("Größe: überall".encode(), "text", "Größe: überall"),
        ("Größe überall, in vielen Farben".encode("latin-1"), "text", "Größe überall, in vielen Farben"),
        ("words".encode("utf-16"), "text", "words"),
        (b"P3 is a fine name for a text\n", "text", "P3 is a fine name for a text"),
        (b"BM is no bitmap here, but words\n", "text", "BM is no bitmap here, but words"),
        (b"#!/bin/sh\necho\n", "script", "#!/bin/sh"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git-lfs", None),
        (b"\0\x05\x16\x07\0\x02\0\0Mac OS X        ", "appledouble", None),
        (b"%PDF-1.7\n", "pdf", None),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "postscript", None),
        (b"\xd7\xcd\xc6\x9a\0\0" + bytes(30), "metafile", "WMF"),
        (b"\x7fELF\x02\x01\x01" + bytes(20), "executable", "ELF"),
        (b"\x1a\x45\xdf\xa3" + bytes(range(30)), "video", "Matroska"),
        (b"RIFF\x10\0\0\0AVI LIST", "video", "AVI"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio", "WAV"),
        (b"\x89HDF\r\n\x1a\n" + bytes(8), "hdf5", None),
        (b"SQLite format 3\0" + bytes(20), "sqlite", None),
        (b"PAR1" + bytes(range(20)), "parquet", None),
        (b"Rar!\x1a\x07\x01\0", "rar", None),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z", None),
        (b"\xfd7zXZ\0\0\4", "xz", None),
        (pickle.dumps([1, 2]), "pickle", f"protocol {pickle.DEFAULT_PROTOCOL}"),
        (b"\x93NUMPY\x01\0v\0", "npy", None),
        (bytes(range(128, 200)), "unknown", "starts with 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, content: str, detail: str | None) -> None:
    assert sniff(data) == (content, detail)


def test_archives_are_told_from_packed_pictures() -> None:
    assert sniff(zipped()) == ("zip", None)
    assert sniff(gzip.compress(b"words")) == ("gzip", None)
    assert sniff(gzip.compress(saved("PNG"))) == ("compressed-image", "PNG")
    assert sniff(gzip.compress(saved("JPEG"))) == ("compressed-image", "JPEG")
    assert sniff(gzip.compress(saved("AVIF"))) == ("compressed-image", "AVIF")
    assert sniff(base64.b64encode(saved("JPEG2000"))) == ("base64-image", "JPEG 2000")


def test_of_a_packed_bomb_only_the_first_bytes_are_unpacked() -> None:
    bomb = gzip.compress(saved("PNG") + bytes(50_000_000))
    assert sniff(bomb) == ("compressed-image", "PNG")


def test_base64_is_an_image_only_where_one_is_inside() -> None:
    picture = saved("JPEG")
    assert sniff(base64.b64encode(picture)) == ("base64-image", "JPEG")
    assert sniff(base64.encodebytes(picture)) == ("base64-image", "JPEG")
    assert sniff(b"data:image/png;base64," + base64.b64encode(saved("PNG"))) == ("base64-image", "PNG")
    assert sniff(base64.b64encode(b"only words, many of them, one after the other, and again" * 3))[0] == "text"


def test_an_archive_from_before_posix_is_no_picture() -> None:
    head = b"a.jpg".ljust(100, b"\0") + b"100644 \0" + b"     0 \0" * 2 + b"%11o " % 600 + b"12402004224 "
    head = (head + b"        " + b"0").ljust(512, b"\0")
    archive = head[:148] + b"%6o\0 " % sum(head) + head[156:] + saved("JPEG")
    assert sniff(archive, name="a.jpg") == ("tar", None)
    assert sniff(archive[:148] + b"  7777\0 " + archive[156:])[0] == "jpeg"


def test_what_follows_a_byte_order_mark_is_not_always_text() -> None:
    assert sniff(b"\xef\xbb\xbfwords") == ("text", "words")
    assert sniff(b"\xef\xbb\xbf" + saved("PNG"))[0] == "unknown"


def test_a_netpbm_picture_may_begin_with_a_long_comment() -> None:
    assert sniff(b"P5\n#" + b"a" * 300_000 + b"\n8 8\n255\n" + bytes(64))[0] == "ppm"
    assert sniff(b"P5\n" + b"# a b\n" * 50_000 + b"8 8\n255\n" + bytes(64))[0] == "ppm"


def test_a_jpeg_that_starts_late_is_one() -> None:
    assert sniff(b"\r\n" + saved("JPEG")) == ("jpeg", "starts after 2 other bytes")


def test_a_name_helps_targa_but_never_against_the_content() -> None:
    whole = saved("TGA", compression="tga_rle")
    cut = whole[: len(whole) - 40]
    assert sniff(cut, name="a.tga")[0] == "tga"
    assert sniff(cut, name="a.bin")[0] == "unknown"
    assert sniff(saved("PNG"), name="a.tga")[0] == "png"


def test_random_bytes_are_no_picture() -> None:
    rng = np.random.default_rng(7)
    contents = [sniff(rng.bytes(int(size)))[0] for size in rng.integers(20, 400, 3000)]
    assert not [content for content in contents if formats.is_image(content)]


def test_every_content_that_is_given_has_a_name() -> None:
    from sanitize.probe import sniff as main
    from sanitize.probe import sniff_foreign, sniff_weak

    given = {row[2] for row in main._MAGICS} | {row[2] for row in sniff_foreign._MAGICS} | set(sniff_weak._FITS)
    assert given <= formats.CONTENTS.keys()
