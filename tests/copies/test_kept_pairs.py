"""The search for pictures that may be the same is not made again where nothing that it goes by has changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from corrupt_samples.encode import encode, jpeg, png
from corrupt_samples.pictures import photo
from sanitize.copies import alike, kept_pairs

if TYPE_CHECKING:
    from tests.conftest import Scan

FACTS = pl.DataFrame(
    {
        "file": [0, 1, 2],
        "sha256": ["a", "b", None],
        "width": [64, 64, None],
        "height": [48, 48, None],
        "phash": ["0123456789abcdef", "0123456789abcdee", None],
        "dct_signs": ["0" * 64, "0" * 63 + "1", None],
        "contrast": [40.5, 41.0, None],
    },
    schema={
        "file": pl.UInt32, "sha256": pl.String, "width": pl.Int64, "height": pl.Int64, "phash": pl.String,
        "dct_signs": pl.String, "contrast": pl.Float32,
    },
)  # fmt: skip
OTHERS: dict[str, Any] = {
    "file": 7, "sha256": "c", "width": 65, "height": 49, "phash": "1123456789abcdef", "dct_signs": "1" * 64,
    "contrast": 40.25,
}  # fmt: skip


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of files of each search."""
    seen: list[int] = []
    search = alike.search

    def count(facts: pl.DataFrame, **how: Any) -> pl.DataFrame:
        seen.append(facts.height)
        return search(facts, **how)

    monkeypatch.setattr(alike, "search", count)
    return seen


def test_the_same_hashes_are_searched_once(tmp_path: Path, searches: list[int]) -> None:
    first = kept_pairs.search(FACTS, distance=None, transforms=False, folder=tmp_path).pairs()
    again = kept_pairs.search(FACTS, distance=None, transforms=False, folder=tmp_path).pairs()
    assert searches == [3]
    assert first.rows() == [(0, 1, 0)]
    assert again.equals(first)
    assert again.schema == first.schema


def test_another_version_of_the_search_searches_again(
    tmp_path: Path, searches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_pairs.search(FACTS, distance=None, transforms=False, folder=tmp_path).pairs()
    monkeypatch.setattr(alike, "VERSION", alike.VERSION + 1)
    kept_pairs.search(FACTS, distance=None, transforms=False, folder=tmp_path).pairs()
    kept_pairs.search(FACTS, distance=None, transforms=False, known=1, folder=tmp_path).pairs()
    assert searches == [3, 3, 3]


def test_what_lies_in_the_way_goes(tmp_path: Path, searches: list[int]) -> None:
    folder = tmp_path / "pairs"
    for _ in range(2):
        folder.write_bytes(b"no folder")
        assert kept_pairs.search(FACTS, distance=None, transforms=False, folder=folder).pairs().height == 1
        kept_pairs.search(FACTS, distance=None, transforms=False, folder=folder).pairs()
        (key,) = folder.iterdir()
        for part in key.iterdir():
            part.unlink()
        key.rmdir()
        key.write_bytes(b"no folder")
        assert kept_pairs.search(FACTS, distance=None, transforms=False, folder=folder).pairs().height == 1
        kept_pairs.search(FACTS, distance=None, transforms=False, folder=folder).pairs()
        for part in key.iterdir():
            part.unlink()
        key.rmdir()
        folder.rmdir()
    assert searches == [3, 3, 3, 3]


def test_that_there_are_no_pairs_is_kept_too(tmp_path: Path, searches: list[int]) -> None:
    for _ in range(2):
        assert kept_pairs.search(FACTS.head(1), distance=None, transforms=False, folder=tmp_path).pairs().is_empty()
    assert searches == [1]


@pytest.mark.parametrize("column", list(OTHERS))
def test_another_value_of_whatever_a_search_goes_by_is_searched(
    tmp_path: Path, searches: list[int], column: str
) -> None:
    other = FACTS.with_columns(
        pl.when(pl.col("file") == 1)
        .then(pl.lit(OTHERS[column]))
        .otherwise(column)
        .cast(FACTS.schema[column])
        .alias(column)
    )
    for facts in (FACTS, other):
        found = kept_pairs.search(facts, distance=None, transforms=False, folder=tmp_path).pairs()
        assert found.equals(alike.search(facts, distance=None, transforms=False)())
    assert len(searches) == 4
    assert len(list(tmp_path.iterdir())) == 1


def test_another_way_to_search_is_searched(tmp_path: Path, searches: list[int]) -> None:
    for distance, transforms in ((None, False), (8, False), (8, True), (None, False)):
        kept_pairs.search(FACTS, distance=distance, transforms=transforms, folder=tmp_path).pairs()
    assert len(searches) == 4


def test_damaged_pairs_are_searched_again(tmp_path: Path, searches: list[int]) -> None:
    first = kept_pairs.search(FACTS, distance=None, transforms=False, folder=tmp_path).pairs()
    (part,) = tmp_path.glob("*/*.parquet")
    part.write_bytes(part.read_bytes()[:-9])
    for _ in range(2):
        assert kept_pairs.search(FACTS, distance=None, transforms=False, folder=tmp_path).pairs().equals(first)
    assert len(searches) == 2


def test_a_scan_of_unchanged_files_finds_the_same_without_a_search(
    scan: Scan, tmp_path: Path, searches: list[int]
) -> None:
    (tmp_path / "images").mkdir()
    for name, quality in (("a.jpg", 90), ("b.jpg", 60)):
        (tmp_path / "images" / name).write_bytes(jpeg(photo("a"), quality=quality))
    found = [scan(tmp_path / "images", cache=cache).findings for cache in (True, True, False)]
    assert found[0].filter(rule="near-duplicate").height == 2
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])
    assert searches == [2, 2]


def test_pictures_are_compared_once(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "images").mkdir()
    for name, data in {
        "a.jpg": jpeg(photo("a")),
        "b.jpg": jpeg(photo("a"), quality=60),
        "c.png": png(photo("a")),
    }.items():
        (tmp_path / "images" / name).write_bytes(data)
    first = scan(tmp_path / "images", cache=True)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("pictures were compared again")

    for function in ("judge_by_shades", "confirm"):
        monkeypatch.setattr(alike, function, refuse)
    assert scan(tmp_path / "images", cache=True).findings.equals(first.findings)
    assert set(first.findings["rule"]) == {"near-duplicate"}


def test_files_that_are_measured_anew_are_compared_anew(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for name, data in {"a.png": png(photo("a")), "b.bmp": encode(photo("a"), "BMP"), "c.jpg": jpeg(photo("a"))}.items():
        (tmp_path / "images" / name).write_bytes(data)
    first = scan(tmp_path / "images", cache=True)
    assert {"pixel-duplicate", "near-duplicate"} <= set(first.findings["rule"])
    shutil.rmtree(first.out / ".sanitize" / "parts")
    again = scan(tmp_path / "images", cache=True)
    assert again.summary["probed"] == 3
    assert again.findings.equals(first.findings)
    (pairs, confirmed) = sorted((first.out / ".sanitize" / "pairs").iterdir(), key=lambda path: len(path.name))
    assert len(list(pairs.iterdir())) == len(list(confirmed.iterdir())) == 1
