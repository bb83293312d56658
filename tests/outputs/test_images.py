"""OUT/images follows what is wanted, by difference."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sanitize import recipe
from sanitize.outputs import images
from tests.image_folder import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path)


def test_links_and_copies_are_made(dataset: Dataset) -> None:
    dataset.add("a.jpg", "deep/er/b.jpg", "c.gif")
    assert dataset.scan(dataset.wanted(a="a.jpg", b="deep/er/b.jpg", c="c.gif > c.png")) == []
    assert dataset.tree() == {
        "a.jpg": "-> a.jpg",
        "deep/er/b.jpg": "-> deep/er/b.jpg",
        "c.png": "copy of original c.gif",
    }
    assert dataset.messages == ["1 RGB copy to make, about 20 bytes"]
    assert (dataset.out / "images" / "a.jpg").read_text() == "original a.jpg"


def test_nothing_is_done_again(dataset: Dataset) -> None:
    dataset.add("a.jpg", "c.gif")
    wanted = dataset.wanted(a="a.jpg", c="c.gif > c.png")
    dataset.scan(wanted)

    def state() -> dict[Path, tuple[int, int]]:
        # Without the time of access, which reading changes.
        return {path: (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in dataset.out.rglob("*")}

    before = state()
    assert dataset.scan(wanted) == []
    assert dataset.requests == []
    assert dataset.messages == []
    assert state() == before


def test_what_is_no_longer_wanted_leaves_with_its_folders_only_when_told(dataset: Dataset) -> None:
    dataset.add("a.jpg", "x/y/b.jpg", "x/c.gif")
    dataset.scan(dataset.wanted(a="a.jpg", b="x/y/b.jpg", c="x/c.gif > x/c.png"))
    wanted = dataset.wanted(a="a.jpg")
    dataset.update(wanted)
    assert set(dataset.tree()) == {"a.jpg", "x/y/b.jpg", "x/c.png"}
    images.remove_stale(dataset.out, wanted)
    assert dataset.tree() == {"a.jpg": "-> a.jpg"}
    assert not (dataset.out / "images" / "x").exists()


def test_without_images_the_folder_goes(dataset: Dataset) -> None:
    dataset.add("a.jpg")
    dataset.scan(dataset.wanted(a="a.jpg"))
    images.remove_stale(dataset.out, None)
    assert not (dataset.out / "images").exists()
    assert (dataset.images / "a.jpg").exists()
    images.remove_stale(dataset.out, None)


def test_a_changed_source_is_copied_again_and_no_other(dataset: Dataset) -> None:
    dataset.add("c.gif", "d.gif")
    dataset.scan(dataset.wanted(c="c.gif > c.png", d="d.gif > d.png"))
    dataset.add("c.gif", content="changed")
    dataset.scan(dataset.wanted(c="c.gif > c.png", d="d.gif > d.png"))
    assert [os.path.basename(request["source"]) for request in dataset.requests] == [b"c.gif"]
    assert dataset.tree()["c.png"] == "copy of changed c.gif"


@pytest.mark.parametrize("changed", [{"icc": "convert"}, {"background": (0, 0, 0)}, {"policy": "png:palette+alpha"}])
def test_a_changed_option_or_policy_copies_again(dataset: Dataset, changed: dict[str, Any]) -> None:
    dataset.add("a.jpg", "c.gif")
    wanted = dataset.wanted(a="a.jpg", c="c.gif > c.png")
    dataset.scan(wanted)
    policy = changed.pop("policy", None)
    if policy:
        wanted = wanted.with_columns(rgb_policy=pl.col("rgb_policy").replace("png:alpha", policy))
    dataset.scan(wanted, **changed)
    assert len(dataset.requests) == 1


def test_another_background_leaves_copies_of_what_is_opaque(dataset: Dataset) -> None:
    dataset.add("c.gif", "d.tif")
    wanted = dataset.wanted(c="c.gif > c.png", d="d.tif > d.png")
    opaque = pl.when(pl.col("path") == "d.tif").then(pl.lit("png:grey")).otherwise("rgb_policy")
    wanted = wanted.with_columns(rgb_policy=opaque)
    dataset.scan(wanted)
    dataset.scan(wanted, background=(0, 0, 0))
    assert [os.path.basename(request["source"]) for request in dataset.requests] == [b"c.gif"]


def test_a_changed_converter_copies_again(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset.add("c.gif")
    wanted = dataset.wanted(c="c.gif > c.png")
    dataset.scan(wanted)
    monkeypatch.setattr(recipe, "VERSION", recipe.VERSION + 1)
    dataset.scan(wanted)
    assert len(dataset.requests) == 1


def test_a_request_holds_what_the_converter_needs(dataset: Dataset) -> None:
    dataset.add("c.gif")
    wanted = dataset.wanted(c="c.gif > c.png")
    dataset.scan(wanted.with_columns(rgb_policy=pl.lit("png:salvage+alpha")), background=(1, 2, 3))
    (request,) = dataset.requests
    assert request.pop("source") == os.fsencode(dataset.images.resolve() / "c.gif")
    assert b"images-waiting" in request.pop("target")
    assert request == {
        "policy": "png:salvage+alpha", "content": "png", "background": (1, 2, 3), "icc": "keep", "orientation": 1,
        "tolerant": True, "lost": True,
    }  # fmt: skip


def test_an_entry_that_somebody_removed_or_damaged_comes_back(dataset: Dataset) -> None:
    dataset.add("a.jpg", "b.jpg", "c.gif", "d.gif")
    wanted = dataset.wanted(a="a.jpg", b="b.jpg", c="c.gif > c.png", d="d.gif > d.png")
    dataset.scan(wanted)
    good = dataset.tree()
    root = dataset.out / "images"
    (root / "a.jpg").unlink()
    (root / "b.jpg").unlink()
    (root / "b.jpg").write_text("a file where the link was")
    (root / "c.png").write_text("short")
    (root / "d.png").unlink()
    (root / "strange").write_text("not ours")
    (root / "empty" / "folders").mkdir(parents=True)
    assert dataset.scan(wanted) == []
    assert dataset.tree() == good


def test_a_file_becomes_a_folder_and_a_folder_a_file(dataset: Dataset) -> None:
    dataset.add("x", "y/a.jpg", "y/b/c.gif")
    dataset.scan(dataset.wanted(x="x", a="y/a.jpg", c="y/b/c.gif > y/b/c.png"))
    shutil.rmtree(dataset.images)
    dataset.images.mkdir()
    dataset.add("x/a.jpg", "x/b/c.gif", "y")
    dataset.scan(dataset.wanted(a="x/a.jpg", c="x/b/c.gif > x/b/c.png", y="y"))
    assert dataset.tree() == {"x/a.jpg": "-> x/a.jpg", "x/b/c.png": "copy of original x/b/c.gif", "y": "-> y"}


def test_a_copy_takes_the_place_of_a_folder(dataset: Dataset) -> None:
    dataset.add("c.png/a.jpg")
    dataset.scan(dataset.wanted(a="c.png/a.jpg"))
    shutil.rmtree(dataset.images / "c.png")
    dataset.add("c.gif")
    dataset.scan(dataset.wanted(c="c.gif > c.png"))
    assert dataset.tree() == {"c.png": "copy of original c.gif"}


def test_copies_are_asked_for_by_whole_paths(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset.add("c.gif")
    monkeypatch.chdir(dataset.out.parent)
    dataset.out = Path(dataset.out.name)
    dataset.scan(dataset.wanted(c="c.gif > c.png"))
    assert [os.path.isabs(request["target"]) for request in dataset.requests] == [True]
