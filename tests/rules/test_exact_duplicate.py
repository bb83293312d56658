from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut
from tests.links import needs_links

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

RULE = "exact-duplicate"
A, B = jpeg(photo("a")), jpeg(photo("b"))


def test_names_a_group_by_its_first_file(fired: Fired) -> None:
    said = ("warning", "one of 3 files with the same bytes; the first is `x/b.jpg`")
    files = {"y/a.jpg": A, "x/b.jpg": A, "z.png": A, "other.jpg": B}
    assert fired(RULE, files) == {"x/b.jpg": said, "y/a.jpg": said, "z.png": said}


def test_tells_the_size_of_a_large_group_and_names_a_few(tmp_path: Path, scan: Scan) -> None:
    for number in range(9):
        (tmp_path / f"{number}.jpg").write_bytes(A)
    found = scan(tmp_path).findings.filter(rule=RULE)
    assert found.height == 9
    assert '"0.jpg","1.jpg","2.jpg","3.jpg","4.jpg"]' in found["evidence"][0].replace(" ", "")
    assert "5.jpg" not in found["evidence"][0]


def test_names_every_file_of_a_set_of_nothing_but_copies(fired: Fired) -> None:
    files = {f"{number}{of}.jpg": jpeg(photo(f"{number}")) for number in range(6) for of in "ab"}
    assert fired(RULE, files).keys() == files.keys()


def test_copies_stay_unless_they_are_to_be_dropped(tmp_path: Path, scan: Scan) -> None:
    lists = _write_lists(tmp_path)
    assert scan(tmp_path, lists, ignore=("split-leak",)).lines_kept == 6


def test_dropping_keeps_the_first_on_each_list(tmp_path: Path, scan: Scan) -> None:
    lists = _write_lists(tmp_path)
    scan(tmp_path, lists, drop_duplicates=True, ignore=("split-leak",))
    assert (tmp_path / "out" / "train.txt").read_text() == "b.jpg 0\nother.jpg 1\n"
    assert (tmp_path / "out" / "val.txt").read_text() == "a.jpg 0\n"


def test_a_dropped_line_says_what_it_is_a_copy_of(tmp_path: Path, scan: Scan) -> None:
    found = scan(tmp_path, _write_lists(tmp_path), drop_duplicates=True).findings.filter(rule=RULE)
    lines = {(row["line"], row["message"]) for row in found.to_dicts() if row["line"] is not None}
    assert lines == {(3, "dropped as a copy of `b.jpg`"), (4, "dropped as a copy of `b.jpg`")} | {
        (2, "dropped as a copy of `a.jpg`")
    }


def _drop(folder: Path, scan: Scan, lines: str, **settings: object) -> list[tuple[int, str]]:
    """Write three copies and another picture, drop copies, and return the lines that were, each with its message."""
    for name, content in {"a.jpg": A, "b.jpg": A, "c.jpg": A, "other.jpg": B}.items():
        (folder / name).write_bytes(content)
    (folder / "train.txt").write_text(lines)
    found = scan(folder, folder / "train.txt", drop_duplicates=True, **settings).findings
    found = found.filter((pl.col("rule") == RULE) & pl.col("line").is_not_null())
    return list(found.select("line", "message").iter_rows())


def test_a_copy_under_another_label_is_not_dropped(tmp_path: Path, scan: Scan) -> None:
    lines = "a.jpg 0\nb.jpg 1\nc.jpg 1\nother.jpg 0\n"
    dropped = _drop(tmp_path, scan, lines, ignore=("conflicting-labels",))
    assert dropped == [(3, "dropped as a copy of `b.jpg`")]
    assert (tmp_path / "out" / "train.txt").read_text() == "a.jpg 0\nb.jpg 1\nother.jpg 0\n"


def test_a_line_whose_label_is_ignored_displaces_no_other_and_goes_for_none(tmp_path: Path, scan: Scan) -> None:
    dropped = _drop(tmp_path, scan, "a.jpg 255\nb.jpg 0\nc.jpg 255\nother.jpg 1\n", ignore_label=(255,))
    assert dropped == [(3, "dropped as a copy of `a.jpg`")]
    assert (tmp_path / "out" / "train.txt").read_text() == "a.jpg 255\nb.jpg 0\nother.jpg 1\n"


def test_the_first_copy_without_an_error_stays(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "sums.txt").write_text(f"{'0' * 64}  a.jpg\n")
    dropped = _drop(tmp_path, scan, "a.jpg 0\nb.jpg 0\nc.jpg 0\nother.jpg 1\n", checksums=[tmp_path / "sums.txt"])
    assert dropped == [(1, "dropped as a copy of `b.jpg`"), (3, "dropped as a copy of `b.jpg`")]
    assert (tmp_path / "out" / "train.txt").read_text() == "b.jpg 0\nother.jpg 1\n"


def test_copies_without_labels_are_dropped_as_well(tmp_path: Path, scan: Scan) -> None:
    for name, content in {"a.jpg": A, "b.jpg": A, "other.jpg": B}.items():
        (tmp_path / name).write_bytes(content)
    scan(tmp_path, drop_duplicates=True)
    assert (tmp_path / "out" / "images.txt").read_text() == "a.jpg\nother.jpg\n"


def test_a_copy_of_a_line_without_a_label_is_not_dropped_for_it(tmp_path: Path, scan: Scan) -> None:
    assert _drop(tmp_path, scan, "a.jpg\nb.jpg 0\nother.jpg 1\n") == []
    assert (tmp_path / "out" / "train.txt").read_text() == "b.jpg 0\nother.jpg 1\n"


@pytest.mark.parametrize("settings", [{"near_distance": 0}, {"transforms": True}])
def test_fires_whatever_counts_as_near(fired: Fired, settings: dict[str, object]) -> None:
    assert set(fired(RULE, {"a.jpg": A, "b.jpg": A, "c.jpg": B}, **settings)) == {"a.jpg", "b.jpg"}


@needs_links
def test_a_link_is_a_copy(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(A)
    (folder / "b.jpg").symlink_to("a.jpg")
    assert set(scan(folder).findings.filter(rule=RULE)["path"]) == {"a.jpg", "b.jpg"}


def test_is_silent_about_other_bytes_of_the_same_picture(fired: Fired) -> None:
    assert fired(RULE, {"a.jpg": A, "b.jpg": A + b"x", "a.png": png(photo("a")), "b.png": B}) == {}


def test_is_silent_about_files_without_a_picture(fired: Fired) -> None:
    files = {"a.jpg": b"", "b.jpg": b"", "c.jpg": cut(A, 0.1), "d.jpg": cut(A, 0.1), "e.jpg": b"text", "f.jpg": b"text"}
    assert fired(RULE, files) == {}


def test_is_silent_about_one_file_on_two_lines(fired: Fired) -> None:
    assert fired(RULE, {"a.jpg": A, "b.jpg": B}, listed=("a.jpg", "a.jpg", "b.jpg")) == {}


def _write_lists(folder: Path) -> list[Path]:
    for name, content in {"a.jpg": A, "b.jpg": A, "c.jpg": A, "other.jpg": B}.items():
        (folder / name).write_bytes(content)
    (folder / "train.txt").write_text("b.jpg 0\nother.jpg 1\na.jpg 0\nc.jpg 0\n")
    (folder / "val.txt").write_text("a.jpg 0\nc.jpg 0\n")
    return [folder / "train.txt", folder / "val.txt"]
