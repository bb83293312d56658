from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize.dataset import CHECKSUM_COLUMNS, Classes, Dataset, LabelList
from sanitize.judge import judge
from sanitize.rules import discover, hash_mismatch

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

RULE = "hash-mismatch"
MISSING = None
Line = tuple[int | None, str, str]  # number of the file, algorithm and what it is the checksum of


def sha(content: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, content.encode()).hexdigest()


def find(files: Sequence[str | None], *lines: Line, table: bool = False, odd: Sequence[int] = ()) -> pl.DataFrame:
    """Return what the rule finds of files with such content (None: unreadable), and lines of a list or of a `table`."""
    digests = {
        name: pl.Series([content and sha(content, name) for content in files], dtype=pl.String)
        for name in ("sha256", "md5")
    }
    numbers = {"file": pl.Series(range(len(files)), dtype=pl.UInt32)}
    checksums = [
        (
            *(file, f"{file}.jpg", algorithm, sha(content, algorithm), "SUMS", number),
            *((0, len(algorithm), False) if table else (None, None, None)),
        )
        for number, (file, algorithm, content) in enumerate(lines, 1)
    ]
    checksums += [(None, "???", None, None, "SUMS", number, *3 * [None]) for number in odd]
    schema = {name: getattr(pl, column.dtype) for name, column in CHECKSUM_COLUMNS.items()}
    dataset = Dataset(
        facts=pl.DataFrame(numbers | digests),
        lines=pl.DataFrame(schema={"list": pl.UInt32, "line": pl.UInt32, "file": pl.UInt32, "label": pl.Int64}),
        lists=(LabelList("train", "SUMS", True),),
        classes=Classes(None, None),
        unreadable_folders=pl.DataFrame(schema={"path": pl.String, "message": pl.String}),
        leak_keep="last",
        max_pixels=178_956_970,
        checksums=pl.DataFrame(checksums, schema=schema, orient="row"),
    )
    return judge(dataset, [discover()[RULE]], {})


def said(found: pl.DataFrame) -> list[tuple[int | None, int | None, str, str]]:
    return found.select("file", "list", "severity", "message").rows()


@pytest.mark.parametrize(("algorithm", "name"), [("sha256", "SHA-256"), ("md5", "MD5")])
def test_a_file_that_is_not_the_listed_one_is_an_error(algorithm: str, name: str) -> None:
    found = find(["a", "changed"], (0, algorithm, "a"), (1, algorithm, "b"))
    have, want = sha("changed", algorithm), sha("b", algorithm)
    assert said(found) == [(1, None, "error", f"the {name} is {have[:12]}…, not {want[:12]}… as in SUMS:2")]
    assert json.loads(found["evidence"][0]) == {
        "algorithm": algorithm, "expected": want, "found": have, "source": "SUMS", "source_line": 2
    }  # fmt: skip


def test_files_that_are_not_there_are_one_warning() -> None:
    found = find(["a"], (0, "md5", "a"), *[(MISSING, "md5", str(number)) for number in range(5)])
    names = "`None.jpg`, `None.jpg`, `None.jpg`, ..."
    assert said(found) == [(None, None, "warning", f"5 of 6 files in SUMS are not there: {names}")]


def test_lines_that_are_no_checksums_are_one_warning() -> None:
    found = find(["a"], (0, "md5", "a"), odd=(2, 3))
    assert said(found) == [(None, None, "warning", "2 of 3 lines of SUMS are no checksums: line 2, line 3")]


def test_a_file_is_named_once_however_often_it_is_listed() -> None:
    found = find(["changed"], (0, "sha256", "a"), (0, "md5", "a"), (0, "sha256", "b"))
    assert found["file"].to_list() == [0]


def test_is_silent_about_files_that_agree() -> None:
    assert said(find(["a", "b"], (0, "sha256", "a"), (1, "md5", "b"))) == []


@pytest.mark.parametrize("lines", [("old", "new"), ("new", "old")])
def test_a_line_that_does_not_agree_is_an_error_whatever_another_says(lines: tuple[str, str]) -> None:
    found = find(["new"], *((0, "sha256", line) for line in lines))
    assert found.select("file", "severity").rows() == [(0, "error")]
    assert json.loads(found["evidence"][0])["expected"] == sha("old")


def test_is_silent_about_files_that_cannot_be_read_and_algorithms_nobody_computed() -> None:
    assert said(find([None, "b"], (0, "sha256", "a"), (1, "sha512", "c"))) == []


def test_is_silent_about_files_that_are_no_images() -> None:
    assert said(find(["a"], (0, "sha256", "a"), (7, "sha256", "README"))) == []


