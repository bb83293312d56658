"""What `sanitize verify` says of a scan, and of whatever happened since."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

import sanitize
from sanitize import UsageError, VerifyResult, checks, cli, out, systems
from sanitize.record import NAME
from sanitize.verifying import parse_age
from tests.links import needs_links

from .conftest import Scan
from .engine.conftest import write_photo
from .test_cli import sanitize as command

Found = list[tuple[str, str, str, str]]


def make_photos(folder: Path) -> None:
    """Make two JPEGs, a GIF and an empty file in `photos`, with a list and the names of the classes beside it."""
    for number, name in enumerate("ab"):
        write_photo(folder / "photos" / "deep" / f"{name}.jpg", number)
    Image.open(folder / "photos" / "deep" / "a.jpg").save(folder / "photos" / "c.gif")
    (folder / "photos" / "bad.jpg").write_bytes(b"")
    (folder / "train.txt").write_text("deep/a.jpg 0\ndeep/b.jpg 1\nc.gif 0\nbad.jpg 1\n")
    (folder / "names.txt").write_text("cat\ndog\n")


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a folder, in the current one."""
    monkeypatch.chdir(tmp_path)
    make_photos(tmp_path)
    return Path("photos")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with such pictures, and `out` of a scan that read a settings file."""
    folder = tmp_path_factory.mktemp("verify") / "now"
    folder.mkdir()
    make_photos(folder)
    (folder / "sanitize.toml").write_text('classes = "names.txt"\nworkers = 1\n')
    done = command("scan", "photos", "--labels", "train.txt", "-o", "out", "--quiet", cwd=folder)
    assert done.returncode == 1, done.stderr
    shutil.copytree(folder, folder.parent / "then", symlinks=True)
    return folder


@pytest.fixture
def scanned(template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`out`, in the current folder, as if it had just been written."""
    shutil.rmtree(template)
    shutil.copytree(template.parent / "then", template, symlinks=True)
    monkeypatch.chdir(template)
    return Path("out")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """A function that runs a command in this process."""

    def run_here(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as ended:
            cli.main([*map(str, arguments)])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Done(int(str(ended.value.code)), out.decode(), err.decode())

    return run_here


def found(result: VerifyResult) -> Found:
    """Return rule, path, list and message of the findings."""
    assert result.exit_status == (1 if result.findings.height else 0)
    assert set(result.findings["severity"]) <= {"error"}
    return result.findings.select("rule", "path", "list", "message").rows()


def rewrite(path: Path, content: bytes) -> None:
    """Change the content of a file and neither its size nor its time."""
    before = path.stat()
    assert len(content) == before.st_size
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def flip(path: Path) -> None:
    """Change one bit of a file and neither its size nor its time."""
    content = path.read_bytes()
    rewrite(path, content[:-1] + bytes([content[-1] ^ 1]))


def test_what_is_as_the_scan_left_it_is_fit(scanned: Path) -> None:
    for deep in (False, True):
        result = sanitize.verify(scanned, deep=deep, max_age="1h")
        assert found(result) == []
        assert result.fit
        assert (result.summary["files"], result.summary["entries"], result.summary["deep"]) == (3, 3, deep)
        assert result.summary["scan"] == json.loads((scanned / "summary.json").read_text())


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda: Path("photos/deep/a.jpg").unlink(),
            ("changed-file", "deep/a.jpg", "", "is gone since the scan"),
        ),
        (
            lambda: Path("photos/deep/a.jpg").write_bytes(b"new"),
            ("changed-file", "deep/a.jpg", "", "changed since the scan: 3 bytes, and "),
        ),
        (
            lambda: (Path("photos/c.gif").unlink(), Path("photos/c.gif").mkdir()),
            ("changed-file", "c.gif", "", "cannot be looked at: no longer a file"),
        ),
        (
            lambda: Path("out/images/deep/a.jpg").unlink(),
            ("changed-copy", "deep/a.jpg", "", "images/deep/a.jpg is gone since the scan"),
        ),
        (
            lambda: (Path("out/images/deep/a.jpg").unlink(), Path("out/images/deep/a.jpg").symlink_to("b.jpg")),
            ("changed-copy", "deep/a.jpg", "", "images/deep/a.jpg leads to b.jpg, and to /"),
        ),
        (
            lambda: (Path("out/images/deep/a.jpg").unlink(), Path("out/images/deep/a.jpg").write_bytes(b"x")),
            ("changed-copy", "deep/a.jpg", "", "images/deep/a.jpg is a file, and was a link"),
        ),
        (
            lambda: (Path("out/images/c.png").unlink(), Path("out/images/c.png").symlink_to("deep/a.jpg")),
            ("changed-copy", "c.gif", "", "images/c.png is a link, and was a file"),
        ),
        (
            lambda: Path("out/images/c.png").write_bytes(b"cut"),
            ("changed-copy", "c.gif", "", "images/c.png changed since the scan: 3 bytes, and "),
        ),
        (
            lambda: shutil.copy("photos/bad.jpg", "out/images/bad.jpg"),
            ("changed-copy", "bad.jpg", "", "images/bad.jpg is there, and no list of the scan names it"),
        ),
        (
            lambda: Path("out/train.txt").write_text(Path("out/train.txt").read_text() + "deep/a.jpg 1\n"),
            ("changed-output", "", "out/train.txt", "changed since the scan wrote it: 47 bytes, and 34 then"),
        ),
        (
            lambda: rewrite(Path("out/train.txt"), Path("out/train.txt").read_bytes().replace(b" 1\n", b" 0\n")),
            ("changed-output", "", "out/train.txt", "changed since the scan wrote it: other content of the same size"),
        ),
        (
            lambda: Path("out/classes.txt").unlink(),
            ("changed-output", "", "out/classes.txt", "is gone, or cannot be read"),
        ),
        (
            lambda: Path("out/quarantine.csv").write_text(""),
            ("changed-output", "", "out/quarantine.csv", "changed since the scan wrote it: 0 bytes, and "),
        ),
        (
            lambda: rewrite(Path("train.txt"), Path("train.txt").read_bytes().replace(b"b.jpg 1", b"b.jpg 0")),
            ("changed-input", "", "train.txt", "changed since the scan read it: other content of the same size"),
        ),
        (
            lambda: Path("names.txt").unlink(),
            ("changed-input", "", "names.txt", "is gone, or cannot be read"),
        ),
        (
            lambda: Path("sanitize.toml").write_text(""),
            ("changed-input", "", "sanitize.toml", "changed since the scan read it: 0 bytes, and "),
        ),
    ],
)  # fmt: skip
def test_each_change_is_one_finding(
    scanned: Path, change: Callable[[], object], expected: tuple[str, str, str, str], deep: bool
) -> None:
    change()
    [(rule, path, source, message)] = found(sanitize.verify(scanned, deep=deep))
    assert (rule, path, source) == expected[:3]
    assert message.startswith(expected[3])


