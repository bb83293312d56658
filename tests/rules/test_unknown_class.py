from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_finds_names_that_the_class_file_lacks(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("unknown-class", {"t.csv": "path,label\na.jpg,cat\nb.jpg,bird\n"}, classes="cat\ndog\n")
    assert found == [(3, "error", "there is no class `bird`")]


def test_names_the_class_that_was_nearly_meant(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("unknown-class", {"t.csv": "path,label\na.jpg,CAT\nb.jpg,dog\n"}, classes="cat\ndog\n")
    assert found == [(2, "error", "there is no class `CAT`; there is `cat`")]


def test_is_silent_where_the_classes_come_from_the_labels(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("unknown-class", {"t.csv": "path,label\na.jpg,cat\nb.jpg,bird\n"}) == []


def test_is_silent_about_integers_synsets_and_blanks_around_a_name(judge_lists: Callable[..., list[Any]]) -> None:
    synsets = "n00000001 cat\nn00000002 dog, hound\n"
    text = 'path,label\na.jpg,n00000001\nb.jpg,"dog, hound"\nc.jpg," cat "\n'
    assert judge_lists("unknown-class", {"t.csv": text}, classes=synsets) == []
    assert judge_lists("unknown-class", {"t.csv": "path,label\na.jpg,0\nb.jpg,7\n"}, classes=synsets) == []
