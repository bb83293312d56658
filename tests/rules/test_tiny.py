from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, palette, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut, jpeg_patched

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "tiny"


def test_names_the_size(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(photo("a").crop((0, 0, 9, 64))),
        "b.png": png(photo("b").crop((0, 0, 64, 1))),
        "c.gif": encode(palette(photo("c")).crop((0, 0, 1, 1)), "GIF"),
    }
    assert fired(RULE, files) == {
        "a.jpg": ("warning", "9 × 64 pixels"),
        "b.png": ("warning", "64 × 1 pixels"),
        "c.gif": ("warning", "1 × 1 pixels"),
    }


def test_is_silent_about_the_smallest_that_will_do_and_about_what_does_not_decode(fired: Fired) -> None:
    small = jpeg(photo("e").crop((0, 0, 8, 80)))
    files = {
        "a.jpg": jpeg(photo("a").crop((0, 0, 10, 10))),
        "cifar.png": png(photo("b", 32, 32)),
        "mnist.png": png(photo("c", 28, 28).convert("L")),
        "face.jpg": jpeg(photo("d", 48, 48)),
        "cut.jpg": cut(small, 0.8),
        "no_height.jpg": jpeg_patched(jpeg(photo("f")), 0xC0, 4, b"\0\0"),
    }
    assert fired(RULE, files) == {}


def test_the_side_is_a_setting(fired: Fired) -> None:
    assert fired(RULE, {"a.png": png(photo("a").crop((0, 0, 8, 8)))}, rule_options={RULE: {"min-side": 8}}) == {}
