from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, png, tiff, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_names_content_and_extension(fired: Fired) -> None:
    files = {
        "a.jpg": png(photo("a")),
        "b.png": jpeg(photo("b")),
        "c": webp(photo("c")),
        "d.jpg.tmp": jpeg(photo("d")),
        ".jpg": jpeg(photo("e")),
    }
    assert fired("wrong-extension", files) == {
        "a.jpg": ("warning", "a PNG named .jpg"),
        "b.png": ("warning", "a JPEG named .png"),
        "c": ("warning", "a WebP without extension"),
        "d.jpg.tmp": ("warning", "a JPEG named .tmp"),
        ".jpg": ("warning", "a JPEG without extension"),
    }


def test_every_true_name_in_any_case_is_right(fired: Fired) -> None:
    files = {
        f"{number}{end}": jpeg(photo(end)) for number, end in enumerate((".jpeg", ".jpe", ".jfif", ".JPG", ".Jpg"))
    }
    files |= {"a.tif": tiff(photo("a")), "b.TIFF": tiff(photo("b")), "c.dib": encode(photo("c"), "BMP")}
    files |= {f"d{end}": encode(photo(end).convert("L"), "PPM") for end in (".pgm", ".pnm", ".ppm")}
    files |= {"e.apng": png(photo("e")), "v1.2.jpg": jpeg(photo("f")), "Übung 1.PNG": png(photo("g"))}
    assert fired("wrong-extension", files) == {}


def test_what_is_no_picture_has_no_true_name(fired: Fired) -> None:
    files = {"a.jpg": b"words are no picture", "b.jpg": b"", "c.jpg": cut(jpeg(photo("c")), 0.5)}
    assert fired("wrong-extension", files) == {}