def test_entries_that_may_not_be_listed_are_told_in_a_line(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str | bytes) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr("sanitize.image_tree.os.scandir", refuse)
    with pytest.raises(UsageError, match=r"cannot list .*images/?: Permission denied; allow it, or scan again"):
        sanitize.verify(scanned)


def test_a_scan_makes_good_what_is_gone_or_strange(scanned: Path, run: Callable[..., Done]) -> None:
    Path("out/train.txt").write_text("")
    Path("out/images/deep/a.jpg").unlink()
    Path("out/images/c.png").write_bytes(b"cut")
    Path("out/images/strange.jpg").write_bytes(b"")
    assert len(found(sanitize.verify(scanned))) == 4
    assert run("scan", "photos", "--labels", "train.txt", "-o", "out", "--quiet").status == 1
    assert found(sanitize.verify(scanned, deep=True)) == []


@needs_links
def test_a_link_is_the_same_in_the_words_of_windows(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def readlink(path: bytes, **options: int) -> bytes:
        target = real(path, **options)
        return b"\\\\?\\" + target.replace(b"/", b"\\") if b"out/images/" in path else target

    real = os.readlink
    monkeypatch.setattr(systems, "WINDOWS", True)
    monkeypatch.setattr(os, "readlink", lambda path, **options: readlink(os.fsencode(path), **options))
    assert found(sanitize.verify(scanned)) == []


def test_of_entries_that_are_gone_none_is_to_be_removed(scanned: Path, run: Callable[..., Done]) -> None:
    Path("out/images/deep/a.jpg").unlink()
    assert "next: sanitize scan" in run("verify", "out").err


@needs_links
def test_an_entry_that_looks_like_its_own_is_removed_first(scanned: Path, run: Callable[..., Done]) -> None:
    flip(Path("out/images/c.png"))
    Path("out/images/deep/a.jpg").unlink()
    Path("out/images/deep/a.jpg").symlink_to("b.jpg")
    assert "next: remove those entries of images/, then sanitize scan" in run("verify", "out", "--deep").err
    shutil.rmtree("out/images")
    assert run("scan", "photos", "--labels", "train.txt", "-o", "out", "--quiet").status == 1
    assert found(sanitize.verify(scanned, deep=True)) == []


def test_a_touched_picture_is_another_one_unless_its_content_is_compared(scanned: Path) -> None:
    os.utime("photos/deep/a.jpg", ns=(0, 1))
    [(rule, path, _list, message)] = found(sanitize.verify(scanned))
    assert (rule, path) == ("changed-file", "deep/a.jpg")
    assert message.startswith("changed since the scan: written 1970-01-01 00:00:00.000000001 UTC, and 20")
    assert found(sanitize.verify(scanned, deep=True)) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "photos/deep/a.jpg",
            ("changed-file", "deep/a.jpg", "", "changed since the scan: other content of the same size and time"),
        ),
        (
            "out/images/c.png",
            ("changed-copy", "c.gif", "", "images/c.png changed since the scan: other content of the same size"),
        ),
    ],
)
def test_a_bit_that_flipped_is_seen_by_content_alone(
    scanned: Path, path: str, expected: tuple[str, str, str, str]
) -> None:
    flip(Path(path))
    assert found(sanitize.verify(scanned)) == []
    assert found(sanitize.verify(scanned, deep=True)) == [expected]


