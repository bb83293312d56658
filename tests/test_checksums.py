"""Lists of checksums: how they are read, and which files they are about."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from sanitize import checksums
from sanitize.digest import ALGORITHMS, digest
from sanitize.errors import UsageError
from sanitize.labels.reading import read_text
from sanitize.names import to_key
from tests.links import needs_links

MD5, SHA = "d41d8cd98f00b204e9800998ecf8427e", "0123456789abcdef" * 4
FILES = ("a.jpg", "cat/b c.jpg", "cat/d.jpg")

Found = list[tuple[int | None, str, int]]
Find = Callable[..., Found]


@pytest.fixture
def find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Find:
    """A function that reads a list against files of `set/images`, and returns file number, path and line."""
    images = tmp_path / "set" / "images"
    images.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    def find(
        content: str | bytes, *, at: str = "sums.txt", files: Sequence[str] = FILES, where: Path = images
    ) -> Found:
        Path(at).parent.mkdir(parents=True, exist_ok=True)
        Path(at).write_bytes(content.encode() if isinstance(content, str) else content)
        samples = pl.DataFrame(
            {"file": range(len(files)), "path": files}, schema={"file": pl.UInt32, "path": pl.String}
        )
        found = checksums.read(at, images=where, samples=samples)
        return found.select("file", "path", "line").rows()

    return find


def parsed(folder: Path, content: str | bytes) -> list[tuple[int, str, str | None, str | None]]:
    path = folder / "sums"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return checksums.parse(read_text(path, "the list of checksums")).rows()


@pytest.mark.parametrize("algorithm", ALGORITHMS.values())
def test_the_algorithm_is_told_by_the_number_of_digits(tmp_path: Path, algorithm: str) -> None:
    expected = hashlib.new(algorithm, b"").hexdigest()
    assert parsed(tmp_path, f"{expected.upper()}  a.jpg\n") == [(1, "a.jpg", algorithm, expected)]


@pytest.mark.parametrize("kind", ["md5sum", "sha1sum", "sha256sum", "sha512sum"])
@pytest.mark.parametrize("option", ["--text", "--binary", "--tag", "--zero"])
def test_what_coreutils_write_is_read_back(tmp_path: Path, kind: str, option: str) -> None:
    if not shutil.which(kind):
        pytest.skip(f"no {kind}")
    names = [b"a.jpg", b" b.jpg ", b"c\\d.jpg", b"e\nf.jpg", b"(g) = h.jpg", b"\xff.jpg", b"*.jpg", "ü.jpg".encode()]
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in names:
        (folder / name.decode("utf-8", "surrogateescape")).write_bytes(name)
    written = subprocess.run([kind, option, "--", *names], cwd=folder, capture_output=True, check=True).stdout
    lines = parsed(tmp_path, written)
    assert [path for _, path, _, _ in lines] == [to_key(name) for name in names]
    algorithm = kind.removesuffix("sum")
    assert [found for _, _, _, found in lines] == [hashlib.new(algorithm, name).hexdigest() for name in names]
    assert {name for _, _, name, _ in lines} == {algorithm}


@pytest.mark.parametrize(
    "line",
    [
        f"{SHA} a.jpg", f"{SHA}\ta.jpg", f"{SHA} *a.jpg", f"SHA256 (a.jpg) = {SHA}", f"SHA256(a.jpg)= {SHA}",
        f"SHA2-256(a.jpg)= {SHA}", f"SHA-256 (a.jpg) = {SHA}",
        f"sha256 (a.jpg) = {SHA}", f"  {SHA}  a.jpg", f'"SHA256","{SHA.upper()}","a.jpg"',
    ],
)  # fmt: skip
def test_other_tools_write_it_otherwise(tmp_path: Path, line: str) -> None:
    assert parsed(tmp_path, line) == [(1, "a.jpg", "sha256", SHA)]


def test_byte_order_mark_crlf_comments_and_empty_lines_do_no_harm(tmp_path: Path) -> None:
    text = f"\ufeff# made on a Tuesday\r\n; by FSUM\r\n{MD5}  a.jpg\r\n{MD5} *b.jpg\r\n"
    assert parsed(tmp_path, text) == [(3, "a.jpg", "md5", MD5), (4, "b.jpg", "md5", MD5)]


@pytest.mark.parametrize(
    "line",
    ["a.jpg", f"{SHA}", f"{SHA[:-1]}  a.jpg", f"a.jpg  {SHA}", f"BLAKE2b (a.jpg) = {SHA}", f"MD5 (a.jpg) = {SHA}"],
)
def test_a_line_that_is_none_is_kept_as_it_is(tmp_path: Path, line: str) -> None:
    assert parsed(tmp_path, f"{line}\n{SHA}  a.jpg\n")[0] == (1, line, None, None)


def test_what_powershell_exports_is_read(find: Find) -> None:
    head = '#TYPE Microsoft.PowerShell.Commands.FileHashInfo\r\n"Algorithm","Hash","Path"\r\n'
    rows = [rf'"MD5","{MD5.upper()}","D:\old\images\{name}"' for name in ("a.jpg", r"cat\d.jpg")]
    assert [(file, line) for file, _, line in find(head + "\r\n".join(rows))] == [(0, 3), (2, 4)]


def test_paths_are_relative_to_the_images(find: Find) -> None:
    text = f"{SHA}  a.jpg\n{SHA}  ./cat/b c.jpg\n{SHA}  cat//d.jpg\n{SHA}  cat/e.jpg\n"
    assert [file for file, _, _ in find(text)] == [0, 1, 2, None]


def test_or_to_the_folder_of_the_list(find: Find) -> None:
    text = f"{SHA}  images/a.jpg\n{SHA}  images/cat/d.jpg\n{SHA}  labels/a.txt\n{SHA}  images/gone.jpg\n"
    assert [file for file, _, _ in find(text, at="set/sums.txt")] == [0, 2, None]
    assert [file for file, _, _ in find(f"{SHA}  d.jpg\n", at="set/images/cat/SHA256SUMS")] == [2]


def test_or_to_the_current_folder_or_absolute(find: Find, tmp_path: Path) -> None:
    assert [file for file, _, _ in find(f"{SHA}  set/images/a.jpg\n", at="sums/sums.txt")] == [0]
    assert [file for file, _, _ in find(f"{SHA}  {tmp_path}/set/images/a.jpg\n", at="sums/sums.txt")] == [0]


def test_or_to_a_folder_elsewhere(find: Find) -> None:
    text = "".join(f"{SHA}  /data/v1/{path}\n" for path in ("README", *FILES))
    assert [file for file, _, _ in find(text)] == [None, 0, 1, 2]
    assert [file for file, _, _ in find(f"{SHA}  b c.jpg\n{SHA}  d.jpg\n")] == [1, 2]
    assert [file for file, _, _ in find(f"{MD5} *cat\\d.jpg\n{MD5} *a.jpg\n")] == [2, 0]


def test_of_two_folders_of_the_same_files_the_one_of_the_name_is_taken(find: Find) -> None:
    text = f"{SHA}  /data/test/a.jpg\n{SHA}  /data/images/a.jpg\n"
    assert find(text) == [(0, "/data/images/a.jpg", 2)]


def test_between_two_folders_the_user_decides(find: Find) -> None:
    with pytest.raises(
        UsageError, match=r"the paths in `sums.txt` may start in `data/test` or `data/train`: write them"
    ):
        find(f"{SHA}  /data/test/a.jpg\n{SHA}  /data/train/a.jpg\n")


def _write(files: dict[str, str]) -> Sequence[str]:
    for name, content in files.items():
        path = Path("set/images") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tuple(files)


def _sums(**files: str) -> str:
    return "".join(f"{hashlib.sha256(content.encode()).hexdigest()}  {name}.jpg\n" for name, content in files.items())


AT = "set/images/full/SHA256SUMS"


def test_a_list_within_the_images_is_of_its_own_folder_first(find: Find) -> None:
    files = ("a.jpg", "b.jpg", "full/a.jpg", "full/b.jpg")
    assert [file for file, _, _ in find(_sums(a="A", b="B"), at=AT, files=files)] == [2, 3]
    _write({"a.jpg": "a", "b.jpg": "b", "full/a.jpg": "damaged", "full/b.jpg": "B"})
    assert [file for file, _, _ in find(_sums(a="A", b="B"), at=AT, files=files)] == [2, 3]


def test_unless_other_files_of_the_names_are_those_of_the_checksums(find: Find) -> None:
    files = _write({"a.jpg": "A", "b.jpg": "B", "full/a.jpg": "a", "full/b.jpg": "b"})
    assert [file for file, _, _ in find(_sums(a="A", b="B"), at=AT, files=files)] == [0, 1]


def test_files_of_a_folder_that_lost_some_are_still_those_of_its_list(find: Find) -> None:
    files = _write({"a.jpg": "a", "b.jpg": "b", "c.jpg": "C", "full/a.jpg": "A", "full/b.jpg": "B"})
    assert [file for file, _, _ in find(_sums(a="A", b="B", c="C"), at=AT, files=files)] == [3, 4, None]


def test_one_file_of_the_same_name_beside_a_list_does_not_make_it_one_of_its_folder(find: Find) -> None:
    files = _write({"a.jpg": "A", "b.jpg": "B", "full/a.jpg": "A"})
    assert [file for file, _, _ in find(_sums(a="A", b="B"), at=AT, files=files)] == [0, 1]


def test_where_no_checksum_tells_and_each_folder_lacks_something_the_user_decides(find: Find) -> None:
    files = _write({"a.jpg": "a", "b.jpg": "b", "full/a.jpg": "a"})
    with pytest.raises(UsageError, match=r"may start in `full` or `.*/set/images`: write them relative to the folder"):
        find(_sums(a="A", b="B"), at=AT, files=files)


def test_a_list_of_a_folder_that_is_left_out_is_not_held_against_others(find: Find) -> None:
    _write({"a.jpg": "a", "b.jpg": "b", "full/a.jpg": "A", "full/b.jpg": "B"})
    with pytest.raises(UsageError, match="`set/images/full/SHA256SUMS` is of files that are left out of the scan"):
        find(_sums(a="A", b="B"), at=AT, files=("a.jpg", "b.jpg"))
    assert [file for file, _, _ in find(_sums(a="a", b="b"), at=AT, files=("a.jpg", "b.jpg"))] == [0, 1]


def test_checksums_tell_one_of_two_folders_elsewhere(find: Find) -> None:
    files = _write({"a.jpg": "A", "b.jpg": "B"})
    digests = _sums(a="A", b="B").replace("  ", "  /data/train/") + _sums(a="x", b="y").replace("  ", "  /data/test/")
    found = find(digests, files=files)
    assert [path for _, path, _ in found] == ["/data/train/a.jpg", "/data/train/b.jpg"]


def test_what_is_there_but_no_sample_is_not_missing(find: Find) -> None:
    Path("set/images/.git").mkdir()
    Path("set/images/.git/HEAD").write_text("ref")
    assert find(f"{SHA}  a.jpg\n{SHA}  .git/HEAD\n{SHA}  ../README\n") == [(0, "a.jpg", 1)]


def test_a_list_of_other_files_is_refused(find: Find) -> None:
    with pytest.raises(
        UsageError, match=r"`sums.txt` names no file in `.*` \(the first is line 2: `x.jpg`\): its paths"
    ):
        find(f"# others\n{SHA}  x.jpg\n")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        (
            f"BLAKE2b (a.jpg) = {SHA}\n",
            "has checksums of BLAKE2b, and only these are read: MD5, SHA1, SHA224, SHA256, SHA384, SHA512 .*",
        ),
        (f"SHA3-256 (a.jpg) = {SHA}\n", "has checksums of SHA3-256, and only these are read: .*"),
        ("a.jpg 0\nb.jpg 1\n", r"has no line that is a checksum \(the first is line 1: `a.jpg 0`\)"),
    ],
)
def test_a_list_without_a_checksum_is_refused(find: Find, content: str, what: str) -> None:
    with pytest.raises(UsageError, match=f"`sums.txt` {what}: write it with `sha256sum FILES`"):
        find(content)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the list of checksums `none`: No such file"):
        checksums.read("none", images=tmp_path, samples=pl.DataFrame({"file": [], "path": []}))


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    root = bytes(tmp_path)
    for algorithm in ALGORITHMS.values():
        assert digest(b"a", root=root, algorithm=algorithm) == {
            algorithm: hashlib.new(algorithm, b"content").hexdigest()
        }


@needs_links
def test_what_cannot_be_read_has_no_digest(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    for name in (b"folder", b"link", b"none"):
        assert digest(name, root=bytes(tmp_path), algorithm="md5") == {}
