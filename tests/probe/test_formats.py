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
    assert formats.has_true_extension(name, content)


@pytest.mark.parametrize(("name", "content"), [("a.jpg", "png"), ("a", "jpeg"), (".jpg", "jpeg"), ("a.jpg", "html")])
def test_untrue_names(name: str, content: str) -> None:
    assert not formats.has_true_extension(name, content)


def test_the_canonical_extension_is_true_and_alone() -> None:
    firsts = [format_.extensions[0] for format_ in formats.FORMATS.values()]
    assert formats.true_extension("jpeg") == ".jpg"
    assert formats.true_extension("html") is None
    assert len(set(firsts) - {".dib"}) >= len(firsts) - 2


def test_nothing_that_runs_a_program_or_is_a_stub_is_opened() -> None:
    names = {name for format_ in formats.OPENED.values() for name in format_.pillow}
    assert not names & {"EPS", "PS", "PDF", "WMF", "EMF", "HDF5", "GRIB", "BUFR", "FITS", "MPEG"}


def test_a_heic_is_an_image_though_it_is_not_opened_and_a_text_is_none() -> None:
    assert formats.has_image_extension("a.HEIC")
    assert formats.is_image("heic")
    assert not formats.is_opened("heic")
    assert not formats.has_image_extension("train.txt")
    assert not formats.is_image("text")


def test_only_jpeg_and_png_may_be_linked() -> None:
    assert [key for key, format_ in formats.FORMATS.items() if format_.linkable] == ["jpeg", "png"]
