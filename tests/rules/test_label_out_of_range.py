from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_labels_that_are_not_below_the_number_of_classes(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("label-out-of-range", {"train.txt": "a.jpg 0\nb.jpg 2\nc.jpg 1\n"}, num_classes=2)
    assert found == [(2, "error", "the label 2 is out of range: 2 classes are 0 to 1")]


def test_the_length_of_the_class_file_counts(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("label-out-of-range", {"train.txt": "a.jpg 0\nb.jpg 2\n"}, classes="cat\ndog\n")
    assert [line for line, _, _ in found] == [2]


def test_num_classes_wins_over_the_class_file(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\nb.jpg 2\n"
    assert judge_lists("label-out-of-range", {"train.txt": text}, classes="cat\ndog\n", num_classes=3) == []


def test_is_silent_without_a_number_of_classes(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("label-out-of-range", {"train.txt": "a.jpg 0\nb.jpg 2000000000\n"}) == []


def test_is_silent_about_ignored_and_rebased_labels(judge_lists: Callable[..., list[Any]]) -> None:
    options = {"num_classes": 2, "ignore_label": frozenset({255}), "rebase_labels": True}
    assert judge_lists("label-out-of-range", {"train.txt": "a.jpg 1\nb.jpg 2\nc.jpg 255\n"}, **options) == []


def test_is_silent_about_negative_labels(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("label-out-of-range", {"train.txt": "a.jpg 0\nb.jpg -7\n"}, num_classes=2) == []
