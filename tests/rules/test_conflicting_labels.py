from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rules.conftest import JudgeLists

RULE = "conflicting-labels"


def test_every_line_of_a_torn_file_is_an_error(judge_lists: JudgeLists) -> None:
    found = judge_lists(RULE, {"train.txt": "a.jpg 0\nb.jpg 1\n./a.jpg 2\n"})
    message = "two labels for the same file: train.txt:1 says 0, train.txt:3 says 2"
    assert found == [(1, "error", message), (3, "error", message)]


def test_the_message_says_how_many_labels_there_are(judge_lists: JudgeLists) -> None:
    found = judge_lists(RULE, {"train.txt": "a.jpg 0\na.jpg 1\na.jpg 2\n"})
    message = "3 labels for the same file: train.txt:1 says 0, train.txt:2 says 1, train.txt:3 says 2"
    assert found == [(line, "error", message) for line in (1, 2, 3)]


def test_lists_are_compared_with_each_other(judge_lists: JudgeLists) -> None:
    found = judge_lists(RULE, {"train.txt": "a.jpg 0\n", "val.txt": "b.jpg 0\na.jpg 1\n"})
    message = "two labels for the same file: train.txt:1 says 0, val.txt:2 says 1"
    assert found == [(1, "error", message), (2, "error", message)]


def test_a_message_says_how_alike_the_pictures_are(judge_lists: JudgeLists) -> None:
    text = "a.jpg 0\nb.jpg 1\nc.jpg 1\n"
    for level, words in (
        ("bytes", "the same bytes"),
        ("pixels", "the same pixels"),
        ("near", "nearly the same picture"),
    ):
        found = judge_lists(RULE, {"train.txt": text}, same={level: {"a.jpg": 1, "b.jpg": 1}})
        message = f"two labels for {words}: train.txt:1 says 0, train.txt:2 says 1"
        assert found == [(1, "error", message), (2, "error", message)]


def test_each_line_is_told_of_the_closest_one_that_contradicts_it(judge_lists: JudgeLists) -> None:
    same = {"bytes": {"a.jpg": 1, "b.jpg": 1}, "near": {"a.jpg": 1, "b.jpg": 1, "c.jpg": 1}}
    found = judge_lists(RULE, {"train.txt": "a.jpg 0\nb.jpg 1\nc.jpg 1\n"}, same=same)
    close = "two labels for the same bytes: train.txt:1 says 0, train.txt:2 says 1"
    far = "two labels for nearly the same picture: train.txt:1 says 0, train.txt:2 says 1, train.txt:3 says 1"
    assert found == [(1, "error", close), (2, "error", close), (3, "error", far)]


def test_lines_of_folders_are_named_by_their_files(judge_lists: JudgeLists) -> None:
    files = ("cat/a.jpg", "dog/b.jpg")
    same = {"pixels": {"cat/a.jpg": 1, "dog/b.jpg": 1}}
    found = judge_lists(RULE, {}, specs=["folders"], files=files, same=same)
    message = "two labels for the same pixels: cat/a.jpg (folders) says cat, dog/b.jpg (folders) says dog"
    assert found == [(1, "error", message), (2, "error", message)]


def test_class_names_are_said_as_the_list_has_them(judge_lists: JudgeLists) -> None:
    found = judge_lists(RULE, {"train.csv": "path,label\na.jpg,cat\na.jpg,dog\n"})
    assert found[0] == (2, "error", "two labels for the same file: train.csv:2 says cat, train.csv:3 says dog")


def test_is_silent_about_the_same_label_again(judge_lists: JudgeLists) -> None:
    assert judge_lists(RULE, {"train.txt": "a.jpg 0\na.jpg 0\n", "val.txt": "a.jpg 00\n"}) == []


def test_is_silent_about_the_same_picture_with_the_same_label(judge_lists: JudgeLists) -> None:
    text = "a.jpg 1\nb.jpg 1\nc.jpg 0\n"
    assert judge_lists(RULE, {"train.txt": text}, same={"bytes": {"a.jpg": 1, "b.jpg": 1}}) == []


