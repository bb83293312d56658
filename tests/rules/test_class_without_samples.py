from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_a_warning_where_the_number_of_classes_was_not_given(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("class-without-samples", {"train.txt": "a.jpg 0\nb.jpg 2\n"})
    assert found == [(None, "warning", "class 1 has no sample")]


def test_an_error_where_it_was(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("class-without-samples", {"train.txt": "a.jpg 0\nb.jpg 1\n"}, num_classes=3)
    assert found == [(None, "error", "class 2 has no sample")]


def test_names_the_class(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("class-without-samples", {"train.txt": "a.jpg 0\n"}, classes="cat\ndog\n")
    assert found == [(None, "error", "class 1 `dog` has no sample")]


def test_lines_that_were_dropped_do_not_count(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists(
        "class-without-samples", {"train.txt": "a.jpg 0\nb.jpg 1\nlost.jpg 2\n"}, before=["missing-file"]
    )
    assert found == [(None, "warning", "class 2 has no sample")]


def test_folders_without_a_file_are_classes(judge_lists: Callable[..., list[Any]]) -> None:
    files = ["a/x.jpg", "c/x.jpg"]
    found = judge_lists(
        "class-without-samples", {}, specs=["folders"], files=files, folders=lambda _: ["a", "b", "c", "d"]
    )
    assert [message for _, _, message in found] == ["class 1 `b` has no sample", "class 3 `d` has no sample"]


def test_many_classes_give_few_findings(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("class-without-samples", {"train.txt": "a.jpg 0\nb.jpg 2147483647\n"})
    assert len(found) == 101
    assert found[-1] == (None, "warning", "classes without a sample: 2147483546 more")
    messages = [message for _, _, message in found]
    assert max(messages) == messages[-1]  # the order of reports, whose first is the example of a rule


def test_ignored_classes_are_not_counted_among_many(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists(
        "class-without-samples", {"train.txt": "a.jpg 0\n"}, num_classes=3000, ignore_label=frozenset({5, 7})
    )
    assert len(found) == 101
    assert found[-1] == (None, "error", f"classes without a sample: {3000 - 1 - 2 - 100} more")
    assert not {f"class {number} has no sample" for number in (5, 7)} & {message for _, _, message in found}


def test_numbers_of_one_list_go_beyond_the_names_of_another(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.csv": "path,label\na.jpg,cat\nb.jpg,dog\n", "val.txt": "c.jpg 3\n"}
    assert judge_lists("class-without-samples", lists) == [(None, "warning", "class 2 has no sample")]


def test_a_class_that_one_split_lacks_is_fine(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 1\n", "val.txt": "c.jpg 0\n"}
    assert judge_lists("class-without-samples", lists, num_classes=2) == []


def test_is_silent_about_ignored_classes_and_lists_without_labels(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\nb.jpg 2\nc.jpg 255\n"
    assert judge_lists("class-without-samples", {"train.txt": text}, ignore_label=frozenset({1, 255})) == []
    assert judge_lists("class-without-samples", {}, num_classes=5) == []


def test_leaves_class_zero_to_the_rule_about_labels_from_one(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("class-without-samples", {"train.txt": "a.jpg 1\nb.jpg 2\n"}) == []


def test_an_ignored_label_that_is_no_class_does_not_stand_for_one(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": "a.jpg 1\n"}
    found = judge_lists("class-without-samples", lists, num_classes=150, ignore_label=frozenset({0, 150}))
    assert len(found) == 101
    assert found[-1] == (None, "error", f"classes without a sample: {150 - 2 - 100} more")
    assert (None, "error", "class 0 has no sample") not in found
