from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_each_line_that_ends_in_cr_lf(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("crlf", {"train.txt": b"a.jpg 0\r\nb.jpg 1\nc.jpg 1\r\n"})
    assert found == [(1, "warning", "the line ends in CR LF"), (3, "warning", "the line ends in CR LF")]


def test_the_carriage_return_is_no_part_of_name_or_label(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": b"a.jpg 0\r\nb.jpg 1\r\n"}
    for rule in ("missing-file", "label-not-integer", "trailing-blank", "malformed-line"):
        assert judge_lists(rule, lists) == []


def test_is_silent_about_lf_and_about_tables_whose_standard_it_is(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("crlf", {"train.txt": b"a.jpg 0\nb.jpg 1\n"}) == []
    assert judge_lists("crlf", {"t.csv": b"path,label\r\na.jpg,0\r\n"}) == []
