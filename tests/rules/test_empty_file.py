from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_files_of_no_bytes_that_are_named_or_listed_as_pictures(fired: Fired) -> None:
    files = {"a.jpg": b"", "b.webp": b"", "listed": b"", "notes.txt": b"", "c.jpg": jpeg(photo("c")), "d.jpg": b"\0"}
    empty = ("error", "the file is empty (0 bytes)")
    found = fired("empty-file", files, listed=("a.jpg", "listed", "c.jpg"))
    assert found == {"a.jpg": empty, "b.webp": empty, "listed": empty}
