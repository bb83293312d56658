"""Of several codes in a picture those are told that a threshold may be about."""

from __future__ import annotations

import json
import random

from sanitize.probe.code_places import Code, ahead, place


def square(left: float, top: float, side: float, text: str = "a") -> Code:
    """Return a code of a square picture of 1,000 pixels."""
    corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
    return place(text, [(1000 * x, 1000 * y) for x, y in corners], (1000, 1000))


def test_a_code_has_the_share_and_offset_of_its_corners() -> None:
    code = place("a", [(100, 0), (200, 100), (100, 200), (0, 100)], (200, 400))
    assert (code.share, code.offset) == (0.25, 0.5)


def test_some_code_of_all_meets_two_thresholds_where_one_ahead_does() -> None:
    chance = random.Random(0)
    for _ in range(200):
        # Of sides so different that no two are one.
        sides = [0.02 * 1.6**number for number in range(4)]
        cells = chance.sample([(x, y) for x in range(3) for y in range(3)], 4)
        codes = [square(0.1 + 0.3 * x, 0.1 + 0.3 * y, side) for (x, y), side in zip(cells, sides, strict=True)]
        found = json.loads(ahead(codes))
        for least, most in ((chance.uniform(0, 0.01), chance.uniform(0, 1)) for _ in range(20)):
            of_all = [code for code in codes if code.share >= least and code.offset <= most]
            of_them = [code for code in found if code["share"] >= least and code["offset"] <= most]
            assert bool(of_all) == bool(of_them)


def test_codes_side_by_side_are_one_whose_centre_is_between_them() -> None:
    row = json.loads(ahead([square(0.2, 0.4, 0.2, "a"), square(0.6, 0.4, 0.21, "b")]))[0]
    assert (row["text"], row["number"]) == ("b", 2)
    assert row["offset"] < 0.02
    four = [square(x, y, 0.2) for x in (0.2, 0.5) for y in (0.2, 0.5)]
    assert json.loads(ahead(four))[0]["number"] == 4


def test_codes_far_apart_or_of_unlike_size_are_not_one() -> None:
    far = [square(0.0, 0.0, 0.2), square(0.8, 0.8, 0.2)]
    unlike = [square(0.0, 0.4, 0.3), square(0.35, 0.4, 0.1)]
    assert {code["number"] for codes in (far, unlike) for code in json.loads(ahead(codes))} == {1}


def test_a_sheet_of_many_codes_is_told_at_once() -> None:
    sheet = [square(0.05 * x, 0.05 * y, 0.04) for x in range(20) for y in range(20)]
    assert json.loads(ahead(sheet))[0]["number"] >= 8
