"""Whatever the bytes, there is an answer about what a file holds beside its image, and what is found lies in the file."""

from __future__ import annotations

import re
import struct
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corrupt_samples.encode import animated, avif, encode, exif, jpeg, mpo, png, tiff, webp
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import photo
from sanitize import formats
from sanitize.probe import beside, beside_image, beside_kinds, image_end, jpeg_segments
from tests.batches import batch

SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FORMATS = [*sorted(formats.OPENED), "unheard of"]


@cache
def pictures() -> dict[str, bytes]:
    picture = photo("a", 40, 36)
    return {
        "jpeg": jpeg(picture, progressive=True, comment=b"a remark"),
        "png": png(picture),
        "gif": animated(picture, "GIF"),
        "webp": webp(picture),
        "bmp": encode(picture, "BMP"),
        "tiff": tiff(picture, compression="tiff_lzw"),
        "avif": avif(picture, xmp=b"<x:xmpmeta/>", exif=exif(6)),
        "jpeg2000": encode(picture, "JPEG2000"),
        "ico": encode(picture, "ICO", sizes=[(32, 32)]),
        "qoi": encode(picture, "QOI"),
        "ppm": encode(picture, "PPM"),
        "sgi": encode(picture, "SGI"),
        "tga": encode(picture, "TGA"),
        "dib": encode(picture, "DIB"),
        "dds": encode(picture, "DDS"),
        "icns": encode(picture, "ICNS"),
    }


def check(data: bytes, content: str) -> None:
    found = beside.look(data, content)
    assert found.end is None or 0 < found.end <= len(data)
    at = found.end
    for piece in found.pieces:
        assert piece.start == at
        assert piece.start < piece.end <= len(data)
        assert piece.kind in beside_kinds.TAILS
        at = piece.end
    assert not found.pieces or at == len(data)
    if found.payload is not None:
        assert found.payload.kind in beside_kinds.PAYLOADS
        assert 0 <= found.payload.start < found.payload.end <= len(data)
        assert found.where


@given(st.binary(max_size=400), st.sampled_from(FORMATS))
def test_any_bytes(data: bytes, content: str) -> None:
    check(data, content)


@given(st.data())
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
def test_changed_pictures_with_changed_things_behind_them(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(sorted(pictures())))
    behind = data.draw(
        st.one_of(st.sampled_from(sorted(ALL.values())), st.binary(max_size=60), st.just(pictures()["jpeg"]))
    )
    whole = bytearray(pictures()[content] + data.draw(st.binary(max_size=4)) + behind)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
        if not whole:
            return
    check(bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))]), content)


@given(st.binary(max_size=80), st.sampled_from(sorted(pictures())))
@settings(suppress_health_check=list(HealthCheck))
def test_the_end_of_a_picture_does_not_depend_on_what_follows(behind: bytes, content: str) -> None:
    picture = pictures()[content]
    assert image_end.of(picture, content) == len(picture)
    if content == "ppm" and behind[:1] == b"P":
        return
    if content == "webp" and behind[:1] == b"\0":
        return  # may be the padding of the last chunk
    if content in ("avif", "jpeg2000"):
        behind = b"\0" * 8 + behind
    assert image_end.of(picture + behind, content) == len(picture)


def slowly(data: bytes, at: int) -> int | None:
    """The end of a JPEG by walking its scans, whatever its last bytes are."""
    while at:
        found = SCAN_END.search(data, at)
        if found is None:
            return None
        if data[found.end() - 1] == jpeg_segments.EOI:
            return found.end()
        _segments, at, _tidy = jpeg_segments.walk(data, found.start())
    return None


@pytest.mark.parametrize("width", [40, 400])
def test_the_cheap_look_for_the_end_of_a_jpeg_misses_no_end(width: int) -> None:
    for number, options in enumerate(({}, {"progressive": True}, {"restart_marker_rows": 1}, {"quality": 98})):
        picture = jpeg(photo(f"{number}", width, width), **options)
        scan = jpeg_segments.walk(picture, 2)[1]
        for behind in (b"", b"\xff\xd9", b"\x01\xff\xd9", b"text\xff\xd9", picture, bytes(70_001) + b"\xff\xd9"):
            whole = picture + behind
            assert image_end.jpeg(whole, scan)[0] == slowly(whole, scan) == len(picture)


def test_an_end_marker_is_found_wherever_it_stands() -> None:
    header = b"\xff\xd8" + struct.pack(">BBH", 0xFF, 0xDA, 2)
    for length in (4090, 4095, 4096, 4097, 70_000, 131_072 + 7, 262_144 + 8):
        for place in (0, 1, length // 2, length // 2 + 1, length - 3, length - 2):
            scan = bytearray(b"\x55" * length)
            scan[place : place + 2] = b"\xff\xd9"
            data = header + bytes(scan) + b"\xff\xd9"
            assert image_end.jpeg(data, len(header))[0] == len(header) + place + 2


def test_a_row_is_null_but_for_the_count_where_there_is_nothing() -> None:
    names = list(beside_image.COLUMNS)
    found = beside_image.measure(batch([*pictures().values(), mpo(photo("a"))]))
    assert found["tail_kind"][-1] == beside_kinds.MULTI_PICTURE
    assert {name: set(values[:-1]) for name, values in found.items()} == {
        name: {0 if name == "tail_bytes" else None} for name in names
    }


def test_code_among_coded_pixels_is_found_where_it_survives_a_new_compression() -> None:
    picture = jpeg(photo("a"))
    scan = jpeg_segments.walk(picture, 2)[1]
    found = beside.look(picture[: scan + 8] + ALL["php"] + picture[scan + 8 :], "jpeg")
    assert found.payload is not None
    assert (found.payload.kind, found.where) == ("php", "scan data")
