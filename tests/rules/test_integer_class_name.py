from __future__ import annotations

from collections.abc import Callable
from typing import Any

RULE = "integer-class-name"
FILES = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]


def test_finds_integers_among_class_names(judge_lists: Callable[..., list[Any]]) -> None:
    text = "path,label\na.jpg,0\nb.jpg,2\nc.jpg,cat\nd.jpg,dog\ne.jpg,cat\n"
    message = "2 of 5 labels are integers, such as `2` on line 3, which is taken for a name and trained as class 1"
    assert judge_lists(RULE, {"t.csv": text}, files=FILES) == [(None, "warning", message)]


def test_finds_integers_that_have_their_own_index(judge_lists: Callable[..., list[Any]]) -> None:
    text = "path,label\na.jpg,0\nb.jpg,1.0\nc.jpg,cat\nd.jpg,dog\ne.jpg,cat\n"
    message = "2 of 5 labels are integers, such as `0` on line 2, which is taken for a name and trained as class 0"
    assert judge_lists(RULE, {"t.csv": text}, files=FILES) == [(None, "warning", message)]


def test_finds_a_list_of_integers_beside_one_of_names(judge_lists: Callable[..., list[Any]]) -> None:
    lists: dict[str, str | bytes] = {
        "train.csv": "path,label\na.jpg,cat\nb.jpg,dog\nc.jpg,cat\n",
        "val.csv": "path,label\nd.jpg,1\ne.jpg,0\n",
    }
    ((line, severity, message),) = judge_lists(RULE, lists, files=FILES)
    assert (line, severity) == (None, "warning")
    assert message.startswith("2 of 2 labels are integers")


def test_is_silent_about_names_and_about_numbers(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists(RULE, {"t.csv": "path,label\na.jpg,cat\nb.jpg,7up\nc.jpg,4-1\n"}) == []
    assert judge_lists(RULE, {"t.csv": "path,label\na.jpg,0\nb.jpg,1\nc.jpg,cat\n"}) == []
    assert judge_lists(RULE, {"t.txt": "a.jpg 0\nb.jpg 1\nc.jpg cat\n"}) == []


def test_is_silent_about_names_that_the_user_gives(judge_lists: Callable[..., list[Any]]) -> None:
    text = "path,label\na.jpg,A\nb.jpg,7\nc.jpg,B\n"
    assert judge_lists(RULE, {"t.csv": text}, classes="7\nA\nB\n") == []
    files = ["7/a.jpg", "A/b.jpg", "B/c.jpg"]
    assert judge_lists(RULE, {}, specs=["folders"], files=files) == []
