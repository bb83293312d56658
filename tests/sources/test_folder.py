"""A walk finds every regular file once, whatever links, pipes and old results lie about."""

from __future__ import annotations

import contextlib
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanitize import systems
from sanitize.errors import UsageError
from sanitize.settings import MARKER
from sanitize.sources.folder import find, list_folders

posix = pytest.mark.skipif(os.name == "nt", reason="links and pipes need POSIX")


def touch(root: Path, *names: str) -> None:
    """Make files of one byte."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")


def paths(root: Path, *exclude: str) -> list[str]:
    """Return the keys of what is found."""
    return find(str(root), exclude=exclude).samples["path"].to_list()


def test_files_come_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    names = ["b/1.jpg", "a/z.jpg", "a.jpg", "a/B.jpg", "ä.jpg", "a-b/1.jpg"]
    random.Random(1).shuffle(names)
    touch(tmp_path, *names)
    assert paths(tmp_path) == sorted(names, key=str.encode)


@posix
def test_pipes_and_devices_are_samples_that_nobody_waits_for(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "z.jpg").symlink_to("/dev/zero")
    found = find(str(tmp_path)).samples
    assert found.select("path", "size").rows() == [("a.jpg", 1), ("pipe.jpg", 0), ("z.jpg", 0)]


@posix
def test_links_to_files_are_samples_of_their_own_wherever_they_lead(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.jpg", "elsewhere/b.jpg")
    (tmp_path / "in" / "again.jpg").symlink_to("a.jpg")
    (tmp_path / "in" / "far.jpg").symlink_to(tmp_path / "elsewhere" / "b.jpg")
    (tmp_path / "in" / "nowhere.jpg").symlink_to("gone")
    found = find(str(tmp_path / "in")).samples
    assert found.select("path", "outside").rows() == [
        ("a.jpg", False), ("again.jpg", False), ("far.jpg", True), ("nowhere.jpg", False)
    ]  # fmt: skip


@posix
def test_folders_are_entered_once_and_by_their_real_path(tmp_path: Path) -> None:
    touch(tmp_path, "z/a.jpg")
    (tmp_path / "a-link").symlink_to("z")
    (tmp_path / "z" / "loop").symlink_to("..")
    assert paths(tmp_path) == ["z/a.jpg"]


@posix
def test_a_linked_folder_outside_is_entered(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.jpg", "elsewhere/b.jpg")
    (tmp_path / "in" / "more").symlink_to(tmp_path / "elsewhere")
    assert find(str(tmp_path / "in")).samples.select("path", "outside").rows() == [
        ("a.jpg", False),
        ("more/b.jpg", True),
    ]


def test_version_control_and_droppings_are_left_out(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "a.jpg",
        ".git/b.jpg",
        "x/.ipynb_checkpoints/c.jpg",
        "@eaDir/d.jpg",
        "__MACOSX/._a.jpg",
        ".hidden/e.jpg",
        "$RECYCLE.BIN/f.jpg",
        "System Volume Information/g.jpg",
        ".Spotlight-V100/h.jpg",
        ".Trashes/501/i.jpg",
    )
    assert paths(tmp_path) == [".hidden/e.jpg", "a.jpg"]


def test_excludes_match_names_or_paths(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "thumb_a.jpg", "x/thumb_b.jpg", "x/raw/1.jpg", "raw/2.jpg")
    assert paths(tmp_path, "thumb_*") == ["a.jpg", "raw/2.jpg", "x/raw/1.jpg"]
    assert paths(tmp_path, "x/raw") == ["a.jpg", "raw/2.jpg", "thumb_a.jpg", "x/thumb_b.jpg"]
    for beside in ("./raw", "/raw/"):
        assert paths(tmp_path, beside) == ["a.jpg", "thumb_a.jpg", "x/raw/1.jpg", "x/thumb_b.jpg"]


@pytest.mark.parametrize(("windows", "found"), [(True, ["a.jpg"]), (False, ["a.jpg", "x/raw/1.jpg"])])
def test_excludes_may_be_written_as_paths_are_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: bool, found: list[str]
) -> None:
    monkeypatch.setattr(systems, "WINDOWS", windows)
    touch(tmp_path, "a.jpg", "x/raw/1.jpg")
    assert paths(tmp_path, "x\\raw") == found


def test_the_result_of_an_earlier_scan_is_skipped_by_its_marker(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "out/images/a.jpg", f"out/{MARKER}", "photos/images/b.jpg")
    assert paths(tmp_path) == ["a.jpg", "photos/images/b.jpg"]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.jpg", "locked/b.jpg")
    real = os.scandir

    def scandir(path: bytes) -> object:
        if os.fsencode(path).endswith(b"locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find(str(tmp_path))
    assert found.samples["path"].to_list() == ["a.jpg"]
    assert found.unreadable_folders.rows() == [("locked", "Permission denied")]


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_may_be_listed_but_not_entered_holds_folders_that_cannot_be_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "shut/b.jpg", "shut/deep/c.jpg")
    (tmp_path / "shut").chmod(0o444)
    try:
        found = find(str(tmp_path))
    finally:
        (tmp_path / "shut").chmod(0o755)
    assert found.samples["path"].to_list() == ["a.jpg", "shut/b.jpg"]
    assert found.unreadable_folders.rows() == [("shut/deep", "Permission denied")]


def test_a_folder_whose_file_system_is_dead_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.jpg", "mount/b.jpg")
    real = os.scandir

    class Dead:
        """An entry on a file system that does not answer."""

        def __init__(self, entry: os.DirEntry[bytes]) -> None:
            self.name, self.path, self.is_symlink, self.is_dir = entry.name, entry.path, entry.is_symlink, entry.is_dir

        def stat(self) -> os.stat_result:
            raise OSError(107, "Transport endpoint is not connected")

    @contextlib.contextmanager
    def scandir(path: bytes) -> Iterator[list[object]]:
        with real(path) as entries:
            yield [Dead(entry) if entry.name == b"mount" else entry for entry in entries]

    class Scan(contextlib.ExitStack):
        """What `os.scandir` returns."""

        def __init__(self, path: bytes) -> None:
            super().__init__()
            self.entries = self.enter_context(scandir(path))

        def __enter__(self) -> list[object]:  # type: ignore[override]
            return self.entries

    monkeypatch.setattr(os, "scandir", Scan)
    found = find(str(tmp_path))
    assert found.samples["path"].to_list() == ["a.jpg"]
    assert found.unreadable_folders.rows() == [("mount", "Transport endpoint is not connected")]


def test_a_root_that_is_no_folder_is_a_usage_error(tmp_path: Path) -> None:
    touch(tmp_path, "file")
    with pytest.raises(UsageError, match="name a folder of images"):
        find(str(tmp_path / "file"))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names there are text")
def test_names_are_bytes(tmp_path: Path) -> None:
    names = [b"\xff.jpg", "\U0010ff7e.jpg".encode(), b"a\nb.jpg"]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb"):
            pass
    found = find(str(tmp_path)).samples
    assert found["path_bytes"].to_list() == sorted(names)
    assert found["path"].n_unique() == 3


@posix
def test_folders_in_a_folder_are_those_that_a_walk_would_enter(tmp_path: Path) -> None:
    touch(tmp_path, "train/b/1.jpg", "train/.git/x", "train/old/.sanitize/marker", "train/mine/1.jpg", "train/1.jpg")
    for name in ("train/empty", "train/é", "elsewhere"):
        (tmp_path / name).mkdir()
    for name, target in (("linked", "../elsewhere"), ("round", "round"), ("broken", "nowhere")):
        (tmp_path / "train" / name).symlink_to(target)
    assert list_folders(str(tmp_path), "train", exclude=["train/mine"]) == ["b", "empty", "linked", "é"]
    assert list_folders(str(tmp_path), "") == ["elsewhere", "train"]
    assert list_folders(str(tmp_path), "nowhere") == []
