from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_the_second_and_later_ones(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("duplicate-line", {"train.txt": "a.jpg 0\nb.jpg 1\n./a.jpg 0\na.jpg +0\n"})
    message = "the same sample as on line 1"
    assert found == [(3, "warning", message), (4, "warning", message)]


def test_is_silent_about_other_labels_lists_and_missing_files(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": "a.jpg 0\na.jpg 1\nx.jpg 0\nx.jpg 0\nb.jpg\nb.jpg\n", "val.txt": "a.jpg 0\nc.jpg 0\n"}
    assert judge_lists("duplicate-line", lists) == []