def test_is_silent_without_checksums() -> None:
    assert said(find(["a"])) == []


def test_a_column_of_a_table_is_held_against_the_files_too() -> None:
    lines: list[Line] = [(number, "md5", str(number)) for number in range(30)]
    files = [str(number) for number in range(30)]
    files[7] = "changed"
    assert find(files, *lines, table=True)["file"].to_list() == [7]


def test_a_column_of_other_files_checksums_is_one_warning() -> None:
    lines: list[Line] = [(number, "md5", f"original {number}") for number in range(30)]
    files = ["original 0", *(f"scaled {number}" for number in range(1, 30))]
    message = "1 of 30 MD5 checksums in SUMS are those of its files: it may have those of originals"
    assert said(find(files, *lines, table=True)) == [(None, 0, "warning", message)]
    assert len(find(files, *lines)) == 29


def test_a_small_table_of_which_nothing_agrees_is_of_other_files() -> None:
    lines: list[Line] = [(number, "md5", f"original {number}") for number in range(5)]
    files = [f"scaled {number}" for number in range(5)]
    assert said(find(files, *lines, table=True))[0][:3] == (None, 0, "warning")
    assert find(files, *lines[:4], table=True)["severity"].to_list() == ["error"] * 4


def test_a_small_table_of_originals_of_which_one_was_kept_is_one_warning() -> None:
    lines: list[Line] = [(number, "md5", f"original {number}") for number in range(9)]
    files = ["original 0", *(f"scaled {number}" for number in range(1, 9))]
    assert said(find(files, *lines, table=True))[0][:3] == (None, 0, "warning")
    files[1:4] = ["original 1", "original 2", "original 3"]
    assert find(files, *lines, table=True)["severity"].to_list() == ["error"] * 5


