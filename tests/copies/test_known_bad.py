"""Lists of hashes of known bad pictures: how they are read, and what they find."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sanitize.copies import known_bad
from sanitize.errors import UsageError

SHA = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4
PHASH = "c3a5963c5a69f00f"


def read(folder: Path, content: str | bytes) -> list[tuple[str, str | None, str | None]]:
    """Return the name, the checksum and the phash of each line."""
    path = folder / "bad.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return known_bad.read_hashes(str(path)).select("name", "checksum", "phash").rows()


def refused(folder: Path, content: str) -> str:
    with pytest.raises(UsageError) as error:
        read(folder, content)
    message = str(error.value)
    assert "\n" not in message
    return message.replace(f"{folder}/", "")


def facts(*rows: tuple[str | None, str | None]) -> pl.DataFrame:
    hashes = pl.DataFrame(rows, schema={"sha256": pl.String, "phash": pl.String}, orient="row")
    return hashes.with_columns(phash_stored=pl.lit(None, pl.String)).with_row_index("file", offset=10)


def flipped(phash: str, bits: int) -> str:
    return f"{int(phash, 16) ^ ((1 << bits) - 1):016x}"


def matched(files: pl.DataFrame, *known: tuple[str, str | None, str | None]) -> list[tuple[object, ...]]:
    schema = {"name": pl.String, "checksum": pl.String, "phash": pl.String}
    table = pl.DataFrame(known, schema=schema, orient="row")
    is_sum = pl.col("checksum").is_not_null()
    found = known_bad.match(files, table.with_columns(algorithm=pl.when(is_sum).then(pl.lit("sha256"))))
    assert found.columns == ["file", "known_bad", "known_bad_how", "known_bad_distance"]
    return found.rows()


def test_a_hash_may_have_a_name(tmp_path: Path) -> None:
    text = f"{SHA} lost photo\n{PHASH}\tcard.png\n{PHASH.upper()}\n"
    name = f"{tmp_path}/bad.txt:3"
    assert read(tmp_path, text) == [("lost photo", SHA, None), ("card.png", None, PHASH), (name, None, PHASH)]


def test_comments_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    text = f"\ufeff# cards of dead hosts\r\n\r\n  {PHASH} a\r\n  # more\r\n"
    assert read(tmp_path, text) == [("a", None, PHASH)]


def test_what_sha256sum_writes_is_a_list_of_hashes(tmp_path: Path) -> None:
    text = f"{SHA}  bad/a b.jpg\n{SHA.upper()} *c.jpg\n\\{SHA}  d\\\\e\\nf.jpg\nSHA256 (g (1).jpg) = {SHA}\n"
    assert [name for name, _, _ in read(tmp_path, text)] == ["bad/a b.jpg", "c.jpg", "d\\e\nf.jpg", "g (1).jpg"]
    assert {sha for _, sha, _ in read(tmp_path, text)} == {SHA}


@pytest.mark.parametrize(
    "line", ["cat.jpg", SHA[:-1], SHA + "0", "d41d8cd98f00b204e9800998ecf8427  a.jpg", PHASH + "0"]
)
def test_a_line_without_a_hash_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    message = refused(tmp_path, f"# bad\n{PHASH} a\n{line}\n")
    word = line if len(line) <= 40 else line[:39] + "…"
    start = f"`bad.txt` line 3: `{word.split()[0]}` is no checksum, such as a SHA-256 (64 hexadecimal digits), and no phash (16)"
    assert message == f"{start}; mend or delete the line"


@pytest.mark.parametrize("behind", [",", ";", ":"])
@pytest.mark.parametrize("digest", [SHA, PHASH])
def test_what_stands_between_a_hash_and_a_name_is_named(tmp_path: Path, digest: str, behind: str) -> None:
    message = refused(tmp_path, f"{digest}{behind}a.jpg\n")
    assert message == (
        f"`bad.txt` line 1: `{behind}` stands behind the hash, where a blank is to be: write `HASH` or `HASH name`"
    )


def test_a_comment_behind_a_hash_is_no_name(tmp_path: Path) -> None:
    text = f"{SHA} # a comment\n{PHASH}\t#another\n{SHA}  #1.jpg\n{PHASH} photo # 2\n"
    names = [f"{tmp_path}/bad.txt:1", f"{tmp_path}/bad.txt:2", "#1.jpg", "photo # 2"]
    assert [name for name, _, _ in read(tmp_path, text)] == names


@pytest.mark.parametrize(
    "phash",
    [
        "0000000000000000",
        "8000000000000000",
        "8000800080008000",
        "ffffffffffffffff",
        "80808080808080fc",
        "7f7f7f7f7f7f7f03",
    ],
)
def test_the_hash_of_a_flat_or_symmetric_picture_is_refused(tmp_path: Path, phash: str) -> None:
    assert refused(tmp_path, f"{phash}\n").startswith(f"`bad.txt` line 1: the phash {phash} is that of a flat picture")


def test_all_lines_with_such_hashes_are_named_at_once(tmp_path: Path) -> None:
    assert refused(tmp_path, f"{PHASH}\n8000000000000000\n{'0' * 16}\n").startswith("`bad.txt` lines 2, 3: the phash 8")
    many = refused(tmp_path, "8000000000000000\n" * 12)
    assert many.startswith("`bad.txt` lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more: the phash 8")


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing yet\n"])
def test_a_list_without_a_hash_is_refused(tmp_path: Path, content: str) -> None:
    assert refused(tmp_path, content).startswith("`bad.txt` has no hash: write one checksum or phash a line")


def test_a_picture_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"card.JPG` is no list of hashes: for a picture name the folder that holds it"
    ):
        known_bad.read_hashes(str(tmp_path / "card.JPG"))


def test_a_path_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no `.*/none` \(`--known-bad`\): name a folder of pictures"):
        known_bad.is_folder(str(tmp_path / "none"))
    assert known_bad.is_folder(str(tmp_path))


def folder(*rows: tuple[str, str, str | None, bool | None]) -> pl.DataFrame:
    """Return the facts of files in a folder: path, status, content and whether they open."""
    names = ("path", "status", "content", "decodes_truncated")
    table = pl.DataFrame(
        rows, schema=dict(zip(names, (pl.String, pl.String, pl.String, pl.Boolean), strict=True)), orient="row"
    )
    return table.with_row_index("file").with_columns(status_message=pl.lit("Permission denied"), contrast=40.0)


NO_FOLDERS = pl.DataFrame(schema={"path": pl.String, "message": pl.String})


def test_a_folder_without_pictures_is_refused() -> None:
    for rows in ((), (("a.txt", "ok", "text", None),), (("a.jpg", "ok", "html", None),)):
        with pytest.raises(UsageError, match="there is no picture in `bad`"):
            known_bad.choose("bad", folder(*rows), NO_FOLDERS)


def test_a_folder_of_which_something_cannot_be_read_is_refused() -> None:
    good = ("a.jpg", "ok", "jpeg", True)
    with pytest.raises(UsageError, match=r"cannot read b.jpg in `bad` \(`--known-bad`\): Permission denied; mend that"):
        known_bad.choose("bad", folder(good, ("b.jpg", "unreadable", None, None)), NO_FOLDERS)
    with pytest.raises(UsageError, match="cannot read sub in `bad`"):
        known_bad.choose("bad", folder(good), pl.DataFrame({"path": ["sub"], "message": ["Permission denied"]}))
    _opened, warnings = known_bad.choose("bad", folder(good, ("notes.txt", "unreadable", None, None)), NO_FOLDERS)
    assert warnings == []


def test_pictures_of_a_folder_that_do_not_open_are_named() -> None:
    rows = [("a.jpg", "ok", "jpeg", True), ("b.jpg", "ok", "jpeg", False), ("c.jpg", "ok", "html", None)]
    opened, warnings = known_bad.choose("bad", folder(*rows, ("notes.txt", "ok", "text", None)), NO_FOLDERS)
    assert opened["path"].to_list() == ["a.jpg"]
    assert warnings == [
        "2 of 3 files in `bad` (`--known-bad`) do not open, and nothing is compared with them: b.jpg, c.jpg"
    ]


def test_flat_pictures_of_a_folder_are_named() -> None:
    names = ("card.png", "grey.png", "white.png", "sky.jpg", "photo.jpg")
    pictures = folder(*((name, "ok", "png", True) for name in names))
    pictures = pictures.with_columns(contrast=pl.Series([20.0, 0.0, 0.0, 1.0, 40.0]))
    assert known_bad.choose("bad", pictures, NO_FOLDERS)[1] == [
        "3 of 5 pictures in `bad` (`--known-bad`) are flat, and found again only where they have the same size:"
        " grey.png, white.png, sky.jpg"
    ]


def test_the_same_bytes_are_found_by_their_checksum() -> None:
    assert matched(facts((SHA, None), (OTHER, PHASH)), ("a", SHA, None)) == [(10, "a", "bytes", None)]


def test_near_hashes_are_found_with_their_distance() -> None:
    files = facts((SHA, PHASH), (OTHER, flipped(PHASH, 3)), (OTHER, flipped(PHASH, 40)), (None, None))
    assert matched(files, ("a", None, PHASH)) == [(10, "a", "hash", 0), (11, "a", "hash", 3)]


def test_the_nearer_of_a_file_s_two_hashes_counts() -> None:
    stored = [flipped(PHASH, 1), flipped(PHASH, 5), PHASH]
    files = facts((SHA, flipped(PHASH, 40)), (OTHER, flipped(PHASH, 3)), (OTHER, None))
    files = files.with_columns(phash_stored=pl.Series(stored))
    assert matched(files, ("a", None, PHASH)) == [(10, "a", "hash", 1), (11, "a", "hash", 3), (12, "a", "hash", 0)]


def test_the_nearest_is_named_and_bytes_come_before_hashes() -> None:
    files = facts((SHA, PHASH), (OTHER, PHASH))
    known = [("far", None, flipped(PHASH, 4)), ("near", None, flipped(PHASH, 2)), ("again", None, flipped(PHASH, 2))]
    assert matched(files, *known, ("same", SHA, None)) == [(10, "same", "bytes", None), (11, "near", "hash", 2)]


def test_the_first_of_equals_is_named_whatever_its_algorithm() -> None:
    files = facts((SHA, None)).with_columns(md5=pl.lit(SHA[:32]))
    known = pl.DataFrame(
        {
            "name": ["other", "first", "second"],
            "algorithm": ["sha256", "md5", "sha256"],
            "checksum": [OTHER, SHA[:32], SHA],
            "phash": pl.Series([None] * 3, dtype=pl.String),
        }
    )
    assert known_bad.match(files, known).rows() == [(10, "first", "bytes", None)]


def test_nothing_is_found_among_nothing() -> None:
    assert matched(facts(), ("a", SHA, None), ("b", None, PHASH)) == []
    assert matched(facts((SHA, PHASH))) == []
