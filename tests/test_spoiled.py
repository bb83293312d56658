"""The mixed set of the comparison with CleanVision is the same each time it is made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import ImageChops

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks are not installed

from benchmarks import spoiled  # noqa: E402
from corrupt_samples.encode import jpeg  # noqa: E402
from corrupt_samples.pictures import photo  # noqa: E402


@pytest.mark.parametrize("kind", spoiled.DRAWN)
def test_a_drawing_is_the_same_each_time_and_others_differ(kind: str) -> None:
    first, again, other = (spoiled.DRAWN[kind](seed) for seed in ("0", "0", "1"))
    assert first.tobytes() == again.tobytes() != other.tobytes()


@pytest.mark.parametrize("kind", [kind for kind in spoiled.SPOILED if kind != "3000 pixels"])
def test_a_spoiled_photo_differs_from_what_it_was_made_of(kind: str) -> None:
    whole = photo("a", 120, 90)
    made = spoiled.SPOILED[kind](whole)
    assert made.size != whole.size or ImageChops.difference(made.convert("RGB"), whole).getbbox()


def test_every_kind_has_a_folder_and_photos_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoiled, "SPOILED", {"grey": spoiled.SPOILED["grey"]})
    monkeypatch.setattr(spoiled, "DRAWN", {"one colour": spoiled.DRAWN["one colour"]})
    (tmp_path / "lemon").mkdir()
    (tmp_path / "lemon" / "1.jpg").write_bytes(jpeg(photo("a")))
    assert spoiled.make([str(tmp_path / "lemon" / "1.jpg")], tmp_path / "made") == 1 + 1 + spoiled.DRAWN_EACH
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["grey", "one colour", "photo"]
    assert (tmp_path / "made" / "photo" / "lemon_1.jpg").read_bytes() == jpeg(photo("a"))


def test_a_folder_that_is_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.jpg").write_bytes(jpeg(photo("a")))
    monkeypatch.setattr(sys, "argv", ["spoiled", str(tmp_path), str(tmp_path)])
    with pytest.raises(SystemExit):
        spoiled.main()
    assert capsys.readouterr().err.endswith(f"error: {tmp_path} is there already\n")
