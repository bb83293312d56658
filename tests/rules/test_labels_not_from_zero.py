from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_labels_that_start_at_one(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("labels-not-from-zero", {"train.txt": "a.jpg 1\nb.jpg 2\n"})
    message = "labels go from 1 to 2, but the first class is 0: `--rebase-labels` shifts them"
    assert found == [(None, "error", message)]


def test_finds_them_where_the_number_of_classes_is_the_largest_label(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("labels-not-from-zero", {"train.txt": "a.jpg 1\nb.jpg 2\n"}, num_classes=2)


def test_is_silent_where_there_is_room_for_class_zero(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("labels-not-from-zero", {"train.txt": "a.jpg 1\nb.jpg 2\n"}, num_classes=3) == []


def test_is_silent_where_another_list_has_class_zero(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("labels-not-from-zero", {"train.txt": "a.jpg 1\nb.jpg 2\n", "val.txt": "c.jpg 0\n"}) == []


def test_is_silent_about_rebased_labels(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 1\nb.jpg 2\n"
    assert judge_lists("labels-not-from-zero", {"train.txt": text}, rebase_labels=True, num_classes=2) == []


def test_ignored_and_negative_labels_do_not_count(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 1\nc.jpg -1\n"}
    assert judge_lists("labels-not-from-zero", lists, ignore_label=frozenset({0}))
    assert judge_lists("labels-not-from-zero", lists) == []


def test_is_silent_about_names_and_lists_without_labels(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("labels-not-from-zero", {}) == []
    files = ["b/x.jpg", "c/x.jpg"]
    assert (
        judge_lists("labels-not-from-zero", {}, specs=["folders"], files=files, folders=lambda _: ["a", "b", "c"]) == []
    )