def test_of_a_file_of_many_programs_only_the_own_settings_count(photos: Path, run: Callable[..., Done]) -> None:
    others = '[project]\nname = "x"\nversion = "1"\n'
    Path("pyproject.toml").write_text(f'{others}[tool.sanitize]\nignore = ["grey", "alpha"]\n')
    assert run("scan", photos, "-o", "out", "--no-report").status == 1
    Path("pyproject.toml").write_text(f'[tool.sanitize]\nignore = ["grey", "alpha"]\n{others.replace("1", "2")}')
    assert found(sanitize.verify("out")) == []
    Path("pyproject.toml").write_text(f'{others}[tool.sanitize]\nignore = ["grey"]\n')
    changed = ("changed-input", "", "pyproject.toml", "changed since the scan read it: other settings")
    assert found(sanitize.verify("out")) == [changed]
    Path("pyproject.toml").write_text(others)
    assert found(sanitize.verify("out")) == [changed]


def test_a_copy_that_was_written_later_is_another_one_unless_its_content_is_compared(
    scanned: Path, run: Callable[..., Done]
) -> None:
    copy = Path("out/images/c.png")
    whole, made = copy.read_bytes(), copy.stat().st_mtime_ns
    assert made % 10**9 == 0
    os.utime(copy, ns=(made, made - 10**9))  # as an archive of an even number of seconds keeps it
    assert found(sanitize.verify(scanned)) == []
    os.utime(copy, ns=(made, made + 1))
    [(rule, path, _source, message)] = found(sanitize.verify(scanned))
    assert (rule, path) == ("changed-copy", "c.gif")
    assert message.startswith("images/c.png changed since the scan: written 20")
    assert found(sanitize.verify(scanned, deep=True)) == []
    copy.write_bytes(bytes(len(whole)))
    assert sanitize.verify(scanned).exit_status == sanitize.verify(scanned, deep=True).exit_status == 1
    assert run("scan", "photos", "--labels", "train.txt", "--classes", "names.txt", "-o", "out").status < 2
    assert copy.read_bytes() == whole
    assert found(sanitize.verify(scanned)) == []


