from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corrupt_samples.encode import avif, jpeg
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_patched, noise

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

_HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + noise("heic", 300)
_TWELVE_BITS = jpeg_patched(jpeg(photo("12")), 0xC0, 0, b"\xff\xc1\0\x11\x0c")


def test_a_listed_picture_of_a_closed_format_is_an_error_and_another_a_warning(fired: Fired) -> None:
    files = {"listed.heic": _HEIC, "other.heic": _HEIC, "listed.jpg": _TWELVE_BITS, "sound.jpg": jpeg(photo("a"))}
    found = fired("unsupported-format", files, listed=("listed.heic", "listed.jpg", "sound.jpg"))
    assert {path: severity for path, (severity, _message) in found.items()} == {
        "listed.heic": "error",
        "other.heic": "warning",
        "listed.jpg": "error",
    }
    assert found["listed.heic"][1] == "a HEIC that cannot be opened here"
    assert "12 bits" in found["listed.jpg"][1]


def test_is_silent_about_open_formats_and_damaged_files(fired: Fired) -> None:
    files = {"a.avif": avif(photo("a")), "b.jpg": jpeg(photo("b"))[:100], "c.jpg": b"words are no picture"}
    assert fired("unsupported-format", files) == {}


def test_a_picture_of_more_pixels_than_are_decoded_is_another_finding_in_the_next_scan_too(
    tmp_path: Path, scan: Scan
) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(_TWELVE_BITS)
    for max_pixels, rule in ((96 * 96, "unsupported-format"), (96 * 96 - 1, "too-large")):
        found = scan(tmp_path / "images", max_pixels=max_pixels, cache=True).findings
        assert found["rule"].to_list() == [rule]
