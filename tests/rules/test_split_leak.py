from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Scan
    from tests.rules.conftest import JudgeLists

RULE = "split-leak"
TWO = {"train.txt": "a.jpg 0\nb.jpg 1\n", "test.txt": "c.jpg 1\n"}


def test_the_list_named_last_keeps_a_file_of_both(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 1\n", "test.txt": "c.jpg 1\nb.jpg 1\n"}
    assert judge_lists(RULE, lists) == [(2, "error", "the same file is on test.txt:2")]


def test_the_list_named_first_may_keep_it(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 1\n", "test.txt": "c.jpg 1\nc.jpg 1\nb.jpg 1\n"}
    assert judge_lists(RULE, lists, leak_keep="first") == [(3, "error", "the same file is on train.txt:2")]


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ("bytes", "the same bytes are on test.txt:1 as `c.jpg`"),
        ("pixels", "the same pixels are on test.txt:1 as `c.jpg`"),
        ("near", "nearly the same picture is on test.txt:1 as `c.jpg`"),
    ],
)
def test_copies_leak_too(judge_lists: JudgeLists, level: str, message: str) -> None:
    assert judge_lists(RULE, TWO, same={level: {"b.jpg": 1, "c.jpg": 1}}) == [(2, "error", message)]


def test_the_closest_copy_is_named(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\n", "test.txt": "b.jpg 0\nc.jpg 0\n"}
    same = {"bytes": {"a.jpg": 1, "c.jpg": 1}, "near": dict.fromkeys(("a.jpg", "b.jpg", "c.jpg"), 1)}
    assert judge_lists(RULE, lists, same=same) == [(1, "error", "the same bytes are on test.txt:2 as `c.jpg`")]


def test_of_three_lists_only_the_last_keeps_a_picture(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\n", "val.txt": "b.jpg 0\n", "test.txt": "c.jpg 0\n"}
    same = {"bytes": dict.fromkeys(("a.jpg", "b.jpg", "c.jpg"), 1)}
    message = "the same bytes are on test.txt:1 as `c.jpg`"
    assert judge_lists(RULE, lists, same=same) == [(1, "error", message), (1, "error", message)]


def test_a_picture_of_the_first_two_lists_stays_on_the_second(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\n", "val.txt": "a.jpg 0\n", "test.txt": "c.jpg 0\n"}
    assert judge_lists(RULE, lists) == [(1, "error", "the same file is on val.txt:1")]


def test_folders_are_a_list_like_any_other(judge_lists: JudgeLists) -> None:
    files = ("cat/a.jpg", "cat/b.jpg", "dog/c.jpg")
    lists = {"test.csv": "path,label\ncat/b.jpg,cat\n"}
    found = judge_lists(RULE, lists, specs=["folders", "test.csv"], files=files)
    assert found == [(2, "error", "the same file is on test.csv:2")]


def test_a_file_of_folders_is_named_without_a_line(judge_lists: JudgeLists) -> None:
    files = ("test/cat/a.jpg", "train/cat/b.jpg")
    specs = ["train=folders@train", "test=folders@test"]
    for folder in ("train", "test"):
        Path("images", folder, "cat").mkdir(parents=True)
    same = {"bytes": dict.fromkeys(files, 1)}
    found = judge_lists(RULE, {}, specs=specs, files=files, same=same)
    assert found == [(1, "error", "the same bytes are on test as `test/cat/a.jpg`")]


def test_is_silent_about_the_same_picture_twice_on_one_list(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 0\na.jpg 0\n", "test.txt": "c.jpg 1\n"}
    assert judge_lists(RULE, lists, same={"bytes": {"a.jpg": 1, "b.jpg": 1}}) == []


def test_is_silent_about_lists_that_share_nothing(judge_lists: JudgeLists) -> None:
    assert judge_lists(RULE, TWO) == []


def test_is_silent_about_missing_files(judge_lists: JudgeLists) -> None:
    assert judge_lists(RULE, {"train.txt": "a.jpg 0\nx.jpg 1\n", "test.txt": "c.jpg 1\nx.jpg 1\n"}) == []


def test_is_silent_about_lines_that_are_dropped_anyway(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 1\n", "test.txt": "c.jpg 1\nb.jpg\na.jpg cat\nb.jpg -1\nb.jpg 2\n"}
    assert judge_lists(RULE, lists, num_classes=2) == []


def test_is_silent_about_labels_that_training_ignores(judge_lists: JudgeLists) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 255\n", "test.txt": "c.jpg 1\nb.jpg 1\n"}
    assert judge_lists(RULE, lists, ignore_label=frozenset({255})) == []


def test_what_is_nearly_the_same_may_be_left_out(judge_lists: JudgeLists) -> None:
    for level, count in (("near", 0), ("pixels", 1)):
        found = judge_lists(RULE, TWO, same={level: {"b.jpg": 1, "c.jpg": 1}}, settings={"near": False})
        assert len(found) == count


def test_thousands_of_copies_give_bounded_messages(judge_lists: JudgeLists) -> None:
    files = [f"{number}.jpg" for number in range(4000)]
    lists = {name: "".join(f"{path} 0\n" for path in files[start::2]) for start, name in enumerate(("a.txt", "b.txt"))}
    found = judge_lists(RULE, lists, files=files, same={"bytes": dict.fromkeys(files, 1)})
    assert len(found) == 2000
    assert {message for _, _, message in found} == {"the same bytes are on b.txt:1 as `1.jpg`"}


def test_a_copy_with_an_error_of_its_own_keeps_nothing(tmp_path: Path, scan: Scan) -> None:
    for name, content in {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("a"), quality=60)}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "sums").write_text(f"{'0' * 64}  b.jpg\n")
    (tmp_path / "train.txt").write_text("a.jpg 0\n")
    (tmp_path / "test.txt").write_text("b.jpg 0\n")
    lists = [tmp_path / "train.txt", tmp_path / "test.txt"]
    scan(tmp_path, lists, checksums=tmp_path / "sums")
    assert (tmp_path / "out" / "train.txt").read_text() == "a.jpg 0\n"
    assert (tmp_path / "out" / "test.txt").read_text() == ""


def test_of_several_lines_that_keep_it_the_first_without_an_error_is_named(tmp_path: Path, scan: Scan) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(jpeg(photo("a")))
    (tmp_path / "sums").write_text(f"{'0' * 64}  b.jpg\n")
    (tmp_path / "train.txt").write_text("a.jpg 0\n")
    (tmp_path / "test.txt").write_text("b.jpg 0\nc.jpg 0\n")
    lists = [tmp_path / "train.txt", tmp_path / "test.txt"]
    found = scan(tmp_path, lists, checksums=tmp_path / "sums").findings.filter(rule=RULE)
    assert [message.partition("test.txt:")[2] for message in found["message"]] == ["2 as `c.jpg`"]


@pytest.mark.parametrize("first", ["a.jpg", "a.jpg -1", "a.jpg cat"])
def test_dropping_copies_keeps_one_whose_line_has_no_error(first: str, tmp_path: Path, scan: Scan) -> None:
    for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
        (tmp_path / name).write_bytes(jpeg(photo("a"), quality=90 - number))
    (tmp_path / "d.jpg").write_bytes(jpeg(photo("d")))
    (tmp_path / "train.txt").write_text(f"{first}\nb.jpg 1\nc.jpg 1\nd.jpg 0\n")
    scan(tmp_path, tmp_path / "train.txt", drop_duplicates=True, ignore=("conflicting-labels",))
    assert (tmp_path / "out" / "train.txt").read_text() == "b.jpg 1\nd.jpg 0\n"
