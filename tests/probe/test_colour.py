"""Colour, frames, orientation and profile of every format."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from sanitize.probe import VERSION, decoder_versions
from tests.probed import probe_bytes


def saved(kind: str, image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(mode: str) -> Image.Image:
    return Image.linear_gradient("L").resize((40, 30)).convert(mode)


def translucent() -> Image.Image:
    image = picture("RGBA")
    image.putalpha(Image.radial_gradient("L").resize(image.size))
    return image


def facts(kind: str, image: Image.Image, **options: Any) -> dict[str, object]:
    return probe_bytes(saved(kind, image, **options), name="a.tga" if kind == "TGA" else "")


@pytest.mark.parametrize(
    ("kind", "mode", "seen", "bits"),
    [
        ("GIF", "P", "P", 8),
        ("BMP", "RGB", "RGB", 8),
        ("BMP", "1", "1", 1),
        ("TIFF", "1", "1", 1),
        ("TIFF", "L", "L", 8),
        ("TIFF", "I;16", "I;16", 16),
        ("TIFF", "F", "F", 32),
        ("TIFF", "CMYK", "CMYK", 8),
        ("TIFF", "LAB", "LAB", 8),
        ("WEBP", "RGB", "RGB", 8),
        ("AVIF", "RGB", "RGB", 8),
        ("JPEG2000", "L", "L", 8),
        ("PPM", "1", "1", 1),
        ("PPM", "L", "L", 8),
        ("PPM", "I;16", "I", 16),
        ("PPM", "F", "F", 32),
        ("TGA", "RGB", "RGB", 8),
    ],
)
def test_mode_and_bits(kind: str, mode: str, seen: str, bits: int) -> None:
    image = Image.fromarray(np.arange(1200, dtype=np.uint16).reshape(30, 40)) if mode == "I;16" else picture(mode)
    found = facts(kind, image)
    assert (found["mode"], found["bits"], found["decodes"]) == (seen, bits, True)
    assert (found["width"], found["height"], found["plain"]) == (40, 30, False)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF", "TGA", "ICO", "JPEG2000"])
def test_alpha_is_seen(kind: str) -> None:
    assert facts(kind, translucent())["alpha"] is True
    if kind != "ICO":
        assert facts(kind, picture("RGB"))["alpha"] is False


def test_a_transparent_index_of_a_gif_is_alpha() -> None:
    assert facts("GIF", Image.new("P", (40, 30), 0), transparency=0)["alpha"] is True
    assert facts("GIF", picture("P"))["alpha"] is False


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF", "TIFF"])
def test_frames_are_counted(kind: str) -> None:
    frames = [picture("RGB").rotate(angle) for angle in (0, 90, 180, 270)]
    assert facts(kind, frames[0], save_all=True, append_images=frames[1:])["frames"] == 4
    assert facts(kind, frames[0])["frames"] == 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_orientation_is_read_and_the_size_is_the_stored_one(kind: str) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    found = facts(kind, picture("RGB"), exif=exif)
    assert (found["orientation"], found["width"], found["height"]) == (6, 40, 30)
    assert facts(kind, picture("RGB"))["orientation"] == 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_profiles_are_described(kind: str) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert facts(kind, picture("RGB"), icc_profile=srgb)["profile"] == "srgb"
    assert facts(kind, picture("RGB"), icc_profile=renamed(srgb, gamma=1.8))["profile"] == "My screen"
    assert "profile" not in facts(kind, picture("RGB"))


def renamed(profile: bytes, *, gamma: float | None = None) -> bytes:
    """Give a profile another description and, where asked, another tone curve."""
    name = "My screen".encode("utf-16-be")
    tags = [b"desc", b"rTRC", b"rXYZ", b"gXYZ", b"bXYZ"]
    (count,) = struct.unpack_from(">I", profile, 128)
    old = {profile[at : at + 4]: struct.unpack_from(">II", profile, at + 4) for at in range(132, 132 + 12 * count, 12)}
    bodies = [b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0, 0, len(name), 28) + name]
    for tag in tags[1:]:
        start, size = old[tag]
        bodies.append(profile[start : start + size])
    if gamma is not None:
        bodies[1] = b"curv" + struct.pack(">IIHH", 0, 1, round(gamma * 256), 0)
    table, content, at = b"", b"", 132 + 12 * len(tags)
    for tag, body in zip(tags, bodies, strict=True):
        body += bytes(-len(body) % 4)
        table += tag + struct.pack(">II", at + len(content), len(body))
        content += body
    return profile[:128] + struct.pack(">I", len(tags)) + table + content


def test_srgb_is_known_by_its_colours_whatever_its_name() -> None:
    from sanitize.probe.icc import describe

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert describe(renamed(srgb)) == "srgb"
    assert describe(renamed(srgb, gamma=1.8)) == "My screen"


@pytest.mark.parametrize("name", ["esRGB", "e-sRGB", "Rec2020-elle-V2-srgbtrc", "sRGB-elle-V2-labl", "sRGB calibrated"])
def test_a_name_alone_does_not_make_srgb_of_other_colours(name: str) -> None:
    from corrupt_samples.encode import profile
    from sanitize.probe.icc import describe

    assert describe(profile(name, wide=True)) == name
    assert describe(profile(name, gamma=1.8)) == name


def test_a_profile_of_tables_alone_is_known_by_its_name() -> None:
    from corrupt_samples.encode import profile
    from sanitize.probe.icc import describe

    assert describe(profile("sRGB v4 ICC preference").replace(b"rXYZ", b"A2B0")) == "srgb"
    assert describe(profile("esRGB").replace(b"rXYZ", b"A2B0")) == "esRGB"


def test_a_broken_profile_is_said_to_be_unreadable() -> None:
    assert facts("PNG", picture("RGB"), icc_profile=b"no profile at all")["profile"] == "unreadable profile"


@pytest.mark.parametrize("kind", ["TIFF", "PPM"])
@pytest.mark.parametrize(("value", "finite"), [(1.5, True), (float("nan"), False), (float("inf"), False)])
def test_floats_are_looked_at(kind: str, value: float, finite: bool) -> None:
    pixels = np.zeros((5, 4), np.float32)
    pixels[2, 3] = value
    assert facts(kind, Image.fromarray(pixels))["finite"] is finite


def test_a_picture_without_floats_has_no_such_fact() -> None:
    assert "finite" not in facts("TIFF", picture("RGB"))


def test_a_tiff_of_a_kind_that_pillow_does_not_read_is_unsupported_and_not_damaged() -> None:
    data = bytearray(saved("TIFF", picture("LAB")))
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        if struct.unpack_from(order + "H", data, entry) == (262,):
            struct.pack_into(order + "H", data, entry + 8, 32844)
    found = probe_bytes(bytes(data))
    assert "unknown pixel mode" in str(found["unsupported"])
    assert "complaint" not in found


def test_formats_that_are_never_opened_say_so() -> None:
    found = probe_bytes(b"v/1\x01\x02\0\0\0channels\0")
    assert found["unsupported"] == "an OpenEXR is not opened here"
    assert "decoder" not in found


def test_every_reader_is_named_with_its_version() -> None:
    versions = decoder_versions()
    assert {"pillow", "opencv", "zlib"} <= versions.keys()
    assert facts("BMP", picture("RGB"))["decoder"] == f"pillow {versions['pillow']}"
    assert facts("AVIF", picture("RGB"))["decoder"] == f"pillow {versions['pillow']}; opencv {versions['opencv']}"
    assert isinstance(VERSION, int)


def test_a_reader_is_found_wherever_its_metadata_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pillow-12.0.0.dist-info").mkdir()
    for name, version in (("simplejpeg", "1.8.2"), ("opencv-python", "4.13.0.90")):
        (tmp_path / f"{name.replace('-', '_')}.egg-info").mkdir()
        told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (tmp_path / f"{name.replace('-', '_')}.egg-info" / "PKG-INFO").write_text(told)
    others = [path for path in sys.path if "site-packages" not in path]
    monkeypatch.setattr("sys.path", [str(tmp_path), *others])
    found = decoder_versions.__wrapped__()  # what is kept is of the whole run
    found.pop("zlib")
    assert found == {"pillow": "12.0.0", "opencv": "4.13.0.90", "simplejpeg": "1.8.2"}


def test_nothing_is_decoded_where_the_header_promises_too_much() -> None:
    for kind in ("PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000", "PPM", "TGA", "ICO", "PCX", "QOI"):
        data = saved(kind, picture("P" if kind == "GIF" else "RGB"), **({"sizes": [(40, 30)]} if kind == "ICO" else {}))
        found = probe_bytes(data, name="a.tga" if kind == "TGA" else "", max_pixels=1199)
        assert (found["width"], found["height"]) == (40, 30), kind
        assert not {"decodes", "complaint", "plain"} & found.keys(), kind
