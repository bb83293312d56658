"""Which files are the same: candidates, their confirmation, and the groups that come of it."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from corrupt_samples.encode import encode, jpeg, png, webp
from corrupt_samples.pictures import photo
from sanitize import again
from sanitize.compare import look
from sanitize.copies import alike
from sanitize.copies.nearness import MOST_PARTNERS
from sanitize.copies.pairs import CONFIRMED, PAIRS
from sanitize.engine.calls import call_here
from sanitize.flags import FLAGS
from sanitize.probe import hashes
from tests.batches import batch

if TYPE_CHECKING:
    from tests.conftest import Scan

A_PHASH, A_SIGNS = "0123456789abcdef", "0" * 64


def table(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return facts of files, each of which is a photo of its own where nothing else is said."""
    usual = {
        "width": 64, "height": 64, "contrast": 40.0, "decodes": True, "decodes_truncated": True, "pixels": None, "phash": A_PHASH,
    }  # fmt: skip
    schema = {
        "file": pl.UInt32, "sha256": pl.String, "width": pl.UInt32, "height": pl.UInt32, "phash": pl.String,
        "dct_signs": pl.String, "contrast": pl.Float32, "decodes": pl.Boolean, "decodes_truncated": pl.Boolean,
        "pixels": pl.String,
    }  # fmt: skip
    complete = [
        {**usual, "file": number, "sha256": f"{number}", "dct_signs": f"{number:064x}", **row}
        for number, row in enumerate(rows)
    ]
    return pl.DataFrame(complete, schema=schema)


def flipped(digits: str, bits: int) -> str:
    return f"{int(digits, 16) ^ ((1 << bits) - 1):0{len(digits)}x}"


def flipped_lowest(signs: str, bits: int) -> str:
    """Flip so many of the signs of the 8 × 8 lowest coefficients, which begin the rows of 16."""
    mask = sum(1 << (255 - (row * 16 + column)) for row, column in [divmod(bit, 8) for bit in range(bits)])
    return f"{int(signs, 16) ^ mask:064x}"


def candidates(rows: Sequence[Mapping[str, object]], distance: int | None = None) -> list[tuple[int, int]]:
    found = alike.search(table(rows), distance=distance, transforms=False)()
    return [(one, other) for one, other, _turn in found.iter_rows()]


def groups(rows: Sequence[Mapping[str, object]], pairs: Sequence[tuple[int, int]]) -> dict[str, list[int | None]]:
    confirmed = pl.DataFrame(pairs, schema={"file": pl.UInt32, "other": pl.UInt32}, orient="row")
    found = alike.groups(table(rows), confirmed).sort("file")
    return {name.removeprefix("same_"): found[name].to_list() for name in found.columns if name != "file"}


def test_the_distance_is_what_the_help_says() -> None:
    assert (
        f"(default: {alike.DISTANCE}, or {alike.DISTANCE} of a second hash"
        in FLAGS["same pictures"]["--near-distance N"]
    )


@pytest.mark.parametrize(("bits", "near"), [(0, True), (alike.DISTANCE, True), (alike.DISTANCE + 1, False)])
def test_candidates_are_near_in_64_bits(bits: int, near: bool) -> None:
    rows = [
        {"dct_signs": A_SIGNS},
        {"dct_signs": flipped_lowest(A_SIGNS, 2 * alike.DISTANCE), "phash": flipped(A_PHASH, bits)},
    ]
    assert candidates(rows) == ([(0, 1)] if near else [])


@pytest.mark.parametrize(("bits", "near"), [(alike.DISTANCE, True), (alike.DISTANCE + 1, False)])
def test_candidates_whose_lowest_signs_are_near_may_have_any_phash(bits: int, near: bool) -> None:
    rows = [{"dct_signs": A_SIGNS}, {"dct_signs": flipped_lowest(A_SIGNS, bits), "phash": flipped(A_PHASH, 32)}]
    assert candidates(rows) == ([(0, 1)] if near else [])
    assert candidates(rows, 20) == []


@pytest.mark.parametrize(("bits", "near"), [(0, True), (64, True), (65, False)])
def test_candidates_are_near_in_256_bits_too(bits: int, near: bool) -> None:
    rows = [{"dct_signs": A_SIGNS}, {"dct_signs": flipped(A_SIGNS, bits), "phash": flipped(A_PHASH, 1)}]
    assert candidates(rows) == ([(0, 1)] if near else [])


def test_a_larger_distance_gives_more_candidates_and_none_still_the_same_pixels() -> None:
    rows = [{}, {"phash": flipped(A_PHASH, 4)}, {"phash": flipped(A_PHASH, 12)}]
    assert candidates(rows, 0) == candidates(rows, 4) == [(0, 1)]
    assert candidates(rows, 12) == [(0, 1), (0, 2), (1, 2)]