def test_what_is_not_trained_on_may_change(scanned: Path, tmp_path: Path) -> None:
    Path("photos/bad.jpg").write_bytes(b"still bad")
    write_photo(tmp_path / "photos" / "new.jpg", 9)
    os.utime("train.txt", ns=(0, 0))
    os.utime("out/train.txt", ns=(0, 0))
    Path("out/notes.txt").write_text("not written by a scan")
    Path("out/images/empty").mkdir()
    shutil.rmtree("out/.sanitize/parts")
    assert found(sanitize.verify(scanned)) == []


def test_out_may_be_verified_from_anywhere_and_moved(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned_in = Path.cwd()
    (tmp_path / "elsewhere").mkdir()
    scanned.rename(tmp_path / "elsewhere" / "moved")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert found(sanitize.verify("moved")) == []
    (scanned_in / "train.txt").unlink()
    assert found(sanitize.verify("moved")) == [("changed-input", "", "train.txt", "is gone, or cannot be read")]


@pytest.mark.parametrize("link", ["hardlink", "copy"])
@pytest.mark.parametrize("labels", [["train.txt"], "folders", None])
def test_other_ways_to_scan_are_verified_too(photos: Path, scan: Scan, link: str, labels: Any) -> None:
    result = scan(photos, labels, images=True, link=link)
    assert found(sanitize.verify(result.out, deep=True)) == []
    flip(result.out / "images" / "deep" / "a.jpg")
    also = [("changed-file", "deep/a.jpg")] if link == "hardlink" else []
    assert found(sanitize.verify(result.out)) == []
    assert [row[:2] for row in found(sanitize.verify(result.out, deep=True))] == [
        ("changed-copy", "deep/a.jpg"),
        *also,
    ]


@needs_links
def test_without_images_the_originals_are_compared_where_they_were_named(
    photos: Path, tmp_path: Path, scan: Scan
) -> None:
    (tmp_path / "current").symlink_to("photos")
    result = scan(tmp_path / "current", "train.txt")
    assert found(sanitize.verify(result.out)) == []
    shutil.copytree(photos, tmp_path / "other")
    flip(tmp_path / "other" / "deep" / "b.jpg")
    os.utime(tmp_path / "other" / "deep" / "b.jpg")
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("other")
    assert [row[:2] for row in found(sanitize.verify(result.out))] == [("changed-file", "deep/b.jpg")]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are text")
def test_hostile_names_are_compared_byte_by_byte(tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [b"\xff.gif", b"=cmd.jpg", b"<script>.jpg", b"q\"'.jpg", b"\x1b[31m.jpg", "ü.gif".encode(), b"-o.jpg"]
    folder = os.fsencode(tmp_path / "ph\nos")
    os.mkdir(folder)
    for number, name in enumerate(names):
        write_photo(tmp_path / "x.jpg", number)
        if name.endswith(b".gif"):
            Image.open(tmp_path / "x.jpg").save(tmp_path / "x.gif")
            (tmp_path / "x.gif").rename(tmp_path / "x.jpg")
        os.rename(tmp_path / "x.jpg", os.path.join(folder, name))
    list_name = os.fsdecode(b"l\xff.txt")
    Path(list_name).write_bytes(b"".join(name + b" 0\n" for name in names))
    result = scan(os.fsdecode(folder), f"train={list_name}", images=True, out=os.fsdecode(b"o\xfe"))
    assert result.lines_kept == len(names)
    assert found(sanitize.verify(result.out, deep=True)) == []
    for name in names:
        os.utime(os.path.join(folder, name), ns=(1, 1))
    os.unlink(os.path.join(os.fsencode(result.out), b"images", b"\xff.png"))
    Path(list_name).write_bytes(b"")
    told = found(sanitize.verify(result.out))
    assert [(rule, path or source) for rule, path, source, _message in told] == [
        ("changed-input", "l\\xff.txt"),
        ("changed-file", "\\x1b[31m.jpg"),
        ("changed-file", "-o.jpg"),
        ("changed-file", "<script>.jpg"),
        ("changed-file", "=cmd.jpg"),
        ("changed-file", "q\"'.jpg"),
        ("changed-file", "ü.gif"),
        ("changed-copy", "\\xff.gif"),
        ("changed-file", "\\xff.gif"),
    ]


def set_record(folder: Path, **values: object) -> None:
    record = json.loads((folder / NAME).read_text())
    (folder / NAME).write_text(json.dumps({**record, **values}))


def test_an_old_scan_does_not_count_where_there_is_a_limit(scanned: Path) -> None:
    set_record(scanned, finished=(datetime.now(UTC) - timedelta(hours=25)).isoformat())
    assert found(sanitize.verify(scanned)) == []
    assert found(sanitize.verify(scanned, max_age="2d")) == []
    assert found(sanitize.verify(scanned, max_age=timedelta(hours=26))) == []
    [(rule, path, source, message)] = found(sanitize.verify(scanned, max_age="24h"))
    assert (rule, path, source) == ("old-scan", "", "")
    assert message.endswith("1 day, 1:00:00 ago, and no more than 1 day, 0:00:00 is allowed")


@pytest.mark.parametrize(
    ("text", "hours"), [("24h", 24), ("90m", 1.5), ("7d", 168), (" 2 w ", 336), ("1.5h", 1.5), ("0s", 0)]
)
def test_an_age_has_a_unit(text: str, hours: float) -> None:
    assert parse_age(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "24", "h", "-1h", "1y", "1e9d", "99999999999d", "١h", "24h 3m"])
def test_another_age_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="--max-age takes an age such as 90m, 24h or 7d"):
        parse_age(text)


