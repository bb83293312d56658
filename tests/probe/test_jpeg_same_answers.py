"""A quick probe of a JPEG gives the very answers that opening it with Pillow and OpenCV gives."""

from __future__ import annotations

import io
import random
import warnings
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFile

from sanitize.probe import jpeg


def textured(width: int = 96, height: int = 80, mode: str = "RGB") -> Image.Image:
    noise = np.random.default_rng(7).integers(0, 256, (height // 4 + 2, width // 4 + 2, 3), np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def saved(mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    textured(mode=mode).save(out, "JPEG", **options)
    return out.getvalue()


def loads(data: bytes, *, tolerant: bool) -> tuple[bool, bool]:
    """Whether Pillow opens and loads `data`, and whether that is a plain RGB picture without a warning."""
    ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            image = Image.open(io.BytesIO(data), formats=["JPEG"])
            image.load()
    except Exception:  # noqa: BLE001 - a decoder may raise anything
        return False, False
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    same = picture is not None and picture.shape == (image.height, image.width, 3)
    return True, image.mode == "RGB" and same and not caught


def segment(marker: int, payload: bytes) -> bytes:
    return b"\xff%c%b%b" % (marker, (len(payload) + 2).to_bytes(2, "big"), payload)


def odd_headers() -> dict[str, bytes]:
    data = saved()
    frame, table, scan = (data.index(marker) for marker in (b"\xff\xc0", b"\xff\xdb", b"\xff\xda"))

    def inserted(extra: bytes, at: int = 2) -> bytes:
        return data[:at] + extra + data[at:]

    photoshop = b"Photoshop 3.0\0"
    return {
        "as it is": data,
        "stray bytes": inserted(b"stray"),
        "stray FF 00": inserted(b"\xff\0"),
        "fill bytes": inserted(b"\xff\xff\xff"),
        "restart": inserted(b"\xff\xd0"),
        "second SOI": inserted(b"\xff\xd8"),
        "EOI first": inserted(b"\xff\xd9"),
        "TEM": inserted(b"\xff\x01"),
        "reserved marker": inserted(segment(0x05, b"abc")),
        "JPG0": inserted(segment(0xF0, b"abc")),
        "DNL": inserted(segment(0xDC, b"\0\x50")),
        "DHP": inserted(segment(0xDE, b"abcdefgh")),
        "EXP": inserted(segment(0xDF, b"\0")),
        "short JFIF": data[:2] + segment(0xE0, b"JFIF\0") + data[20:],
        "JFIF 9": data[:11] + b"\x09" + data[12:],
        "no JFIF": data[:2] + data[20:],
        "short Adobe": inserted(segment(0xEE, b"Adobe\0")),
        "Adobe without transform": inserted(segment(0xEE, b"Adobe\0\x64\0\0\0\0")),
        "Adobe 7": inserted(segment(0xEE, b"Adobe\0\x64\0\0\0\0\x07")),
        "Adobe RGB": inserted(segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")),
        "short ICC": inserted(segment(0xE2, b"ICC_PROFILE\0\x01")),
        "empty ICC": inserted(segment(0xE2, b"ICC_PROFILE\0")),
        "ICC 1 of 2": inserted(segment(0xE2, b"ICC_PROFILE\0\x01\x02abc")),
        "ICC 2 of 1": inserted(segment(0xE2, b"ICC_PROFILE\0\x02\x01abc")),
        "no MPF": inserted(segment(0xE2, b"MPF\0")),
        "bad MPF": inserted(segment(0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff")),
        "Photoshop": inserted(segment(0xED, photoshop + b"8BIM\x04\x04\0\0\0\0\0\0")),
        "Photoshop, cut name": inserted(segment(0xED, photoshop + b"8BIM\x04\x04")),
        "Photoshop, cut code": inserted(segment(0xED, photoshop + b"8BIM")),
        "Photoshop, long": inserted(segment(0xED, photoshop + b"8BIM\x04\x04\0\0\x7f\xff\xff\xff")),
        "empty EXIF": inserted(segment(0xE1, b"Exif\0\0")),
        "EXIF nonsense": inserted(segment(0xE1, b"Exif\0\0nonsense")),
        "EXIF, no entries": inserted(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")),
        "EXIF, cut": inserted(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01\x03\0\x01\0\0\0\x06\0")),
        "EXIF twice": inserted(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0") * 2),
        "EXIF of text": inserted(
            segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x1a\0\x02\0\0\0\x02a\0\0\0" + bytes(4))
        ),
        "frame twice": inserted(data[frame : frame + 19], frame),
        "frame missing": data[:frame] + data[frame + 19 :],
        "short table": inserted(segment(0xDB, b"\0abc")),
        "empty table": inserted(segment(0xDB, b"")),
        "tables missing": data[:table] + data[frame:],
        "length 0": inserted(b"\xff\xe5\0\0"),
        "length 1": inserted(b"\xff\xe5\0\1"),
        "length beyond": inserted(b"\xff\xe5\xff\xff"),
        "no scan": data[:scan],
        "scan of nothing": data[:scan] + b"\xff\xda\0\x02" + data[scan + 14 :],
        "scan of nothing at the end": data[:scan] + b"\xff\xda\0\x02",
        "two components": data[: frame + 9] + b"\2" + data[frame + 10 :],
        "no width": data[: frame + 7] + b"\0\0" + data[frame + 9 :],
        "12 bits": data[: frame + 4] + b"\x0c" + data[frame + 5 :],
        "odd sampling": data[: frame + 11] + b"\x31" + data[frame + 12 :],
        "progressive frame": data[: frame + 1] + b"\xc2" + data[frame + 2 :],
        "scan parameters": data[: scan + 11] + b"\1\2\3" + data[scan + 14 :],
        "nothing": b"\xff\xd8",
        "nothing but FF": b"\xff\xd8\xff\xff",
        "end at once": b"\xff\xd8\xff\xd9",
    }


def assert_literal(data: bytes) -> None:
    quick = jpeg.probe(data, max_pixels=10**7, thorough=False)
    if "decodes" not in quick:
        assert "unsupported" in quick or int(str(quick["width"])) * int(str(quick["height"])) > 10**7
        return
    thorough = jpeg.probe(data, max_pixels=10**7, thorough=True)
    strict, plain = loads(data, tolerant=False)
    tolerant, _plain = loads(data, tolerant=True)
    assert (quick["decodes"], quick["decodes_truncated"]) == (strict, tolerant)
    assert (thorough["decodes"], thorough["decodes_truncated"]) == (strict, tolerant)
    assert thorough["thorough"] is True
    assert quick["plain"] == thorough["plain"]
    assert quick["plain"] is (plain and quick["orientation"] == 1)
    for column in ("complaint", "complaint_kind", "harmless", "unsupported", "mode", "frames", "lost_from_row"):
        assert quick.get(column) == thorough.get(column), column
    if not strict and tolerant:
        assert "complaint" in quick or "unsupported" in quick


@pytest.mark.parametrize("name", odd_headers())
def test_an_odd_header_gets_the_literal_answers(name: str) -> None:
    assert_literal(odd_headers()[name])


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"optimize": True}])
def test_damage_gets_the_literal_answers(mode: str, options: dict[str, Any]) -> None:
    rng = random.Random(len(str(options)))
    sound = saved(mode, **options)
    for _ in range(12):
        data = bytearray(sound[: rng.randrange(len(sound) // 2, len(sound))] if rng.random() < 0.4 else sound)
        for _ in range(rng.randrange(4)):
            data[rng.randrange(2, len(data))] = rng.randrange(256)
        assert_literal(bytes(data))


def test_a_changed_header_gets_the_literal_answers() -> None:
    rng = random.Random(11)
    sound = saved()
    scan = sound.index(b"\xff\xda") + 14
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(2, scan)] = rng.randrange(256)
        assert_literal(bytes(data))