def test_copies_are_looked_at_once() -> None:
    assert candidates([{"sha256": "x"}, {"sha256": "x"}, {"sha256": "x"}]) == []
    assert candidates([{"sha256": "x"}, {"sha256": "x"}, {}]) == [(0, 2)]


def test_flat_pictures_are_candidates_of_the_same_size() -> None:
    flat = {"contrast": 0.5, "phash": "8" + "0" * 15, "dct_signs": A_SIGNS}
    assert candidates([flat, {**flat, "width": 65}, {**flat, "phash": "f" * 16}, {}]) == [(0, 2)]


def test_files_without_a_hash_are_no_candidates() -> None:
    assert candidates([{"phash": None, "dct_signs": None}, {"phash": None, "dct_signs": None}]) == []


def test_a_thousand_of_one_hash_are_a_bounded_number_of_candidates() -> None:
    count = 1_000
    assert count - 1 <= len(candidates([{"dct_signs": A_SIGNS} for _ in range(count)])) <= 2 * count
    few_pairs = len(candidates([{"phash": flipped(A_PHASH, number % 4)} for number in range(count)]))
    assert few_pairs <= count * MOST_PARTNERS * 2


def test_in_a_crowd_each_picture_meets_the_closest_by_all_signs() -> None:
    chance = random.Random(0)

    def changed(digits: str, least: int, most: int) -> str:
        # The upper half of the signs, with all that tell what is coarse, are those of all of them.
        bits = chance.sample(range(2 * len(digits)), chance.randint(least, most))
        return f"{int(digits, 16) ^ sum(1 << bit for bit in bits):0{len(digits)}x}"

    rows = [{"phash": changed(A_PHASH, 0, 3), "dct_signs": changed(A_SIGNS, 20, 40)} for _ in range(1200)]
    rows += [{"phash": changed(row["phash"], 1, 3), "dct_signs": changed(row["dct_signs"], 0, 4)} for row in rows[::24]]
    found = set(candidates(rows))
    signs = [int(row["dct_signs"], 16) for row in rows]
    for copy, original in enumerate(range(0, 1200, 24), 1200):
        assert min(range(1200), key=lambda file: (signs[file] ^ signs[copy]).bit_count()) == original
        assert (original, copy) in found
    assert len(found) <= len(rows) * (2 * MOST_PARTNERS + 16)


def test_groups_hold_those_of_the_closer_level() -> None:
    rows = [{"sha256": "x", "pixels": "p"}, {"sha256": "x"}, {"pixels": "p"}, {"pixels": "q"}, {}]
    assert groups(rows, [(2, 3)]) == {
        "bytes": [0, 0, None, None, None],
        "pixels": [0, 0, 0, None, None],
        "picture": [0, 0, 0, 0, None],
    }


def test_a_chain_is_no_group_from_end_to_end() -> None:
    assert groups([{}] * 5, [(0, 1), (1, 2), (2, 3), (3, 4)])["picture"] == [0, 0, 0, 3, 3]


def test_no_file_is_alone_that_was_confirmed_with_one_of_a_group() -> None:
    assert groups([{}] * 4, [(0, 1), (1, 2), (2, 3)])["picture"] == [0, 0, 0, 0]
    assert groups([{}] * 7, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6)])["picture"] == [0, 0, 0, 3, 3, 5, 5]


def test_the_file_in_the_middle_gathers_its_partners() -> None:
    assert groups([{}] * 5, [(0, 4), (1, 4), (2, 4), (3, 4), (0, 1)])["picture"] == [0, 0, 0, 0, 0]


def test_files_of_no_picture_are_alone_though_their_bytes_are_the_same() -> None:
    rows = [{"sha256": "x", "decodes": opens, "decodes_truncated": opens} for opens in (False, False, None)]
    assert groups(rows, [])["bytes"] == [None, None, None]


def test_damaged_pictures_of_the_same_bytes_are_the_same() -> None:
    rows = [{"sha256": name, "decodes": False} for name in "xyx"]
    assert groups(rows, [])["bytes"] == [0, None, 0]


def test_nothing_is_the_same_in_an_empty_folder() -> None:
    assert candidates([]) == []
    assert groups([], []) == {"bytes": [], "pixels": [], "picture": []}


def test_what_was_not_looked_at_is_not_confirmed() -> None:
    pairs = alike.search(table([{}, {}]), distance=None, transforms=False)()
    assert pairs.height == 1
    assert alike.confirm(pairs, table([{}, {}]).with_columns(look=pl.lit(None, pl.Binary))).is_empty()


