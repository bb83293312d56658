from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_every_line_of_a_torn_file_is_an_error(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("conflicting-labels", {"train.txt": "a.jpg 0\nb.jpg 1\n./a.jpg 2\n"})
    message = "two labels for the same file: train.txt:1 says 0, train.txt:3 says 2"
    assert found == [(1, "error", message), (3, "error", message)]


def test_lists_are_compared_with_each_other(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("conflicting-labels", {"train.txt": "a.jpg 0\n", "val.txt": "b.jpg 0\na.jpg 1\n"})
    message = "two labels for the same file: train.txt:1 says 0, val.txt:2 says 1"
    assert found == [(1, "error", message), (2, "error", message)]


def test_is_silent_about_the_same_label_again(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("conflicting-labels", {"train.txt": "a.jpg 0\na.jpg 0\n", "val.txt": "a.jpg 00\n"}) == []


def test_is_silent_about_missing_files_and_labels_that_are_none(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\na.jpg cat\na.jpg\nx.jpg 0\nx.jpg 1\n"
    assert judge_lists("conflicting-labels", {"train.txt": text}) == []


def test_many_lines_of_one_file_give_bounded_messages(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("conflicting-labels", {"train.txt": "".join(f"a.jpg {label}\n" for label in range(2000))})
    assert len(found) == 2000
    assert max(len(message) for _, _, message in found) < 200
