"""Whatever the bytes, there is one content and an answer, never an exception."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from sanitize import facts, formats
from sanitize.probe.sniff import sniff
from tests.probed import probe_bytes

KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "png": ("PNG", "RGB", {}),
    "apng": ("PNG", "P", {"save_all": True}),
    "gif": ("GIF", "P", {"save_all": True}),
    "bmp": ("BMP", "RGB", {}),
    "dib": ("DIB", "L", {}),
    "tiff": ("TIFF", "RGB", {}),
    "lzw": ("TIFF", "L", {"compression": "tiff_lzw"}),
    "big tiff": ("TIFF", "RGB", {"big_tiff": True, "save_all": True}),
    "webp": ("WEBP", "RGB", {}),
    "lossless": ("WEBP", "RGBA", {"lossless": True}),
    "avif": ("AVIF", "RGB", {"speed": 10}),
    "jpeg2000": ("JPEG2000", "RGB", {}),
    "ppm": ("PPM", "RGB", {}),
    "pfm": ("PPM", "F", {}),
    "ico": ("ICO", "RGBA", {}),
    "tga": ("TGA", "RGB", {}),
    "rle": ("TGA", "P", {"compression": "tga_rle"}),
    "qoi": ("QOI", "RGB", {}),
    "pcx": ("PCX", "P", {}),
    "sgi": ("SGI", "L", {}),
    "dds": ("DDS", "RGB", {}),
    "xbm": ("XBM", "1", {}),
    "msp": ("MSP", "1", {}),
}
# What flips and cuts may make of a header: larger pictures are not worth decoding here.
PIXELS = 1 << 16


@cache
def sound(kind: str) -> bytes:
    name, mode, options = KINDS[kind]
    picture = Image.radial_gradient("L").resize((24, 20)).convert(mode)
    more = {"append_images": [picture.rotate(90), picture.rotate(180)]} if "save_all" in options else {}
    out = io.BytesIO()
    picture.save(out, name, **options, **more)
    return out.getvalue()


def damaged(kind: str) -> st.SearchStrategy[bytes]:
    data = sound(kind)
    edits = st.lists(st.tuples(st.integers(0, len(data) - 1), st.binary(max_size=6), st.integers(0, 9)), max_size=4)
    ends = st.one_of(st.just(len(data)), st.integers(0, len(data)))

    def edit(change: tuple[list[tuple[int, bytes, int]], int]) -> bytes:
        out = data
        for at, new, dropped in change[0]:
            out = out[:at] + new + out[at + dropped :]
        return out[: change[1]]

    return st.tuples(edits, ends).map(edit)


def check(data: bytes, name: str = "") -> None:
    found = probe_bytes(data, name=name, max_pixels=PIXELS)
    assert found["content"] == sniff(data, name=name)[0]
    assert found["content"] in formats.CONTENTS
    assert found.keys() <= facts.PROBE_COLUMNS.keys()
    types = {"String": str, "Int64": int, "Boolean": bool, "Float64": float}
    for column, value in found.items():
        assert value is None or type(value) is types[facts.PROBE_COLUMNS[column].dtype], (column, value)
    assert isinstance(found.get("survives", 0.0), float)
    assert 0 <= found.get("survives", 0.0) <= 1  # type: ignore[operator]
    if "complaint" in found:
        assert found["complaint_kind"] in ("ended-early", "bitstream", "checksum", "zero-run", "no-end")
    if found.get("decodes") is False and found["decodes_truncated"] is True:
        assert found["complaint"]


@given(st.binary(max_size=300), st.sampled_from(["", "a.tga", "a.jpg", "a.pcx", "a.xbm"]))
def test_any_bytes(data: bytes, name: str) -> None:
    check(data, name)


@given(st.sampled_from(sorted(formats.OPENED)), st.binary(max_size=200))
def test_any_bytes_behind_a_magic(kind: str, rest: bytes) -> None:
    starts = {
        "png": b"\x89PNG\r\n\x1a\n",
        "gif": b"GIF89a",
        "webp": b"RIFF\x40\0\0\0WEBPVP8L",
        "tiff": b"II*\0\x08\0\0\0",
    }
    check(starts.get(kind, b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0") + rest)


@pytest.mark.parametrize("kind", KINDS)
def test_changed_pictures(kind: str) -> None:
    @given(damaged(kind))
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    def run(data: bytes) -> None:
        check(data, "a.tga" if KINDS[kind][0] == "TGA" else "")

    run()
