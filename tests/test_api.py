"""The functions that programs call."""

from __future__ import annotations

import copy
import json
import os
import pickle
from pathlib import Path

import pytest

import sanitize
from sanitize.settings import Settings

from .engine.conftest import write_photo


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three sound pictures and a list."""
    for number, name in enumerate("abc"):
        write_photo(tmp_path / "photos" / f"{name}.jpg", number)
    (tmp_path / "train.txt").write_text("a.jpg 0\nb.jpg 1\nc.jpg 0\n")
    return tmp_path / "photos"


def test_scan_returns_what_the_files_say(photos: Path, tmp_path: Path) -> None:
    (photos / "b.jpg").write_bytes(b"")
    result = sanitize.scan(photos, tmp_path / "train.txt", out=tmp_path / "out")
    assert result.exit_status == 1
    assert (result.images, result.kept, result.quarantined, result.lines, result.lines_kept) == (3, 2, 1, 3, 2)
    assert result.summary == json.loads((tmp_path / "out" / "summary.json").read_text())
    assert result.findings.filter(severity="error").select("path", "rule").rows() == [("b.jpg", "empty-file")]
    assert result.out == tmp_path / "out"


def test_gate_returns_the_result_of_a_good_dataset(photos: Path, tmp_path: Path) -> None:
    assert sanitize.gate(photos, tmp_path / "train.txt", out=tmp_path / "out").kept == 3


def test_gate_raises_with_the_result_of_a_bad_one(photos: Path, tmp_path: Path) -> None:
    (photos / "b.jpg").write_bytes(b"")
    with pytest.raises(sanitize.DatasetRejected, match="1 of 3 images") as caught:
        sanitize.gate(photos, tmp_path / "train.txt", out=tmp_path / "out")
    assert caught.value.result.quarantined == 1


def test_a_rejection_names_the_rules_where_no_image_is_bad(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("a.jpg\t1\nb.jpg 2\nc.jpg 1\n")
    with pytest.raises(sanitize.DatasetRejected, match=r"0 of 3 lines .* \(labels-not-from-zero 1\); see .*findings"):
        sanitize.gate(photos, tmp_path / "train.txt", out=tmp_path / "out")
    with pytest.raises(sanitize.DatasetRejected, match=r"\(tab-separator 1\)"):
        sanitize.gate(photos, tmp_path / "train.txt", out=tmp_path / "out", fail_on="warning", select=["tab-separator"])


def test_max_bad_lets_a_small_share_pass(photos: Path, tmp_path: Path) -> None:
    (photos / "b.jpg").write_bytes(b"")
    assert sanitize.gate(photos, out=tmp_path / "out", max_bad="40%").quarantined == 1
    with pytest.raises(sanitize.DatasetRejected):
        sanitize.gate(photos, out=tmp_path / "out", max_bad="30%")


def test_fail_on_moves_the_bar(photos: Path, tmp_path: Path) -> None:
    (photos / "a.jpg").rename(photos / "a.png")
    status = {
        fail_on: sanitize.scan(photos, out=tmp_path / "out", fail_on=fail_on).exit_status
        for fail_on in ("error", "warning", "never")
    }
    assert status == {"error": 0, "warning": 1, "never": 0}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"link": "hard"}, "--link takes symlink or hardlink or copy, not 'hard'"),
        ({"workers": 0}, "--workers takes a number above 0"),
        ({"max_bad": "nine"}, "--max-bad takes a share such as 0.1% or 0.001"),
        ({"max_bad": 1}, "--max-bad takes a share such as 0.1% or 0.001, not 1"),
        ({"max_bad": "1"}, "--max-bad takes a share such as 0.1% or 0.001, not '1'"),
        ({"out": "a\0b"}, "--out takes a text"),
        ({"checksums": "a\0b"}, "--checksums takes a text or several"),
        ({"colour": "red"}, "there is no setting 'colour'"),
        ({"set": ["tiny.min-side=64"]}, "options of rules are given as rule_options"),
        ({"ignore": ["truncatd"]}, "did you mean truncated"),
        ({"background": "no colour"}, "is no colour"),
        ({"rule_options": {"truncated": {"rows": 3}}}, "rule truncated has no option 'rows'"),
    ],
)
def test_a_wrong_setting_is_a_usage_error_with_its_remedy(photos: Path, options: dict[str, object], words: str) -> None:
    with pytest.raises(sanitize.UsageError, match=words):
        sanitize.scan(photos, **options)


def test_ignoring_an_integrity_rule_silences_it_but_never_lists_the_file(photos: Path, tmp_path: Path) -> None:
    (photos / "b.jpg").write_bytes(b"")
    result = sanitize.scan(photos, tmp_path / "train.txt", out=tmp_path / "out", ignore=["empty-file"])
    assert (result.exit_status, result.quarantined) == (0, 1)
    assert "empty-file" not in set(result.findings["rule"])
    assert "b.jpg" not in (tmp_path / "out" / "train.txt").read_text()


def test_selected_rules_alone_are_reported(photos: Path, tmp_path: Path) -> None:
    (photos / "b.jpg").write_bytes(b"")
    (photos / "a.jpg").rename(photos / "a.png")
    result = sanitize.scan(photos, out=tmp_path / "out", select=["wrong-extension"])
    assert set(result.findings["rule"]) == {"wrong-extension"}
    assert result.quarantined == 1


def test_the_functions_stay_callable_whatever_was_imported_before() -> None:
    import sanitize.api
    import sanitize.scanning

    assert callable(sanitize.scan)
    assert sanitize.scanning.Settings is Settings


def test_every_public_name_comes_from_where_it_is_written() -> None:
    written = {name: getattr(sanitize, name).__module__ for name in sanitize.__all__ if name != "__version__"}
    assert written == sanitize._HOMES


def test_what_a_call_cannot_use_is_the_mistake_of_its_caller(tmp_path: Path) -> None:
    for images in (None, b"photos", 7):
        with pytest.raises(sanitize.UsageError, match="IMAGES is the path of a folder, not"):
            sanitize.scan(images)  # type: ignore[arg-type]
    for option in ({"output_format": "json"}, {"config": "a.toml"}, {"set": "tiny.min_side=3"}):
        with pytest.raises(sanitize.UsageError):
            sanitize.scan(tmp_path, out=tmp_path / "out", **option)
    with pytest.raises(sanitize.UsageError, match="deep takes True or False, not 'no'"):
        sanitize.verify(tmp_path, deep="no")  # type: ignore[arg-type]
    with pytest.raises(sanitize.UsageError, match="max_age takes an age such as '24h', or a timedelta, not 3600"):
        sanitize.verify(tmp_path, max_age=3600)  # type: ignore[arg-type]


def test_a_rejection_goes_from_process_to_process(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(b"no image")
    with pytest.raises(sanitize.DatasetRejected) as rejected:
        sanitize.gate(tmp_path / "images", out=tmp_path / "out", no_images=True)
    again = pickle.loads(pickle.dumps(rejected.value))
    assert str(again) == str(rejected.value) == str(copy.copy(rejected.value))
    assert again.result.exit_status == 1
    assert len(repr(again)) < 500


def test_a_mistake_is_said_in_one_printable_line(tmp_path: Path) -> None:
    for name in (b"a\nb\x1b[31m", b"\xff\xfe"):
        with pytest.raises(sanitize.UsageError) as error:
            sanitize.write_baseline(tmp_path / os.fsdecode(name), tmp_path / "accepted.jsonl")
        assert str(error.value).isprintable()


def test_the_package_lists_what_it_has() -> None:
    assert set(sanitize.__all__) <= set(dir(sanitize))
