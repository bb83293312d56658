from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from sanitize import systems
from sanitize.errors import UsageError

from .conftest import Read


def test_several_lists_are_named_by_their_stems(read: Read, tmp_path: Path) -> None:
    (tmp_path / "val.txt").write_text("z.jpg 1\n")
    found = read("a.jpg 0\n", "train.txt", "val.txt")
    assert [of.name for of in found.lists] == ["train", "val"]
    assert found.lines.select("list", "file").rows() == [(0, 0), (1, 3)]


def test_a_list_is_given_another_name_and_another_root(read: Read, tmp_path: Path) -> None:
    (tmp_path / "images" / "b").mkdir()
    for root in ("b", "b/", "./b", str(tmp_path / "images" / "b"), "images/b"):
        found = read("c.jpg 0\n../a.jpg 1\n../../x.jpg 1\n", f"first=train.txt@{root}")
        assert found.lists[0].name == "first"
        assert found.lines["file"].to_list() == [1, 0, None]
        assert found.lines["outside"].to_list() == [False, False, True]


def test_a_file_of_the_very_name_wins(read: Read) -> None:
    assert read("a.jpg 0\n", name="x=train@b.txt").lists[0].name == "x=train@b"
    assert read("a.jpg 0\n", "y=folders", name="folders").lists[0].implicit is False


@pytest.mark.parametrize(
    ("specs", "words"),
    [
        (["lost.txt"], "there is no list `lost.txt`"),
        (["val=lost.txt@b"], "there is no list `lost.txt`"),
        (["images"], "is a folder"),
        ([""], "needs a list"),
        (["train.txt", "sub/train.txt"], "give one another name with `--labels NAME=sub/train.txt`"),
        (["train.txt", "TRAIN=sub/train.txt"], "would both be written"),
        (["classes=train.txt"], "holds the class names"),
        (["Classes=train.txt"], "holds the class names"),
        (["a/b=train.txt"], "cannot be the name of a file"),
        (["..=train.txt"], "cannot be the name of a file"),
        (["a\nb=train.txt"], "cannot be the name of a file"),
        (["..\\x=train.txt"], "cannot be the name of a file"),
        (["train.txt@nowhere"], "no such folder in IMAGES"),
        (["train.txt@.."], "lies outside IMAGES"),
        (["train.txt@/"], "lies outside IMAGES"),
        (["train.txt\0"], "there is no list"),
    ],
)
def test_a_wrong_value_is_refused_with_a_remedy(specs: list[str], words: str, read: Read, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "train.txt").write_text("a.jpg 0\n")
    with pytest.raises(UsageError) as error:
        read("a.jpg 0\n", *specs)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("windows", "is_refused"), [(True, True), (False, False)])
@pytest.mark.parametrize("name", ["nul", "Com1", "aux.old", "2026-03-01T03:00", "a\\b"])
def test_names_that_windows_forbids_are_refused_there_alone(
    read: Read, monkeypatch: pytest.MonkeyPatch, name: str, windows: bool, is_refused: bool
) -> None:
    monkeypatch.setattr(systems, "WINDOWS", windows)
    with pytest.raises(UsageError, match="on Windows") if is_refused else contextlib.nullcontext():
        assert read("a.jpg 0\n", f"{name}=train.txt").lists[0].name == name


def test_a_list_that_may_not_be_read_is_refused(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (tmp_path / "train.txt").touch()
    with pytest.raises(UsageError, match=r"cannot read the list `train\.txt`: Permission denied"):
        read()
