"""Where pictures end whose formats have no end marker: behind rows, runs or numbers of which the header tells."""

from __future__ import annotations

import struct

import pytest
from PIL import Image

from corrupt_samples.encode import encode
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import line_art, photo
from corrupt_samples.surgery import noise
from sanitize.probe import beside, image_end, rare_ends

SIZES = [(1, 1), (2, 7), (61, 33), (130, 5), (300, 2)]
TAILS = {
    "noise": b"\x0b" + noise("after", 900),
    "colours": b"\x0c" + noise("colours", 768),
    "script": b"#!/bin/sh\nls\n",
    "zeros": bytes(9),
    "numbers": b"12 34\n",
}


def written(picture: Image.Image, kind: int, between: bytes, last: bytes) -> bytes:
    """A plain Netpbm picture: P1, P2 or P3."""
    values = picture.convert({1: "1", 2: "L", 3: "RGB"}[kind]).tobytes("raw") if kind > 1 else b""
    numbers = [b"%d" % value for value in values] or [b"0", b"1"] * (picture.width * picture.height)
    numbers = numbers[: picture.width * picture.height * (3 if kind == 3 else 1)]
    highest = b"" if kind == 1 else b"255 "
    return b"P%d\n# a picture\n%d %d\n%s" % (kind, *picture.size, highest) + between.join(numbers) + last


def rasters(picture: Image.Image) -> dict[tuple[str, str], bytes]:
    """A picture as all writers of such formats leave it, by format and what is special about it."""
    found = {}
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        made = picture.convert(mode)
        if mode != "LA":
            found["dib", mode] = encode(made, "DIB")
        found["tga", mode] = encode(made, "TGA")
        if mode != "1":
            found["tga", f"{mode} in runs"] = encode(made, "TGA", compression="tga_rle")
        if mode in ("1", "L", "P", "RGB"):
            found["pcx", mode] = encode(made, "PCX")
        if mode in ("L", "LA", "RGB", "RGBA"):
            found["dds", mode] = encode(made, "DDS")
        if mode in ("RGB", "RGBA"):
            found |= {
                ("dds", f"{mode} {name}"): encode(made, "DDS", pixel_format=name) for name in ("DXT1", "DXT5", "BC3")
            }
    found["msp", ""] = encode(picture.convert("1"), "MSP")
    found["xbm", ""] = encode(picture.convert("1"), "XBM")
    found["ppm", "P1 without blanks"] = written(picture, 1, b"", b"")
    found |= {("ppm", f"P{kind}"): written(picture, kind, b" ", b"") for kind in (1, 2, 3)}
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_end_is_that_of_the_file_and_stays_where_something_follows(size: tuple[int, int]) -> None:
    for picture in (photo("a", 320, 240).resize(size), Image.new("RGB", size, "white")):
        for (content, special), data in rasters(picture).items():
            assert image_end.of(data, content) == len(data), (content, special)
            for name, tail in TAILS.items():
                # A number goes on where a digit follows.
                behind = (b"\n" if content == "ppm" else b"") + tail
                assert image_end.of(data + behind, content) == len(data), (content, special, name)


def dds(
    code: bytes, width: int, height: int, levels: int, length: int, *, more: int = 0, depth: int = 0, caps: int = 0x1000
) -> bytes:
    """A texture of so many bytes, whose header has a code, a size and a number of ever smaller copies."""
    head = struct.pack("<7I", 124, 0x1007, height, width, 0, depth, levels) + bytes(44)
    return (
        b"DDS "
        + head
        + struct.pack("<II4s5I", 32, 4, code, *[0] * 5)
        + struct.pack("<5I", caps, more, 0, 0, 0)
        + bytes(length)
    )


def test_textures_end_behind_the_copies_of_all_faces() -> None:
    levels = [2 * 2, 1, 1, 1]  # blocks of an 8 × 8 picture, of its halves and of theirs
    layered = struct.pack("<5I", 98, 3, 0, 2, 0)
    textures = {
        "one": dds(b"DXT1", 8, 8, 0, 8 * 4),
        "copies": dds(b"DXT5", 8, 8, 4, 16 * sum(levels)),
        "cube": dds(b"DXT1", 8, 8, 4, 6 * 8 * sum(levels), more=0xFE00),
        "volume": dds(b"DXT1", 8, 8, 2, 8 * (4 * 4 + 2), more=0x200000, depth=4),
        "two of another layout": dds(b"DX10", 8, 8, 1, 0) + layered + bytes(2 * 16 * 4),
    }
    for name, data in textures.items():
        for tail in TAILS.values():
            assert image_end.of(data + tail, "dds") == len(data), name