def test_a_small_table_of_which_nothing_agrees_is_wrong_where_others_agree(scan: Scan, tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for split in ("train", "test"):
        (images / split).mkdir()
        lines = []
        for number in range(6):
            (images / split / f"{number}.jpg").write_bytes(jpeg(photo(f"{split}{number}")))
            digest = sha("swapped") if split == "test" else _sha256(images / split / f"{number}.jpg")
            lines.append(f"{split}/{number}.jpg,{number % 2},{digest}\n")
        (tmp_path / f"{split}.csv").write_text("path,label,sha256\n" + "".join(lines))
    result = scan(images, [tmp_path / "train.csv", tmp_path / "test.csv"])
    assert result.findings.filter(rule=RULE)["severity"].to_list() == ["error"] * 6


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_column_of_other_files_checksums_excuses_no_other_column() -> None:
    files = [f"{number}" for number in range(12)]
    originals: list[Line] = [(number, "sha256", f"original {number}") for number in range(12)]
    own: list[Line] = [(number, "md5", f"{number}") for number in range(12)]
    found = find(["damaged", *files[1:]], *originals, *own, table=True)
    assert found.select("file", "severity").rows() == [(0, "error"), (None, "warning")]


def test_the_table_of_a_small_split_is_judged_with_that_of_the_large_one(scan: Scan, tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for split, count in (("train", 12), ("val", 2)):
        lines = [f"{split}{number}.jpg,{number % 2},{sha(f'original {number}')}\n" for number in range(count)]
        (tmp_path / f"{split}.csv").write_text("path,label,hash\n" + "".join(lines))
        for number in range(count):
            (images / f"{split}{number}.jpg").write_bytes(jpeg(photo(f"{split}{number}")))
    result = scan(images, [tmp_path / "train.csv", tmp_path / "val.csv"])
    assert result.findings.filter(rule=RULE)["severity"].to_list() == ["warning"] * 2


def test_a_list_of_which_nothing_agrees_is_one_error() -> None:
    files = [f"{number}" for number in range(12)]
    lines = [(number, "md5", f"other {number}") for number in range(12)]
    message = (
        "none of the 12 checksums in SUMS is the MD5 of its file: they are of other files, or of another algorithm"
    )
    assert said(find(files, *lines)) == [(None, None, "error", message)]
    assert len(find(files, (0, "md5", "0"), *lines[1:])) == 11
    assert len(find(files[:9], *lines[:9])) == 9


def test_a_checksum_that_begins_alike_is_shown_in_full() -> None:
    own = sha("a", "md5")
    found = find(["a"], (0, "md5", "a"))
    assert said(found) == []
    digits = own[:-1] + ("0" if own[-1] != "0" else "1")
    table = pl.DataFrame(
        {"file": [0], "algorithm": ["md5"], "expected": [digits], "found": [own], "source": "SUMS", "line": 1}
    )
    assert hash_mismatch._mismatches(table)["message"].to_list() == [f"the MD5 is {own}, not {digits} as in SUMS:1"]


def test_a_scan_computes_what_a_list_asks_for(fired: Fired, tmp_path: Path) -> None:
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")), "c.jpg": jpeg(photo("c")), "d.jpg": b""}
    sums = {
        "a.jpg": hashlib.md5(files["a.jpg"]), "b.jpg": hashlib.md5(b"b"), "c.jpg": hashlib.sha1(b"c"),
        "d.jpg": hashlib.sha256(b"d"),
    }  # fmt: skip
    (tmp_path / "SUMS").write_text("".join(f"{digest.hexdigest()}  {name}\n" for name, digest in sums.items()))
    found = fired(RULE, files, checksums=tmp_path / "SUMS")
    assert {path: severity for path, (severity, _) in found.items()} == dict.fromkeys(
        ("b.jpg", "c.jpg", "d.jpg"), "error"
    )


@pytest.mark.skipif(os.name == "nt", reason="there a name has no backslash")
def test_a_name_with_a_backslash_is_no_path_of_windows(fired: Fired, tmp_path: Path) -> None:
    files = {"a.jpg": jpeg(photo("a")), "back\\slash.jpg": jpeg(photo("b"))}
    lines = (f"{sha('other')}  a.jpg\n", f"\\{sha('other')}  back\\\\slash.jpg\n")
    (tmp_path / "SUMS").write_text("".join(lines))
    assert {*fired(RULE, files, checksums=tmp_path / "SUMS")} == {*files}
    files["sub/c.jpg"] = jpeg(photo("c"))
    (tmp_path / "SUMS").write_text(f"{sha('other')}  a.jpg\n{sha('other')} *sub\\c.jpg\n")
    assert {*fired(RULE, files, checksums=tmp_path / "SUMS")} == {"a.jpg", "sub/c.jpg"}


def test_a_scan_reads_the_checksums_of_a_table(scan: Scan, tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (images / name).write_bytes(jpeg(photo(name)))
    good = hashlib.md5((images / "a.jpg").read_bytes()).hexdigest()
    (tmp_path / "train.csv").write_text(f"path,label,md5\na.jpg,0,{good}\nb.jpg,1,{good}\n")
    result = scan(images, tmp_path / "train.csv")
    assert result.findings.filter(rule=RULE).select("path", "severity").rows() == [("b.jpg", "error")]
    assert result.kept == 1


def test_a_checksum_of_a_table_is_no_less_wrong_where_the_file_stands_in_another_with_the_right_one(
    scan: Scan, tmp_path: Path, photos: Path
) -> None:
    rows = [f"{path.name},0,{_sha256(path)}\n" for path in sorted(photos.iterdir())]
    tables = [tmp_path / "train.csv", tmp_path / "val.csv"]
    tables[0].write_text("path,label,sha256\n" + "".join(rows))
    tables[1].write_text("path,label,sha256\n" + "".join(rows[:3]) + f"3.jpg,0,{sha('other')}\n")
    found = scan(photos, tables).findings.filter(rule=RULE)
    assert found.select("path", "severity").rows() == [("3.jpg", "error")]


@pytest.mark.parametrize("kept", ["md5", "sha256"])
def test_a_column_beside_that_of_originals_is_held_against_the_files(
    scan: Scan, tmp_path: Path, photos: Path, kept: str
) -> None:
    digests = [hashlib.new(kept, path.read_bytes()).hexdigest() for path in sorted(photos.iterdir())]
    rows = [
        f"{number}.jpg,{number % 2},{sha(f'original {number}', 'md5')},{digest if number != 3 else '0' * len(digest)}\n"
        for number, digest in enumerate(digests)
    ]
    (tmp_path / "train.csv").write_text("path,label,md5,checksum\n" + "".join(rows))
    found = scan(photos, tmp_path / "train.csv").findings.filter(rule=RULE)
    assert found.filter(severity="error")["path"].to_list() == ["3.jpg"]
    # Nothing needs saying of the first column where the other has the same algorithm.
    assert found.filter(severity="warning").height == (kept != "md5")


def test_a_column_of_hashes_of_what_is_shown_beside_checksums_says_nothing(
    scan: Scan, tmp_path: Path, photos: Path
) -> None:
    digests = [_sha256(path) for path in sorted(photos.iterdir())]
    rows = [f"{number}.jpg,{number % 2},{digest},{sha(f'look {number}')}\n" for number, digest in enumerate(digests)]
    (tmp_path / "train.csv").write_text("path,label,sha256,hash\n" + "".join(rows))
    assert scan(photos, tmp_path / "train.csv").findings.filter(rule=RULE).is_empty()


def test_a_column_beside_checksums_is_held_against_the_files_where_half_of_it_fits(
    scan: Scan, tmp_path: Path, photos: Path
) -> None:
    digests = [_sha256(path) for path in sorted(photos.iterdir())]
    rows = [f"{number}.jpg,{number % 2},{digest},\n" for number, digest in enumerate(digests[:8])]
    rows += [f"8.jpg,0,,{digests[8]}\n", f"9.jpg,1,,{sha('other')}\n"]
    (tmp_path / "train.csv").write_text("path,label,sha256,checksum\n" + "".join(rows))
    found = scan(photos, tmp_path / "train.csv").findings.filter(rule=RULE)
    assert found.select("path", "severity").rows() == [("9.jpg", "error")]


def test_files_that_agree_with_what_tells_its_algorithm_are_sound_whatever_stands_beside(
    scan: Scan, tmp_path: Path, photos: Path
) -> None:
    rows = []
    for number, path in enumerate(sorted(photos.iterdir())):
        beside = sha("original") if number < 5 else _sha256(path)
        rows.append(
            f"{number}.jpg,{number % 2},{hashlib.md5(path.read_bytes()).hexdigest()},{beside[: 63 if number == 9 else 64]}\n"
        )
    (tmp_path / "train.csv").write_text("path,label,md5,hash\n" + "".join(rows))
    (finding,) = scan(photos, tmp_path / "train.csv").findings.filter(rule=RULE).to_dicts()
    assert finding["severity"] == "warning"
    assert finding["message"].startswith("4 of 9 SHA-256 checksums")


def test_what_tells_its_algorithm_proves_files_sound_that_another_column_which_mostly_fits_does_not(
    scan: Scan, tmp_path: Path, photos: Path
) -> None:
    rows = []
    for number, path in enumerate(sorted(photos.iterdir())):
        beside = sha("original") if number < 2 else _sha256(path)
        rows.append(f"{number}.jpg,{number % 2},{hashlib.md5(path.read_bytes()).hexdigest()},{beside}\n")
    (tmp_path / "train.csv").write_text("path,label,md5,hash\n" + "".join(rows))
    assert scan(photos, tmp_path / "train.csv").findings.filter(rule=RULE).is_empty()


def test_a_column_of_several_algorithms_is_judged_as_one(scan: Scan, tmp_path: Path, photos: Path) -> None:
    rows = []
    for number, path in enumerate(sorted(photos.iterdir())):
        digest = sha("other", "md5") if number < 5 else _sha256(path)
        rows.append(f"{number}.jpg,{number % 2},{digest}\n")
    (tmp_path / "train.csv").write_text("path,label,checksum\n" + "".join(rows))
    found = scan(photos, tmp_path / "train.csv").findings.filter(rule=RULE)
    assert found["severity"].to_list() == ["error"] * 5


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Return a folder of a few photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(10):
        (folder / f"{number}.jpg").write_bytes(jpeg(photo(f"{number}")))
    return folder


def _of_originals(agreeing: int, count: int) -> tuple[list[str], list[Line]]:
    """Files of which some are as they were when a column of checksums was made."""
    files = [f"{'original' if number < agreeing else 'scaled'} {number}" for number in range(count)]
    return files, [(number, "md5", f"original {number}") for number in range(count)]


@pytest.mark.parametrize(("agreeing", "count"), [(4, 10), (2, 6)])
def test_checksums_of_a_table_are_of_other_files_where_less_than_half_of_many_or_a_third_of_few_agree(
    agreeing: int, count: int
) -> None:
    files, lines = _of_originals(agreeing, count)
    assert said(find(files, *lines, table=True))[0][:3] == (None, 0, "warning")


@pytest.mark.parametrize(("agreeing", "count"), [(5, 10), (4, 9), (3, 7)])
def test_checksums_of_a_table_are_wrong_where_more_agree(agreeing: int, count: int) -> None:
    files, lines = _of_originals(agreeing, count)
    assert find(files, *lines, table=True)["severity"].to_list() == ["error"] * (count - agreeing)


@pytest.mark.parametrize(("count", "errors"), [(9, 9), (10, 1)])
def test_of_ten_checksums_of_a_list_of_which_none_agrees_one_error_is_told(count: int, errors: int) -> None:
    files, lines = _of_originals(0, count)
    assert find(files, *lines)["severity"].to_list() == ["error"] * errors
