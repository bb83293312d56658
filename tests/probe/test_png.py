"""What a probe says of PNGs, sound and damaged."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from tests.probed import probe_bytes

Indices = np.ndarray[tuple[int, int], np.dtype[np.int64]]


def textured(mode: str = "RGB", width: int = 120, height: int = 96) -> Image.Image:
    noise = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(noise).convert(mode)


def saved(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def made(width: int, height: int, bits: int, color: int, *chunks: bytes, interlaced: int = 0) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlaced))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def rows(height: int, stride: int) -> bytes:
    return b"".join(b"\0" + bytes([row % 256]) * stride for row in range(height))


def with_chunk(data: bytes, kind: bytes, body: bytes) -> bytes:
    return data[:33] + chunk(kind, body) + data[33:]


def assert_sound(found: dict[str, object]) -> None:
    assert found["decodes"] is True
    assert found["decodes_truncated"] is True
    assert not {"complaint", "harmless", "unsupported", "lost_from_row"} & found.keys()


def test_ordinary_colour_is_plain_and_needs_no_other_reader() -> None:
    found = probe_bytes(saved(textured()))
    assert_sound(found)
    assert found["plain"] is True
    assert str(found["decoder"]).startswith("zlib ")
    assert "pillow" not in str(found["decoder"])
    assert (found["width"], found["height"], found["mode"], found["bits"]) == (120, 96, "RGB", 8)


def test_the_ordinary_path_imports_no_pillow_and_no_opencv() -> None:
    code = (
        "import sys, zlib, struct\n"
        f"data = {saved(textured(width=4, height=4))!r}\n"
        "from sanitize.probe import decoder_versions, examine\n"
        "assert examine(data).facts['plain'] is True\n"
        "assert 'pillow' in decoder_versions()\n"
        "assert not {'PIL', 'cv2', 'numpy', 'polars', 'dask'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 9), (33, 70)])
@pytest.mark.parametrize("options", [{}, {"compress_level": 0}, {"optimize": True}])
def test_sound_pictures_of_all_kinds(mode: str, size: tuple[int, int], options: dict[str, Any]) -> None:
    image = textured("L").resize(size).convert("I;16") if mode == "I;16" else textured(mode).resize(size)
    found = probe_bytes(saved(image, **options))
    assert_sound(found)
    assert (found["width"], found["height"], found["mode"]) == (*size, mode)
    assert found["plain"] is (mode == "RGB")
    assert found["alpha"] is (mode in ("LA", "RGBA"))
    assert found["palette"] is (mode == "P")


@pytest.mark.parametrize("color", ["white", "black", (12, 200, 7)])
def test_flat_pictures_are_sound(color: str) -> None:
    assert_sound(probe_bytes(saved(Image.new("RGB", (900, 700), color))))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 3), (8, 8), (9, 17)])
def test_interlaced_pictures_are_sound(width: int, height: int) -> None:
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    packed = b""
    for left, top, across, down in passes:
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        packed += (b"\0" + bytes(3 * columns)) * lines if columns > 0 and lines > 0 else b""
    data = made(width, height, 8, 2, chunk(b"IDAT", zlib.compress(packed)), interlaced=1)
    assert_sound(probe_bytes(data))
    assert probe_bytes(data)["plain"] is True


@pytest.mark.parametrize(("color", "stride", "mode"), [(0, 2, "I;16"), (2, 6, "RGB"), (4, 4, "RGBA"), (6, 8, "RGBA")])
def test_sixteen_bits_are_seen_where_pillow_does_not_say_so(color: int, stride: int, mode: str) -> None:
    found = probe_bytes(made(1, 5, 16, color, chunk(b"IDAT", zlib.compress(rows(5, stride)))))
    assert_sound(found)
    assert (found["bits"], found["mode"], found["plain"]) == (16, mode, False)


def test_a_transparent_colour_is_alpha_and_not_plain() -> None:
    found = probe_bytes(with_chunk(saved(textured()), b"tRNS", bytes(6)))
    assert (found["alpha"], found["plain"], found["decodes"]) == (True, False, True)


def test_a_palette_is_transparent_where_an_entry_is() -> None:
    image = textured("P")
    assert probe_bytes(saved(image, transparency=3))["alpha"] is True
    assert probe_bytes(saved(image, transparency=b"\xff" * 256))["alpha"] is False


def test_orientation_profile_and_srgb_are_read() -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    rotated = probe_bytes(saved(textured(), exif=exif))
    assert (rotated["orientation"], rotated["plain"], rotated["width"]) == (6, False, 120)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert probe_bytes(saved(textured(), icc_profile=srgb))["profile"] == "srgb"
    assert probe_bytes(with_chunk(saved(textured()), b"sRGB", b"\0"))["profile"] == "srgb"
    assert "profile" not in probe_bytes(saved(textured()))


def test_texts_and_private_chunks_are_ordinary() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", "words " * 500, zip=True)
    info.add_itxt("Comment", "wörds", zip=True)
    info.add(b"prVt", b"anything")
    found = probe_bytes(saved(textured(), pnginfo=info))
    assert_sound(found)
    assert found["plain"] is True


def test_bytes_after_the_end_are_no_damage() -> None:
    assert_sound(probe_bytes(saved(textured()) + b"more" * 100))


@pytest.mark.parametrize("pieces", [1, 7, 1000])
def test_pixels_may_be_split_into_any_chunks(pieces: int) -> None:
    packed = zlib.compress(rows(64, 30))
    step = -(-len(packed) // pieces)
    parts = [chunk(b"IDAT", packed[at : at + step]) for at in range(0, len(packed), step)]
    assert_sound(probe_bytes(made(10, 64, 8, 2, *parts, chunk(b"IDAT", b""))))


def test_a_cut_picture_says_how_much_survives() -> None:
    data = saved(textured())
    found = probe_bytes(data[: len(data) // 2])
    assert (found["decodes"], found["decodes_truncated"], found["complaint_kind"]) == (False, True, "ended-early")
    lost, survives = found["lost_from_row"], found["survives"]
    assert isinstance(lost, int)
    assert isinstance(survives, float)
    assert 40 < lost < 56
    assert lost / 96 <= survives < (lost + 1) / 96


@pytest.mark.parametrize("count", [1, 2, 4, 8, 12])
def test_a_missing_end_is_found_though_every_row_is_there(count: int) -> None:
    found = probe_bytes(saved(textured())[:-count])
    assert found["decodes"] is True
    assert (found["complaint_kind"], found["survives"]) == ("no-end", 1.0)


def test_a_flipped_bit_is_found_by_its_checksum() -> None:
    data = bytearray(saved(textured(), compress_level=0))
    data[len(data) // 2] ^= 1
    found = probe_bytes(bytes(data))
    assert found["complaint_kind"] == "checksum"
    assert "IDAT" in str(found["complaint"])


def test_too_few_rows_are_found_though_every_checksum_fits() -> None:
    found = probe_bytes(made(10, 64, 8, 2, chunk(b"IDAT", zlib.compress(rows(40, 30)))))
    assert (found["lost_from_row"], found["complaint_kind"]) == (40, "ended-early")


def test_an_unknown_filter_is_found() -> None:
    lines = bytearray(rows(64, 30))
    lines[31 * 20] = 9
    found = probe_bytes(made(10, 64, 8, 2, chunk(b"IDAT", zlib.compress(bytes(lines)))))
    assert (found["lost_from_row"], found["complaint_kind"], found["decodes"]) == (20, "bitstream", False)


def test_more_pixels_than_promised_cost_nothing() -> None:
    found = probe_bytes(made(10, 64, 8, 2, chunk(b"IDAT", zlib.compress(rows(80, 30)))))
    assert found["decodes"] is True
    assert "complaint" not in found


def test_a_checksum_of_a_text_is_harmless() -> None:
    info = PngImagePlugin.PngInfo()
    info.add(b"teXt", b"a\0b", after_idat=True)
    data = saved(textured(), pnginfo=info).replace(b"teXta\0b", b"teXta\0c")
    found = probe_bytes(data)
    assert "complaint" not in found
    assert "teXt" in str(found["harmless"])


def animated() -> bytes:
    frames = [textured(width=40, height=30).rotate(angle) for angle in (0, 90, 180)]
    return saved(frames[0], save_all=True, append_images=frames[1:])


def test_an_animation_is_sound_and_not_plain() -> None:
    found = probe_bytes(animated())
    assert_sound(found)
    assert (found["frames"], found["plain"]) == (3, False)


def test_damage_to_a_later_frame_is_found_though_the_first_one_loads() -> None:
    data = animated()
    at = data.rindex(b"fdAT")
    found = probe_bytes(data[: at + 30] + data[at + 31 :])
    assert found["decodes"] is True
    assert found["complaint"]
    missing = data[: data.rindex(b"fcTL") - 4] + chunk(b"IEND", b"")
    assert "2 of 3 frames" in str(probe_bytes(missing)["complaint"])


def test_a_newline_conversion_leaves_a_png_that_nobody_opens() -> None:
    found = probe_bytes(saved(textured()).replace(b"\n", b"\r\n"))
    assert (found["content"], found["decodes"], found["decodes_truncated"]) == ("png", False, False)
    assert found["complaint"]


def packed(indices: Indices, bits: int, *, padding: int = 0, filtered: int = 0) -> bytes:
    """Return rows of indices as they lie in a PNG, one filter for all, and the bits behind the last index set to `padding`."""
    each = 8 // bits
    wide = np.pad(indices, ((0, 0), (0, -indices.shape[1] % each)), constant_values=padding * (2**bits - 1))
    places = np.arange(each - 1, -1, -1) * bits
    rows = (wide.reshape(len(wide), -1, each) << places).sum(2).astype(np.uint8)
    left, above = np.pad(rows, ((0, 0), (1, 0)))[:, :-1], np.pad(rows, ((1, 0), (0, 0)))[:-1]
    expected = {0: 0 * rows, 1: left, 2: above, 3: (left.astype(int) + above) // 2}[filtered].astype(np.uint8)
    return b"".join(bytes([filtered]) + row.tobytes() for row in rows - expected)


def of_palette(indices: Indices, bits: int, entries: int, *, interlaced: bool = False, **options: int) -> bytes:
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    parts = [indices[top::down, left::across] for left, top, across, down in passes] if interlaced else [indices]
    pixels = b"".join(packed(part, bits, **options) for part in parts if part.size)
    palette = chunk(b"PLTE", np.random.default_rng(2).bytes(3 * entries))
    height, width = indices.shape
    body = chunk(b"IDAT", zlib.compress(pixels))
    return made(width, height, bits, 3, *([palette] if entries else []), body, interlaced=interlaced)


def scattered(entries: int, width: int = 37, height: int = 29) -> Indices:
    found = np.random.default_rng(5).integers(0, entries, (height, width))
    found[3, 5] = entries - 1
    return found


@pytest.mark.parametrize("filtered", [0, 1, 2, 3])
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(
    ("bits", "entries"), [(1, 1), (1, 2), (2, 3), (2, 4), (4, 11), (4, 16), (8, 3), (8, 130), (8, 256)]
)
def test_pixels_within_a_palette_are_sound_whatever_the_padding(
    bits: int, entries: int, interlaced: bool, filtered: int
) -> None:
    data = of_palette(scattered(entries), bits, entries, interlaced=interlaced, padding=1, filtered=filtered)
    assert_sound(probe_bytes(data))


@pytest.mark.parametrize("filtered", [0, 1, 2, 3])
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("bits", "entries"), [(1, 1), (2, 3), (4, 11), (8, 130)])
def test_a_single_pixel_beyond_the_palette_is_told_though_nothing_is_lost(
    bits: int, entries: int, interlaced: bool, filtered: int
) -> None:
    indices = scattered(entries)
    indices[20, 36] = entries
    found = probe_bytes(of_palette(indices, bits, entries, interlaced=interlaced, filtered=filtered))
    assert found["harmless"] == f"1 of {37 * 29} pixels point beyond the palette of {entries} colours"
    assert (found.get("complaint"), found["decodes"], found["plain"]) == (None, True, False)


def test_a_short_palette_of_a_sound_picture_is_what_pillow_writes() -> None:
    assert_sound(probe_bytes(saved(textured().quantize(100))))


def test_pixels_without_a_palette_are_damage() -> None:
    data = of_palette(scattered(9), 8, 0)
    found = probe_bytes(data)
    assert (found["complaint"], found["complaint_kind"]) == (
        "the pixels point to a palette, and there is none before them",
        "bitstream",
    )
    late = data[:-12] + chunk(b"PLTE", bytes(768)) + data[-12:]
    assert probe_bytes(late)["complaint"] == found["complaint"]


def test_a_palette_that_only_suggests_colours_is_no_palette_to_point_to() -> None:
    assert_sound(probe_bytes(with_chunk(saved(textured()), b"PLTE", bytes(9))))
