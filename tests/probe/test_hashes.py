"""Perceptual hashes are those that imagehash makes of the same picture."""

from __future__ import annotations

import imagehash
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import encode, exif, jpeg, png, tiff
from corrupt_samples.pictures import gradient, line_art, photo, product
from sanitize.copies import nearness
from sanitize.probe.hashes import COLUMNS, measure
from tests.batches import batch

PICTURES = [make(f"{make.__name__} {number}") for make in (photo, gradient, line_art, product) for number in range(5)]


def measured(*files: bytes) -> dict[str, list[str]]:
    return {name: list(values) for name, values in measure(batch(files)).items()}  # type: ignore[arg-type]


def bits(digits: str) -> npt.NDArray[np.bool_]:
    return np.array(imagehash.hex_to_hash(digits).hash)


def far(one: str, other: str) -> int:
    return int(imagehash.hex_to_hash(one) - imagehash.hex_to_hash(other))


def test_gives_its_columns() -> None:
    assert set(measured(png(photo("a")))) == set(COLUMNS)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_square_picture_has_the_hash_of_imagehash(picture: Image.Image) -> None:
    square = picture.convert("L").resize((32, 32), Image.Resampling.BOX)
    ours, theirs = measured(png(square))["phash"][0], imagehash.phash(square)
    # Where a coefficient is next to the median, rounding decides, and of a sky without any texture most are.
    assert far(ours, str(theirs)) <= 4
    assert len(ours) == len(str(theirs)) == 16


def test_a_photo_has_the_very_hash_of_imagehash() -> None:
    squares = [photo(f"{number}", 32, 32).convert("L") for number in range(20)]
    assert measured(*map(png, squares))["phash"] == [str(imagehash.phash(square)) for square in squares]


@pytest.mark.parametrize("size", [(96, 96), (640, 400), (37, 180), (20, 24)])
def test_any_size_has_nearly_the_hash_of_imagehash(size: tuple[int, int]) -> None:
    picture = photo("a", 640, 400).resize(size)
    assert far(measured(png(picture))["phash"][0], str(imagehash.phash(picture))) <= 6


def coefficients(square: Image.Image) -> npt.NDArray[np.float64]:
    """Return the 16 x 16 lowest coefficients of a picture of 32 x 32, in grey levels."""
    import scipy.fftpack

    lowest = scipy.fftpack.dctn(np.asarray(square, np.float64), norm="ortho")[:16, :16]
    return np.asarray(lowest)


def test_signs_are_those_of_the_coefficients_that_are_clear() -> None:
    square = photo("a", 32, 32).convert("L")
    expected = coefficients(square) > 0.5
    expected[0] = coefficients(square)[0] > 0.5 / 2**0.5
    expected[:, 0] = coefficients(square)[:, 0] > 0.5 / 2**0.5
    expected[0, 0] = False
    digits = measured(png(square))["dct_signs"][0]
    assert len(digits) == 64
    assert (bits(digits) == expected).all()


def test_contrast_is_the_spread_of_the_square() -> None:
    half = Image.new("L", (64, 64))
    half.paste(200, (32, 0, 64, 64))
    found = measured(png(half), png(Image.new("L", (64, 64), 90)))["contrast"]
    assert found == pytest.approx([100, 0], abs=0.01)


