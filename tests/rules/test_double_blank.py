from __future__ import annotations

from collections.abc import Callable
from typing import Any

WORDS = "more than one blank before the label: Caffe takes all but the last for a part of the name"


def test_a_warning_where_the_repaired_name_is_a_file(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("double-blank", {"train.txt": "a.jpg 0\nb.jpg  1\n"})
    assert found == [(2, "warning", WORDS)]


def test_an_error_where_it_is_none(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("double-blank", {"train.txt": "a.jpg 0\nx.jpg  1\n"})
    assert found == [(2, "error", f"{WORDS}, and there is no file `x.jpg` either")]


def test_the_repaired_line_is_good(judge_lists: Callable[..., list[Any]]) -> None:
    for rule in ("missing-file", "no-label", "label-not-integer", "malformed-line"):
        assert judge_lists(rule, {"train.txt": "a.jpg 0\nb.jpg  1\n"}) == []


def test_is_silent_where_caffe_finds_the_file_so(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("double-blank", {"train.txt": "a.jpg 0\nb.jpg  1\n"}, files=["a.jpg", "b.jpg "]) == []


def test_is_silent_about_blanks_inside_a_name_and_tabs(judge_lists: Callable[..., list[Any]]) -> None:
    files = ["a.jpg", "my  photo.jpg", "b.jpg"]
    assert judge_lists("double-blank", {"train.txt": "a.jpg 0\nmy  photo.jpg 1\nb.jpg \t1\n"}, files=files) == []
