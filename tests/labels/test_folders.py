from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sanitize import labels
from sanitize.errors import UsageError
from sanitize.settings import Settings

from .conftest import Read

FILES = ("10/a.jpg", "2/a.jpg", "1/sub/a.jpg", ".hidden/a.jpg", "top.jpg")


def test_classes_are_in_the_order_of_torchvision(read: Read) -> None:
    found = read("", "folders", files=FILES, folders=lambda _: [".hidden", "1", "10", "2", "empty"])
    assert found.classes.names == (".hidden", "1", "10", "2", "empty")
    assert found.lines.select("target", "label").rows() == [
        (".hidden/a.jpg", 0),
        ("1/sub/a.jpg", 1),
        ("10/a.jpg", 2),
        ("2/a.jpg", 3),
    ]


def test_the_natural_order_is_that_of_timm_which_does_not_see_empty_folders(read: Read) -> None:
    found = read("", "folders", files=FILES[:3], folders=lambda _: ["1", "10", "2", "3"], class_order="natural")
    assert found.classes.names == ("1", "2", "10")


def test_timm_sees_no_class_in_a_folder_without_pictures(read: Read) -> None:
    files = ["annotations/a.xml", "cat/1.jpg", "dog/1.jpg", "dog/notes.txt"]
    pictures = pl.Series([1, 2], dtype=pl.UInt32)
    timm = labels.keep_images(read("", "folders", files=files, class_order="natural"), pictures)
    assert timm.classes.names == ("cat", "dog")
    assert timm.lines.select("target", "label").rows() == [("cat/1.jpg", 0), ("dog/1.jpg", 1)]
    torchvision = labels.keep_images(read("", "folders", files=files), pictures)
    assert torchvision.classes.names == ("annotations", "cat", "dog")
    assert torchvision.lines["label"].to_list() == [1, 2]


def test_the_natural_order_ignores_case_and_compares_numbers(read: Read) -> None:
    files = [f"{name}/x.jpg" for name in ("b2", "B10", "a", "C", "²")]
    assert read("", "folders", files=files, class_order="natural").classes.names == ("a", "b2", "B10", "C", "²")


def test_the_class_file_gives_the_indices_also_by_synset(read: Read, tmp_path: Path) -> None:
    (tmp_path / "synset_words.txt").write_text("n00000002 dog, hound\nn00000001 cat\n")
    files = ["n00000001/x.jpg", "n00000002/x.jpg", "n00000003/x.jpg"]
    found = read("", "folders", files=files, classes=tmp_path / "synset_words.txt")
    assert found.lines["label"].to_list() == [1, 0, None]
    assert found.lines["unknown_class"].to_list() == [False, False, True]
    assert found.classes.number == 2


def test_a_folder_inside_images_holds_the_classes(read: Read, tmp_path: Path) -> None:
    for folder in ("train", "val"):
        (tmp_path / "images" / folder).mkdir()
    files = ["train/cat/1.jpg", "train/dog/1.jpg", "val/dog/2.jpg"]
    found = read("", "train=folders@train", "val=folders@val", files=files)
    assert found.lines.select("list", "target", "label").rows() == [
        (0, "train/cat/1.jpg", 0),
        (0, "train/dog/1.jpg", 1),
        (1, "val/dog/2.jpg", 1),
    ]


def test_empty_folders_of_a_folder_inside_images_are_classes_too(read: Read, tmp_path: Path) -> None:
    (tmp_path / "images" / "train").mkdir()
    files = ["other/ape/1.jpg", "train/cat/1.jpg", "train/dog/1.jpg"]
    there = {"": ["other", "train"], "train": ["bat", "cat", "dog"]}
    found = read("", "folders@train", files=files, folders=lambda root: there[root])
    assert found.classes.names == ("bat", "cat", "dog")
    assert found.lines["label"].to_list() == [1, 2]


def test_without_a_folder_there_is_no_class(read: Read) -> None:
    with pytest.raises(UsageError, match="no folder"):
        read("", "folders", files=["a.jpg"])


def test_without_a_list_every_file_is_a_sample_without_a_label(read: Read, tmp_path: Path) -> None:
    from .test_caffe import SAMPLES

    found = labels.read(Settings(labels=()), images=tmp_path, samples=SAMPLES)
    assert found.lines.select("line", "path", "label").rows() == [(1, "a", None), (2, "a b", None)]
    assert [(of.name, of.labelled, of.implicit) for of in found.lists] == [("images", False, True)]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            ["test/cat/a.jpg", "train/cat/b.jpg", "train/dog/c.jpg"],
            "`--labels folders` takes `train` and `test` for classes: if they are splits whose folders are the classes, write"
            " `--labels train=folders@train --labels test=folders@test`",
        ),
        (
            ["train/cat/b.jpg", "train/readme.txt"],
            "`--labels folders` takes `train` for a class: if it is a split whose folders are the classes, write"
            " `--labels train=folders@train`",
        ),
        (["train/a.jpg", "test/b.jpg"], None),
        (["train/cat/a.jpg", "test/b.jpg"], None),
        (["train/cat/a.jpg", "test/cat/b.jpg", "other/cat/b.jpg"], None),
        (["cat/train/a.jpg", "dog/test/b.jpg"], None),
        (["trains/old/a.jpg", "Test/x/b.jpg"], None),
    ],
)
def test_folders_that_are_called_as_splits_are_classes_with_a_remark(
    read: Read, files: list[str], said: str | None
) -> None:
    found = read("", "folders", files=files)
    assert found.remarks == ((said,) if said else ())
    assert set(found.classes.names or ()) == {path.partition("/")[0] for path in files}


def test_a_remark_names_folders_inside_a_folder(read: Read, tmp_path: Path) -> None:
    (tmp_path / "images" / "a b").mkdir()
    files = ["a b/val/cat/a.jpg", "a b/test/cat/b.jpg", "a b/train/cat/b.jpg"]
    (remark,) = read("", "folders@a b", files=files).remarks
    assert remark.startswith("`--labels folders` takes `train`, `val` and `test` for classes")
    assert remark.endswith("--labels 'val=folders@a b/val' --labels 'test=folders@a b/test'`")
