from __future__ import annotations

import polars as pl
import pytest

from sanitize.dataset import Classes, Dataset, LabelList
from sanitize.judge import judge
from sanitize.rules import discover

RULE = "known-bad"
Known = tuple[str | None, str | None, int | None]


def find(*known: Known, columns: bool = True, **settings: object) -> dict[int, tuple[str, str]]:
    """Return severity and message by the number of the file, for files that are known so: name, how and distance."""
    rows = [(number, f"{number}.jpg", "jpeg", *row) for number, row in enumerate(known)]
    schema = {"file": pl.UInt32, "path": pl.String, "content": pl.String, "known_bad": pl.String}
    facts = pl.DataFrame(
        rows, schema={**schema, "known_bad_how": pl.String, "known_bad_distance": pl.Int64}, orient="row"
    )
    dataset = Dataset(
        facts=facts if columns else facts.select("file", "path", "content"),
        lines=pl.DataFrame(schema={"list": pl.UInt32, "line": pl.UInt32, "file": pl.UInt32, "label": pl.Int64}),
        lists=(LabelList("images", "images", False, implicit=True),),
        classes=Classes(None, None),
        unreadable_folders=pl.DataFrame(schema={"path": pl.String, "message": pl.String}),
        max_pixels=178_956_970,
    )
    found = judge(dataset, [discover()[RULE]], {RULE: settings})
    return {file: (severity, message) for file, severity, message in found.select("file", "severity", "message").rows()}


@pytest.mark.parametrize(
    ("how", "distance", "message"),
    [
        ("bytes", None, "the same bytes as `card.png`, which is known to be bad"),
        ("pixels", None, "the same pixels as `card.png`, which is known to be bad"),
        ("near", None, "nearly the same picture as `card.png`, which is known to be bad"),
        ("hash", 2, "a hash 2 of 64 bits from that of `card.png`, which is known to be bad"),
    ],
)
def test_says_how_a_picture_is_known(how: str, distance: int | None, message: str) -> None:
    assert find((None, None, None), ("card.png", how, distance)) == {1: ("error", message)}


def test_only_near_hashes_count_and_how_near_is_a_setting() -> None:
    files: list[Known] = [("a", "hash", 0), ("a", "hash", 4), ("a", "hash", 6), ("a", "bytes", None), ("a", "near", 8)]
    assert find(*files).keys() == {0, 1, 3, 4}
    assert find(*files, distance=6).keys() == {0, 1, 2, 3, 4}
    assert find(*files, distance=0).keys() == {0, 3, 4}


def test_is_silent_where_nothing_is_known() -> None:
    assert find((None, None, None)) == {}
    assert find((None, None, None), columns=False) == {}