def test_is_silent_about_pictures_that_are_alone(judge_lists: JudgeLists) -> None:
    assert judge_lists(RULE, {"train.txt": "a.jpg 0\nb.jpg 1\nc.jpg 2\n"}) == []


def test_is_silent_about_missing_files_and_labels_that_are_none(judge_lists: JudgeLists) -> None:
    text = "a.jpg 0\na.jpg cat\na.jpg\nx.jpg 0\nx.jpg 1\n"
    assert judge_lists(RULE, {"train.txt": text}) == []


def test_is_silent_about_labels_that_training_ignores(judge_lists: JudgeLists) -> None:
    text = "a.jpg 0\na.jpg 255\nb.jpg 1\nc.jpg 255\n"
    same = {"bytes": {"b.jpg": 1, "c.jpg": 1}}
    assert judge_lists(RULE, {"train.txt": text}, same=same, ignore_label=frozenset({255})) == []


@pytest.mark.parametrize("wrong", ["99", "3", "-5", "cat", "1.0"])
def test_a_label_that_no_class_has_contradicts_nothing(judge_lists: JudgeLists, wrong: str) -> None:
    lists = {"train.txt": f"a.jpg {wrong}\nb.jpg 0\nc.jpg {wrong}\nc.jpg 2\n"}
    assert judge_lists(RULE, lists, same={"near": {"a.jpg": 1, "b.jpg": 1}}, num_classes=3) == []


def test_the_last_class_contradicts_others_and_any_label_does_where_classes_are_not_counted(
    judge_lists: JudgeLists,
) -> None:
    for label, options in (("2", {"num_classes": 3}), ("99", {})):
        assert len(judge_lists(RULE, {"train.txt": f"a.jpg {label}\na.jpg 0\nb.jpg 1\n"}, **options)) == 2


def test_is_silent_about_pictures_without_labels(judge_lists: JudgeLists) -> None:
    same = {"bytes": {"a.jpg": 1, "b.jpg": 1}}
    assert judge_lists(RULE, {}, specs=[], same=same) == []


def test_what_is_nearly_the_same_may_be_left_out(judge_lists: JudgeLists) -> None:
    same = {"near": {"a.jpg": 1, "b.jpg": 1}}
    lists = {"train.txt": "a.jpg 0\nb.jpg 1\n"}
    assert judge_lists(RULE, lists, same=same, settings={"near": False}) == []
    same = {"pixels": {"a.jpg": 1, "b.jpg": 1}}
    assert len(judge_lists(RULE, lists, same=same, settings={"near": False})) == 2


def test_many_lines_of_one_file_give_bounded_messages(judge_lists: JudgeLists) -> None:
    found = judge_lists(RULE, {"train.txt": "".join(f"a.jpg {label}\n" for label in range(2000))})
    assert len(found) == 2000
    assert max(len(message) for _, _, message in found) < 200


def test_a_message_that_names_all_lines_says_of_no_more(judge_lists: JudgeLists) -> None:
    files = [f"{number}.jpg" for number in range(5)]
    text = "".join(f"{path} {number}\n" for number, path in enumerate(files))
    found = judge_lists(RULE, {"train.txt": text}, files=files, same={"bytes": dict.fromkeys(files, 1)})
    assert [message.endswith("train.txt:5 says 4") for _, _, message in found] == [True] * 5


def test_thousands_of_copies_show_what_they_disagree_about(judge_lists: JudgeLists) -> None:
    files = [f"{number}.jpg" for number in range(3000)]
    text = "".join(f"{path} {int(path == files[-1])}\n" for path in files)
    found = judge_lists(RULE, {"train.txt": text}, files=files, same={"bytes": dict.fromkeys(files, 1)})
    assert len(found) == 3000
    assert {message for _, _, message in found} == {
        "two labels for the same bytes: train.txt:1 says 0, train.txt:2 says 0, train.txt:3 says 0, train.txt:4 says 0,"
        " train.txt:3000 says 1, ..."
    }