def test_similarity_says_how_alike_two_pictures_are(tmp_path: Path) -> None:
    picture = photo("a")
    files = {"a": png(picture), "b": encode(picture, "BMP"), "c": jpeg(picture, quality=30), "d": png(photo("d"))}
    contents = {"a": "png", "b": "bmp", "c": "jpeg", "d": "png"}
    root, seen = os.fsencode(tmp_path), []
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        seen.append(look.look((name.encode(), contents[name], "RGB", None, None, None, True), root=root))
    looks = look.pack(seen, root=root)
    facts = pl.DataFrame(
        {
            "file": pl.Series(range(4), dtype=pl.UInt32),
            "look": [found["look"] for found in looks if found],
            "pixels": [found["pixels"] for found in looks if found],
            "width": [picture.width] * 4,
            "height": [picture.height] * 4,
        }
    )
    pairs = pl.DataFrame(
        [(0, 1, 0), (0, 2, 0), (0, 3, 0), (0, 1, 3)],
        schema={"file": pl.UInt32, "other": pl.UInt32, "turn": pl.UInt8},
        orient="row",
    )
    found = {(one, other): similarity for one, other, _turn, similarity in alike.confirm(pairs, facts).iter_rows()}
    assert set(found) == {(0, 1), (0, 2)}
    assert found[0, 1] == pytest.approx(1, abs=1e-4)
    assert 0.975 < found[0, 2] < found[0, 1]