def test_textures_whose_headers_tell_of_fewer_faces_or_copies_are_whole() -> None:
    levels = [2 * 2, 1, 1, 1]
    faces = 6 * 8 * sum(levels)
    textures = {
        "no bits": dds(b"DXT1", 8, 8, 4, faces, more=0x200),
        "two of six": dds(b"DXT1", 8, 8, 4, faces, more=0x200 | 0x400 | 0x800),
        "two": dds(b"DXT1", 8, 8, 4, 2 * 8 * sum(levels), more=0x200 | 0x400 | 0x800),
        "copies that are not counted": dds(b"DXT1", 8, 8, 0, faces, more=0xFE00, caps=0x401008),
        "one with such": dds(b"DXT1", 8, 8, 1, 8 * sum(levels), caps=0x401008),
    }
    for name, data in textures.items():
        assert image_end.of(data, "dds") == len(data), name
    assert image_end.of(textures["no bits"] + TAILS["noise"], "dds") == len(textures["no bits"])
    assert image_end.of(textures["two"] + TAILS["noise"], "dds") == len(textures["two"])


@pytest.mark.parametrize("bits", [15, 16])
def test_targas_of_fifteen_bits_have_two_bytes_for_a_pixel(bits: int) -> None:
    head = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, 9, 7, bits, 0x20)
    plain = head + noise("pixels", 2 * 9 * 7)
    packed = head[:2] + b"\x0a" + head[3:] + b"".join(b"\x08" + noise(str(row), 2 * 9) for row in range(7))
    for data in (plain, packed):
        for tail in TAILS.values():
            assert image_end.of(data + tail, "tga") == len(data)
        footed = data + noise("area", 40) + struct.pack("<II", len(data), 0) + b"TRUEVISION-XFILE.\0"
        assert image_end.of(footed, "tga") == len(footed)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_comments_behind_levels_that_are_written_as_text_are_a_part_of_these(kind: int) -> None:
    data = written(photo("a", 32, 24).resize((6, 5)), kind, b" ", b"")
    for remark in (b"\n# made by a tool", b" # end", b"\n# a\n\n# b", b"\n#"):
        assert image_end.of(data + remark, "ppm") == len(data + remark)
        assert image_end.of(data + remark + b"\n" + ALL["elf"], "ppm") == len(data + remark)
        script = beside.look(data + remark + b"\n" + ALL["shell"], "ppm").payload
        assert script is not None
        assert (script.kind, script.start) == ("shell", len(data + remark) + 1)
        assert image_end.of(data + remark + b"\n" + data, "ppm") == len(data + remark + b"\n" + data)


BITMAP = encode(photo("a", 40, 24).convert("1"), "XBM")
AROUND = {
    "guard": (b"#ifndef A_H\n#define A_H\n", b"\n#endif /* A_H */\n"),
    "comment": (b"/* a * b **/\n", b"/* made by a tool */\n// and another\n"),
    "mask": (b"", b"static unsigned char a_mask_bits[] = {\n 0x00, 0xff,\n 0x12 };\n"),
    "whole mask": (
        b"",
        b"#define b_width 8\n#define b_height 1\n#define b_x_hot -1\nstatic const char b_bits[1] = {0x12}\n;\n",
    ),
}


@pytest.mark.parametrize("name", AROUND)
def test_what_files_of_c_have_around_numbers_belongs_to_bitmaps(name: str) -> None:
    before, behind = AROUND[name]
    data = before + BITMAP + behind
    assert image_end.of(data, "xbm") == len(data)
    for hidden in ("elf", "7z", "shell", "php"):
        found = beside.look(data + ALL[hidden], "xbm").payload
        assert found is not None
        assert (found.kind, found.start) == (hidden, len(data))
    remarked = data.replace(b"= {\n", b"= { /* the first row */\n", 1)
    assert image_end.of(remarked, "xbm") == len(remarked)


def test_remarks_of_a_bitmap_end_where_c_ends_them_or_with_the_file() -> None:
    many = b"//" * 50_000 + b"\n/* a */ 1 // b /* c\n" + b"/* " * 50_000
    found = rare_ends.xbm_comments(many)
    assert [many[start:end][:8].strip() for start, end in found] == [b"//" * 4, b"a", b"b /* c", b"/* /* /"]
    assert found[-1][1] == len(many)


