from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

FILES = ["a.jpg", "b/C.jpg", "cafe\u0301.jpg", "na\u00efve.jpg", "long/path/to/x.jpg"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("B/c.JPG", "the path `B/c.JPG` means `b/C.jpg` only when case is ignored"),
        ("caf\u00e9.jpg", "the path `caf\u00e9.jpg` means `cafe\u0301.jpg` only in another Unicode normal form"),
        ("CAF\u00c9.jpg", "the path `CAF\u00c9.jpg` means `cafe\u0301.jpg` only when case is ignored"),
        ("b\\C.jpg", "the path `b\\C.jpg` means `b/C.jpg` only with `/` for each backslash"),
        ('"a.jpg"', 'the path `"a.jpg"` means `a.jpg` only without the quotes around it'),
        ("'b/C.jpg'", "the path `'b/C.jpg'` means `b/C.jpg` only without the quotes around it"),
        (" a.jpg", "the path ` a.jpg` means `a.jpg` only without the blanks before it"),
        ("\ufeffa.jpg", "the path `\ufeffa.jpg` means `a.jpg` only without the byte-order mark before it"),
    ],
)
def test_a_path_that_can_mean_one_file_is_kept(path: str, message: str, judge_lists: Callable[..., list[Any]]) -> None:
    lists = {"train.txt": f"a.jpg 0\n{path} 0\n"}
    assert judge_lists("inexact-path", lists, files=FILES) == [(2, "warning", message)]
    assert judge_lists("missing-file", lists, files=FILES) == []
    assert judge_lists("outside-path", lists, files=FILES) == []


def test_bytes_of_another_encoding_are_read(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("inexact-path", {"train.txt": b"a.jpg 0\nna\xefve.jpg 1\n"}, files=FILES)
    message = "the path `na\\xefve.jpg` means `na\u00efve.jpg` only when read as Windows-1252"
    assert found == [(2, "warning", message)]


def test_a_table_may_leave_out_the_extension(judge_lists: Callable[..., list[Any]]) -> None:
    files = ["000c34.jpg", "000c34.txt", "two.jpg", "two.png", "e.jpg"]
    lists = {"t.csv": "id,label\n000c34.,0\ntwo,0\ne.jpg,0\ne.png,0\n"}
    found = judge_lists("inexact-path", lists, files=files)
    assert found == [(2, "warning", "the path `000c34.` means `000c34.jpg` only with the extension that it lacks")]
    assert [line for line, _, _ in judge_lists("missing-file", lists, files=files)] == [3, 5]


def test_is_silent_about_paths_that_fit_and_paths_that_fit_nothing(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\n./b//C.jpg 0\nx/../a.jpg 0\nlost.jpg 1\na 0\n"
    assert judge_lists("inexact-path", {"train.txt": text}, files=FILES) == []


def test_is_silent_where_the_exact_file_is_there_too(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("inexact-path", {"train.txt": "A.jpg 0\na.jpg 0\n"}, files=["a.jpg", "A.jpg"]) == []
