"""QR codes are found as a telephone finds them, and what only looks like one is none."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from corrupt_samples import codes as made
from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from sanitize.probe import code_reading, code_texture, codes
from sanitize.probe.batch import Batch
from tests.batches import batch as batch_of

Make = Callable[[random.Random, str], Image.Image]


def text(chance: random.Random) -> str:
    return "https://shop.example/" + "".join(chance.choices("abcdefgh0123456789", k=chance.choice((4, 12, 40, 90))))


def any_code(chance: random.Random, module: int = 8) -> Image.Image:
    return made.code(text(chance), module=module, level=chance.choice("LMQH"))


KINDS: dict[str, Make] = {
    "plain": lambda chance, seed: any_code(chance, chance.choice((3, 4, 6, 10))),
    "logo": lambda chance, seed: made.with_logo(made.code(text(chance), level="H")),
    "coloured": lambda chance, seed: made.coloured(any_code(chance), (0, 80, 200), (255, 240, 200)),
    "inverted": lambda chance, seed: ImageOps.invert(any_code(chance)),
    "turned": lambda chance, seed: made.turned(any_code(chance), chance.uniform(0, 360)),
    "blurred": lambda chance, seed: made.blurred(any_code(chance), chance.uniform(1, 4)),
    "noisy": lambda chance, seed: made.noisy(any_code(chance), seed, 20),
    "tiny": lambda chance, seed: made.code("https://a.example", module=2),
    "poster": lambda chance, seed: made.poster(any_code(chance), seed, width=480, height=640, share=0.5),
    "on a photo": lambda chance, seed: made.on_photo(any_code(chance), seed, share=0.6),
    "at an angle": lambda chance, seed: made.at_an_angle(any_code(chance), seed),
}


def batch(pictures: list[Image.Image], *, quality: int = 80) -> Batch:
    return batch_of([jpeg(picture, quality=quality) for picture in pictures])


@pytest.mark.parametrize("quality", [20, 90])
@pytest.mark.parametrize("kind", KINDS)
def test_codes_of_every_kind_are_read(kind: str, quality: int) -> None:
    seeds = [f"{kind} {number}" for number in range(12)]
    pictures = [KINDS[kind](random.Random(seed), seed) for seed in seeds]
    found = codes.measure(batch(pictures, quality=quality))
    assert [share is not None and share > 0.04 for share in found["code_share"]] == [True] * len(seeds)
    assert all(str(said).startswith("https://") for said in found["code_text"])


def test_grey_codes_whose_modules_halve_a_block_are_read() -> None:
    # Blocks that are all black and white are what libjpeg's fast inverse transform overflows on.
    data = [
        jpeg(made.code(text(random.Random(seed)), module=4).convert("L"), quality=quality)
        for seed in range(6)
        for quality in (75, 90)
    ]
    assert None not in codes.measure(batch_of(data))["code_share"]


@pytest.mark.parametrize("share", [0.35, 0.5])
@pytest.mark.parametrize("darkest", [0, 150])
def test_small_codes_are_found_on_photos_of_little_contrast(darkest: int, share: float) -> None:
    chance = random.Random(darkest)
    pictures = [made.on_photo(any_code(chance), f"{number}", share=0.3, at=(0.4, 0.6)) for number in range(12)]
    pale = [picture.point(lambda level: round(darkest + level * share * 0.8)) for picture in pictures]
    assert codes.measure(batch(pale))["codes"] == [1] * len(pale)


@pytest.mark.parametrize("width", [1600, 2000, 4000])
@pytest.mark.parametrize("share", [0.4, 0.55])
def test_codes_whose_modules_are_many_pixels_are_found_on_large_photos(width: int, share: float) -> None:
    chance = random.Random(width)
    pictures = []
    for number in range(3):
        pale = made.coloured(made.code(f"A-{number}", module=20, quiet=2), (60,) * 3, (190,) * 3)
        laid = made.turned(pale, chance.uniform(5, 30), (190,) * 3)
        pictures.append(made.on_photo(laid, f"{number}", width=width, height=width * 3 // 4, share=share))
    assert codes.measure(batch(pictures))["codes"] == [1] * len(pictures)


@pytest.mark.parametrize("height", [300, 330, 480, 596, 604])
def test_printed_codes_are_found_on_photos_of_any_size(height: int) -> None:
    chance = random.Random(height)
    pictures = []
    for number in range(8):
        said = "https://a.example/" + "x1y2" * chance.randint(1, 4)
        pale = made.coloured(made.code(said, module=8, level="L"), (50,) * 3, (200,) * 3)
        laid = made.turned(pale, chance.uniform(0, 40), (200,) * 3)
        pictures.append(made.on_photo(laid, f"{number}", width=height * 4 // 3, height=height, share=0.4))
    assert codes.measure(batch(pictures))["codes"] == [1] * len(pictures)


def dotted(said: str, *, module: int = 14, quiet: int = 3) -> Image.Image:
    """Draw a code of dots, with round eyes, as designers like them."""
    bare = np.asarray(made.code(said, module=1, quiet=0, level="H").convert("L")) < 128
    side = len(bare)
    whole = Image.new("RGB", ((side + 2 * quiet) * module,) * 2, "white")
    draw = ImageDraw.Draw(whole)

    def disc(row: float, column: float, radius: float, colour: str) -> None:
        x, y = (quiet + column) * module, (quiet + row) * module
        draw.ellipse([x - radius * module, y - radius * module, x + radius * module, y + radius * module], fill=colour)

    for row, column in np.argwhere(bare).tolist():
        disc(row + 0.5, column + 0.5, 0.44, "black")
    for row, column in ((0, 0), (0, side - 7), (side - 7, 0)):
        left, top = (quiet + column) * module, (quiet + row) * module
        draw.rectangle([left, top, left + 7 * module, top + 7 * module], fill="white")
        for radius, colour in ((3.5, "black"), (2.5, "white"), (1.5, "black")):
            disc(row + 3.5, column + 3.5, radius, colour)
    return whole


def test_codes_of_dots_with_round_eyes_are_found_that_were_photographed_at_an_angle() -> None:
    pictures = []
    for number in range(24):
        code = made.with_logo(dotted(f"https://shop.example/p/{number}"))
        pictures.append(made.at_an_angle(code, f"{number}", strength=0.2, margin=0.4))
    assert [*codes.measure(batch(pictures))["codes"]].count(1) >= 22


@pytest.mark.parametrize("brand", [(255, 190, 0), (7, 193, 96), (255, 130, 0), (22, 160, 255)])
def test_codes_in_a_brands_colour_are_found_on_its_cards(brand: tuple[int, int, int]) -> None:
    pictures = []
    for width, height in ((540, 960), (600, 900), (750, 1100)):
        said = text(random.Random(width))
        code = made.coloured(made.code(said.ljust(50, "x"), quiet=1, level="Q"), brand, (255, 255, 255))
        side = width // 2
        card = Image.new("RGB", (width, height), brand)
        card.paste("white", (width // 9, height // 5, width * 8 // 9, height * 4 // 5))
        printed = made.with_logo(code, 0.2, (40, 40, 40)).resize((side, side), Image.Resampling.LANCZOS)
        card.paste(printed, ((width - side) // 2, round(height * 0.3)))
        pictures.append(card)
    assert codes.measure(batch(pictures))["codes"] == [1] * len(pictures)


@pytest.mark.parametrize("brand", [(255, 120, 40), (240, 90, 150), (60, 170, 230)])
def test_codes_in_a_brands_colour_are_found_on_cards_that_lie_on_a_photo_of_much_detail(
    brand: tuple[int, int, int],
) -> None:
    pictures = []
    for seed in range(4):
        chance = random.Random(f"{brand} {seed}")
        printed = made.with_logo(made.coloured(made.code(text(chance), level="H"), brand, (255, 255, 255)))
        scene = lively(seed)
        card = printed.resize((330, 330), Image.Resampling.LANCZOS).convert("RGBA")
        card = card.rotate(chance.uniform(0, 360), Image.Resampling.BICUBIC, expand=True)
        scene.paste(card, ((scene.width - card.width) // 2, (scene.height - card.height) // 2), card)
        pictures.append(scene)
    assert codes.measure(batch(pictures))["codes"] == [1] * len(pictures)


def lively(seed: int, width: int = 800, height: int = 600) -> Image.Image:
    """Return a picture that changes all over, as one of a crowd, without edges."""
    levels = np.random.default_rng(seed).integers(0, 256, (15, 20, 3), np.uint8)
    return Image.fromarray(levels).resize((width, height), Image.Resampling.BICUBIC)


def test_codes_that_lie_half_in_the_shade_are_read() -> None:
    chance = random.Random("shade")
    pictures = []
    for _ in range(6):
        levels = np.asarray(any_code(chance, module=6).convert("L")).astype(np.float32)
        rows, columns = np.indices(levels.shape)
        levels[rows + columns > sum(levels.shape) / 2] *= 0.3
        pictures.append(Image.fromarray(levels.astype(np.uint8)))
    assert codes.measure(batch(pictures))["codes"] == [1] * len(pictures)


@pytest.mark.parametrize("height", [72, 120, 224])
@pytest.mark.parametrize("darkest", [0, 120])
def test_codes_are_found_on_small_photos_of_little_contrast(darkest: int, height: int) -> None:
    chance = random.Random(height)
    share = 0.9 if height < 100 else 0.6
    pictures = [
        made.on_photo(
            made.code(text(chance)[:20], quiet=1, level="L"),
            f"{number}",
            width=height * 4 // 3,
            height=height,
            share=share,
        )
        for number in range(12)
    ]
    pale = [picture.point(lambda level: round(darkest + level * 0.45)) for picture in pictures]
    assert codes.measure(batch(pale, quality=90))["codes"] == [1] * len(pale)


@pytest.mark.parametrize("kind", KINDS)
def test_the_cheap_look_hides_no_code_that_can_be_read(kind: str) -> None:
    import zxingcpp

    seeds = [f"{kind} again {number}" for number in range(12)]
    pictures = [KINDS[kind](random.Random(seed), seed) for seed in seeds]
    found = codes.measure(batch(pictures))["codes"]
    readable = [bool(zxingcpp.read_barcodes(np.asarray(picture.convert("L")))) for picture in pictures]
    assert [
        number for number, (reads, count) in enumerate(zip(readable, found, strict=True)) if reads and not count
    ] == []


def test_other_pictures_have_no_code_and_are_hardly_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    real = code_reading.look
    monkeypatch.setattr(code_reading, "look", lambda *given, **named: looked.append(1) or real(*given, **named))
    pictures = [
        generate(f"{generate.__name__} {number}", 320, 240)
        for generate in (photo, product, letterboxed, line_art, screenshot, gradient)
        for number in range(10)
    ]
    assert set(codes.measure(batch(pictures))["codes"]) == {0}
    assert len(looked) <= 0.35 * len(pictures)


def test_textures_are_no_codes() -> None:
    chance = np.random.default_rng(0)
    cells = chance.integers(0, 2, (30, 30), np.uint8) * 255
    checks = np.indices((30, 30)).sum(axis=0) % 2 * 255
    bars = np.repeat(chance.integers(0, 2, (1, 60), np.uint8) * 255, 60, axis=0)
    pictures = [Image.fromarray(array.astype(np.uint8)).resize((360, 360), 0) for array in (cells, checks, bars)]
    assert set(codes.measure(batch(pictures))["codes"]) == {0}


def noise(seed: int, *, width: int = 400, height: int = 300) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def test_in_noise_of_independent_pixels_no_code_is_read_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = batch([noise(number) for number in range(6)])
    assert [*code_texture.find(pictures)]
    monkeypatch.setattr(code_reading, "_read", pytest.fail)
    assert codes.measure(pictures)["codes"] == [0] * 6


@pytest.mark.parametrize(("width", "height"), [(300, 220), (400, 300), (640, 480)])
@pytest.mark.parametrize("module", [2, 3, 5, 6])
def test_codes_on_a_ground_of_noise_are_read(module: int, width: int, height: int) -> None:
    ground = noise(module, width=width, height=height)
    ground.paste(made.code("https://a.example", module=module).convert("RGB"), (60, 40))
    assert codes.measure(batch([ground], quality=95))["codes"] == [1]


@pytest.mark.parametrize("quiet", [0, 1, 4])
def test_codes_whose_modules_are_pixels_are_read(quiet: int) -> None:
    texts = ["1234", "HELLO", "https://a.example", *(text(random.Random(seed)) for seed in range(8))]
    pictures = [made.code(said, module=1, quiet=quiet) for said in texts]
    assert codes.measure(batch(pictures, quality=90))["code_text"] == texts
    assert codes.measure(batch_of([png(picture) for picture in pictures]))["code_text"] == texts


def test_share_and_offset_say_where_the_code_is() -> None:
    code = made.code("https://shop.example", quiet=0)
    found = codes.measure(batch([code, made.on_photo(code, "there", share=0.4, at=(0.75, 0.5))]))
    assert found["code_share"][0] == pytest.approx(1, abs=0.05)
    assert found["code_offset"][0] == pytest.approx(0, abs=0.02)
    assert found["code_share"][1] == pytest.approx(0.4 * 0.4 * 360 / 480, rel=0.1)
    assert found["code_offset"][1] == pytest.approx(0.5, abs=0.05)


def test_what_a_code_says_is_cut_and_cleaned() -> None:
    found = codes.measure(batch([made.code("a\x1b[31m\nb" + "c" * 400, module=4)]))
    said = found["code_text"][0]
    assert isinstance(said, str)
    assert said.isprintable()
    assert len(said) == 200


def test_a_reader_that_stumbles_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import zxingcpp

    def stumble(*_given: object, **_named: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(zxingcpp, "read_barcodes", stumble)
    assert codes.measure(batch([made.code("https://shop.example")]))["codes"] == [0]