def test_a_remark_in_a_bitmap_is_looked_into() -> None:
    code = b"import os\nos.system('id')\n"
    found = beside.look(BITMAP + b"/*" + code + b"*/", "xbm")
    assert found.payload is not None
    assert (found.payload.kind, found.where) == ("python", "remark")


def test_numbers_of_a_bitmap_that_are_not_closed_are_looked_at_once() -> None:
    data = BITMAP[: BITMAP.rindex(b"}")] + b" // 00 // 00\n" * 20_000
    assert image_end.of(data, "xbm") is None
    behind = BITMAP + b"static char b_bits[] = {" + b" // 00 // 00\n" * 20_000
    assert image_end.of(behind, "xbm") == len(BITMAP)


def test_archives_programs_and_scripts_are_found_behind_them() -> None:
    picture = line_art("a", 64, 48)
    for (content, special), data in rasters(picture).items():
        assert beside.look(data, content).payload is None, (content, special)
        for name in ("elf", "7z", "shell", "gzip"):
            found = beside.look(data + b"\n" + ALL[name], content)
            assert found.payload is not None, (content, special, name)
            assert (found.payload.kind, found.payload.start) == (name, len(data) + 1)


def test_what_lies_before_the_footer_of_a_targa_is_looked_into() -> None:
    data = encode(photo("a", 48, 32), "TGA")
    found = beside.look(data[:-26] + ALL["elf"] + data[-26:], "tga")
    assert found.payload is not None
    assert (found.payload.kind, found.where) == ("elf", "area before the footer")


def test_cut_pictures_have_no_end() -> None:
    for (content, _special), data in rasters(photo("a", 40, 30)).items():
        for length in range(0, len(data) - 40, 97):
            end = image_end.of(data[:length], content)
            assert end is None or end <= length


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("TGA", {}),
        ("TGA", {"compression": "tga_rle"}),
        ("DIB", {}),
        ("DDS", {}),
        ("DDS", {"pixel_format": "DXT1"}),
        ("DDS", {"pixel_format": "BC3"}),
        ("DDS", {"pixel_format": "BC5"}),
    ],
)
def test_the_end_is_found_in_every_mode_of_rare_formats(kind: str, options: dict[str, str], mode: str) -> None:
    picture = photo("a", 42, 37).convert(mode)
    try:
        data = encode(picture, kind, **options)
    except (OSError, ValueError):
        pytest.skip("Pillow does not write it")
    script = b"#!/bin/sh\necho hello\nexit 0\n"
    content = kind.lower()
    assert image_end.of(data, content) == image_end.of(data + script, content) == len(data)
    found = beside.look(data + script, content).payload
    assert found is not None
    assert found.kind == "shell"
    assert beside.look(data, content).payload is None


@pytest.mark.parametrize(
    ("header", "levels"),
    [(b"P1\n8 3\n", [0, 1] * 12), (b"P2\n4 3\n255\n", [*range(12)]), (b"P3\n2 2\n255\n", [255, 0, 7] * 4)],
)
def test_the_end_of_levels_that_are_written_as_text_is_behind_the_last(header: bytes, levels: list[int]) -> None:
    for blank in ("", " ", "\n") if header.startswith(b"P1") else (" ", "\n"):
        data = header + blank.join(map(str, levels)).encode()
        assert image_end.of(data, "ppm") == len(data)
        assert image_end.of(data + b"\n#!/bin/sh\n", "ppm") == len(data)
        remarked = header.replace(b"\n", b"\n# a remark\n", 1) + data[len(header) :]
        assert image_end.of(remarked, "ppm") == len(remarked)
        assert image_end.of(data + b"\n" + remarked, "ppm") == len(data) + 1 + len(remarked)
        assert image_end.of(data[:-1] + b"# a remark\n" + data[-1:], "ppm") is None


@pytest.mark.parametrize("kind", [2, 10])
def test_the_areas_before_the_footer_of_a_targa_are_a_part_of_it(kind: int) -> None:
    options = {"compression": "tga_rle"} if kind == 10 else {}
    plain = encode(photo("a", 42, 37), "TGA", **options)[:-26]
    data = plain + struct.pack("<H", 495) + bytes(493) + struct.pack("<II", len(plain), 0) + b"TRUEVISION-XFILE.\0"
    assert image_end.of(data, "tga") == image_end.of(data + b"#!/bin/sh\n", "tga") == len(data)
