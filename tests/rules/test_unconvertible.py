from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Scan


def test_a_copy_that_fails_takes_the_picture_off_the_list(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, folder = tmp_path / "hook", tmp_path / "images"
    hook.mkdir()
    folder.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import sanitize.convert as convert\n"
        "real = convert.convert\n"
        "def fail(request, **options):\n"
        "    if request['source'].endswith(b'b.gif'):\n"
        "        return {'error': 'no room on the device', 'bytes': 0}\n"
        "    return real(request, **options)\n"
        "convert.convert = fail\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{hook}:{Path(__file__).parents[2]}")
    for name, content in {
        "a.gif": encode(photo("a"), "GIF"), "b.gif": encode(photo("b"), "GIF"), "c.jpg": jpeg(photo("c")),
    }.items():  # fmt: skip
        (folder / name).write_bytes(content)
    result = scan(folder, images=True)
    found = result.findings.filter(rule="unconvertible").select("path", "severity", "message").rows()
    assert found == [("b.gif", "error", "no RGB copy could be made: no room on the device")]
    assert (result.kept, result.quarantined) == (2, 1)
    assert (tmp_path / "out" / "images.txt").read_text() == "a.png\nc.jpg\n"
    assert not (tmp_path / "out" / "images" / "b.png").exists()
