from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanitize.names import to_key


def test_finds_names_that_an_lmdb_key_cannot_hold(judge_lists: Callable[..., list[Any]]) -> None:
    long = "é" * 250 + "x.jpg"
    found = judge_lists("long-name", {"train.txt": f"a.jpg 0\n{long} 1\n"}, files=["a.jpg", long])
    assert found == [(2, "warning", "the name has 505 bytes, more than 502")]


def test_the_limit_is_an_option(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("long-name", {"train.txt": "a.jpg 0\n"}, settings={"max_bytes": 4})
    assert found == [(1, "warning", "the name has 5 bytes, more than 4")]


def test_is_silent_about_lines_that_are_on_no_clean_list(judge_lists: Callable[..., list[Any]]) -> None:
    long, rules = "x" * 503, ("label-not-integer", "duplicate-line")
    text = f"{long} none\n{long} 1\n{long} 1\n"
    assert [line for line, *_ in judge_lists("long-name", {"train.txt": text}, files=[long], before=rules)] == [2]


def test_is_silent_about_the_longest_that_fits_and_detours_to_it(judge_lists: Callable[..., list[Any]]) -> None:
    longest = "x" * 502
    text = f"{longest} 1\n{'./' * 300}{longest} 1\n"
    assert judge_lists("long-name", {"train.txt": text}, files=[longest]) == []


def test_a_byte_that_is_not_utf8_is_one_byte(judge_lists: Callable[..., list[Any]]) -> None:
    names = [b"\xff" * 9 + b"x" * rest for rest in (493, 494)]
    text = b"".join(name + b" 1\n" for name in names)
    found = judge_lists("long-name", {"train.txt": text}, files=[to_key(name) for name in names])
    assert [line for line, _, _ in found] == [2]
