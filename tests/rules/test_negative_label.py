from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_negative_labels(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("negative-label", {"train.txt": "a.jpg 0\nb.jpg -1\n"})
    assert found == [(2, "error", "the label -1 is negative (`--ignore-label -1` if training ignores it)")]


def test_is_silent_about_ignored_labels_and_minus_zero(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\nb.jpg -1\nc.jpg -0\n"
    assert judge_lists("negative-label", {"train.txt": text}, ignore_label=frozenset({-1})) == []


def test_rebasing_does_not_shift_negative_labels(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("negative-label", {"train.txt": "a.jpg 1\nb.jpg -1\n"}, rebase_labels=True)
    assert found == [(2, "error", "the label -1 is negative (`--ignore-label -1` if training ignores it)")]