def test_an_error_that_the_lists_are_not_without_stands(photos: Path, scan: Scan) -> None:
    Path("train.txt").write_text("deep/a.jpg 1\ndeep/b.jpg 2\n")
    result = scan(photos, "train.txt")
    assert result.lines_kept == 2
    [(rule, _path, source, _message)] = found(sanitize.verify(result.out))
    assert (rule, source) == ("labels-not-from-zero", "")
    assert found(sanitize.verify(scan(photos, "train.txt", fail_on="never").out)) == []


def test_errors_that_were_taken_off_the_lists_do_not_count(photos: Path, scan: Scan) -> None:
    result = scan(photos, "train.txt", max_bad=0)
    assert (result.exit_status, result.quarantined) == (1, 1)
    assert found(sanitize.verify(result.out)) == []


def test_what_an_unfinished_scan_left_in_images_is_told(
    photos: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = scan(photos, "train.txt", images=True)
    assert found(sanitize.verify(result.out)) == []
    with monkeypatch.context() as patch:
        patch.setattr(out.Out, "replace", lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            scan(photos, "train.txt", images=True, rgb_format="jpeg")
        assert (result.out / "images" / "c.jpg").exists()
    told = found(sanitize.verify(result.out))
    assert told == [
        ("changed-copy", "c.gif", "", "images/c.png may have been made anew: a later scan did not finish"),
        ("changed-copy", "c.jpg", "", "images/c.jpg is there, and no list of the scan names it"),
    ]


def cut(path: Path) -> None:
    """Cut a file in half."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def write_other_facts(folder: Path) -> None:
    """Write facts without the columns of today, as a scan of another version would have."""
    pl.read_parquet(folder / "facts.parquet").drop("rgb_path_bytes").write_parquet(folder / "facts.parquet")
    content = (folder / "facts.parquet").read_bytes()
    record = json.loads((folder / NAME).read_text())
    [facts] = [one for one in record["outputs"] if one["name"] == "facts.parquet"]
    facts |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / NAME).write_text(json.dumps(record))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: shutil.rmtree(folder), "there is no folder"),
        (lambda folder: shutil.rmtree(folder / ".sanitize"), "is not the OUT of a scan"),
        (
            lambda folder: ((folder / NAME).unlink(), (folder / "summary.json").unlink()),
            "has finished; run `sanitize scan` until it ends",
        ),
        (lambda folder: (folder / NAME).unlink(), "left no record of its scan; scan again"),
        (lambda folder: cut(folder / NAME), "damaged, or only half of it was written; scan again"),
        (lambda folder: (folder / NAME).write_text("[]"), "is damaged; scan again"),
        (lambda folder: (folder / NAME).write_text('{"version": "0.0.1"}'), "is damaged; scan again"),
        (lambda folder: set_record(folder, version="0.0.1"), "was written by version 0.0.1, and this is"),
        (lambda folder: set_record(folder, layout=99), "was written by version"),
        (lambda folder: set_record(folder, outputs=[{}]), "is damaged; scan again"),
        (lambda folder: set_record(folder, settings={}), "is damaged; scan again"),
        (lambda folder: cut(folder / "facts.parquet"), "facts.parquet is gone, damaged or half-written, or may not be read"),
        (lambda folder: (folder / "facts.parquet").unlink(), "facts.parquet is gone, damaged or half-written"),
        (lambda folder: (folder / "facts.parquet").write_bytes(b"PAR1" * 20), "facts.parquet is gone, damaged"),
        (lambda folder: write_other_facts(folder), "facts.parquet was written by another version; scan again"),
        (lambda folder: cut(folder / "summary.json"), "summary.json is gone, damaged or half-written, or may not be read"),
        (lambda folder: (folder / "summary.json").unlink(), "summary.json is gone, damaged or half-written"),
        (lambda folder: shutil.rmtree(folder / ".sanitize" / "images"), "notes of `images/` is gone or damaged"),
        (lambda folder: shutil.rmtree("photos"), "is not there; mount it, or scan again"),
    ],
)  # fmt: skip
def test_where_there_is_no_scan_to_compare_with_one_line_says_what_to_do(
    scanned: Path, spoil: Callable[[Path], object], words: str, run: Callable[..., Done]
) -> None:
    spoil(scanned)
    with pytest.raises(UsageError, match=words):
        sanitize.verify(scanned)
    done = run("verify", scanned)
    assert (done.status, len(done.err.splitlines()), done.out) == (2, 1, "")


def test_a_scan_that_never_finished_is_none(photos: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(out.Out, "replace", lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            scan(photos, out="unfinished")
    with pytest.raises(UsageError, match="no scan into unfinished has finished"):
        sanitize.verify("unfinished")


def test_a_scan_that_was_ended_while_it_replaced_the_last_one_is_none(
    photos: Path, tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = scan(photos, "train.txt")
    (photos / "deep" / "b.jpg").unlink()
    replaced: list[str] = []
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if replaced and Path(target).parent == result.out:
            raise KeyboardInterrupt
        replaced.extend([str(target)] if Path(target).name == "record.json" else [])
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            scan(photos, "train.txt")
    assert replaced
    with pytest.raises(UsageError, match="scan again"):
        sanitize.verify(result.out)


def test_while_a_scan_is_writing_nothing_is_compared_and_others_may_compare_at_once(scanned: Path) -> None:
    with (
        out.hold(scanned, Path("photos")),
        pytest.raises(UsageError, match="a scan is writing out; wait until it ends"),
    ):
        sanitize.verify(scanned)
    assert found(sanitize.verify(scanned)) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_list_from_a_pipe_is_read_once_and_not_compared(photos: Path, scan: Scan) -> None:
    os.mkfifo("list.txt")
    writer = threading.Thread(target=lambda: Path("list.txt").write_text("deep/a.jpg 0\n"))
    writer.start()
    result = scan(photos, "list.txt")
    writer.join()
    assert result.lines_kept == 1
    assert found(sanitize.verify(result.out)) == []


def test_verify_changes_nothing(scanned: Path) -> None:
    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in Path().rglob("*")}

    Path("out/images/deep/a.jpg").unlink()
    before = state()
    assert sanitize.verify(scanned, deep=True).exit_status == 1
    assert state() == before


def test_the_command_says_it_in_words_and_by_its_exit_status(scanned: Path, run: Callable[..., Done]) -> None:
    done = run("verify", "out", "--max-age", "1d")
    assert (done.status, done.out) == (0, "")
    assert "as the scan left it: 3 images and 3 entries of images/ compared" in done.err
    assert "3 of 4 images kept" in done.err
    assert "\x1b" not in done.err
    Path("photos/deep/a.jpg").unlink()
    done = run("verify", "out")
    assert (done.status, done.out) == (1, "")
    assert "changed-file  deep/a.jpg: is gone since the scan" in done.err
    assert "next: sanitize scan" in done.err
    done = run("verify", "out", "--quiet", "--output-format", "github")
    assert (done.status, done.err) == (1, "")
    assert done.out == (
        "::error file=photos/deep/a.jpg,line=1,title=changed-file::deep/a.jpg: is gone since the scan\n"
    )


@pytest.mark.parametrize("name", ["json", "jsonl", "sarif", "junit", "github", "gitlab"])
def test_every_format_takes_the_result(scanned: Path, name: str, run: Callable[..., Done]) -> None:
    Path("photos/deep/a.jpg").unlink()
    Path("out/train.txt").write_text("")
    Path("names.txt").write_text("")
    done = run("verify", "out", "--quiet", "--output-format", name)
    assert (done.status, done.err) == (1, "")
    for word in ("changed-file", "changed-output", "changed-input", "out/train.txt", "names.txt", "deep/a.jpg"):
        assert word in done.out


def test_what_is_about_no_file_shows_at_the_list_or_else_at_the_summary(
    photos: Path, scan: Scan, run: Callable[..., Done]
) -> None:
    old = ("verify", "out", "--quiet", "--max-age", "0s", "--output-format", "github")
    scan(photos, "train.txt", out="out")
    assert run(*old).out.startswith("::error file=train.txt,line=1,title=old-scan::")
    scan(photos, out="out")
    assert run(*old).out.startswith("::error file=out/summary.json,line=1,title=old-scan::")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "OUT"),
        (["out", "--max-age", "soon"], "--max-age takes an age"),
        (["out", "--output-format", "xml"], "--output-format takes"),
        (["out", "--fast"], "--fast"),
        (["photos"], "is not the OUT of a scan"),
    ],
)
def test_wrong_usage_is_one_line_and_2(
    scanned: Path, arguments: list[str], words: str, run: Callable[..., Done]
) -> None:
    done = run("verify", *arguments)
    assert (done.status, len(done.err.splitlines()), done.out) == (2, 1, "")
    assert words in done.err


@pytest.mark.parametrize("name", sorted(checks.discover()))
def test_every_check_has_a_manual(name: str, run: Callable[..., Done]) -> None:
    check = checks.discover()[name]
    assert check.manual.partition("\n")[0].endswith(".")
    assert "\n\n" in check.manual
    assert run("explain", name).out.startswith(f"{name} (error)\n")
