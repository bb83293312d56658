from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sanitize import systems
from sanitize.errors import UsageError
from sanitize.labels.inexact import bend
from sanitize.labels.places import Place

from .conftest import Read

FILES = [f"{folder}/{folder}{number}.jpg" for folder in ("cat", "dog") for number in range(15)]


@pytest.mark.parametrize(
    ("prefix", "suffix", "words"),
    [
        ("images/", "", ["without `images/`", "scan the parent folder", "sed -E -e 's|^images/||' train.txt"]),
        ("/data/set.1/", "", ["without `/data/set.1/`", r"s|^/data/set\.1/||"]),
        ("../images/", "", ["without `../images/`"]),
        ("{images}/", "", ["without `{images}/`"]),
        ("file://{images}/", "", ["without `file://{images}/`"]),
        ("C:\\data\\", "", ["with `/` for each backslash, and without `C:/data/`"]),
        ("", " 7", ["with a single label"]),
    ],
)
def test_says_what_would_have_to_be_taken_off(
    prefix: str, suffix: str, words: list[str], read: Read, tmp_path: Path
) -> None:
    images = str(tmp_path / "images")
    content = "".join(f"{prefix.format(images=images)}{path}{suffix} 0\n" for path in FILES)
    with pytest.raises(UsageError) as error:
        read(content, files=FILES)
    assert str(error.value).startswith(f"none of the 30 lines of `train.txt` name a file in `{images}`, but")
    assert "(line 1: `" in str(error.value)
    for word in words:
        assert word.format(images=images) in str(error.value)


def test_says_in_which_folder_the_files_lie(read: Read) -> None:
    content = "".join(f"{path} 0\n" for path in FILES)
    with pytest.raises(UsageError, match=r"below `ILSVRC/train/` they do.*`--labels train\.txt@ILSVRC/train`"):
        read(content, files=[f"ILSVRC/train/{path}" for path in FILES])


def test_a_value_with_blanks_is_quoted_for_the_shell(read: Read) -> None:
    content = "".join(f"{path} 0\n" for path in FILES)
    with pytest.raises(UsageError, match=r"`--labels 'train\.txt@my photos'`"):
        read(content, files=[f"my photos/{path}" for path in FILES])


def test_an_extension_is_never_that_of_what_lies_beside_a_picture(read: Read) -> None:
    beside = [path.replace(".jpg", ".json") for path in FILES]
    content = "".join(f"{path.removesuffix('.jpg')} 0\n" for path in FILES)
    with pytest.raises(UsageError, match=r"line 1: `cat/cat0` → `cat/cat0\.jpg`.*mostly `\.jpg`"):
        read(content, files=[*FILES, *beside])


def test_says_that_backslashes_extensions_or_percent_signs_are_the_reason(read: Read) -> None:
    for change, words in [
        (lambda path: path.replace("/", "\\"), "with `/` for each backslash"),
        (lambda path: path.removesuffix(".jpg"), "with the extension that they lack"),
        (lambda path: path.replace("/", "%2F"), "without `file://` and percent signs"),
        (lambda path: path.split("/")[1], "in other folders"),
        (lambda path: f'"{path}"', "without the quotes around them"),
    ]:
        with pytest.raises(UsageError) as error:
            read("".join(f"{change(path)} 0\n" for path in FILES), files=FILES)
        assert f"but {words} they do" in str(error.value)


def test_a_list_of_another_folder_is_refused(read: Read) -> None:
    with pytest.raises(UsageError, match="is it the list of another folder"):
        read("".join(f"bird/{number}.png 0\n" for number in range(30)), files=FILES)


def test_a_wrong_root_is_named(read: Read, tmp_path: Path) -> None:
    (tmp_path / "images" / "cat").mkdir()
    with pytest.raises(UsageError, match="leave out `@cat`"):
        read("".join(f"{path} 0\n" for path in FILES), "train.txt@cat", files=FILES)


@pytest.mark.parametrize("change", ["{}", "./{}", "/{}", ".//{}", "x/../{}"])
def test_other_ways_to_write_a_path_are_fine(change: str, read: Read) -> None:
    found = read("".join(f"{change.format(path)} 0\n" for path in FILES), files=FILES)
    assert found.lines["file"].null_count() == 0
    assert found.lines["inexact"].null_count() == 30


