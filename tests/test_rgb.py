"""How each file becomes 8-bit RGB under its true extension, and that it then keeps the promise."""

from __future__ import annotations

import io
import itertools
import os
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import polars as pl
import pytest
from PIL import Image, ImageCms

from sanitize.convert import convert
from sanitize.facts import COLUMNS
from sanitize.listener import Listener
from sanitize.outputs import images
from sanitize.recipe import Recipe
from sanitize.rgb import plan
from tests.probed import probe_bytes

SCHEMA = {"file": pl.UInt32, **{name: getattr(pl, column.dtype) for name, column in COLUMNS.items()}}
PLAIN = {
    "content": "jpeg", "mode": "RGB", "bits": 8, "width": 100, "height": 80, "size": 5000, "frames": 1, "orientation": 1,
    "decodes": True, "plain": True, "palette": False, "alpha": False,
}  # fmt: skip


def facts(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{"file": number, **PLAIN, **row} for number, row in enumerate(rows)], schema=SCHEMA)


def policy(options: dict[str, Any] | None = None, **row: Any) -> str:
    chosen: str = plan(facts({"path": "a", **row}), **{"icc": "keep"} | (options or {}))["rgb_policy"].item()
    return chosen


def names(*paths: str, ignores_case: bool = False, **row: Any) -> list[str]:
    """Return the names of PNG copies of these paths."""
    gif = {"content": "gif", "plain": False, "palette": True, "mode": "P"}
    planned = plan(facts(*[{"path": path, **gif, **row} for path in paths]), icc="keep", ignores_case=ignores_case)
    chosen: list[str] = planned["rgb_path"].to_list()
    return chosen


# Policies


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, "link"),
        ({"content": "png"}, "link"),
        ({"profile": "srgb"}, "link"),
        ({"profile": "Adobe RGB (1998)"}, "link"),
        ({"plain": False}, "jpeg-lossless"),
        ({"plain": False, "orientation": 6}, "jpeg-same:orient"),
        ({"plain": False, "mode": "L"}, "jpeg-same:grey"),
        ({"plain": False, "mode": "L", "profile": "Dot Gain 20%", "orientation": 3}, "jpeg-same:grey+profile+orient"),
        ({"plain": False, "mode": "CMYK"}, "jpeg-95:cmyk"),
        ({"plain": False, "mode": "L", "width": 65_501}, "png:grey"),
        ({"plain": False, "content": "png", "mode": "RGBA", "alpha": True}, "png:alpha"),
        ({"plain": False, "content": "png", "mode": "RGB", "alpha": True}, "png:alpha"),
        ({"plain": False, "content": "png", "bits": 16}, "png:depth"),
        ({"plain": False, "content": "png", "frames": 9}, "png:frame"),
        ({"plain": False, "content": "png", "mode": "I;16", "bits": 16}, "png:depth+grey"),
        ({"plain": False, "content": "gif", "mode": "P", "palette": True, "frames": 2}, "png:frame+palette"),
        ({"plain": False, "content": "tiff", "mode": "LAB"}, "png:lab"),
        ({"plain": False, "content": "tiff", "mode": "F", "bits": 32}, "png:depth+grey"),
        ({"plain": False, "content": "bmp"}, "png"),
        ({"plain": None, "content": None, "mode": None, "width": None, "height": None}, "png"),
    ],
)
def test_the_policy_says_how_and_what(row: dict[str, Any], expected: str) -> None:
    assert policy(**row) == expected


def test_a_profile_is_converted_where_that_is_asked_for() -> None:
    asked = {"icc": "convert"}
    assert policy(asked) == "link"
    assert policy(asked, profile="srgb") == "link"
    assert policy(asked, profile="Display P3") == "jpeg-same:profile"
    assert policy(asked, profile="Display P3", content="png") == "png:profile"
    assert policy(asked, profile="srgb", plain=False) == "jpeg-lossless"


