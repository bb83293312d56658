from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from tests.links import needs_links

if TYPE_CHECKING:
    from tests.conftest import Scan


@needs_links
def test_finds_links_that_leave_the_folder_and_keeps_what_they_lead_to(tmp_path: Path, scan: Scan) -> None:
    folder, elsewhere = tmp_path / "images", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(photo("a")))
    (elsewhere / "b.jpg").write_bytes(jpeg(photo("b")))
    (folder / "inside.jpg").symlink_to("a.jpg")
    (folder / "outside.jpg").symlink_to(elsewhere / "b.jpg")
    (folder / "more").symlink_to(elsewhere)
    result = scan(folder)
    message = "a link that leads outside the folder of images"
    found = result.findings.filter(rule="outside-link").select("path", "severity", "message").rows()
    assert found == [("more/b.jpg", "info", message), ("outside.jpg", "info", message)]
    assert result.kept == result.images == 4
