"""Code that a vendor's trailer holds, or that stands before its last bytes, as `embedded-payload` finds it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize.probe import beside, trailers
from tests.embedding import canon, fotostation, iptc, photo_mechanic, places, samsung_trailer

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"
CODE = b'import os\nos.system("id > /tmp/a")\n'
AFTER = "Python code after the end of the JPEG"


def oneplus(value: bytes) -> bytes:
    listed = b'[{"name": "note", "offset": %d, "length": %d}]\0' % (len(value), len(value))
    return value + listed + b"jxrs" + struct.pack("<I", len(listed) + 8)


# Last bytes alone, and whole trailers behind the code.
BEHIND = {
    "samsung": bytes(4) + b"SEFT",
    "sound": bytes(4) + b"QDIOBS",
    "fotostation": b"\xa1\xb2\xc3\xd4",
    "mechanic": b"cbipcbbl",
    "canon": b"CANON OPTIONAL DATA\0" + bytes(44),
    "afcp": b"AXS!" + bytes(8),
    "mie": b"~\0\x04\0zmie~\0\0\x06" + bytes(4) + b"\x10\x04",
    "insta": b"8db42d694ccc418790edff439fe026bf",
    "nikon": bytes(6) + b"/NIKON APP",
    "vivo": b"\xff" * 4 + b"\x1b*9HWfu\x84\x93\xa2\xb1",
    "oneplus": b"jxrs\1\0\0\0",
    "huawei": b"LIVE_1234567",
    "whole samsung": samsung_trailer(b"1600000000000"),
    "whole fotostation": fotostation(b"1600000000000"),
    "whole oneplus": oneplus(b"1600000000000"),
    "whole mechanic": photo_mechanic(b"1600000000000"),
    "whole canon": canon(b"1600000000000"),
}


def test_finds_code_that_a_vendor_s_last_bytes_stand_behind(fired: Fired) -> None:
    files = {f"{name}.jpg": jpeg(photo("a")) + CODE + footer for name, footer in BEHIND.items()}
    assert places(fired(RULE, files)) == dict.fromkeys(files, AFTER)


def test_finds_code_among_the_values_of_a_trailer(fired: Fired) -> None:
    sound = CODE + struct.pack("<I", len(CODE)) + b"QDIOBS"
    tails = {
        "samsung": samsung_trailer(b"1600000000000", CODE, b"{}"),
        "sound": samsung_trailer(b"1600000000000") + sound,
        "fotostation": fotostation(CODE) + fotostation(b"1600000000000"),
        "caption": fotostation(iptc(b"by the sea", CODE)),
        "mechanic": photo_mechanic(iptc(b"by the sea", CODE)),
        "canon": canon(CODE),
        "oneplus": oneplus(CODE),
        "several": samsung_trailer(CODE) + fotostation(b"1600000000000"),
    }
    files = {f"{name}.jpg": jpeg(photo("a")) + tail for name, tail in tails.items()}
    assert places(fired(RULE, files)) == dict.fromkeys(files, AFTER)


def test_is_silent_about_notes_and_captions_in_trailers(fired: Fired) -> None:
    words = (b'{"a": "os.system(1)"}', b"how to use tags, and os.system() in Python", b"/data/a.jpg")
    tails = [make(word) for make in (samsung_trailer, fotostation, photo_mechanic, canon, oneplus) for word in words]
    tails += [fotostation(iptc(*words)), samsung_trailer(*words)]
    assert fired(RULE, {f"{number}.jpg": jpeg(photo("a")) + tail for number, tail in enumerate(tails)}) == {}


@pytest.mark.parametrize(
    "tail",
    [
        bytes(4) + (struct.pack("<I", 4) + b"QDIO" + b"abcd") * 50_000 + struct.pack("<I", 4) + b"QDIOBS",
        fotostation(b"") * 50_000,
        samsung_trailer(*[b""] * 5000),
        b"\xff\xd8\xff\xdb\0\2" * 300 + samsung_trailer(*[b""] * 5000),
    ],
)
def test_many_values_do_not_lie_on_top_of_each_other(tail: bytes) -> None:
    found = trailers.find(tail, 0)
    assert found is not None
    assert all(first[1] <= second[0] for first, second in zip(found.values, found.values[1:], strict=False))
    assert beside.look(jpeg(photo("a")) + tail, "jpeg").payload is None