def test_the_format_of_copies_can_be_chosen_and_links_stay() -> None:
    bitmap = {"content": "bmp", "plain": False}
    grey = {"mode": "L", "plain": False}
    assert policy({"rgb_format": "jpeg"}, **bitmap) == "jpeg-95"
    assert policy({"rgb_format": "jpeg"}, **bitmap, height=70_000) == "png"
    assert policy({"rgb_format": "jpeg"}, **grey) == "jpeg-same:grey"
    assert policy({"rgb_format": "png"}, **grey) == "png:grey"
    assert policy({"rgb_format": "png"}, plain=False) == "png"
    assert policy({"rgb_format": "png"}) == policy({"rgb_format": "jpeg"}, content="png") == "link"


def test_damage_is_never_linked_when_it_is_salvaged() -> None:
    salvage = {"salvage": True}
    assert policy(salvage) == "link"
    assert policy(salvage, decodes=False) == "jpeg-same:salvage"
    assert policy(salvage, complaint="bad Huffman code") == "jpeg-same:salvage"
    assert policy(salvage, complaint="a wrong checksum", content="png") == "png:salvage"
    assert policy(salvage, harmless="stray bytes") == "link"


def test_the_expected_size_of_what_is_salvaged_has_the_rows_that_are_lost() -> None:
    large = {"plain": False, "width": 2000, "height": 1000, "size": 10_000, "complaint": "cut"}
    cut = {**large, "complaint_kind": "ended-early"}
    rows = [cut | {"survives": 0.1}, cut | {"survives": 1.0}, cut, large | {"complaint_kind": "bitstream"}]
    sizes = plan(
        facts(*[{"path": f"{number}.jpg", **row} for number, row in enumerate(rows)]), icc="keep", salvage=True
    )
    assert sizes["rgb_bytes"].to_list() == [47_500, 91_500, 91_500, 11_500]


def test_the_expected_size_is_that_of_the_source_or_of_the_pixels() -> None:
    sizes = plan(
        facts(
            {"path": "link.jpg"},
            {"path": "grey.jpg", "plain": False, "mode": "L"},
            {"path": "a.webp", "content": "webp", "plain": False},
            {"path": "a.gif", "content": "gif", "plain": False, "size": 1_000_000},
        ),
        icc="keep",
    )["rgb_bytes"].to_list()
    assert sizes[0] == 0
    assert 5000 < sizes[1] < 8000
    assert 8_000 < sizes[2] < 24_000
    assert sizes[3] == 3 * 100 * 80 + 100  # no PNG grows beyond its pixels


# Names


def test_true_extensions_stay_and_false_ones_are_replaced() -> None:
    rows = [
        ("a.jpg", "jpeg", "a.jpg"), ("b.JPG", "jpeg", "b.JPG"), ("c.jpeg", "jpeg", "c.jpeg"), ("d.jpe", "jpeg", "d.jpe"),
        ("e.jfif", "jpeg", "e.jfif"), ("f.png", "png", "f.png"), ("g.PNG", "png", "g.PNG"), ("h.jpg", "png", "h.png"),
        ("i.png", "jpeg", "i.jpg"), ("x.y/j", "jpeg", "x.y/j.jpg"), (".jpg", "jpeg", ".jpg.jpg"), ("k.tar.x", "png", "k.tar.png"),
        ("l.", "png", "l.png"), ("m\n.n", "png", "m\n.png"), ("o.jpg ", "jpeg", "o.jpg"),
        ("x.y/.hidden", "png", "x.y/.hidden.png"),
    ]  # fmt: skip
    planned = plan(facts(*[{"path": path, "content": content} for path, content, _name in rows]), icc="keep")
    assert planned["rgb_policy"].unique().to_list() == ["link"]
    assert dict(zip((row[0] for row in rows), planned["rgb_path"], strict=True)) == {row[0]: row[2] for row in rows}


def test_names_that_are_taken_are_left_alone() -> None:
    assert names("a.gif") == ["a.png"]
    assert names("a.gif", "a.png") == ["a.gif.png", "a.png"]
    assert names("a.gif", "a.png", "a.gif.png") == ["a.gif.1.png", "a.png", "a.gif.png"]
    assert names("a.gif", "a.png", "a.gif.png", "a.gif.1.png")[0] == "a.gif.2.png"
    assert names("d/a.gif", "a.png") == ["d/a.png", "a.png"]