def trace(seed: int) -> Image.Image:
    """Return a pulse as it is plotted: a thin line of sharp peaks."""
    chance = np.random.default_rng(seed)
    levels = 120 + 2 * chance.standard_normal(300)
    between = int(chance.integers(50, 110) // 2)
    for place in range(int(chance.integers(between)), 300, between):
        levels[place : place + 2] -= chance.uniform(60, 100)
    picture = Image.new("RGB", (600, 240), "white")
    ends = [(2 * column, float(level)) for column, level in enumerate(levels)]
    ImageDraw.Draw(picture).line(ends, fill="black", width=2)
    return picture


def test_thin_lines_that_are_cropped_by_a_hundredth_are_found_as_by_imagehash() -> None:
    pictures = [trace(seed) for seed in range(100)]
    copies = [picture.crop((6, 2, 594, 238)) for picture in pictures]
    whole, cropped = measured(*map(png, pictures)), measured(*map(jpeg, copies))
    ours = [far(one, other) <= 8 for one, other in zip(whole["phash"], cropped["phash"], strict=True)]
    pairs = zip(map(imagehash.phash, pictures), map(imagehash.phash, copies), strict=True)
    theirs = [one - other <= 8 for one, other in pairs]
    assert sum(ours) >= sum(theirs) > 50


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_hashed_as_it_is_seen(orientation: int) -> None:
    to_stored = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    picture = photo("a", 96, 64)
    stored = picture.transpose(to_stored[orientation]) if orientation > 1 else picture
    tagged = Image.Exif()
    tagged[0x112] = orientation
    for turned in (png(stored, exif=exif(orientation)), tiff(stored, exif=tagged)):
        found = measured(png(picture), turned)
        assert far(*found["phash"]) == 0
        assert far(*found["dct_signs"]) <= 2


@pytest.mark.parametrize("turn", range(1, 8))
def test_signs_tell_those_of_the_turned_picture(turn: int) -> None:
    square = np.asarray(photo("a", 32, 32).convert("L"))
    turned = square.T if turn & 4 else square
    turned = turned[::-1] if turn & 2 else turned
    turned = turned[:, ::-1] if turn & 1 else turned
    own, other = (
        bits(digits) for digits in measured(png(Image.fromarray(square)), png(Image.fromarray(turned)))["dct_signs"]
    )
    guessed = nearness._turned_signs(own[None].astype(np.uint8), turn)[0].astype(bool)
    guessed[0, 0] = False
    unclear = np.abs(coefficients(Image.fromarray(square))) < 0.6
    unclear = unclear.T if turn & 4 else unclear
    assert 0 < unclear.sum() < 16
    assert not ((guessed != other) & ~unclear).any()


@pytest.mark.parametrize("quality", [50, 90])
def test_symmetric_pictures_have_nearly_the_signs_of_their_copies(quality: int) -> None:
    half = np.asarray(photo("a", 150, 200))
    picture = Image.fromarray(np.concatenate([half, half[:, ::-1]], axis=1))
    assert far(*measured(png(picture), jpeg(picture, quality=quality))["dct_signs"]) <= 32


def test_formats_differ_by_a_few_bits() -> None:
    picture = photo("a", 300, 200)
    found = measured(png(picture), jpeg(picture, quality=90), encode(picture, "BMP"), encode(picture, "GIF"))["phash"]
    assert max(far(found[0], other) for other in found) <= 4


def test_a_batch_gives_what_its_files_give_alone() -> None:
    files = [jpeg(photo(f"{number}", 100 + number, 80)) for number in range(4)]
    together, alone = measured(*files), [measured(file) for file in files]
    assert together["phash"] == [one["phash"][0] for one in alone]
    assert together["dct_signs"] == [one["dct_signs"][0] for one in alone]


@pytest.mark.parametrize("across", [True, False])
def test_stripes_have_the_hash_of_their_copies_and_of_imagehash(*, across: bool) -> None:
    for seed in range(10):
        bands = np.random.default_rng(seed).integers(0, 256, (3, 1, 3), np.uint8)
        picture = Image.fromarray(bands.repeat(67, axis=0).repeat(299, axis=1))
        picture = picture.transpose(Image.Transpose.TRANSPOSE) if across else picture
        half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
        files = (png(picture), jpeg(half, quality=40), jpeg(picture, quality=40), jpeg(half, quality=85))
        own, *copies = measured(*files)["phash"]
        assert max(far(own, copy) for copy in (*copies, str(imagehash.phash(picture)))) <= 3
