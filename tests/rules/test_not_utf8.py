from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanitize.names import to_key


def test_finds_lines_with_other_bytes_and_keeps_their_files(judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": b"a.jpg 0\ncaf\xe9.jpg 1\n"}
    files = ["a.jpg", to_key(b"caf\xe9.jpg")]
    assert judge_lists("not-utf8", lists, files=files) == [(2, "warning", "the line is not UTF-8")]
    assert judge_lists("missing-file", lists, files=files) == []
    assert judge_lists("inexact-path", lists, files=files) == []


def test_is_silent_about_utf8_even_the_oddest(judge_lists: Callable[..., list[Any]]) -> None:
    text = "café.jpg 0\n\U0010fffd.jpg 1\n\U0001f600.jpg 1\n"
    assert judge_lists("not-utf8", {"train.txt": text}, files=["café.jpg", "\U0001f600.jpg"]) == []