@pytest.mark.parametrize(
    ("paths", "free"),
    [
        (["a.gif", "a.PNG"], ["a.gif.png", "a.PNG"]),
        (["a.gif", "A.gif"], ["a.gif.png", "A.png"]),
        (["a.gif", "A.PNG/deep/x.png"], ["a.gif.png", "A.PNG/deep/x.png"]),
        (["d/a.gif", "D/a.png"], ["d/a.gif.png", "D/a.png"]),
        (["\u00e9.gif", "e\u0301.png"], ["\u00e9.gif.png", "e\u0301.png"]),
        (["\u03c2.gif", "\u03c3.png"], ["\u03c2.gif.png", "\u03c3.png"]),
    ],
)
def test_where_case_is_ignored_a_copy_takes_no_name_that_differs_in_it_or_in_normal_form_only(
    paths: list[str], free: list[str]
) -> None:
    assert names(*paths, ignores_case=True) == free
    assert names(*paths) == [path.replace(".gif", ".png") for path in paths]


def test_names_that_are_one_where_case_is_ignored_are_numbered() -> None:
    spellings = ["".join(letters) + ".gif" for letters in itertools.product(*zip("abcdef", "ABCDEF", strict=True))]
    found = names(*spellings, ignores_case=True)
    assert len({name.lower() for name in found}) == len(spellings)
    assert max(len(name) for name in found) == len("abcdef.gif.62.png")


def test_two_copies_never_share_a_name_and_order_does_not_matter() -> None:
    paths = ["a.tif", "a.gif", "a.bmp", "a.gif.png", "a", "b/a.gif", "a.bmp.gif"]
    once = dict(zip(paths, names(*paths), strict=True))
    again = dict(zip(paths[::-1], names(*paths[::-1]), strict=True))
    assert once == again
    assert len(set(once.values())) == len(paths)
    assert once["a"] == "a.png"
    assert once["a.bmp.gif"] == "a.bmp.png"
    assert once["a.bmp"] == "a.bmp.1.png"
    assert once["a.gif"] == "a.gif.1.png"


def test_a_copy_never_takes_the_name_of_a_folder() -> None:
    assert names("a.gif", "a.png/deep/x.png") == ["a.gif.png", "a.png/deep/x.png"]


def test_a_name_of_a_renamed_original_is_not_given_away() -> None:
    jpeg_called_png = {"path": "a.png", "content": "jpeg"}
    planned = plan(facts({"path": "a.gif", "content": "gif", "plain": False}, jpeg_called_png), icc="keep")
    assert planned["rgb_path"].to_list() == ["a.gif.png", "a.jpg"]


# The promise


