"""What becomes of OUT where the user is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sanitize import UsageError

from .conftest import Scan
from .engine.conftest import write_photo


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two pictures."""
    for number in range(2):
        write_photo(tmp_path / "photos" / f"{number}.jpg", number, size=32)
    return tmp_path / "photos"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda scan, photos: scan(photos / "nowhere"),
        lambda scan, photos: scan(photos, photos / "nowhere.txt"),
        lambda scan, photos: scan(photos, exclude="*"),
    ],
)
def test_a_folder_made_for_nothing_goes_again(
    photos: Path, tmp_path: Path, scan: Scan, wrong: Callable[[Scan, Path], object]
) -> None:
    with pytest.raises(UsageError):
        wrong(scan, photos)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_was_there_stays_and_so_does_the_last_result(photos: Path, tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        scan(photos / "nowhere", out=tmp_path / "empty")
    assert (tmp_path / "empty").is_dir()
    out = scan(photos).out
    before = (out / "summary.json").read_bytes()
    with pytest.raises(UsageError):
        scan(photos / "nowhere")
    assert (out / "summary.json").read_bytes() == before


def test_a_list_that_names_many_files_in_folders_that_cannot_be_listed_replaces_nothing(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        write_photo(tmp_path / "photos" / f"{number}.jpg", number, size=16)
    (tmp_path / "photos" / "mount").mkdir()
    real = os.scandir

    def scandir(path: object) -> object:
        if isinstance(path, bytes) and path.endswith(b"mount"):
            raise OSError(5, "Input/output error")
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)
    lines = [f"{number}.jpg 0\n" for number in range(20)] + [f"mount/{number}.jpg 0\n" for number in range(120)]
    (tmp_path / "train.txt").write_text("".join(lines))
    with pytest.raises(UsageError, match="120 of 140 files cannot be read: the source has failed"):
        scan(tmp_path / "photos", tmp_path / "train.txt")
    assert not (tmp_path / "out" / "summary.json").exists()
    (tmp_path / "train.txt").write_text("".join(lines[:110]))
    result = scan(tmp_path / "photos", tmp_path / "train.txt")
    assert (result.kept, result.exit_status) == (20, 1)
