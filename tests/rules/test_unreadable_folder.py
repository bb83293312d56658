from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Scan


def test_a_folder_that_cannot_be_listed_is_an_error(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open/a.jpg", "closed/b.jpg"):
        (tmp_path / "images" / name).parent.mkdir(parents=True)
        (tmp_path / "images" / name).write_bytes(jpeg(photo(name)))
    real = os.scandir

    def scandir(path: Any = ".") -> Iterator[os.DirEntry[Any]]:
        # Permissions do not bind the administrator.
        if not isinstance(path, int) and os.fsencode(path).endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    result = scan(tmp_path / "images")
    found = result.findings.select("path", "rule", "severity", "message").rows()
    assert found == [("closed", "unreadable-folder", "error", "the folder cannot be listed: Permission denied")]
    assert (result.images, result.kept, result.exit_status) == (1, 1, 1)