def pictures() -> Iterator[tuple[str, bytes, bool]]:
    """Yield name, content, and whether a link is due."""
    random = np.random.default_rng(7)
    coarse = random.integers(0, 256, (9, 12, 3)).astype(np.uint8)
    colour = Image.fromarray(cv2.resize(coarse, (100, 70), interpolation=cv2.INTER_CUBIC))
    grey, alpha, palette = colour.convert("L"), colour.convert("RGBA"), colour.quantize(20)
    alpha.putalpha(grey)
    deep = Image.fromarray((np.asarray(grey).astype(np.uint16) << 8) + 17)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
        target = io.BytesIO()
        image.save(target, kind, **options)
        return target.getvalue()

    def turned(value: int) -> Image.Exif:
        exif = Image.Exif()
        exif[0x112] = value
        return exif

    for name, options in {
        "base": {},
        "progressive": {"progressive": True},
        "fine": {"quality": 97, "subsampling": 0},
    }.items():
        yield f"{name}.jpg", saved(colour, "JPEG", **options), True
        yield f"grey-{name}.jpg", saved(grey, "JPEG", **options), False
    yield "profile.jpg", saved(colour, "JPEG", icc_profile=profile), True
    yield "rgb-coded.jpg", saved(colour, "JPEG", keep_rgb=True), True
    yield "cmyk.jpg", saved(colour.convert("CMYK"), "JPEG"), False
    for value in range(1, 9):
        for kind in ("JPEG", "PNG", "WEBP", "AVIF")[: None if value == 6 else 3]:
            is_link = value == 1 and kind in ("JPEG", "PNG")
            yield f"turned-{value}.{kind.lower()}", saved(colour, kind, exif=turned(value)), is_link
        yield f"turned-{value}.tif", saved(colour, "TIFF", tiffinfo={0x112: value}), False
        yield f"grey-turned-{value}.jpg", saved(grey, "JPEG", exif=turned(value)), False
    broken = b"\xff\xe1" + struct.pack(">H", 24) + b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0\x01\0"
    data = saved(colour, "JPEG")
    yield "broken-exif.jpg", data[:2] + broken + data[2:], False
    yield "mpo.jpg", saved(colour, "MPO", save_all=True, append_images=[colour]), None  # type: ignore[misc]
    yield "plain.png", saved(colour, "PNG"), True
    yield "wrong.jpg", saved(colour, "PNG"), True
    yield "no-extension", saved(colour, "PNG"), True
    yield "animated.png", saved(colour, "PNG", save_all=True, append_images=[alpha.convert("RGB")]), False
    yield "declared.png", saved(colour, "PNG", transparency=(1, 2, 3)), False
    for kind in ("PNG", "TIFF", "GIF", "WEBP", "BMP", "TGA", "ICO", "AVIF", "JPEG2000", "DDS", "QOI", "SGI"):
        yield f"alpha.{kind.lower()}", saved(alpha, kind), False
    for mode in ("1", "L", "LA", "P", "I;16", "I", "F", "CMYK", "YCbCr", "LAB"):
        image = {"P": palette, "I;16": deep, "LAB": colour.convert("RGB")}.get(mode) or colour.convert(mode)
        image = Image.frombytes("LAB", colour.size, colour.tobytes()) if mode == "LAB" else image
        for kind in ("PNG", "TIFF", "PPM"):
            is_possible = kind == "TIFF" or mode in ("1", "L", "I;16") or (kind == "PNG" and mode in ("LA", "P"))
            if is_possible:
                yield f"{mode.replace(';', '-')}.{kind.lower()}", saved(image, kind), False
    deep_colour = np.dstack([np.asarray(deep)] * 4)
    for extension in ("png", "tiff"):
        for channels in (3, 4):
            encoded = cv2.imencode(f".{extension}", deep_colour[..., :channels])[1].tobytes()
            yield f"deep-{channels}.{extension}", encoded, False


@pytest.mark.parametrize("options", [{}, {"icc": "convert"}, {"rgb_format": "jpeg"}, {"rgb_format": "png"}])
def test_every_link_and_every_copy_opens_alike_everywhere(tmp_path: Path, options: dict[str, Any]) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (out / ".sanitize").mkdir(parents=True)
    rows, links = [], {}
    for number, (name, data, is_link) in enumerate(pictures()):
        (source / name).write_bytes(data)
        state = {"size": len(data), "mtime_ns": (source / name).stat().st_mtime_ns}
        rows.append({"file": number, "path": name, **state, **probe_bytes(data, name=name)})
        links[name] = is_link
    table = pl.DataFrame(rows, schema=SCHEMA)
    table = table.join(plan(table, **{"icc": "keep"} | options), on="file")
    failures = images.update(
        out,
        source,
        table,
        Recipe("symlink", options.get("icc", "keep"), (255, 255, 255)),
        listener=Listener(),
        convert=lambda requests, _sizes: ((number, convert(request)) for number, request in enumerate(requests)),
    )
    assert failures.rows() == []
    assert set(os.listdir(out / "images")) == set(table["rgb_path"])
    for row in table.iter_rows(named=True):
        path = out / "images" / row["rgb_path"]
        assert links[row["path"]] in (None, path.is_symlink()), row["path"]
        assert_promise(path, turned=row["orientation"] > 4, size=(row["width"], row["height"]))


def assert_promise(path: Path, *, turned: bool, size: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Image.open(path) as image:
            image.load()
            assert image.mode == "RGB", path
            assert Image.registered_extensions()[path.suffix.lower()] in (
                image.format,
                "JPEG" if image.format == "MPO" else "",
            )
    array = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert array is not None, path
    assert array.dtype == np.uint8, path
    assert array.shape == (image.height, image.width, 3), path
    assert image.size == (size[::-1] if turned else size), path
