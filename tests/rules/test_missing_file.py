from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.links import needs_links


def test_names_the_missing_file_and_its_line(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("missing-file", {"train.txt": "a.jpg 0\nlost/x.png 1\n"})
    assert found == [(2, "error", "there is no file `lost/x.png`")]


def test_hints_at_the_same_name_in_another_folder(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("missing-file", {"train.txt": "a.jpg 0\ny/z.jpg 1\n"}, files=["a.jpg", "x/z.jpg"])
    assert found == [(2, "error", "there is no file `y/z.jpg`; of that name there is x/z.jpg")]


def test_names_three_files_of_that_name_and_tells_of_more(judge_lists: Callable[..., list[Any]]) -> None:
    files = [f"{folder}/z.jpg" for folder in "abcd"]
    for there, words in ((files[:3], "a/z.jpg, b/z.jpg, c/z.jpg"), (files, "a/z.jpg, b/z.jpg, c/z.jpg and 1 more")):
        [found] = judge_lists("missing-file", {"train.txt": "x/z.jpg 0\nk.jpg 1\n"}, files=["k.jpg", *there])
        assert found[2] == f"there is no file `x/z.jpg`; of that name there is {words}"


def test_hints_at_another_extension(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("missing-file", {"train.txt": "a.jpg 0\nz.png 1\n"}, files=["a.jpg", "z.jpg"])
    assert found == [(2, "error", "there is no file `z.png`; there is z.jpg")]


def test_hints_at_nearly_the_same_letters(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("missing-file", {"train.txt": "a.jpg 0\nimage_001.jpg 1\n"}, files=["a.jpg", "imgae_001.jpg"])
    assert found == [(2, "error", "there is no file `image_001.jpg`; nearest is imgae_001.jpg")]


@needs_links
def test_says_why_something_that_is_there_was_not_found(tmp_path: Path, judge_lists: Callable[..., list[Any]]) -> None:
    images = tmp_path / "images"
    (images / "x").mkdir(parents=True)
    for name in ("skipped/b.jpg", "a.jpg", "x/b.jpg"):
        (images / name).parent.mkdir(exist_ok=True)
        (images / name).touch()
    (images / "link").symlink_to("x")
    text = "a.jpg 0\nskipped/b.jpg 1\nlink/b.jpg 1\nskipped/ 0\n"
    found = judge_lists("missing-file", {"train.txt": text}, files=["a.jpg", "x/b.jpg"])
    left_out = "what is there is left out of the scan (`--exclude`, a pipe, an earlier result)"
    assert [message for _, _, message in found] == [
        f"there is no file `skipped/b.jpg`; {left_out}",
        "there is no file `link/b.jpg`; what is there is scanned as x/b.jpg",
        "there is no file `skipped/`; what is there is a folder",
    ]


def test_says_where_nobody_can_know(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\nb/c/z.jpg 0\nbb/z.jpg 1\n"
    found = judge_lists("missing-file", {"train.txt": text}, files=["a.jpg", "x/z.jpg"], unlisted=["b", "q"])
    assert found == [
        (2, "error", "the file `b/c/z.jpg` cannot be looked for: the folder `b` cannot be listed"),
        (3, "error", "there is no file `bb/z.jpg`; of that name there is x/z.jpg"),
    ]


def test_names_both_candidates_when_case_fits_two(judge_lists: Callable[..., list[Any]]) -> None:
    files = ["a.jpg", "k.jpg", "K.jpg"]
    found = judge_lists("missing-file", {"train.txt": "a.jpg 0\nK.JPG 1\n"}, files=files)
    assert found == [(2, "error", "there is no file `K.JPG`; 2 files fit when case is ignored: K.jpg, k.jpg")]


def test_control_bytes_in_a_name_are_shown_not_sent_to_the_terminal(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("missing-file", {"train.txt": b"a.jpg 0\n\x1b[31mx\xff.jpg 1\n"})
    assert found == [(2, "error", "there is no file `\\x1b[31mx\\xff.jpg`")]


def test_a_very_long_line_gives_a_short_message(judge_lists: Callable[..., list[Any]]) -> None:
    ((line, _, message),) = judge_lists("missing-file", {"train.txt": f"a.jpg 0\n{'x' * 1_000_000} 1\n"})
    assert line == 2
    assert len(message) < 200


def test_is_silent_about_found_empty_outside_and_malformed_lines(judge_lists: Callable[..., list[Any]]) -> None:
    text = "a.jpg 0\n./b.jpg 1\n\n../x.jpg 1\nq\0.jpg 1\nC.JPG 0\n/etc/passwd 0\n 3\n"
    assert judge_lists("missing-file", {"train.txt": text}) == []


def test_leaves_blanks_to_the_rules_about_blanks(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("missing-file", {"train.txt": "a.jpg 0\nx.jpg\t1\nx.jpg  1\nx.jpg 1 \n"}) == []


def test_letters_are_nearly_the_same_where_three_of_twenty_differ(judge_lists: Callable[..., list[Any]]) -> None:
    files = ["k.jpg", "abcdefghijklmnop.jpg"]
    for name, hint in (("abcdefghijklmXYZ.jpg", "; nearest is abcdefghijklmnop.jpg"), ("abcdefghijklWXYZ.jpg", "")):
        [found] = judge_lists("missing-file", {"train.txt": f"{name} 0\nk.jpg 1\n"}, files=files)
        assert found[2] == f"there is no file `{name}`{hint}"
