from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import sanitize
from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize import UsageError
from sanitize.parts import Parts

if TYPE_CHECKING:
    from sanitize.result import ScanResult
    from tests.conftest import Scan

RULE = "silent-change"
A = jpeg(photo("a"))
#: The same size, and as good a picture as the strictest decoder could tell.
ROTTEN = A[:-400] + bytes(398) + A[-2:]

Night = Callable[..., "ScanResult"]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three sound pictures."""
    for name in "abc":
        (tmp_path / "photos").mkdir(exist_ok=True)
        (tmp_path / "photos" / f"{name}.jpg").write_bytes(jpeg(photo(name)))
    return tmp_path / "photos"


@pytest.fixture
def night(photos: Path, scan: Scan) -> Night:
    """A scan that keeps facts, the first of which is done."""

    def run(**options: Any) -> ScanResult:
        return scan(photos, **{"cache": True, **options})

    run()
    return run


def change(path: Path, content: bytes = ROTTEN) -> None:
    """Write other bytes, and set the time back."""
    times = os.stat(path)
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def said(result: ScanResult) -> dict[str, str]:
    found = result.findings.filter(rule=RULE).select("path", "message").rows()
    return dict(found)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_nothing_is_decoded_and_nothing_said_where_nothing_changed(night: Night) -> None:
    result = night(rehash=True)
    assert (result.probed, said(result), result.exit_status) == (0, {}, 0)


def test_other_bytes_of_the_same_size_and_time_are_found_and_looked_at(night: Night, photos: Path) -> None:
    change(photos / "a.jpg")
    assert said(night()) == {}
    result = night(rehash=True)
    now, before = sha(ROTTEN), sha(A)
    message = f"other bytes with the same size and time: the SHA-256 is {now[:12]}…, and was {before[:12]}…"
    assert (result.probed, said(result), result.exit_status) == (1, {"a.jpg": message}, 1)
    (evidence,) = result.findings.filter(rule=RULE)["evidence"]
    assert json.loads(evidence) == {"sha256": now, "sha256_before": before}
    assert set(result.findings.filter(path="a.jpg")["rule"]) >= {RULE, "corrupt-data"}
    assert result.drift is not None
    assert result.drift.samples["changed"] == 1
    assert (result.out / "images.txt").read_text() == "b.jpg\nc.jpg\n"


@pytest.mark.parametrize("rehash", [True, False])
def test_it_stays_an_error_in_the_nights_that_follow(night: Night, photos: Path, *, rehash: bool) -> None:
    change(photos / "a.jpg")
    night(rehash=True)
    for _night in range(2):
        result = night(rehash=rehash)
        assert (result.probed, list(said(result))) == (0, ["a.jpg"])
    assert result.drift is not None
    assert result.drift.is_none


def test_a_sound_picture_in_place_of_another_is_found_too(night: Night, photos: Path) -> None:
    other = jpeg(photo("other"))
    base = (photos / "a.jpg").read_bytes()
    length = max(len(other), len(base)) + 2

    def padded(content: bytes) -> bytes:
        return content[:2] + b"\xff\xfe" + (length - len(content)).to_bytes(2, "big") + bytes(
            length - len(content) - 2
        ) + content[2:]  # fmt: skip

    (photos / "a.jpg").write_bytes(padded(base))
    assert night().exit_status == 0
    change(photos / "a.jpg", padded(other))
    result = night(rehash=True)
    assert set(result.findings.filter(severity="error")["rule"]) == {RULE}
    assert list(said(result)) == ["a.jpg"]


def test_another_time_of_change_ends_it(night: Night, photos: Path) -> None:
    change(photos / "a.jpg", A[:-2] + b"\0\0")
    assert list(said(night(rehash=True))) == ["a.jpg"]
    os.utime(photos / "a.jpg")
    assert said(night()) == {}


def test_the_bytes_of_before_end_it_when_they_are_read(night: Night, photos: Path) -> None:
    change(photos / "a.jpg")
    night(rehash=True)
    change(photos / "a.jpg", A)
    result = night(rehash=True)
    assert (said(result), result.exit_status) == ({}, 0)
    assert night().exit_status == 0


def test_a_second_change_is_still_compared_with_what_was_scanned_first(night: Night, photos: Path) -> None:
    change(photos / "a.jpg")
    night(rehash=True)
    change(photos / "a.jpg", ROTTEN[:-1] + b"\0")
    (evidence,) = night(rehash=True).findings.filter(rule=RULE)["evidence"]
    assert json.loads(evidence)["sha256_before"] == sha(A)


def test_it_is_accepted_with_a_baseline_until_the_bytes_change_again(
    night: Night, photos: Path, tmp_path: Path
) -> None:
    change(photos / "a.jpg", A[:-2] + b"\0\0")
    sanitize.write_baseline(night(rehash=True).out, tmp_path / "baseline.jsonl")
    assert night(rehash=True, baseline=tmp_path / "baseline.jsonl").exit_status == 0
    change(photos / "a.jpg", A[:-2] + b"\0\1")
    assert night(rehash=True, baseline=tmp_path / "baseline.jsonl").exit_status == 1


def test_ignoring_the_rule_lists_no_file(night: Night, photos: Path) -> None:
    change(photos / "a.jpg", A[:-2] + b"\xff\xd9")
    change(photos / "b.jpg", jpeg(photo("b"))[:-2] + b"\0\0")
    result = night(rehash=True, ignore=[RULE])
    assert said(result) == {}
    assert "b.jpg" not in (result.out / "images.txt").read_text()


def test_a_scan_that_measures_everything_finds_it_and_the_next_one_has_not_forgotten(
    night: Night, photos: Path
) -> None:
    change(photos / "a.jpg")
    assert list(said(night(cache=False))) == ["a.jpg"]
    assert list(said(night())) == ["a.jpg"]
    assert list(said(night(cache=False))) == ["a.jpg"]


def change_kept(out: Path, **columns: pl.Expr) -> None:
    """Let the facts that a scan kept say something else."""
    folder = out / ".sanitize" / "parts"
    kept = pl.concat([pl.read_parquet(part) for part in folder.glob("*.parquet")]).unique("path", keep="last")
    Parts(folder, kept.schema).replace(kept.with_columns(**columns))


def test_another_version_of_the_probe_finds_it_and_does_not_forget_it(
    night: Night, photos: Path, tmp_path: Path
) -> None:
    change(photos / "a.jpg")
    for _night in range(2):
        change_kept(tmp_path / "out", probe_version=pl.lit(0, dtype=pl.Int64))
        result = night()
        assert (result.probed, list(said(result))) == (3, ["a.jpg"])


def test_another_version_of_a_measurement_finds_it_and_keeps_nothing_of_the_bytes_before(
    night: Night, photos: Path, tmp_path: Path
) -> None:
    change(photos / "a.jpg", A[:-2] + b"\xff\xd8")
    change(photos / "b.jpg", jpeg(photo("b"))[:-2] + b"\0\0")
    change_kept(tmp_path / "out", measured=pl.lit("", dtype=pl.String))
    result = night()
    assert result.probed == 3
    assert set(said(result)) == {"a.jpg", "b.jpg"}
    assert set(said(night())) == {"a.jpg", "b.jpg"}


def test_a_file_that_crashes_the_decoder_for_a_night_is_not_forgotten(
    night: Night, photos: Path, spoil_decoder: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = spoil_decoder("os.kill(os.getpid(), signal.SIGKILL)")
    change(photos / "a.jpg", A[: -len(mark)] + mark)
    for _night in range(2):
        assert "decoder-crash" in set(night(rehash=True).findings["rule"])
    monkeypatch.undo()
    assert list(said(night())) == ["a.jpg"]


def test_a_first_scan_has_nothing_to_compare_with(photos: Path, scan: Scan) -> None:
    result = scan(photos, cache=True, rehash=True)
    assert (result.probed, result.exit_status) == (3, 0)


def test_what_is_measured_anyway_need_not_be_read_before(photos: Path, scan: Scan) -> None:
    with pytest.raises(UsageError, match="leave one of them out"):
        scan(photos, cache=False, rehash=True)


def test_a_change_of_size_or_time_is_none_of_its_concern(night: Night, photos: Path) -> None:
    (photos / "a.jpg").write_bytes(A + b"\0")
    (photos / "b.jpg").write_bytes(jpeg(photo("d")))
    (photos / "c.jpg").unlink()
    assert said(night(rehash=True)) == {}
