from __future__ import annotations

from pathlib import Path

import pytest

from sanitize.errors import UsageError

from .conftest import Read

LIST = "a.jpg 0\n"


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"cat\ndog\n", ("cat", "dog")),
        (b"\xef\xbb\xbfcat\r\ngreat white shark\r\n\r\n", ("cat", "great white shark")),
        (b"n00000001 cat\nn00000002 dog, hound", ("n00000001 cat", "n00000002 dog, hound")),
        (b"0 cat\n1 dog\n", ("cat", "dog")),
        (b"1 001.Crane\n2 002.Dog\n", ("001.Crane", "002.Dog")),
        (b"7 cat\n1 dog\n", ("7 cat", "1 dog")),
        (b"1 cat\ndog\n", ("1 cat", "dog")),
        (b"9" * 5000 + b" cat\n", ("9" * 5000 + " cat",)),
        (b"crane\ncrane\n", ("crane", "crane")),
    ],
)
def test_class_files_of_every_form_are_read(content: bytes, names: tuple[str, ...], read: Read, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes(content)
    found = read(LIST, classes=tmp_path / "names.txt")
    assert found.classes.names == names
    assert found.classes.number == len(names)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\n\n", "is empty"),
        (b"cat\n\ndog\n", "line 2 of"),
        (b"\xff\xfec\0", "UTF-16"),
        (bytes(100), "names.txt"),
        (b"cat\rdog\r", r"tr '\r' '\n' < "),
    ],
)
def test_a_class_file_that_cannot_be_read_is_refused(content: bytes, words: str, read: Read, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes(content)
    with pytest.raises(UsageError) as error:
        read(LIST, classes=tmp_path / "names.txt")
    assert words in str(error.value)


def test_a_missing_class_file_is_refused(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the class file"):
        read(LIST, classes=tmp_path / "lost.txt")


def test_a_label_that_names_two_classes_is_refused(read: Read, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("crane\ndog\ncrane\n")
    table = "path,label\na.jpg,crane\n"
    with pytest.raises(UsageError, match="`crane` more than once"):
        read(table, name="t.csv", classes=tmp_path / "names.txt")
    assert read(table.replace("crane", "dog"), name="t.csv", classes=tmp_path / "names.txt").lines["label"].item() == 1


def test_a_name_that_two_synsets_share_is_refused_and_their_numbers_are_not(read: Read, tmp_path: Path) -> None:
    (tmp_path / "synsets.txt").write_text("n00000001 crane\nn00000002 crane\n")
    with pytest.raises(UsageError, match="`crane` more than once"):
        read("path,label\na.jpg,crane\n", name="t.csv", classes=tmp_path / "synsets.txt")
    found = read("path,label\na.jpg,n00000002\n", name="t.csv", classes=tmp_path / "synsets.txt")
    assert found.lines["label"].item() == 1


def test_num_classes_wins_over_the_class_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("cat\ndog\n")
    assert read(LIST, classes=tmp_path / "names.txt", num_classes=7).classes.number == 7


def test_labels_that_start_at_one_are_shifted_and_ignored_ones_are_not(read: Read) -> None:
    options = {"rebase_labels": True, "ignore_label": frozenset({255})}
    assert read("a.jpg 1\nz.jpg 2\nb/c.jpg 255\n", **options).lines["label"].to_list() == [0, 1, 255]
    assert read("a.jpg 0\nz.jpg 2\nb/c.jpg 255\n", **options).lines["label"].to_list() == [0, 2, 255]
    assert read("a.jpg 2\nz.jpg 3\n", **options).lines["label"].to_list() == [2, 3]
