from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_the_line_without_a_label(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("no-label", {"train.txt": "a.jpg 0\nb.jpg\n"})
    assert found == [(2, "error", "the line has no label; Caffe would take it for class 0")]


def test_a_name_with_blanks_is_known_by_its_file(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("no-label", {"train.txt": "a.jpg 0\nmy photo.jpg\n"}, files=["a.jpg", "my photo.jpg"])
    assert [line for line, _, _ in found] == [2]


def test_finds_an_empty_cell_of_a_table(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("no-label", {"train.csv": "path,label\na.jpg,0\nb.jpg,\nc.jpg\n"})
    assert [line for line, _, _ in found] == [3, 4]


def test_finds_what_programs_write_where_there_is_none(judge_lists: Callable[..., list[Any]]) -> None:
    table = "path,label\na.jpg,cat\nb.jpg,NaN\nc.jpg,null\n"
    assert [line for line, _, _ in judge_lists("no-label", {"train.csv": table})] == [3, 4]
    assert [line for line, _, _ in judge_lists("no-label", {"train.csv": table}, classes="cat\nnull\n")] == [3]
    numbers = "path,label\na.jpg,NaN\nb.jpg,NaN\nc.jpg,1.0\n"
    assert [line for line, _, _ in judge_lists("no-label", {"train.csv": numbers})] == [2, 3]


def test_none_and_na_may_be_names(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("no-label", {"train.csv": "path,label\na.jpg,None\nb.jpg,NA\nc.jpg,nan bread\n"}) == []


def test_is_silent_about_empty_lines_and_labels_of_every_kind(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("no-label", {"train.txt": "a.jpg 0\n\nb.jpg cat\nc.jpg -1\n"}) == []


def test_is_silent_where_there_are_no_lists(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("no-label", {}) == []
