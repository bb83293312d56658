from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_lines_that_cannot_be_taken_apart(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("malformed-line", {"train.txt": b"a.jpg 0\n 3\nb\0.jpg 1\nb.jpg 1\rc.jpg 2\n"})
    assert found == [
        (2, "error", "no path before the label"),
        (3, "error", "a NUL byte inside the line"),
        (4, "error", "a carriage return inside the line"),
    ]


def test_finds_rows_with_too_many_fields(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("malformed-line", {"t.csv": "path,label\na.jpg,0\nb,c.jpg,1\n,1\n"})
    assert found == [
        (3, "error", "3 fields where the first row has 2 (a name with `,` needs quotes)"),
        (4, "error", "no path before the label"),
    ]


def test_is_silent_about_quotes_blanks_and_odd_names(judge_lists: Callable[..., list[Any]]) -> None:
    text = 'path,label\n"a,b.jpg",0\n"n\nl.jpg",1\n=cmd.jpg,1\n\n<script>.jpg,1,,\n'
    files = ["a,b.jpg", "n\nl.jpg", "=cmd.jpg", "<script>.jpg"]
    assert judge_lists("malformed-line", {"t.csv": text}, files=files) == []


def test_is_silent_about_lines_that_other_rules_judge(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("malformed-line", {"train.txt": "a.jpg 0\r\n\r\n\n  \nb.jpg\n\ta.jpg 1\na.jpg\t1 \n"}) == []
