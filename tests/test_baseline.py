"""What was accepted does not count again, and comes onto a clean list only where somebody says so."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import threading
from pathlib import Path
from typing import Any

import cv2
import pytest
from PIL import Image

import sanitize
from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from sanitize import UsageError, out
from sanitize.result import ScanResult
from sanitize.summaries import summarize

from .conftest import Scan
from .test_cli import sanitize as command

A = jpeg(photo("a"))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A truncated picture, a sound one and an empty file."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(A[:-800])
    (folder / "b.jpg").write_bytes(jpeg(photo("b")))
    (folder / "empty.jpg").write_bytes(b"")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the baseline lies."""
    return tmp_path / "baseline.jsonl"


def entries(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text().splitlines()][1:]


def rows(result: ScanResult) -> list[Any]:
    return [json.loads(line) for line in (result.out / "findings.jsonl").read_text().splitlines()]


def clean(result: ScanResult, name: str = "images.txt") -> list[str]:
    return (result.out / name).read_text().splitlines()


def test_a_baseline_is_lines_that_a_person_can_review(photos: Path, file: Path, scan: Scan) -> None:
    assert sanitize.write_baseline(scan(photos).out, file) == 2
    head, *found = [json.loads(line) for line in file.read_text().splitlines()]
    assert head == {"sanitize-baseline": 1}
    assert [(one["path"], one["rule"], one["severity"]) for one in found] == [
        ("a.jpg", "truncated", "error"), ("empty.jpg", "empty-file", "error")
    ]  # fmt: skip
    assert found[0]["message"].startswith("the data ends early")
    before = file.read_bytes()
    sanitize.write_baseline(scan(photos, workers=2).out, file)
    assert file.read_bytes() == before


def test_what_is_accepted_does_not_count_and_is_on_no_clean_list(photos: Path, file: Path, scan: Scan) -> None:
    before = scan(photos)
    sanitize.write_baseline(before.out, file)
    after = scan(photos, baseline=file)
    assert (before.exit_status, after.exit_status) == (1, 0)
    assert (before.summary["accepted"], after.summary["accepted"]) == (0, 2)
    assert (after.kept, after.quarantined, clean(after)) == (1, 2, ["b.jpg"])
    assert after.summary["findings"] == before.summary["findings"]
    said = summarize(after, colour=False)
    assert "✔ fit for training: 1 image of 3 kept" in said
    assert "2 findings accepted" in said
    assert "  error         1  empty-file  (accepted) empty.jpg: " in said


def test_reports_say_what_is_accepted_and_keep_their_columns(photos: Path, file: Path, scan: Scan) -> None:
    first = scan(photos)
    before, names = rows(first), (first.out / "quarantine.csv").read_text().splitlines()[0]
    sanitize.write_baseline(first.out, file)
    (photos / "new.jpg").write_bytes(b"\0" * 100)
    second = scan(photos, baseline=file)
    after = [row for row in rows(second) if row["path"] != "new.jpg"]
    assert [{**row, "accepted": True} for row in before] == after
    assert list(after[0])[:-1] == list(before[0])
    found = list(csv.DictReader(io.StringIO((second.out / "quarantine.csv").read_text())))
    assert {row["path"]: row["accepted"] for row in found} == {"a.jpg": "true", "empty.jpg": "true", "new.jpg": "false"}
    assert (second.out / "quarantine.csv").read_text().splitlines()[0] == f'{names},"accepted"'


def test_what_is_new_counts(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos).out, file)
    (photos / "new.jpg").write_bytes(b"")
    result = scan(photos, baseline=file)
    assert (result.exit_status, result.summary["accepted"]) == (1, 2)


def test_another_defect_of_the_same_bytes_counts_and_so_do_other_bytes(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos).out, file)
    only = file.read_text().splitlines(keepends=True)
    file.write_text(only[0] + only[2])
    assert scan(photos, baseline=file).exit_status == 1
    file.write_text("".join(only))
    (photos / "a.jpg").write_bytes(A[:-900])
    assert scan(photos, baseline=file).exit_status == 1


def test_a_leak_of_another_picture_under_the_same_name_counts(tmp_path: Path, file: Path, scan: Scan) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("one", "other"):
        (pictures / f"{name}.jpg").write_bytes(jpeg(photo(name)))
    (pictures / "copy.jpg").write_bytes(jpeg(photo("one"), quality=60))
    lists = [tmp_path / "train.txt", tmp_path / "test.txt"]
    for path, text in zip(lists, ("copy.jpg 0\n", "one.jpg 0\nother.jpg 0\n"), strict=True):
        path.write_text(text)
    assert scan(pictures, lists).exit_status == 1
    sanitize.write_baseline(tmp_path / "out", file)
    assert scan(pictures, lists, baseline=file).exit_status == 0
    (pictures / "copy.jpg").write_bytes(jpeg(photo("other"), quality=60))
    result = scan(pictures, lists, baseline=file)
    leaks = [found for found in rows(result) if found["rule"] == "split-leak"]
    assert (result.exit_status, ["accepted" in found for found in leaks]) == (1, [False])
    lines = file.read_text().splitlines(keepends=True)
    file.write_text(re.sub(r', "sha256": "\w+"', "", "".join(lines)))  # as it was written before
    assert scan(pictures, lists, baseline=file).exit_status == 0


