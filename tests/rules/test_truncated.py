from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import encode, jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan


def test_says_how_much_survives_and_from_which_row_it_is_lost(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(cut(jpeg(photo("a", 96, 160)), 0.5))
    (folder / "b.png").write_bytes(cut(png(photo("b", 96, 160)), 0.5))
    result = scan(folder)
    assert result.findings.select("path", "rule", "severity").rows() == [
        ("a.jpg", "truncated", "error"),
        ("b.png", "truncated", "error"),
    ]
    for evidence, message in result.findings.select("evidence", "message").iter_rows():
        row = json.loads(evidence)["lost_from_row"]
        assert 40 < row < 120
        assert f"lost from row {row} of 160" in message


@pytest.mark.parametrize(("share", "percent"), [(0.4, 37), (0.5, 47), (0.6, 58), (0.7, 68)])
def test_no_more_survives_than_is_said(share: float, percent: int, fired: Fired) -> None:
    ((_, message),) = fired("truncated", {"b.png": cut(png(photo("b", 96, 160)), share)}).values()
    assert f"; {percent} % of the picture survives;" in message


def test_whole_pictures_and_what_follows_them_are_not_truncated(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(photo("a"), progressive=True),
        "b.jpg": jpeg(photo("b"), restart_marker_rows=1) + b"tail",
        "c.png": png(photo("c")) + b"tail",
        "d.gif": encode(photo("d"), "GIF") + b"tail",
        "e.bmp": encode(photo("e"), "BMP"),
    }
    assert fired("truncated", files) == {}


def test_a_missing_end_marker_after_the_last_row_is_another_finding(fired: Fired) -> None:
    files = {"a.jpg": jpeg(photo("a"))[:-2], "b.png": png(photo("b"))[:-12], "empty.jpg": b""}
    assert fired("truncated", files) == {}


def test_salvage_makes_it_a_warning(fired: Fired) -> None:
    assert fired("truncated", {"a.jpg": cut(jpeg(photo("a")), 0.5)}, salvage=True, images=True)["a.jpg"][0] == "warning"
