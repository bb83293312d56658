"""What a person reads at the end of a scan: whether the dataset is fit, and a command to go on with."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from sanitize.terminal import summarize

from .conftest import Scan
from .engine.conftest import write_photo


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three pictures, and a list of them beside."""
    for number in range(3):
        write_photo(tmp_path / "my photos" / f"{number}.jpg", number)
    (tmp_path / "train.txt").write_text("".join(f"{number}.jpg {number % 2}\n" for number in range(3)))
    return tmp_path / "my photos"


def lines(scan: Scan, folder: Path, labels: Any = (), **options: Any) -> list[str]:
    """Return the summary without the empty line before it."""
    return summarize(scan(folder, labels, **options), colour=False).splitlines()[1:]


@pytest.mark.parametrize(
    ("options", "headline"),
    [
        ({}, "✘ not fit as it is: 3 images of 4 kept"),
        ({"fail_on": "never"}, "✘ not fit as it is, which --fail-on never lets pass: 3 images of 4 kept"),
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


@pytest.mark.parametrize("images", [True, False])
def test_without_labels_nothing_is_advised(photos: Path, scan: Scan, *, images: bool) -> None:
    assert lines(scan, photos, images=images)[-1].startswith("  written to ")
