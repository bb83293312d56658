from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from tests.links import needs_links

if TYPE_CHECKING:
    from tests.conftest import Scan


@needs_links
def test_finds_links_that_lead_nowhere(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(jpeg(photo("a")))
    (tmp_path / "images" / "b.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "images" / "notes.txt").symlink_to("nowhere.txt")
    found = scan(tmp_path / "images").findings.select("path", "rule", "severity", "message").rows()
    message = "cannot be read: vanished, or a link that leads nowhere"
    assert found == [("b.jpg", "unreadable", "error", message)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs permissions that bind")
def test_finds_files_without_permission(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "images").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "images" / name).write_bytes(jpeg(photo(name)))
    (tmp_path / "images" / "b.jpg").chmod(0)
    found = scan(tmp_path / "images").findings.select("path", "rule", "message").rows()
    assert found == [("b.jpg", "unreadable", "cannot be read: Permission denied")]
