"""What cannot be made is told, and an update that ends halfway leaves every entry whole."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sanitize.errors import UsageError
from tests.image_folder import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path)


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_copy_that_cannot_be_made_is_told_tried_again_and_leaves_no_old_one(dataset: Dataset) -> None:
    dataset.add("c.gif", "d.gif")
    wanted = dataset.wanted(c="c.gif > c.png", d="d.gif > d.png")
    dataset.scan(wanted)
    dataset.add("c.gif", content="changed")
    dataset.fails = {b"c.gif": {"error": "cannot identify it", "bytes": 0}}
    wanted = dataset.wanted(c="c.gif > c.png", d="d.gif > d.png")
    assert dataset.scan(wanted) == [(0, "cannot identify it")]
    assert set(dataset.tree()) == {"d.png"}
    dataset.fails = {}
    assert dataset.scan(wanted) == []
    assert dataset.tree()["c.png"] == "copy of changed c.gif"


def test_a_link_that_cannot_be_made_is_told(dataset: Dataset) -> None:
    dataset.add("a.jpg", "b.jpg")
    long = "n" * 300
    wanted = dataset.wanted(a="a.jpg", b="b.jpg")
    wanted = wanted.with_columns(rgb_path=pl.col("rgb_path").replace("a.jpg", long))
    assert dataset.scan(wanted) == [(0, "cannot be linked: File name too long")]
    assert dataset.tree() == {"b.jpg": "-> b.jpg"}


def test_a_disk_that_is_too_small_is_foreseen(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset.add("a.jpg", "c.gif")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 81, 19))
    with pytest.raises(UsageError, match="needs about 20 bytes, the disk has 19 bytes free"):
        dataset.scan(dataset.wanted(a="a.jpg", c="c.gif > c.png"))
    assert dataset.requests == []
    dataset.scan(dataset.wanted(a="a.jpg"))
    with pytest.raises(UsageError):
        dataset.scan(dataset.wanted(a="a.jpg", b="a.jpg", c="c.gif"), link="copy")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_is_full_ends_the_update(dataset: Dataset, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    dataset.add("a.jpg", "c.gif")
    dataset.fails = {b"c.gif": {"error": "cannot be written", "errno": number, "bytes": 0}}
    with pytest.raises(OSError, match="cannot be written") as caught:
        dataset.scan(dataset.wanted(c="c.gif > c.png"))
    assert caught.value.errno == number
    monkeypatch.setattr(os, "symlink", refusing(number))
    with pytest.raises(OSError, match=os.strerror(number)):
        dataset.scan(dataset.wanted(a="a.jpg"))


@pytest.mark.parametrize("finish", [True, False])
@pytest.mark.parametrize("calls", range(8))
def test_an_update_that_is_killed_leaves_old_entries_whole_and_the_next_one_finishes(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, calls: int, *, finish: bool
) -> None:
    dataset.add("a.jpg", "c.gif", "d.gif", "e.jpg")
    before = dataset.wanted(a="a.jpg", c="c.gif > c.png", d="d.gif > d.png")
    dataset.scan(before)
    old = dataset.tree()
    after = dataset.wanted(a="a.jpg > a.jpg", c="c.gif > c.png", d="d.gif > d.png", e="e.jpg")
    new = {path: f"dark copy of original {path.replace('png', 'gif')}" for path in old} | {"e.jpg": "-> e.jpg"}
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying_after(calls))
        try:
            dataset.update(after, background=(0, 0, 0))
        except KeyboardInterrupt:
            shutil.rmtree(dataset.out / ".sanitize" / "images-waiting", ignore_errors=True)
    for path, content in dataset.tree().items():
        assert content in (old.get(path), new[path])
    assert set(dataset.tree()) >= set(old)
    # Whether the change is finished or taken back: what was made halfway is not mistaken for the other.
    if finish:
        dataset.scan(after, background=(0, 0, 0))
        assert dataset.tree() == new
    else:
        dataset.scan(before)
        assert dataset.tree() == old


def dying_after(calls: int) -> Callable[[Any, Any], None]:
    real, left = os.replace, iter([None] * calls)

    def replace(source: Any, target: Any) -> None:
        try:
            next(left)
        except StopIteration:
            raise KeyboardInterrupt from None
        real(source, target)

    return replace


def test_a_broken_manifest_costs_time_and_nothing_else(dataset: Dataset) -> None:
    dataset.add("a.jpg", "c.gif")
    wanted = dataset.wanted(a="a.jpg", c="c.gif > c.png")
    dataset.scan(wanted)
    good = dataset.tree()
    for part in (dataset.out / ".sanitize" / "images").glob("*.parquet"):
        part.write_bytes(b"PAR1 no more")
    dataset.scan(wanted)
    assert dataset.tree() == good
    assert len(dataset.requests) == 1
    dataset.scan(wanted)
    assert dataset.requests == []
