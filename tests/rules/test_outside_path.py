from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_paths_that_leave_the_folder(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("outside-path", {"train.txt": "a.jpg 0\n../x.jpg 1\na/../../x.jpg 1\n/etc/passwd 2\n"})
    assert found == [
        (2, "error", "the path `../x.jpg` leads outside IMAGES"),
        (3, "error", "the path `a/../../x.jpg` leads outside IMAGES"),
        (4, "error", "the path `/etc/passwd` leads outside IMAGES"),
    ]


def test_finds_paths_of_another_system(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("outside-path", {"train.txt": "a.jpg 0\nC:\\data\\x.jpg 1\n"})
    assert [line for line, _, _ in found] == [2]


def test_is_silent_about_detours_that_end_inside(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\nx/../b.jpg 1\n.//c.jpg 1\n/a.jpg 0\n..a/x.jpg 0\nlost.jpg 0\n"
    assert judge_lists("outside-path", {"train.txt": text}) == []
