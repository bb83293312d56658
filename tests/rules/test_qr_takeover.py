from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from corrupt_samples.codes import code, coloured, on_photo, poster, turned, with_logo
from corrupt_samples.encode import encode, jpeg, png
from corrupt_samples.pictures import line_art, photo, product, screenshot

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

SHOP = "https://shop.example/pay"


def test_a_photo_that_became_a_code_in_another_format_is_an_error(fired: Fired) -> None:
    files = {
        "a.jpg": encode(code(SHOP), "GIF"),
        "b.jpg": jpeg(with_logo(code(SHOP + "/b", level="H"))),
        "c.png": png(poster(code(SHOP + "/c"), "c", width=480, height=640)),
        "d.webp": encode(code(SHOP + "/d"), "WEBP"),
        "e.jpg": jpeg(photo("e", 480, 360)),
    }
    found = fired("qr-takeover", files)
    assert {path: severity for path, (severity, _message) in found.items()} == dict.fromkeys(
        ["a.jpg", "b.jpg", "c.png", "d.webp"], "error"
    )
    assert "says `https://shop.example/pay`" in found["a.jpg"][1]


def test_evidence_is_the_text_and_the_share_of_the_area(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.png").write_bytes(png(code(SHOP, quiet=4)))
    (evidence,) = scan(folder).findings.filter(rule="qr-takeover")["evidence"]
    said = json.loads(evidence)
    assert said["text"] == SHOP
    assert 0.5 < said["share"] < 0.7


def test_two_codes_beside_each_other_are_the_picture_together(fired: Fired) -> None:
    card = Image.new("RGB", (900, 600), "white")
    for number, place in enumerate(((30, 100), (470, 100))):
        card.paste(code(f"{SHOP}/{number}", quiet=4).resize((400, 400), Image.Resampling.NEAREST), place)
    ((severity, message),) = fired("qr-takeover", {"a.png": png(card)}).values()
    assert severity == "error"
    assert message.startswith("2 QR codes are 3")
    assert "the largest says `https://shop.example/pay/" in message


def test_a_code_in_the_centre_counts_though_a_larger_one_is_elsewhere(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    scene = on_photo(code(f"{SHOP}/large"), "a", width=1000, height=500, share=0.55, at=(0.14, 0.5))
    scene.paste(code(f"{SHOP}/centre").resize((240, 240)), (400, 130))
    (folder / "a.png").write_bytes(png(scene))
    ((message, evidence),) = scan(folder).findings.filter(rule="qr-takeover").select("message", "evidence").iter_rows()
    said = json.loads(evidence)
    assert said["text"] == f"{SHOP}/centre"
    assert 0.05 < said["share"] < 0.09
    assert said["offset"] < 0.1
    assert said["codes"] == 2
    assert message.startswith("a QR code is ")
    assert f"says `{SHOP}/centre`" in message


def test_two_shops_codes_on_one_card_are_its_centre(fired: Fired) -> None:
    card = Image.new("RGB", (900, 600), (7, 193, 96))
    for number, place in enumerate(((190, 180), (470, 180))):
        card.paste(code(f"{SHOP}/{number}").resize((240, 240)), place)
    ((severity, message),) = fired("qr-takeover", {"a.png": png(card)}).values()
    assert severity == "error"
    assert message.startswith("2 QR codes are 1")


@pytest.mark.parametrize(("width", "height"), [(224, 224), (320, 240)])
def test_a_code_that_can_be_read_in_the_centre_of_a_small_photo_is_one(fired: Fired, width: int, height: int) -> None:
    files = {}
    for number in range(4):
        scene, side = photo(f"{number}", width, height), round(0.36 * height)
        small = coloured(code(f"{SHOP}/{number}", quiet=4), (0, 80, 160), (255, 255, 255)).resize(
            (side, side), Image.Resampling.LANCZOS
        )
        scene.paste(small, ((width - side) // 2, (height - side) // 2))
        files |= {f"{number}.jpg": jpeg(scene, quality=85), f"{number}.png": png(scene)}
    assert set(fired("qr-takeover", files)) == set(files)


def test_codes_in_two_corners_of_a_photo_are_none(fired: Fired) -> None:
    files = {}
    for seed in "abc":
        scene = on_photo(code(SHOP), seed, width=800, height=600, share=0.35, at=(0.15, 0.2))
        scene.paste(code(f"{SHOP}/2").resize((210, 210)), (560, 370))
        files[f"{seed}.jpg"] = jpeg(scene)
    assert fired("qr-takeover", files) == {}
    assert fired("contains-code", files).keys() == files.keys()


def test_codes_that_are_the_picture_together_are_all_read_though_most_are_dense(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        page = Image.new("RGB", (1200, 1200), "white")
        for number, place in enumerate(((60, 60), (660, 60), (60, 660), (660, 660))):
            said = code(f"{SHOP}/{seed}{number}" + "0123456789" * (5 if number else 0), quiet=4)
            page.paste(said.resize((480, 480), Image.Resampling.BICUBIC), place)
        files[f"{seed}.jpg"] = jpeg(page, quality=80)
    found = fired("qr-takeover", files)
    assert {message.split(" are ")[0] for _severity, message in found.values()} == {"4 QR codes"}
    assert found.keys() == files.keys()


@pytest.mark.parametrize(
    ("dark", "light"),
    [
        pytest.param((40, 40, 40), (150, 150, 150), id="in the shade"),
        pytest.param((150, 150, 150), (255, 255, 255), id="pale"),
        pytest.param((0, 0, 0), (120, 120, 120), id="dim"),
        pytest.param((255, 140, 0), (255, 255, 255), id="orange"),
        pytest.param((7, 193, 96), (255, 255, 255), id="green"),
        pytest.param((0, 0, 0), (7, 193, 96), id="on green"),
        pytest.param((20, 30, 80), (200, 170, 120), id="on cardboard"),
    ],
)
@pytest.mark.parametrize("width", [320, 640, 1000])
def test_a_code_of_little_contrast_on_a_photo_of_much_is_one(
    fired: Fired, width: int, dark: tuple[int, int, int], light: tuple[int, int, int]
) -> None:
    pasted = coloured(code(SHOP, quiet=4), dark, light)
    files = {
        f"{seed}.jpg": jpeg(on_photo(pasted, f"{seed}", width=width, height=width * 3 // 4, share=0.65), quality=85)
        for seed in range(5)
    }
    assert fired("qr-takeover", files).keys() == files.keys()


@pytest.mark.parametrize("shades", [(138, 192), (32, 72), (176, 216)])
def test_a_code_in_two_shades_that_lie_close_together_is_one(fired: Fired, shades: tuple[int, int]) -> None:
    dark, light = ((level, level, level) for level in shades)
    files = {f"{level}.jpg": jpeg(coloured(code(SHOP, level=level), dark, light)) for level in "LMQH"}
    assert set(fired("qr-takeover", files)) == set(files)


def test_a_dense_code_that_is_printed_small_is_one(fired: Fired) -> None:
    paper = (200, 200, 200)
    dense = coloured(code(SHOP + "?id=" + "0123456789abcdef" * 6, module=8, level="L"), (50, 50, 50), paper)
    scenes = {seed: on_photo(turned(dense, 20, paper), seed, width=800, height=600, share=0.4) for seed in "abcd"}
    files = {f"{seed}.jpg": jpeg(scene) for seed, scene in scenes.items()}
    files |= {f"{seed}.png": png(scene) for seed, scene in scenes.items()}
    assert fired("qr-takeover", files).keys() == files.keys()


def test_a_code_beside_the_thing_is_none(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(on_photo(code(SHOP), "a", width=640, height=480, share=0.3, at=(0.8, 0.8))),
        "b.jpg": jpeg(on_photo(code(SHOP + "/b"), "b", width=800, height=600, share=0.16)),
    }
    assert fired("qr-takeover", files) == {}


def test_ordinary_pictures_are_none(fired: Fired) -> None:
    bars = Image.new("L", (400, 300), 255)
    bars.paste(Image.effect_noise((120, 1), 200).resize((360, 200), Image.Resampling.NEAREST), (20, 50))
    files = {f"photo{n}.jpg": jpeg(photo(f"photo {n}", 400, 300)) for n in range(20)}
    files |= {f"screen{n}.png": png(screenshot(f"screen {n}", 400, 300)) for n in range(10)}
    files |= {f"lines{n}.png": png(line_art(f"lines {n}", 300, 300)) for n in range(10)}
    files |= {f"product{n}.jpg": jpeg(product(f"product {n}", 300, 300)) for n in range(10)}
    files |= {"bars.jpg": jpeg(bars.convert("RGB"))}
    assert fired("qr-takeover", files) == {}


def test_thresholds_are_options_and_need_no_new_decode(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(on_photo(code(SHOP), "a", width=640, height=480, share=0.3, at=(0.8, 0.8))))
    first = scan(folder, cache=True)
    options = {"min_share": 0.02}
    second = scan(folder, cache=True, rule_options={"qr-takeover": options})
    assert "qr-takeover" not in set(first.findings["rule"])
    assert "qr-takeover" in set(second.findings["rule"])
    assert second.probed == 0