def test_a_touched_file_stays_accepted(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos).out, file)
    os.utime(photos / "a.jpg", ns=(1, 1))
    assert scan(photos, baseline=file).exit_status == 0


def test_accepted_errors_do_not_count_for_max_bad(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos).out, file)
    (photos / "new.jpg").write_bytes(b"")
    assert scan(photos, baseline=file, max_bad="25%").exit_status == 0
    assert scan(photos, max_bad="25%").exit_status == 1


def test_warnings_are_accepted_too(photos: Path, file: Path, scan: Scan) -> None:
    (photos / "b.jpg").rename(photos / "b.png")
    sanitize.write_baseline(scan(photos).out, file)
    assert scan(photos, baseline=file, fail_on="warning").exit_status == 0
    (photos / "c.png").write_bytes(jpeg(photo("c")))
    assert scan(photos, baseline=file, fail_on="warning").exit_status == 1


def test_what_was_a_warning_counts_when_it_is_an_error(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos, images=True, salvage=True).out, file)
    assert {one["severity"] for one in entries(file) if one["rule"] == "truncated"} == {"warning"}
    assert scan(photos, images=True, baseline=file).exit_status == 1


def test_a_line_that_moved_stays_accepted_from_whatever_folder_its_list_is_named(
    photos: Path, file: Path, tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = tmp_path / "train.txt"
    labels.write_text("b.jpg x\ngone.jpg 0\nb.jpg 0\n")
    sanitize.write_baseline(scan(photos, labels).out, file)
    labels.write_text("b.jpg 0\n\nb.jpg x\ngone.jpg 0\n")
    monkeypatch.chdir(tmp_path)
    assert scan(photos, "train.txt", baseline=file).exit_status == 0


def test_one_more_of_the_same_line_counts(photos: Path, file: Path, tmp_path: Path, scan: Scan) -> None:
    labels = tmp_path / "train.txt"
    labels.write_text("b.jpg 0\nb.jpg x\nb.jpg x\n")
    sanitize.write_baseline(scan(photos, labels).out, file)
    assert [one.get("count") for one in entries(file) if one["rule"] == "label-not-integer"] == [2]
    assert scan(photos, labels, baseline=file).exit_status == 0
    labels.write_text("b.jpg 0\nb.jpg x\nb.jpg x\nb.jpg x\n")
    assert scan(photos, labels, baseline=file).exit_status == 1


def test_kept_as_accepted_is_a_copy_that_both_readers_open(photos: Path, file: Path, scan: Scan) -> None:
    first = scan(photos, images=True)
    sanitize.write_baseline(first.out, file)
    result = scan(photos, images=True, baseline=file, keep_accepted=True)
    assert clean(result) == ["a.jpg", "b.jpg"]
    copy = result.out / "images" / "a.jpg"
    assert not copy.is_symlink()
    with Image.open(copy) as image:
        image.load()
        assert image.mode == "RGB"
    assert cv2.imread(str(copy)) is not None
    assert result.exit_status == 0
    assert "salvaged" in result.summary["findings"]  # type: ignore[operator]
    assert clean(scan(photos, images=True, baseline=file)) == ["b.jpg"]


def test_without_images_what_is_kept_as_accepted_is_listed_as_it_is(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos).out, file)
    assert clean(scan(photos, baseline=file, keep_accepted=True)) == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize("images", [True, False])
def test_what_no_decoder_makes_a_picture_of_is_never_kept(
    photos: Path, file: Path, scan: Scan, *, images: bool
) -> None:
    (photos / "page.jpg").write_bytes(b"<html><script>alert(1)</script></html>")
    (photos / "broken.png").write_bytes(png(photo("c"))[:40])
    (photos / "large.png").write_bytes(png(photo("d")))
    options: dict[str, Any] = {"images": images, "max_pixels": 9000}
    (photos / "a.jpg").unlink()
    (photos / "b.jpg").write_bytes(jpeg(photo("b").crop((0, 0, 64, 64))))
    sanitize.write_baseline(scan(photos, **options).out, file)
    result = scan(photos, **options, baseline=file, keep_accepted=True)
    assert (result.exit_status, clean(result)) == (0, ["b.jpg"])