def test_case_alone_is_no_mismatch(read: Read) -> None:
    found = read("".join(f"{path.upper()} 0\n" for path in FILES), files=FILES)
    assert found.lines["inexact"].to_list() == ["case"] * 30


def test_a_few_lines_of_another_place_are_kept_where_they_are_certain(read: Read, tmp_path: Path) -> None:
    content = "".join(f"{path} 0\n" for path in FILES[:20]) + f"{tmp_path}/images/{FILES[20]} 0\ndog\\dog6.jpg 0\n"
    lines = read(content, files=FILES).lines
    assert lines["file"].null_count() == 0
    assert lines["inexact"].to_list()[20:] == ["absolute", "backslashes"]


@pytest.mark.parametrize(("windows", "known"), [(True, [0, 1, 2, None]), (False, [None, 1, None, None])])
def test_absolute_paths_of_windows_are_read_there(
    monkeypatch: pytest.MonkeyPatch, windows: bool, known: list[int | None]
) -> None:
    monkeypatch.setattr(systems, "WINDOWS", windows)
    listed = ["c:\\Photos\\a.jpg", "C:\\photos/b.jpg", "file:///C:/photos/c.jpg", "C:\\photos2\\a.jpg"]
    samples = pl.DataFrame({"file": [0, 1, 2], "path": ["a.jpg", "b.jpg", "c.jpg"]})
    lines = pl.DataFrame({"line": [1, 2, 3, 4], "path": listed, "target": listed}).with_columns(
        file=pl.lit(None, pl.Int64), outside=pl.lit(value=False), not_utf8=pl.lit(value=False)
    )
    found = bend(lines, Place(samples, "", ("C:\\photos",)), guess_extension=False)
    assert found["file"].to_list() == known


def test_a_list_of_which_a_part_is_there_is_read(read: Read) -> None:
    content = "cat/cat1.jpg 0\n" + "".join(f"bird/{number}.png 0\n" for number in range(30))
    assert read(content, files=FILES).lines["file"].null_count() == 30


def test_a_short_list_of_missing_files_is_read(read: Read) -> None:
    assert read("bird.png 0\ncat1.jpg 1\n", files=FILES).lines["file"].null_count() == 2


def _partly(found: int, elsewhere: int, lost: int = 0) -> str:
    """Lines that name files as they are, others with a folder before them, and others that name none."""
    names = [*FILES[:found], *(f"images/{path}" for path in FILES[found : found + elsewhere])]
    return "".join(f"{name} 0\n" for name in [*names, *(f"bird/{number}.png" for number in range(lost))])


@pytest.mark.parametrize(("found", "elsewhere"), [(3, 27), (1, 18)])
def test_a_list_is_read_where_a_tenth_of_it_is_found_or_a_line_of_a_short_one(
    found: int, elsewhere: int, read: Read
) -> None:
    assert read(_partly(found, elsewhere), files=FILES).lines["file"].null_count() == elsewhere


@pytest.mark.parametrize(("found", "elsewhere"), [(2, 28), (1, 19), (0, 3)])
def test_a_list_is_refused_where_less_is_found(found: int, elsewhere: int, read: Read) -> None:
    number = f"only {found}" if found else "none"
    with pytest.raises(
        UsageError, match=f"^{number} of the {found + elsewhere} lines .* but without `images/` they do"
    ):
        read(_partly(found, elsewhere), files=FILES)


def test_a_change_is_proposed_that_mends_half_of_the_lines_that_are_lost(read: Read) -> None:
    with pytest.raises(UsageError, match="but without their first folder 50 % of them do"):
        read(_partly(0, 15, lost=15), files=FILES)
    with pytest.raises(UsageError, match="is it the list of another folder"):
        read(_partly(0, 14, lost=16), files=FILES)


def test_three_missing_files_are_another_folder(read: Read) -> None:
    with pytest.raises(UsageError, match="is it the list of another folder"):
        read(_partly(0, 0, lost=3), files=FILES)
