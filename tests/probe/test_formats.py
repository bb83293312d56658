"""True names of formats."""

from __future__ import annotations

import pytest

from sanitize import formats


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", "jpeg"),
        ("a.JPG", "jpeg"),
        ("a.b.Jpeg", "jpeg"),
        ("a.jpe", "jpeg"),
        ("a.jfif", "jpeg"),
        ("a.tif", "tiff"),
        ("a.TIFF", "tiff"),
        ("a.pgm", "ppm"),
        ("a.pfm", "ppm"),
        ("a.j2k", "jpeg2000"),
        ("a.apng", "png"),
    ],
)
def test_true_names(name: str, content: str) -> None:
    assert formats.extension_of(name) in formats.FORMATS[content].extensions


@pytest.mark.parametrize(
    ("name", "extension"), [("a", ""), (".jpg", ""), ("a.", ""), ("a.jpg/b", ""), ("a.b/C.PNG", ".png")]
)
def test_the_extension_is_what_follows_the_last_dot_of_a_name(name: str, extension: str) -> None:
    assert formats.extension_of(name) == extension


def test_the_canonical_extension_stands_for_one_format() -> None:
    firsts = [format_.extensions[0] for format_ in formats.FORMATS.values()]
    assert formats.FORMATS["jpeg"].extensions[0] == ".jpg"
    assert len(set(firsts) - {".dib"}) >= len(firsts) - 2


def test_nothing_that_runs_a_program_or_is_a_stub_is_opened() -> None:
    names = {name for format_ in formats.OPENED.values() for name in format_.pillow}
    assert not names & {"EPS", "PS", "PDF", "WMF", "EMF", "HDF5", "GRIB", "BUFR", "FITS", "MPEG"}


def test_a_heic_is_an_image_though_it_is_not_opened_and_a_text_is_none() -> None:
    assert ".heic" in formats.IMAGE_EXTENSIONS
    assert formats.is_image("heic")
    assert not formats.is_opened("heic")
    assert ".txt" not in formats.IMAGE_EXTENSIONS
    assert not formats.is_image("text")
