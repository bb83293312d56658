"""OUT/images follows what is wanted, by difference, and never touches an original."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sanitize import names
from sanitize.errors import UsageError
from sanitize.outputs import images

Answers = Iterator[tuple[int, dict[str, Any]]]
SCHEMA = {
    "file": pl.UInt32, "path": pl.String, "size": pl.Int64, "mtime_ns": pl.Int64, "content": pl.String,
    "orientation": pl.Int64, "rgb_policy": pl.String, "rgb_path": pl.String, "rgb_bytes": pl.Int64,
}  # fmt: skip


class Dataset:
    """A folder of originals, an OUT, and a converter that writes what it was asked."""

    def __init__(self, base: Path) -> None:
        self.images, self.out = base / "in", base / "out"
        self.images.mkdir()
        (self.out / ".sanitize").mkdir(parents=True)
        self.requests: list[dict[str, Any]] = []
        self.messages: list[str] = []
        self.fails: dict[bytes, dict[str, Any]] = {}

    def add(self, *paths: str, content: str = "original") -> None:
        for path in paths:
            (self.images / path).parent.mkdir(parents=True, exist_ok=True)
            (self.images / path).write_text(f"{content} {path}")

    def wanted(self, **entries: str) -> pl.DataFrame:
        """Want each entry: `a="a.jpg"` is a link, `a="a.gif > a.png"` a copy."""
        rows = []
        for number, text in enumerate(entries.values()):
            source, _arrow, target = text.partition(" > ")
            status = (self.images.resolve() / os.fsdecode(names.to_bytes(source))).stat()
            how = ["png:alpha", target, 20] if target else ["link", source, 0]
            rows.append([number, source, status.st_size, status.st_mtime_ns, "png", 1, *how])
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def convert(self, requests: list[dict[str, Any]], sizes: list[int]) -> Answers:
        assert len(requests) == len(sizes)
        for number, request in reversed(list(enumerate(requests))):
            self.requests.append(request)
            name = os.path.basename(request["source"])
            if name in self.fails:
                yield number, self.fails[name]
                continue
            over = b"" if request["background"] == (255, 255, 255) else b"dark "
            copy = over + b"copy of " + Path(os.fsdecode(request["source"])).read_bytes()
            Path(os.fsdecode(request["target"])).write_bytes(copy)
            yield number, {"error": None, "bytes": len(copy)}

    def scan(self, wanted: pl.DataFrame, **options: Any) -> list[tuple[int, str]]:
        """Update and remove what is stale, as a scan does; return the failures."""
        failures = self.update(wanted, **options)
        kept = wanted.join(failures, on="file", how="anti")
        images.remove_stale(self.out, kept)
        return failures.rows()

    def update(self, wanted: pl.DataFrame, **options: Any) -> pl.DataFrame:
        self.requests, self.messages = [], []
        settings: dict[str, Any] = {"link": "symlink", "icc": "keep", "background": (255, 255, 255)} | options
        settings |= {"convert": self.convert, "on_message": self.messages.append}
        return images.update(self.out, self.images.resolve(), wanted, **settings)

    def tree(self) -> dict[str, str]:
        """Return what lies in OUT/images: content of files, `-> target` of links."""
        found = {}
        root = self.out / "images"
        for folder, folders, files in os.walk(root):
            for name in [*folders, *files]:
                path = Path(folder) / name
                relative = path.relative_to(root).as_posix()
                if path.is_symlink():
                    found[relative] = "-> " + path.readlink().as_posix().removeprefix(
                        self.images.resolve().as_posix() + "/"
                    )
                elif not path.is_dir():
                    found[relative] = path.read_text()
                elif not any(path.iterdir()):
                    found[relative] = "empty folder"
        assert not (self.out / ".sanitize" / "images-waiting").exists()
        return found


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
    assert dataset.messages == ["1 RGB copies to make, about 20 bytes"]
    assert (dataset.out / "images" / "a.jpg").read_text() == "original a.jpg"


def test_nothing_is_done_again(dataset: Dataset) -> None:
    dataset.add("a.jpg", "c.gif")
    wanted = dataset.wanted(a="a.jpg", c="c.gif > c.png")
    dataset.scan(wanted)
    before = {path: path.lstat() for path in dataset.out.rglob("*")}
    assert dataset.scan(wanted) == []
    assert dataset.requests == []
    assert dataset.messages == []
    assert {path: path.lstat() for path in dataset.out.rglob("*")} == before


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


def test_a_changed_converter_copies_again(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset.add("c.gif")
    wanted = dataset.wanted(c="c.gif > c.png")
    dataset.scan(wanted)
    monkeypatch.setattr(images, "VERSION", images.VERSION + 1)
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
        "tolerant": True,
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


def test_a_link_becomes_a_copy_and_the_original_stays(dataset: Dataset) -> None:
    dataset.add("a.png")
    dataset.scan(dataset.wanted(a="a.png"))
    dataset.scan(dataset.wanted(a="a.png > a.png"))
    assert dataset.tree() == {"a.png": "copy of original a.png"}
    assert (dataset.images / "a.png").read_text() == "original a.png"
    dataset.scan(dataset.wanted(a="a.png"))
    assert dataset.tree() == {"a.png": "-> a.png"}


def test_folders_that_are_links_are_replaced_and_never_entered(dataset: Dataset) -> None:
    dataset.add("x/a.jpg", "x/c.gif", "y/d.jpg")
    root = dataset.out / "images"
    root.mkdir()
    (root / "x").symlink_to(dataset.images / "x", target_is_directory=True)
    (root / "z").symlink_to(dataset.images / "y", target_is_directory=True)
    originals = sorted(dataset.images.rglob("*"))
    dataset.scan(dataset.wanted(a="x/a.jpg", c="x/c.gif > x/c.png"))
    assert sorted(dataset.images.rglob("*")) == originals
    assert (dataset.images / "x" / "a.jpg").read_text() == "original x/a.jpg"
    assert dataset.tree() == {"x/a.jpg": "-> x/a.jpg", "x/c.png": "copy of original x/c.gif"}


def test_a_link_in_place_of_the_whole_folder_is_replaced(dataset: Dataset) -> None:
    dataset.add("a.jpg", "c.gif", "stale.png")
    (dataset.out / "images").symlink_to(dataset.images, target_is_directory=True)
    (dataset.out / ".sanitize" / "images-waiting").symlink_to(dataset.images, target_is_directory=True)
    dataset.scan(dataset.wanted(a="a.jpg", c="c.gif > c.png"))
    assert sorted(path.name for path in dataset.images.iterdir()) == ["a.jpg", "c.gif", "stale.png"]
    assert dataset.tree() == {"a.jpg": "-> a.jpg", "c.png": "copy of original c.gif"}
    images.remove_stale(dataset.out, None)
    assert (dataset.images / "a.jpg").read_text() == "original a.jpg"


@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", b" .jpg", b"a\nb.jpg", b"-rf", b"a\\b.jpg", "ö😀.jpg".encode(), b"\xf4\x8f\xbe\xbf"]
)
def test_names_are_bytes(dataset: Dataset, name: bytes) -> None:
    source = os.path.join(os.fsencode(dataset.images), b"d\xff", name)
    os.mkdir(os.path.dirname(source))
    with open(source, "wb") as file:
        file.write(b"original")
    key = names.to_key(b"d\xff/" + name)
    wanted = dataset.wanted(a=key, c=f"{key} > {key}.png")
    dataset.scan(wanted)
    root = os.path.join(os.fsencode(dataset.out), b"images", b"d\xff")
    assert sorted(os.listdir(root)) == [name, name + b".png"]
    assert os.readlink(os.path.join(root, name)) == os.path.realpath(source)
    dataset.scan(wanted)
    assert dataset.requests == []
    dataset.scan(wanted.clear())
    assert dataset.tree() == {}


@pytest.mark.parametrize("link", ["hardlink", "copy"])
def test_other_ways_of_linking(dataset: Dataset, link: str) -> None:
    dataset.add("a.jpg", "b.jpg")
    (dataset.images / "to-b.jpg").symlink_to("b.jpg")
    wanted = dataset.wanted(a="a.jpg", b="to-b.jpg")
    dataset.scan(wanted, link=link)
    assert dataset.tree() == {"a.jpg": "original a.jpg", "to-b.jpg": "original b.jpg"}
    assert (dataset.images / "a.jpg").samefile(dataset.out / "images" / "a.jpg") == (link == "hardlink")
    before = (dataset.out / "images" / "a.jpg").stat()
    dataset.scan(wanted, link=link)
    assert (dataset.out / "images" / "a.jpg").stat() == before


@pytest.mark.parametrize("first", ["symlink", "hardlink", "copy"])
@pytest.mark.parametrize("then", ["symlink", "hardlink", "copy"])
def test_another_way_of_linking_replaces_entries_and_leaves_originals(dataset: Dataset, first: str, then: str) -> None:
    dataset.add("a.jpg")
    wanted = dataset.wanted(a="a.jpg")
    dataset.scan(wanted, link=first)
    dataset.scan(wanted, link=then)
    entry = dataset.out / "images" / "a.jpg"
    assert entry.is_symlink() == (then == "symlink")
    assert entry.samefile(dataset.images / "a.jpg") == (then != "copy")
    assert entry.read_text() == (dataset.images / "a.jpg").read_text() == "original a.jpg"


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_links_fall_back_to_what_the_system_takes(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset.add("a.jpg")
    monkeypatch.setattr(os, "symlink", refusing(errno.EPERM))
    wanted = dataset.wanted(a="a.jpg")
    dataset.scan(wanted)
    assert dataset.messages[0].startswith("OUT takes no symbolic links")
    assert (dataset.out / "images" / "a.jpg").samefile(dataset.images / "a.jpg")
    dataset.scan(wanted)
    assert dataset.messages == []
    (dataset.images / "a.jpg").unlink()
    dataset.add("a.jpg", content="changed")
    wanted = dataset.wanted(a="a.jpg")
    dataset.scan(wanted)
    assert dataset.tree() == {"a.jpg": "changed a.jpg"}

    monkeypatch.setattr(os, "link", refusing(errno.EXDEV))
    dataset.scan(wanted, link="hardlink")
    assert not (dataset.out / "images" / "a.jpg").samefile(dataset.images / "a.jpg")
    assert dataset.tree() == {"a.jpg": "changed a.jpg"}


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


def test_another_folder_of_images_makes_new_links(dataset: Dataset) -> None:
    dataset.add("a.jpg")
    dataset.scan(dataset.wanted(a="a.jpg"))
    dataset.images = dataset.images.rename(dataset.images.with_name("moved"))
    dataset.scan(dataset.wanted(a="a.jpg"))
    assert (dataset.out / "images" / "a.jpg").readlink() == dataset.images.resolve() / "a.jpg"
