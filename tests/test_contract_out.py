"""What becomes of OUT where the user is wrong."""

from __future__ import annotations

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
