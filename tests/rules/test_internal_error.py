from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Scan


def test_our_own_mistake_leaves_the_file_unchecked(
    tmp_path: Path, scan: Scan, spoil_probe: Callable[[str], bytes]
) -> None:
    mark = spoil_probe("raise RuntimeError('a mistake of ours')")
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(photo("a")))
    (folder / "b.jpg").write_bytes(jpeg(photo("b")) + mark)
    result = scan(folder)
    findings = result.findings.select("path", "rule", "severity", "message").rows()
    assert findings == [("b.jpg", "internal-error", "error", "not checked: RuntimeError: a mistake of ours")]
    assert "Traceback" in json.loads(result.findings["evidence"][0])["traceback"]
    assert (result.kept, result.quarantined, result.unchecked, result.exit_status) == (1, 0, 1, 3)


def test_what_a_decoder_raises_is_no_mistake_of_ours(
    scan: Scan, spoil_decoder: Callable[[str], bytes], tmp_path: Path
) -> None:
    mark = spoil_decoder("raise OverflowError('a size that nobody expected')")
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(photo("a")) + mark)
    result = scan(folder, ignore="trailing-data")
    assert (result.findings.height, result.kept, result.exit_status) == (0, 1, 0)


def test_our_own_mistake_while_a_copy_is_made_leaves_the_file_unchecked(
    tmp_path: Path, scan: Scan, spoil_copying: Callable[[str], bytes]
) -> None:
    mark = spoil_copying("raise RuntimeError('a mistake of ours')")
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a.gif").write_bytes(encode(photo("a"), "GIF"))
    (folder / "b.gif").write_bytes(encode(photo("b"), "GIF") + mark)
    result = scan(folder, images=True)
    errors = result.findings.filter(severity="error").select("path", "rule", "message").rows()
    assert errors == [("b.gif", "internal-error", "not checked: RuntimeError: a mistake of ours")]
    assert (result.kept, result.quarantined, result.unchecked, result.exit_status) == (1, 0, 1, 3)
    assert (result.out / "images.txt").read_text() == "a.png\n"
