from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_the_mark_and_keeps_the_first_sample(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": b"\xef\xbb\xbfa.jpg 0\nb.jpg 1\n"}
    message = "a byte-order mark before the first line: loaders take it for a part of the text"
    assert judge_lists("byte-order-mark", lists) == [(1, "warning", message)]
    assert judge_lists("missing-file", lists) == []


def test_finds_the_mark_before_a_header(judge_lists: Callable[..., list[Any]]) -> None:
    ((line, severity, _),) = judge_lists("byte-order-mark", {"t.csv": "\ufeffpath,label\na.jpg,0\n"})
    assert (line, severity) == (None, "warning")


def test_is_silent_about_plain_lists(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("byte-order-mark", {"train.txt": "a.jpg 0\n\ufeffb.jpg 1\n"}) == []
    assert judge_lists("byte-order-mark", {}) == []
