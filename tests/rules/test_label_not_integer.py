from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("cat", "the label `cat` is not an integer; Caffe would read `0`"),
        ("1.9", "the label `1.9` is not an integer; Caffe would read `1`"),
        ("3abc", "the label `3abc` is not an integer; Caffe would read `3`"),
        ("٣", "the label `٣` is not an integer; Caffe would read `0`"),
        ("2147483648", "the label `2147483648` does not fit in 32 bits"),
        ("-2147483649", "the label `-2147483649` does not fit in 32 bits"),
        ("9" * 40, "the label `" + "9" * 40 + "` does not fit in 32 bits"),
    ],
)
def test_says_what_caffe_would_make_of_it(label: str, message: str, judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("label-not-integer", {"train.txt": f"a.jpg 0\nb.jpg {label}\n"}) == [(2, "error", message)]


@pytest.mark.parametrize("label", ["0", "+3", "007", "-1", "2147483647", "-2147483648", "\t7", "3\r"])
def test_is_silent_about_what_atoi_reads_right(label: str, judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("label-not-integer", {"train.txt": f"a.jpg 0\nb.jpg {label}\n"}) == []


def test_finds_fractions_in_a_table(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("label-not-integer", {"train.csv": "path,label\na.jpg,0.5\nb.jpg,1\nc.jpg,1.5\n"})
    assert [line for line, _, _ in found] == [2, 4]


def test_is_silent_about_whole_numbers_as_pandas_writes_them(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("label-not-integer", {"train.csv": "path,label\na.jpg,0.0\nb.jpg,1.0\nc.jpg,\n"}) == []


def test_is_silent_about_class_names_of_a_table(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("label-not-integer", {"train.csv": "path,label\na.jpg,cat\nb.jpg,dog\n"}) == []
