from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import chunk, encode, jpeg, palette, png, transparent, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import png_inserted

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_channels_and_colours_that_are_transparent(fired: Fired) -> None:
    files = {
        "channel.png": png(transparent(photo("a"))),
        "entry.png": png(palette(photo("b")), transparency=3),
        "colour.png": png_inserted(png(photo("c")), b"IDAT", chunk(b"tRNS", bytes(6))),
        "channel.webp": webp(transparent(photo("d"))),
    }
    found = fired("alpha", files)
    assert found.keys() == files.keys()
    assert found["channel.png"] == ("info", "has transparency (mode RGBA)")


def test_is_silent_where_nothing_can_be_transparent(fired: Fired) -> None:
    opaque = chunk(b"tRNS", b"\xff" * 64)
    files = {
        "photo.jpg": jpeg(photo("a")),
        "photo.png": png(photo("b")),
        "palette.png": png(palette(photo("c"))),
        "opaque_entries.png": png_inserted(png(palette(photo("d"))), b"IDAT", opaque),
        "photo.webp": webp(photo("e")),
        "photo.gif": encode(palette(photo("f")), "GIF"),
    }
    assert fired("alpha", files) == {}
