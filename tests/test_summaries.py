"""What a person reads at the end of a scan: whether the dataset is fit, and a command to go on with."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

import pytest

import sanitize
from sanitize.summaries import summarize, summarize_moved, summarize_verified

from .conftest import Scan
from .engine.conftest import write_photo


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three pictures, and a list of them beside."""
    for number in range(3):
        write_photo(tmp_path / "my photos" / f"{number}.jpg", number)
    (tmp_path / "train.txt").write_text("".join(f"{number}.jpg {number % 2}\n" for number in range(3)))
    return tmp_path / "my photos"


def lines(scan: Scan, folder: Path, labels: Any = (), *, width: int = 100, **options: Any) -> list[str]:
    """Return the summary without the empty line before it."""
    return summarize(scan(folder, labels, **options), colour=False, width=width).splitlines()[1:]


@pytest.mark.parametrize(
    ("options", "headline"),
    [
        ({}, "✘ not fit as it is: 3 images of 4 kept"),
        ({"fail_on": "never"}, "✘ not fit as it is, and let pass by --fail-on never: 3 images of 4 kept"),
        ({"max_bad": "25%"}, "✔ fit for training, as --max-bad 25% allows: 3 images of 4 kept"),
    ],
)
def test_errors_are_never_called_fit_unless_their_share_is_allowed(
    photos: Path, scan: Scan, options: dict[str, Any], headline: str
) -> None:
    (photos / "bad.jpg").write_bytes(b"")
    said = lines(scan, photos, **options)
    assert said[0].startswith(headline)
    assert said[-1] == "  next: sanitize explain empty-file"


def test_a_good_dataset_is_fit_whatever_the_bar(photos: Path, scan: Scan) -> None:
    for options in ({}, {"fail_on": "never"}, {"max_bad": "1%"}):
        assert lines(scan, photos, **options)[0].startswith("✔ fit for training: 3 images of 3 kept")


@pytest.mark.parametrize("images", [True, False])
def test_what_comes_next_is_a_command(photos: Path, tmp_path: Path, scan: Scan, *, images: bool) -> None:
    _next, *command = shlex.split(lines(scan, photos, tmp_path / "train.txt", images=images)[-1])
    root = tmp_path / "out" / "images" if images else photos
    assert command == ["convert_imageset", os.path.join(root, ""), str(tmp_path / "out" / "train.txt"), "train_lmdb"]


def test_no_folder_that_a_scan_is_given_commands_the_terminal(photos: Path, tmp_path: Path, scan: Scan) -> None:
    hostile = photos.rename(tmp_path / "a\x1b[31m 'b")
    result = scan(hostile, tmp_path / "train.txt", out=tmp_path / "out\n\x1b[31m", images=False)
    said = summarize(result, colour=False)
    assert "\x1b" not in said
    assert r"written to " in said
    assert r"/out\x0a\x1b[31m: train.txt, " in said
    assert r"/a\x1b[31m \x27b/' $'" in said
    verified = summarize_verified(sanitize.verify(result.out), colour=False)
    assert "\x1b" not in verified
    quarantined = sanitize.quarantine(result.out, tmp_path / "bad\x1b[31m")
    again = ["sanitize", "quarantine", str(result.out), "--to", str(tmp_path / "bad\x1b[31m")]
    assert "\x1b" not in summarize_moved(quarantined, again, colour=False)


@pytest.mark.parametrize("images", [True, False])
def test_without_labels_nothing_is_advised(photos: Path, scan: Scan, *, images: bool) -> None:
    assert lines(scan, photos, images=images)[-1].startswith("  written to ")


@pytest.mark.parametrize(("labels", "names"), [("folders", "folders.txt, classes.txt"), ((), "images.txt")])
def test_all_files_for_people_are_named(photos: Path, scan: Scan, labels: str, names: str) -> None:
    photos.rename(photos.parent / "cats")
    photos.mkdir()
    (photos.parent / "cats").rename(photos / "cats")
    result = scan(photos, labels)
    [line] = [line for line in summarize(result, colour=False).splitlines() if line.startswith("  written to ")]
    assert line.partition(": ")[2] == f"{names}, quarantine.csv, findings.jsonl, summary.json, facts.parquet"
    assert {path.name for path in result.out.iterdir()} - {".sanitize"} == set(line.partition(": ")[2].split(", "))


def test_of_a_path_that_is_too_long_the_end_is_shown(photos: Path, scan: Scan) -> None:
    folder = photos / "n01440764_tench_tinca_tinca"
    folder.mkdir()
    (folder / "2023-11-04_camera_entrance_north_number_000001.jpg").write_bytes(b"")
    said = lines(scan, photos, width=80)
    assert "  error         1  empty-file  …north_number_000001.jpg: the file is empty (0 b…" in said
    assert max(map(len, said[:4])) <= 80


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_other_files_are_counted_as_ignored_and_not_as_opened(photos: Path, scan: Scan) -> None:
    os.mkfifo(photos / "pipe")
    (photos / "notes.txt").write_text("nothing")
    result = scan(photos, cache=True)
    assert (result.images, result.ignored, result.probed) == (3, 2, 3)
    assert "  2 other files ignored" in summarize(result, colour=False)
    again = scan(photos, cache=True)
    assert (again.ignored, again.probed) == (2, 0)
    assert "  2 other files ignored, 3 unchanged since the last scan" in summarize(again, colour=False)
