from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, png, webp
from corrupt_samples.pictures import line_art, photo, product
from corrupt_samples.surgery import cut, flipped, png_changed, zeroed

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_says_what_is_damaged_and_how_it_is_known(fired: Fired) -> None:
    files = {
        "zeroed.jpg": zeroed(jpeg(photo("a")), 0.5, 512),
        "no_end.jpg": jpeg(photo("b"))[:-2],
        "checksum.png": png_changed(
            png(photo("c"), compress_level=0), b"IDAT", lambda d: flipped(d, 0.5), checked=False
        ),
        "no_end.png": png(photo("d"))[:-12],
        "no_end.gif": encode(photo("e"), "GIF")[:-1],
    }
    found = fired("corrupt-data", files)
    assert found.keys() == files.keys()
    assert {severity for severity, _message in found.values()} == {"error"}
    assert "IDAT" in found["checksum.png"][1]


def test_flat_pictures_with_long_runs_of_zeros_are_sound(fired: Fired) -> None:
    drawings = {"product": product("a"), "lines": line_art("b")}
    files = {}
    for name, drawing in drawings.items():
        files |= {
            f"{name}.jpg": jpeg(drawing),
            f"{name}_optimised.jpg": jpeg(drawing, optimize=True),
            f"{name}_progressive.jpg": jpeg(drawing, progressive=True, optimize=True),
            f"{name}.png": png(drawing, compress_level=0),
            f"{name}.webp": webp(drawing, lossless=True),
        }
    assert any(bytes(32) in content for content in files.values())
    assert fired("corrupt-data", files) == {}


def test_what_ends_early_is_truncated_instead(fired: Fired) -> None:
    assert fired("corrupt-data", {"cut.jpg": cut(jpeg(photo("a")), 0.5), "cut.png": cut(png(photo("b")), 0.5)}) == {}


def test_bytes_after_the_end_are_no_damage(fired: Fired) -> None:
    tail = b"more than the picture"
    assert fired("corrupt-data", {"a.jpg": jpeg(photo("a")) + tail, "b.png": png(photo("b")) + tail}) == {}


def test_salvage_makes_it_a_warning(fired: Fired) -> None:
    found = fired("corrupt-data", {"a.jpg": zeroed(jpeg(photo("a")), 0.5, 512)}, salvage=True, images=True)
    assert found["a.jpg"][0] == "warning"
