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


@pytest.mark.parametrize(
    "labels", [("0|1", "1", "1|2"), ('"0,1"', '"1, 2"', "3"), ("0 1", "1 2", "2 0"), ("[0; 1]", "(1 2)", "1")]
)
def test_finds_several_labels_in_one_cell(labels: tuple[str, ...], judge_lists: Callable[..., list[Any]]) -> None:
    rows = "".join(f"{name}.jpg,{label}\n" for name, label in zip("abc", labels, strict=True))
    found = judge_lists("label-not-integer", {"train.csv": f"path,label\n{rows}"})
    bare = [(line, label.strip('"')) for line, label in enumerate(labels, 2)]
    several = [(line, f"several labels stand in `{label}`") for line, label in bare if len(label) > 1]
    assert [(line, message.partition(", where")[0]) for line, _, message in found] == several


def test_says_what_caffe_would_make_of_several_labels(judge_lists: Callable[..., list[Any]]) -> None:
    ((_, _, message),) = judge_lists("label-not-integer", {"train.csv": "path,label\na.jpg,3|1\nb.jpg,1\n"})
    assert message == "several labels stand in `3|1`, where one integer is expected; Caffe would read `3`"


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        (("1,0", "0,5", "2"), "a number with a decimal comma, or two labels, stands in"),
        (("1,000", "-12,500", "0,25"), "a number with a decimal comma, or two labels, stands in"),
        (("1 000", "12 500 000", "7"), "a number in groups of thousands, or several labels, stands in"),
        (("1,000", "2,000", "999"), "a number in groups of thousands, or several labels, stands in"),
        (("1\u202f000", "2\xa0000", "0"), "a number in groups of thousands, or several labels, stands in"),
        (("1,0", "0,1,2", "2"), "several labels stand in"),
        (("1 000", "1 2", "2"), "several labels stand in"),
    ],
)
def test_says_what_numbers_with_commas_or_blanks_may_be(
    labels: tuple[str, ...], what: str, judge_lists: Callable[..., list[Any]]
) -> None:
    rows = "".join(f"{name}.jpg;{label}\n" for name, label in zip("abc", labels, strict=True))
    found = judge_lists("label-not-integer", {"train.csv": f"path;label\n{rows}"})
    odd = [(line, label) for line, label in enumerate(labels, 2) if not label.isdigit()]
    assert [(line, message.partition(", where")[0]) for line, _, message in found] == [
        (line, f"{what} `{label}`") for line, label in odd
    ]


@pytest.mark.parametrize(
    "names", [("0-1", "2-3", "4-5"), ("3 4 engine", "1 2 engine", "engine"), ("1a 2b", "0 x", "x,y")]
)
def test_is_silent_about_class_names_with_several_numbers(
    names: tuple[str, ...], judge_lists: Callable[..., list[Any]]
) -> None:
    rows = "".join(f'{name}.jpg,"{label}"\n' for name, label in zip("abc", names, strict=True))
    assert judge_lists("label-not-integer", {"train.csv": f"path,label\n{rows}"}) == []


def test_is_silent_about_several_numbers_that_are_the_name_of_a_class(judge_lists: Callable[..., list[Any]]) -> None:
    text = "path,label\na.jpg,1 2\nb.jpg,3 4\n"
    assert judge_lists("label-not-integer", {"train.csv": text}, classes="1 2\n3 4\n") == []
