from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from corrupt_samples.encode import exif, exif_with_thumbnail, jpeg, jpeg_segment, png, webp
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from corrupt_samples.surgery import jpeg_inserted, jpeg_patched
from sanitize.probe import embedded_thumbnail as thumbnail
from sanitize.probe import jpeg_segments, likeness

if TYPE_CHECKING:
    from tests.conftest import Fired

APP0, DQT = 0xE0, 0xDB
RULE = "thumbnail-mismatch"
Change = Callable[[Image.Image], Image.Image]


def small(
    picture: Image.Image, size: tuple[int, int] = (160, 120), *, bars: str | None = "black", quality: int = 70
) -> bytes:
    """A camera's thumbnail: of one shape for all pictures, with bars or cut."""
    made = ImageOps.pad(picture, size, color=bars) if bars else ImageOps.fit(picture, size)
    return jpeg(made, quality=quality)


def with_thumbnail(picture: Image.Image, content: bytes, orientation: int = 1) -> bytes:
    return jpeg(picture, exif=exif_with_thumbnail(content, orientation))


def read(data: bytes) -> tuple[int, int, likeness.Grey] | None:
    return thumbnail.read(data, "jpeg", jpeg_segments.walk(data, 2)[:2])


def similarity(picture: Image.Image, content: bytes) -> float | None:
    found = read(with_thumbnail(picture, content))
    assert found is not None
    reduced = picture.convert("L").reduce(max(1, min(picture.size) // 32))
    return likeness.similarity(np.asarray(reduced, np.float32), found[2])


def scenes(
    count: int, *, kinds: tuple[Callable[..., Image.Image], ...] = (photo, screenshot, line_art)
) -> list[Image.Image]:
    """Pictures of the shapes that cameras give, no two alike."""
    return [kinds[number % len(kinds)](f"scene {number}", 240, (160, 180, 135)[number % 3]) for number in range(count)]


def test_finds_them_in_png_and_webp(fired: Fired) -> None:
    thumbnails = {"own": small(photo("a")), "other": small(photo("b"))}
    files = {}
    for name, content in thumbnails.items():
        data = exif_with_thumbnail(content)
        files |= {f"{name}.png": png(photo("a"), exif=data), f"{name}.webp": webp(photo("a"), exif=data)}
    assert fired(RULE, files).keys() == {"other.png", "other.webp"}


def test_finds_thumbnails_of_another_picture(fired: Fired) -> None:
    files = {
        "same.jpg": with_thumbnail(photo("a", 240, 160), small(photo("a", 240, 160))),
        "other.jpg": with_thumbnail(photo("a", 240, 160), small(photo("b", 240, 160))),
    }
    found = fired(RULE, files)
    assert found.keys() == {"other.jpg"}
    severity, message = found["other.jpg"]
    assert severity == "warning"
    assert message.startswith("the embedded thumbnail (160 × 120 pixels) shows another picture: similarity 0.")


def test_finds_nearly_all_of_many(fired: Fired) -> None:
    pictures = scenes(60)
    files = {
        f"{number}.jpg": with_thumbnail(picture, small(pictures[number - 7], bars="black" if number % 2 else None))
        for number, picture in enumerate(pictures)
    }
    sound = {f"sound {number}.jpg": with_thumbnail(picture, small(picture)) for number, picture in enumerate(pictures)}
    found = fired(RULE, files | sound)
    assert found.keys() <= files.keys()
    assert len(found) >= 0.9 * len(files)


CHANGES: dict[str, Change] = {
    "same": lambda picture: picture,
    "larger": lambda picture: picture.resize((picture.width * 3, picture.height * 3)),
    "smaller": lambda picture: picture.resize((picture.width // 3, picture.height // 3)),
    "squeezed": lambda picture: picture.resize((200, 160)),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.35),
    "lighter": lambda picture: picture.point(lambda value: min(255, int(255 * (value / 255) ** 0.5))),
    "harder": lambda picture: ImageEnhance.Contrast(picture).enhance(1.8),
    "colourful": lambda picture: ImageEnhance.Color(picture).enhance(2.5),
    "grey": lambda picture: picture.convert("L"),
    "red only": lambda picture: picture.getchannel("R"),
    "blue only": lambda picture: picture.getchannel("B"),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "left": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "right": lambda picture: picture.transpose(Image.Transpose.ROTATE_270),
    "half turn": lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "upside down": lambda picture: picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    "cut by 5 %": lambda picture: picture.crop((0, 0, picture.width * 95 // 100, picture.height * 95 // 100)),
    "cut by 10 %": lambda picture: picture.crop((picture.width // 10, picture.height // 10, picture.width, picture.height)),
    "square": lambda picture: ImageOps.fit(picture, (picture.height, picture.height)),
    "straightened": lambda picture: picture.rotate(1.5, Image.Resampling.BICUBIC),
    "framed": lambda picture: ImageOps.expand(picture, 8, "white"),
    "barred": lambda picture: ImageOps.pad(picture, (picture.width, picture.width), color="black"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_is_silent_about_honest_thumbnails(change: str) -> None:
    for number, picture in enumerate(scenes(12)):
        for content in (small(picture), small(picture, bars=None), small(picture, bars="white", quality=40)):
            value = similarity(CHANGES[change](picture), content)
            assert value is None or value >= 0.5, (number, value)


def crop(picture: Image.Image, shape: float, place: float, share: float = 1) -> Image.Image:
    """The largest part of a picture that is `shape` times as wide as high, or a `share` of it, from one edge to the other."""
    width = min(picture.width, picture.height * shape) * share
    height = width / shape
    left, top = (picture.width - width) * place, (picture.height - height) * place
    return picture.crop((round(left), round(top), round(left + width), round(top + height)))


@pytest.mark.parametrize("place", [0, 0.3, 1])
@pytest.mark.parametrize(("shape", "share"), [(16 / 9, 1), (1, 1), (1, 0.7), (9 / 16, 1), (21 / 9, 1), (3 / 2, 0.6)])
def test_is_silent_about_a_crop_that_is_found_within_its_thumbnail(shape: float, share: float, place: float) -> None:
    for number in range(2):
        picture = photo(f"{number}", 480, 360)
        for content in (small(picture), small(picture, (160, 160))):
            for turned in (picture, picture.transpose(Image.Transpose.ROTATE_90)):
                value = similarity(crop(turned, shape, place, share), content)
                assert value is not None
                assert value >= 0.5, (number, value)


TONES: dict[str, Change] = {
    "very dark": lambda picture: picture.point(lambda value: max(0, value - 150)),
    "very light": lambda picture: picture.point(lambda value: min(255, value + 150)),
    "negative": ImageOps.invert,
    "dithered": lambda picture: picture.convert("1").convert("RGB"),
    "equalized": ImageOps.equalize,
    "very blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(20)),
    "captioned": lambda picture: captioned(picture),
    "on a coloured page": lambda picture: ImageOps.pad(picture, (180, 320), color=(40, 90, 160)),
}


def captioned(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).rectangle([(0, picture.height * 6 // 10), picture.size], fill=(10, 10, 10))
    return copy


@pytest.mark.parametrize("change", TONES)
def test_is_silent_about_heavy_filters(change: str) -> None:
    for number in range(6):
        picture = photo(f"{number}", 240, 160)
        for content in (small(picture), small(picture, (160, 107))):
            value = similarity(TONES[change](picture), content)
            assert value is None or value >= 0.5, (number, value)


@pytest.mark.parametrize("change", [*TONES, "crop"])
def test_finds_thumbnails_of_other_pictures_behind_heavy_filters(change: str) -> None:
    changed = (TONES | {"crop": lambda picture: crop(picture, 1, 0.5, 0.7)})[change]
    values = [
        similarity(changed(photo(f"{number}", 240, 160)), small(photo(f"{number + 1}", 240, 160)))
        for number in range(20)
    ]
    assert sum(value is not None and value < 0.5 for value in values) >= 18


def test_is_silent_where_hardly_anything_is_left_of_a_picture() -> None:
    for number in range(6):
        picture = photo(f"{number}", 240, 160)
        rests = picture.point(lambda value: max(0, value - 230))
        assert rests.getbbox()
        value = similarity(rests, small(picture))
        assert value is None or value >= 0.5, (number, value)


LONG = [(480, 240), (480, 160), (480, 120), (600, 120), (120, 240), (120, 360), (120, 480)]


@pytest.mark.parametrize("size", LONG, ids=str)
def test_is_silent_about_thumbnails_of_long_pictures(size: tuple[int, int]) -> None:
    for number in range(4):
        picture = photo(f"long {number}", *size)
        for content in (small(picture), small(picture, bars=None), small(picture, (120, 120), bars=None)):
            value = similarity(picture, content)
            assert value is not None
            assert value >= 0.5, (number, value)


@pytest.mark.parametrize("size", LONG, ids=str)
def test_finds_thumbnails_of_other_long_pictures(size: tuple[int, int]) -> None:
    pictures = [photo(f"long {number}", *size) for number in range(8)]
    values = [
        similarity(picture, small(pictures[number - 1], thumbnail_size, bars=bars))
        for number, picture in enumerate(pictures)
        for thumbnail_size, bars in (((160, 120), "black"), ((160, 120), None), ((120, 120), None))
    ]
    assert sum(value is not None and value < 0.5 for value in values) >= 0.8 * len(values)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_is_silent_whichever_way_picture_and_thumbnail_are_turned(fired: Fired, orientation: int) -> None:
    picture = photo("a", 240, 160)
    seen = ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg(picture, exif=exif(orientation)))))
    files = {
        "both stored alike.jpg": with_thumbnail(picture, small(picture), orientation),
        "thumbnail upright.jpg": with_thumbnail(picture, small(seen, (120, 160)), orientation),
        "turned since.jpg": with_thumbnail(seen, small(picture)),
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_copies_of_low_quality(fired: Fired) -> None:
    files = {
        f"{quality}.jpg": jpeg(picture, quality=quality, exif=exif_with_thumbnail(small(picture, (80, 60), quality=25)))
        for quality, picture in zip((5, 10, 20, 40), scenes(4), strict=True)
    }
    assert fired(RULE, files) == {}


def test_flat_thumbnails_and_faded_pictures_are_no_mismatch(fired: Fired) -> None:
    grey, busy = Image.new("RGB", (240, 160), (90, 90, 90)), photo("a", 240, 160)
    fog = busy.filter(ImageFilter.GaussianBlur(9)).point(lambda value: 200 + value // 20)
    files = {
        "flat thumbnail.jpg": with_thumbnail(busy, small(grey, bars=None)),
        "fog.jpg": with_thumbnail(fog, small(busy)),
        "tiny.jpg": with_thumbnail(busy, jpeg(photo("b", 32, 32).resize((12, 8)))),
    }
    assert fired(RULE, files) == {}
    assert similarity(grey, small(grey, bars=None)) is None


def card(ground: int, ink: int) -> Image.Image:
    """An even card with a line of small words."""
    picture = Image.new("RGB", (480, 320), (ground,) * 3)
    ImageDraw.Draw(picture).text((150, 150), "not available", fill=(ink,) * 3)
    return picture


FLAT = {
    "black": Image.new("RGB", (240, 160)),
    "white": Image.new("RGB", (240, 160), "white"),
    "grey": Image.new("RGB", (240, 160), (128, 128, 128)),
    "card": card(238, 120),
    "dark card": card(0, 255),
}


def test_finds_flat_pictures_in_the_place_of_what_the_thumbnail_shows(fired: Fired) -> None:
    files = {f"{name} {number}.jpg": with_thumbnail(picture, small(photo(f"{number}", 240, 160), bars=bars))
             for name, picture in FLAT.items() for number, bars in enumerate(("black", None, "grey"))}  # fmt: skip
    sound = {
        f"sound {number}.jpg": with_thumbnail(photo(f"{number}"), small(photo(f"{number}"))) for number in range(4)
    }
    assert fired(RULE, files | sound).keys() == files.keys()


def test_finds_nearly_all_cards_of_a_line_of_words_in_the_place_of_photos() -> None:
    told = [similarity(with_words(500, 400), small(picture)) for picture in scenes(80, kinds=(photo,))]
    assert sum(value is not None and value < 0.5 for value in told) >= 0.95 * len(told)


def with_words(width: int, height: int) -> Image.Image:
    """Return a white card that says in its middle that a photo is gone."""
    card = Image.new("RGB", (width, height), "white")
    font = ImageFont.load_default(30)
    ImageDraw.Draw(card).text((width / 2, height / 2), "Photo no longer available", "black", font, anchor="mm")
    return card


def test_is_silent_about_plain_pictures_that_kept_their_thumbnails() -> None:
    """Such as goods before a white wall, cut closer, or a photo on a page."""
    for seed in range(20):
        goods, page = product(f"plain {seed}", 240, 180), ImageOps.expand(photo(f"{seed}", 240, 180), 150, "white")
        for picture, whole in ((goods, goods), (goods.crop((20, 20, 220, 160)), goods), (page, page)):
            told = similarity(picture, small(whole))
            assert told is None or told >= 0.5


@pytest.mark.parametrize("share", [0.5, 0.25, 0.1, 0.05, 0.02])
def test_is_silent_about_pictures_made_dark_or_pale_that_kept_their_thumbnails(share: float) -> None:
    for number in range(6):
        picture = photo(f"{number}", 240, 160)
        for changed in (ImageEnhance.Brightness(picture).enhance(share), ImageEnhance.Contrast(picture).enhance(share)):
            for bars in ("black", None):
                value = similarity(changed, small(picture, bars=bars))
                assert value is None or value >= 0.5, (number, value)


@pytest.mark.parametrize("bars", [None, "black", "white", (128, 128, 128), (40, 80, 160)], ids=str)
def test_is_silent_about_bars_beside_flat_pictures(bars: str | None) -> None:
    night = ImageEnhance.Brightness(photo("a", 240, 160)).enhance(0.05)
    snow = ImageEnhance.Contrast(photo("a", 240, 160)).enhance(0.05).point(lambda value: min(255, value + 90))
    for picture in (night, snow, ImageOps.fit(night, (240, 60)), *FLAT.values()):
        for size in ((160, 120), (160, 160), (120, 160)):
            value = similarity(picture, small(picture, size, bars=bars))
            assert value is None or value >= 0.5, (picture, value)


def test_is_silent_about_a_thumbnail_that_a_camera_has_made_brighter() -> None:
    for number in range(6):
        night = ImageEnhance.Brightness(photo(f"{number}", 240, 160)).enhance(0.06)
        value = similarity(night, small(ImageEnhance.Brightness(night).enhance(2)))
        assert value is None or value >= 0.5, (number, value)


def test_is_silent_about_skies_goods_and_films(fired: Fired) -> None:
    pictures = [kind(f"{number}", 240, 180) for kind in (gradient, product, letterboxed) for number in range(6)]
    files = {
        f"{number} {bars}.jpg": with_thumbnail(picture, small(picture, bars=bars))
        for number, picture in enumerate(pictures)
        for bars in ("black", "white", None)
    }
    assert fired(RULE, files) == {}


def test_is_silent_where_there_is_no_thumbnail_or_none_that_can_be_read(fired: Fired) -> None:
    other = small(photo("b", 240, 160))
    files = {
        "none.jpg": jpeg(photo("a")),
        "orientation.jpg": jpeg(photo("a"), exif=exif(6)),
        "empty.jpg": with_thumbnail(photo("a"), b""),
        "cut.jpg": with_thumbnail(photo("a"), other[:40]),
        "noise.jpg": with_thumbnail(photo("a"), random.Random(1).randbytes(3000)),
        "no size.jpg": jpeg_patched(jpeg(photo("a")), APP0, 16, b"\xff\xff"),
    }
    assert fired(RULE, files) == {}


def test_reads_every_form_of_thumbnail(fired: Fired) -> None:
    other = photo("b", 240, 160).resize((60, 40))
    first = struct.pack(">HHHIHHI", 1, 0x112, 3, 1, 1, 0, 26)
    values = {0x100: 60, 0x101: 40, 0x103: 1 << 16, 0x106: 2 << 16, 0x111: 116, 0x115: 3 << 16, 0x117: 7200}
    entries = [(tag, 3 if value >> 16 else 4, value) for tag, value in values.items()]
    second = struct.pack(">H", 7) + b"".join(struct.pack(">HHII", tag, kind, 1, value) for tag, kind, value in entries)
    uncompressed = b"Exif\0\0MM\0*\0\0\0\x08" + first + second + bytes(4) + other.tobytes()
    plain = jpeg(photo("a"))
    files = {
        "exif rgb.jpg": jpeg(photo("a"), exif=uncompressed),
        "jfxx.jpg": jpeg_inserted(plain, DQT, jpeg_segment(APP0, b"JFXX\0\x10" + small(other))),
        "jfxx rgb.jpg": jpeg_inserted(
            plain, DQT, jpeg_segment(APP0, b"JFXX\0\x13" + bytes((60, 40)) + other.tobytes())
        ),
        "jfif.jpg": plain[:2] + jpeg_segment(APP0, plain[6:18] + bytes((60, 40)) + other.tobytes()) + plain[20:],
        "sound.jpg": plain,
    }
    found = fired(RULE, files)
    assert found.keys() == files.keys() - {"sound.jpg"}
    assert "(60 × 40 pixels)" in found["jfif.jpg"][1]


def test_the_threshold_is_a_setting(fired: Fired) -> None:
    files = {"a.jpg": with_thumbnail(photo("a", 240, 160), small(photo("b", 240, 160)))}
    assert fired(RULE, files, rule_options={RULE: {"min_similarity": 0.1}}) == {}


@given(st.binary(max_size=300), st.integers(0, 2))
def test_reading_never_raises(content: bytes, form: int) -> None:
    block = (b"Exif\0\0II*\0" + content, b"JFXX\0" + content, b"JFIF\0" + content)[form]
    held = b"\xff\xd8" + jpeg_segment(0xE1 if form == 0 else APP0, block) + b"\xff\xda\0\2"
    for found in (read(held), read(content)):
        assert found is None or (min(found[:2]) > 0 and found[2].ndim == 3)


@given(st.data())
@settings(max_examples=200)
def test_damaged_thumbnails_never_raise(data: st.DataObject) -> None:
    whole = bytearray(with_thumbnail(photo("a"), small(photo("b", 240, 160), (80, 60))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(2, 2500))
        whole[at] = data.draw(st.integers(0, 255))
    found = read(bytes(whole))
    if found is not None:
        value = likeness.similarity(np.asarray(photo("a").convert("L"), np.float32), found[2])
        assert value is None or -1 <= value <= 1.0001


def test_a_long_picture_whose_thumbnail_is_all_bars_but_a_line_is_compared() -> None:
    dark = np.zeros((58, 17, 3), np.float32)
    dark[:, 8] = 200
    picture = np.asarray(photo("a", 200, 39).convert("L"), np.float32)
    for across, down in ((dark, picture), (dark.swapaxes(0, 1), picture.T)):
        found = likeness.similarity(down, across)
        assert found is None or -1 <= found <= 1
