from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_empty_lines_and_lines_of_blanks(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("empty-line", {"train.txt": b"a.jpg 0\n\nb.jpg 1\n \t\n\r\n"})
    assert found == [(line, "warning", "the line is empty") for line in (2, 4, 5)]


def test_finds_empty_rows_of_a_table(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("empty-line", {"t.csv": "path,label\na.jpg,0\n\n,\nb.jpg,1\n"})
    assert [line for line, _, _ in found] == [3, 4]


def test_an_empty_line_is_nothing_else(judge_lists: Callable[..., list[Any]]) -> None:
    for rule in ("no-label", "missing-file", "malformed-line", "trailing-blank", "label-not-integer"):
        assert judge_lists(rule, {"train.txt": "a.jpg 0\n\n   \nb.jpg 1\n"}) == []


def test_is_silent_about_the_end_of_the_last_line_and_its_absence(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("empty-line", {"train.txt": "a.jpg 0\nb.jpg 1\n"}) == []
    assert judge_lists("empty-line", {"train.txt": "a.jpg 0\nb.jpg 1"}) == []
