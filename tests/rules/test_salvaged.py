from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut, zeroed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Fired, Scan

_FILES = {
    "cut.jpg": cut(jpeg(photo("a")), 0.6),
    "zeroed.jpg": zeroed(jpeg(photo("b")), 0.5, 512),
    "cut.png": cut(png(photo("c")), 0.6),
    "no_end.gif": encode(photo("d"), "GIF")[:-1],
}
_REST = {"sound.jpg": jpeg(photo("e")), "lost.jpg": jpeg(photo("f"))[:100], "empty.jpg": b""}


def test_names_what_is_kept_though_damaged(fired: Fired) -> None:
    found = fired("salvaged", _FILES | _REST, salvage=True, images=True)
    assert found.keys() == _FILES.keys()
    assert {severity for severity, _message in found.values()} == {"warning"}


def test_is_silent_where_nothing_is_to_be_salvaged(fired: Fired) -> None:
    assert fired("salvaged", _FILES | _REST) == {}


def test_copies_of_what_is_kept_though_damaged_are_found(tmp_path: Path, scan: Scan) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(_FILES["cut.jpg"])
    (tmp_path / "train.txt").write_text("a.jpg 0\nb.jpg 1\n")
    (tmp_path / "test.txt").write_text("c.jpg 0\n")
    lists = [tmp_path / "train.txt", tmp_path / "test.txt"]
    found = scan(tmp_path, lists, salvage=True, images=True).findings
    said = {(path, rule) for path, rule in found.select("path", "rule").iter_rows()}
    leaks = {(path, "split-leak") for path in ("a.jpg", "b.jpg")}
    assert {(path, "conflicting-labels") for path in ("a.jpg", "b.jpg", "c.jpg")} | leaks <= said
