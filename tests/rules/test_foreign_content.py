from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_names_what_the_file_holds_instead(fired: Fired) -> None:
    files = {
        "page.jpg": b"<html><head><title>404 Not Found</title></head><body>gone</body></html>",
        "zeros.png": bytes(4096),
        "packed.jpg": gzip.compress(jpeg(photo("a"))),
        "pointer.webp": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    }
    assert fired("foreign-content", files) == {
        "page.jpg": ("error", "not a picture but an HTML page: 404 Not Found"),
        "zeros.png": ("error", "not a picture but zero bytes only"),
        "packed.jpg": ("error", "not a picture but a compressed image: JPEG"),
        "pointer.webp": ("error", "not a picture but a Git-LFS pointer"),
    }


def test_other_files_beside_the_pictures_are_none_of_its_business(fired: Fired) -> None:
    files = {"a.jpg": jpeg(photo("a")), "readme.txt": b"words", "index.html": b"<html></html>", "data.json": b"{}"}
    assert fired("foreign-content", files) == {}


def test_other_files_on_the_list_are(fired: Fired) -> None:
    found = fired("foreign-content", {"a.jpg": jpeg(photo("a")), "b.txt": b"words"}, listed=("a.jpg", "b.txt"))
    assert found == {"b.txt": ("error", "not a picture but text: words")}


def test_pictures_that_begin_like_text_are_pictures(fired: Fired) -> None:
    grey = photo("a").convert("L")
    files = {"photo.pgm": encode(grey, "PPM"), "photo.xbm": encode(grey.convert("1"), "XBM")}
    assert fired("foreign-content", files) == {}
