from __future__ import annotations

from collections.abc import Callable
from typing import Any

WORDS = "blanks after the label: Caffe takes the label for a part of the name"


def test_a_warning_where_the_repaired_name_is_a_file(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("trailing-blank", {"train.txt": "a.jpg 0\nb.jpg 1 \n"})
    assert found == [(2, "warning", WORDS)]


def test_an_error_where_it_is_none(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("trailing-blank", {"train.txt": "a.jpg 0\nx.jpg 1 \n"})
    assert found == [(2, "error", f"{WORDS}, and there is no file `x.jpg` either")]


def test_the_repaired_line_is_good(judge_lists: Callable[..., list[Any]]) -> None:
    for rule in ("missing-file", "no-label", "label-not-integer", "malformed-line"):
        assert judge_lists(rule, {"train.txt": "a.jpg 0\nb.jpg 1 \n"}) == []


def test_is_silent_where_caffe_finds_the_file_so(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": "a.jpg 0\nb.jpg 1 \n"}
    assert judge_lists("trailing-blank", lists, files=["a.jpg", "b.jpg 1"]) == []
    assert [line for line, _, _ in judge_lists("no-label", lists, files=["a.jpg", "b.jpg 1"])] == [2]


def test_is_silent_about_blank_lines_tabs_and_missing_labels(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("trailing-blank", {"train.txt": "a.jpg 0\n  \nb.jpg\t1\nb.jpg \nc.jpg 1\r\n"}) == []
