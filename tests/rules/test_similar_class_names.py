from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_names_that_differ_in_case_or_blanks(judge_lists: Callable[..., list[Any]]) -> None:
    text = 'path,label\na.jpg,happiness\nb.jpg,HAPPINESS\nc.jpg,"happiness "\nd.jpg,anger\n'
    ((line, severity, message),) = judge_lists("similar-class-names", {"t.csv": text})
    assert (line, severity) == (None, "warning")
    assert message == (
        "class names differ only in case, blanks or quotes:"
        " `HAPPINESS` (1 samples), `happiness` (1 samples), `happiness ` (1 samples)"
    )


def test_finds_a_name_with_a_stray_quote(judge_lists: Callable[..., list[Any]]) -> None:
    ((_, severity, message),) = judge_lists("similar-class-names", {"t.csv": 'path,label\na.jpg,cat"\nb.jpg,cat\n'})
    assert severity == "warning"
    assert message == 'class names differ only in case, blanks or quotes: `cat` (1 samples), `cat"` (1 samples)'


def test_finds_the_same_name_twice_in_the_class_file(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("similar-class-names", {"train.txt": "a.jpg 0\n"}, classes="crane\ndog\ncrane\n")
    assert found == [(None, "warning", "2 classes have the name `crane`")]


def test_finds_folders(judge_lists: Callable[..., list[Any]]) -> None:
    files = ["Cat/x.jpg", "cat/x.jpg", "dog/x.jpg"]
    assert len(judge_lists("similar-class-names", {}, specs=["folders"], files=files)) == 1


def test_is_silent_about_other_differences(judge_lists: Callable[..., list[Any]]) -> None:
    text = "path,label\na.jpg,cat\nb.jpg,cats\nc.jpg,c-at\n"
    assert judge_lists("similar-class-names", {"t.csv": text}) == []
    assert judge_lists("similar-class-names", {"t.csv": text}, classes="cat\ncats\nc-at\n") == []
    assert judge_lists("similar-class-names", {"train.txt": "a.jpg 0\n"}) == []
