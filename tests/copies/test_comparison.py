"""Small pictures of pairs are compared by shades, or else by looks, and of many copies not each with each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize.copies import alike

if TYPE_CHECKING:
    from tests.conftest import Scan

COPIES = 24


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many pairs are compared by which function."""
    counts = dict.fromkeys(("judge_by_shades", "confirm"), 0)

    def counting(name: str) -> Callable[..., pl.DataFrame]:
        real = getattr(alike, name)

        def compare(pairs: pl.DataFrame, *rest: Any, **options: Any) -> pl.DataFrame:
            counts[name] += pairs.height
            found: pl.DataFrame = real(pairs, *rest, **options)
            return found

        return compare

    for name in counts:
        monkeypatch.setattr(alike, name, counting(name))
    return counts


def test_of_copies_in_many_brightnesses_each_is_looked_at_with_one_of_them(
    scan: Scan, tmp_path: Path, counted: dict[str, int]
) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for number in range(COPIES):
        darker = photo("a", 400, 300).point(lambda value, by=number: value * (60 + by) // 100)
        (images / f"{number:02}.jpg").write_bytes(jpeg(darker))
    found = scan(images).findings.filter(rule="near-duplicate")
    assert found["path"].n_unique() == COPIES
    pairs = COPIES * (COPIES - 1) // 2
    assert counted["confirm"] + counted["judge_by_shades"] < pairs / 2