@pytest.mark.skipif(os.name == "nt", reason="names there hold no line breaks")
def test_a_name_that_fits_no_list_is_never_kept(photos: Path, file: Path, scan: Scan) -> None:
    (photos / "b.jpg").rename(photos / "b\n.jpg")
    sanitize.write_baseline(scan(photos).out, file)
    assert clean(scan(photos, baseline=file, keep_accepted=True)) == ["a.jpg"]


def test_a_copy_that_fails_is_never_kept(
    photos: Path, file: Path, tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(
        "import sanitize.convert as convert\n"
        "convert.convert = lambda request, **options: {'error': 'no room on the device', 'bytes': 0}\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'hook'}:{Path(__file__).parents[1]}")
    (photos / "c.jpg").write_bytes(jpeg(photo("c").convert("L")))
    first = scan(photos, images=True)
    sanitize.write_baseline(first.out, file)
    assert {one["path"] for one in entries(file) if one["rule"] == "unconvertible"} == {"c.jpg"}
    result = scan(photos, images=True, baseline=file, keep_accepted=True)
    assert clean(result) == ["b.jpg"]
    assert sorted(path.name for path in (result.out / "images").iterdir()) == ["b.jpg"]
    assert result.exit_status == 1  # the truncated one has no copy either, which nobody has accepted


def test_lines_are_kept_as_accepted_where_they_can_be_written(
    photos: Path, file: Path, tmp_path: Path, scan: Scan
) -> None:
    labels = tmp_path / "train.txt"
    labels.write_text("b.jpg 0\nb.jpg 1\nb.jpg x\ngone.jpg 1\na.jpg 1\n")
    sanitize.write_baseline(scan(photos, labels).out, file)
    result = scan(photos, labels, baseline=file, keep_accepted=True)
    assert clean(result, "train.txt") == ["b.jpg 0", "b.jpg 1", "a.jpg 1"]


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_hostile_names_are_accepted_and_shown(photos: Path, file: Path, scan: Scan) -> None:
    for name in (b'\xff\n".jpg', b"=cmd|' calc'!A0.jpg", b"<script>.jpg", b"\x1b[31m.jpg"):
        with open(os.path.join(os.fsencode(photos), name), "wb"):
            pass
    sanitize.write_baseline(scan(photos).out, file)
    assert "\x1b" not in file.read_text()
    result = scan(photos, baseline=file)
    assert (result.exit_status, result.summary["accepted"]) == (0, len(entries(file)))
    assert {one["path"] for one in entries(file)} >= {'\\xff\\x0a".jpg', "<script>.jpg", "\\x1b[31m.jpg"}


def test_formats_for_programs_leave_out_or_mark_what_is_accepted(photos: Path, tmp_path: Path) -> None:
    flags = ("scan", "photos", "--no-images", "--workers", "1", "-o", "out", "--quiet")
    command(*flags, cwd=tmp_path)
    assert command("baseline", "out", cwd=tmp_path).returncode == 0
    said = {
        name: command(*flags, "--baseline", "baseline.jsonl", "--output-format", name, cwd=tmp_path)
        for name in ("sarif", "github", "gitlab", "junit", "json")
    }
    assert {done.returncode for done in said.values()} == {0}
    results = json.loads(said["sarif"].stdout)["runs"][0]["results"]
    assert [one["suppressions"][0]["kind"] for one in results] == ["external"] * 2
    assert said["github"].stdout == ""
    assert json.loads(said["gitlab"].stdout) == []
    assert "<failure" not in said["junit"].stdout
    assert [one["accepted"] for one in json.loads(said["json"].stdout)["findings"]] == [True, True]


def test_the_command_says_what_it_did_and_settings_may_name_the_file(photos: Path, tmp_path: Path) -> None:
    command("scan", "photos", "--no-images", "-o", "out", cwd=tmp_path)
    done = command("baseline", "out", "-o", "known.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "2 findings are accepted in known.jsonl; next: sanitize scan IMAGES --baseline known.jsonl\n"
    assert command("baseline", "out", "-o", "known.jsonl", "--quiet", cwd=tmp_path).stderr == ""
    (tmp_path / "sanitize.toml").write_text('baseline = "known.jsonl"\nkeep-accepted = true\nno-images = true\n')
    assert command("scan", "photos", "-o", "out", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out" / "images.txt").read_text() == "a.jpg\nb.jpg\n"


def test_verify_sees_a_baseline_that_changed(photos: Path, file: Path, scan: Scan) -> None:
    sanitize.write_baseline(scan(photos).out, file)
    result = scan(photos, baseline=file)
    assert sanitize.verify(result.out).exit_status == 0
    file.write_text(file.read_text().splitlines(keepends=True)[0])
    assert set(sanitize.verify(result.out).findings["rule"]) == {"changed-input"}


def test_verify_does_not_count_an_accepted_error_of_a_whole_list(
    photos: Path, file: Path, tmp_path: Path, scan: Scan
) -> None:
    labels = tmp_path / "train.txt"
    labels.write_text("b.jpg 1\n")
    first = scan(photos, labels)
    assert "labels-not-from-zero" in set(sanitize.verify(first.out).findings["rule"])
    sanitize.write_baseline(first.out, file)
    assert sanitize.verify(scan(photos, labels, baseline=file).out).exit_status == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no baseline, or a damaged one; write it anew with `sanitize baseline OUT`"),
        (b"\xff\xfe\0", "is no baseline"),
        (b"[1]\n", "is no baseline"),
        (b'{"a": 1}\n', "is no baseline"),
        (b"[" * 100_000, "is no baseline"),
        (b'{"sanitize-baseline": 2}\n', r"another version \(layout 2, and this one reads 1\); write it anew"),
        (b'{"sanitize-baseline": 1}\n{"rule": "trunc', "is no baseline, or a damaged one"),
        (b'{"sanitize-baseline": 1}', "only a part of it was written"),
        (b'{"sanitize-baseline": 1}\n7\n', "entry 1 of .* is none, or a damaged one; mend it"),
        (b'{"sanitize-baseline": 1}\n{"rule": 5, "fingerprint": "a", "severity": "error"}\n', "entry 1 of "),
        (b'{"sanitize-baseline": 1}\n{"rule": "a", "fingerprint": "b", "severity": "info"}\n', "entry 1 of "),
        (
            b'{"sanitize-baseline": 1}\n{"rule": "a", "fingerprint": "b", "severity": "error", "count": true}\n',
            "entry 1 of ",
        ),
    ],
)
def test_a_damaged_baseline_or_one_of_another_version_is_refused(
    photos: Path, file: Path, scan: Scan, content: bytes, words: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(UsageError, match=words) as caught:
        scan(photos, baseline=file)
    assert "\n" not in str(caught.value)


def test_a_baseline_that_is_not_there_is_refused_before_anything_is_read(photos: Path, file: Path, scan: Scan) -> None:
    with pytest.raises(UsageError, match=r"there is no baseline .*; `sanitize baseline OUT -o"):
        scan(photos, baseline=file)
    with pytest.raises(UsageError, match="cannot read"):
        scan(photos, baseline=photos)
    with pytest.raises(UsageError, match="name it with --baseline FILE"):
        scan(photos, keep_accepted=True)


def test_a_baseline_is_never_written_over_another_file(photos: Path, scan: Scan) -> None:
    folder = scan(photos).out
    with pytest.raises(UsageError, match="is there and is no baseline"):
        sanitize.write_baseline(folder, photos / "a.jpg")
    assert (photos / "a.jpg").read_bytes() == A[:-800]
    for place in (photos, photos / "nowhere" / "file"):
        with pytest.raises(UsageError, match="cannot write"):
            sanitize.write_baseline(folder, place)


def test_a_file_system_that_nothing_may_be_written_to_is_told(
    photos: Path, file: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    folder = scan(photos).out
    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(UsageError, match=r"cannot write .* \(Read-only file system\); name another file with -o"):
        sanitize.write_baseline(folder, file)


@pytest.mark.parametrize("name", ["facts.parquet", ".sanitize/findings.parquet", ".sanitize/record.json"])
def test_there_is_no_baseline_of_a_damaged_out(photos: Path, file: Path, scan: Scan, name: str) -> None:
    folder = scan(photos).out
    (folder / name).write_bytes((folder / name).read_bytes()[:-7])
    with pytest.raises(UsageError, match=r"damaged.*; scan again"):
        sanitize.write_baseline(folder, file)
    assert not file.exists()


def test_there_is_no_baseline_without_a_finished_scan(photos: Path, file: Path, tmp_path: Path, scan: Scan) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        sanitize.write_baseline(tmp_path / "nowhere", file)
    with pytest.raises(UsageError, match="is not the OUT of a scan"):
        sanitize.write_baseline(photos, file)
    folder = scan(photos).out
    content = json.loads((folder / ".sanitize" / "record.json").read_text())
    (folder / ".sanitize" / "record.json").write_text(json.dumps({**content, "version": "9.0"}))
    with pytest.raises(UsageError, match=r"was written by version 9\.0"):
        sanitize.write_baseline(folder, file)


def test_there_is_no_baseline_while_a_scan_runs(photos: Path, file: Path, scan: Scan) -> None:
    folder = scan(photos).out
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with out.hold(folder, photos):
            held.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        with pytest.raises(UsageError, match=r"a scan is writing .*; wait until it ends"):
            sanitize.write_baseline(folder, file)
    finally:
        done.set()
        holder.join()
    assert sanitize.write_baseline(folder, file) == 2
