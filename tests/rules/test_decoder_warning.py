from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg, jpeg_segment, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, zeroed

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan


def test_stray_bytes_between_segments_are_a_warning_and_the_picture_is_kept(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg_inserted(jpeg(photo("a")), 0xDB, bytes(3)))
    result = scan(folder)
    assert result.findings.select("rule", "severity").rows() == [("decoder-warning", "warning")]
    assert result.kept == 1


def test_stray_bytes_do_not_hide_what_is_lost(fired: Fired) -> None:
    damaged = zeroed(jpeg(photo("a")), 0.5, 512)
    assert fired("decoder-warning", {"a.jpg": jpeg_inserted(damaged, 0xDB, bytes(3))}) == {}


def test_is_silent_about_metadata_of_any_kind(fired: Fired) -> None:
    files = {
        "application.jpg": jpeg_inserted(jpeg(photo("a")), 0xDB, jpeg_segment(0xEB, b"HDR_RI ver=11")),
        "comment.jpg": jpeg(photo("b"), comment=b"\xff\xd8\xff a remark"),
        "padded.jpg": jpeg_inserted(jpeg(photo("c")), 0xDB, b"\xff\xff"),
        "photo.png": png(photo("d")),
    }
    assert fired("decoder-warning", files) == {}