def test_a_file_that_vanished_between_looks_is_alone(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    picture = photo("a")
    brighter = picture.point(lambda value: min(255, value * 6 // 5))
    for name, data in {"a.jpg": jpeg(brighter), "b.webp": webp(picture), "c.jpg": jpeg(picture, quality=60)}.items():
        (folder / name).write_bytes(data)
    real = again.Again.ask

    def vanish_before(
        again: again.Again, facts: pl.DataFrame, function: str, files: pl.DataFrame, *rest: Any, **options: Any
    ) -> pl.DataFrame:
        if files.height:
            (folder / "a.jpg").unlink()
        return real(again, facts, function, files, *rest, **options)

    monkeypatch.setattr(again.Again, "ask", vanish_before)
    found = scan(folder).findings.filter(rule="near-duplicate")
    assert set(found["path"]) == {"b.webp", "c.jpg"}


def test_shades_judge_pairs_of_pictures_that_are_not_turned() -> None:
    picture = photo("a", 400, 300)
    brighter = picture.point(lambda value: min(255, value * 6 // 5))
    files = [picture, picture.resize((320, 240)), picture.crop((16, 12, 384, 288)), brighter, photo("d", 400, 300)]
    shades = [bytes(one) for one in batch([jpeg(one) for one in files]).shades]
    sides = {name: [getattr(one, name) for one in files] + [None] for name in ("width", "height")}
    facts = pl.DataFrame({"file": pl.Series(range(6), dtype=pl.UInt32), "shades": [*shades, None], **sides})
    rows = [(0, 1, 0), (0, 2, 0), (0, 3, 0), (0, 4, 0), (0, 4, 4), (0, 5, 0), (1, 2, 1)]
    pairs = pl.DataFrame(rows, schema=PAIRS, orient="row")
    found, left = alike.judge_by_shades(pairs, facts, facts["file"])
    assert found.select("file", "other", same=pl.col("similarity") > 0).rows() == [
        (0, 1, True),
        (0, 2, False),
        (0, 4, False),
    ]
    assert left.rows() == [(0, 3, 0), (0, 4, 4), (0, 5, 0), (1, 2, 1)]


def test_copies_of_one_picture_are_compared_with_one_of_them_but_for_those_that_are_told_in_full() -> None:
    picture = photo("a", 400, 300)
    copies = [jpeg(picture.resize((400 - 4 * number, 300 - 3 * number))) for number in range(20)]
    facts = table([{"phash": f"{number:016x}"} for number in range(20)]).with_columns(
        shades=pl.Series([bytes(one) for one in batch(copies).shades])
    )
    rows = [(one, two, 0) for one in range(20) for two in range(one + 1, 20)]
    pairs = pl.DataFrame(rows, schema=PAIRS, orient="row")

    def told(*in_full: int) -> set[tuple[int, int]]:
        found, left = alike.judge_by_shades(pairs, facts, pl.Series(in_full, dtype=pl.UInt32))
        assert left.is_empty()
        assert (found["similarity"] > 0).all()
        return set(found.select("file", "other").rows())

    to_first = {(0, copy) for copy in range(1, 20)}
    assert told() == to_first
    assert told(4) == to_first | {(min(4, one), max(4, one)) for one in range(20) if one != 4}


def test_every_pair_is_told_where_hashes_decide_which_of_them_count() -> None:
    facts = table([{}, {}])
    assert [len(alike.told_in_full(facts, 0, distance)) for distance in (None, 8, 4, 3, 0)] == [0, 0, 0, 2, 2]


def test_jpegs_that_were_saved_anew_are_not_compared_pixel_by_pixel() -> None:
    picture, flat = photo("a", 400, 300), photo("a", 400, 300).point(lambda value: 100 + value // 32)
    first = jpeg(picture, quality=90)
    files = {
        "first": first,
        "with a comment": first[:2] + b"\xff\xfe\x00\x06note" + first[2:],
        "progressive": jpeg(picture, quality=90, progressive=True),
        "better": jpeg(picture, quality=95),
        "png": png(picture),
        "flat": jpeg(flat),
        "flat again": jpeg(flat, quality=95),
        "another": jpeg(photo("b", 400, 300)),
        "flat of another": jpeg(photo("b", 400, 300).point(lambda value: 100 + value // 32)),
    }
    names = list(files)
    pictures = batch(list(files.values()))
    facts = pl.DataFrame(
        {
            "file": pl.Series(range(len(files)), dtype=pl.UInt32),
            "content": ["png" if name == "png" else "jpeg" for name in names],
            "width": 400,
            "height": 300,
            "shades": [bytes(one) for one in pictures.shades],
            **hashes.measure(pictures),
        }
    )

    def may_be_equal(one: str, other: str, turn: int = 0, call: Any = call_here) -> bool:
        pair = [(names.index(one), names.index(other), turn)]
        pairs = pl.DataFrame(pair, schema=PAIRS, orient="row")
        return bool(len(alike.files_to_compare_exactly(pairs, facts, call=call)))

    def compared(*three: str) -> set[str]:
        """The files that are compared by pixels where the first is in pairs with the others."""
        numbers = [names.index(name) for name in three]
        pairs = pl.DataFrame([(numbers[0], other, 0) for other in numbers[1:]], schema=PAIRS, orient="row")
        return {names[number] for number in alike.files_to_compare_exactly(pairs, facts)}

    assert compared("better", "first", "with a comment") == {"first", "with a comment"}
    assert compared("better", "first", "png") == {"better", "first", "png"}
    assert compared("better", "first") == set()
    assert may_be_equal("first", "with a comment")
    assert may_be_equal("first", "progressive")
    assert not may_be_equal("first", "better")
    assert may_be_equal("first", "better", turn=1)
    # Signs tell most pairs, and not those that are turned or nearly flat.
    assert not may_be_equal("first", "another", call=None)
    assert may_be_equal("first", "another", turn=1)
    assert may_be_equal("flat", "flat of another")
    assert may_be_equal("first", "png")
    assert may_be_equal("flat", "flat again")


def test_equal_pixels_are_found_behind_a_copy_of_another_size_that_has_the_hashes_of_one() -> None:
    rows = [
        {"width": 96, "height": 96},
        {},
        {"phash": flipped(A_PHASH, 1)},
        {"phash": flipped(A_PHASH, 2), "height": 63},
    ]
    contents = pl.Series(["jpeg", "jpeg", "png", "png"])
    facts = table([row | {"dct_signs": A_SIGNS} for row in rows]).with_columns(
        content=contents, shades=pl.lit(b"\0" * 1024)
    )
    # As the second has the hashes of the first, it is in no other pair.
    pairs = pl.DataFrame([(0, 1, 0), (0, 2, 0), (0, 3, 0)], schema=PAIRS, orient="row")
    assert alike.files_to_compare_exactly(pairs, facts).to_list() == [1, 2]


@pytest.mark.parametrize(("contrast", "paired"), [(alike.FLAT, [(0, 1)]), (alike.FLAT - 0.01, [])])
def test_a_picture_is_flat_whose_contrast_is_less_than_two_grey_levels(
    contrast: float, paired: list[tuple[int, int]]
) -> None:
    assert alike.FLAT == 2.0
    assert candidates([{"contrast": contrast, "width": 64 + number} for number in range(2)]) == paired


def test_a_distance_at_which_more_is_looked_at_chooses_of_what_is_confirmed() -> None:
    facts = table([{}, {"phash": flipped(A_PHASH, 3)}, {"phash": flipped(A_PHASH, 4)}, {"phash": flipped(A_PHASH, 9)}])
    turned = [(0, 1, 0, 0.9), (0, 2, 0, 0.9), (0, 3, 5, 0.9)]
    confirmed = pl.DataFrame(turned, schema=CONFIRMED, orient="row")
    assert alike.within(confirmed, facts, 3)["other"].to_list() == [1, 3]
    assert alike.within(confirmed, facts, alike.DISTANCE)["other"].to_list() == [1, 2, 3]
    same = facts.with_columns(pixels=pl.lit("p"))
    assert alike.within(confirmed, same, 0)["other"].to_list() == [1, 2, 3]
