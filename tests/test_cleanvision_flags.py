"""The comparison with CleanVision counts who flags what, and says where CleanVision is missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks are not installed

from benchmarks import cleanvision_flags as flags  # noqa: E402
from corrupt_samples.encode import jpeg, png  # noqa: E402
from corrupt_samples.pictures import photo  # noqa: E402

if TYPE_CHECKING:
    from typing import Any


def their(*flagged: str) -> dict[str, Any]:
    row: dict[str, Any] = {f"{kind.flag}_score": 0.5 for kind in flags.KINDS}
    return row | {f"is_{kind.flag}_issue": kind.flag in flagged for kind in flags.KINDS}


def rows_of(text: str, start: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith(start)]


def test_counts_theirs_ours_and_both_and_shows_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted({name for kind in flags.KINDS for name in kind.facts})
    facts = pl.DataFrame([{"path": path, **dict.fromkeys(names, 7)} for path in ("a/1.jpg", "a/2.jpg", "b/3.jpg")])
    findings = pl.DataFrame({"path": ["a/1.jpg", "b/3.jpg", "a/2.jpg"], "rule": ["dark", "dark", "blank"]})
    theirs = {"a/1.jpg": their("dark"), "a/2.jpg": their("dark", "light"), "b/3.jpg": their()}
    flags.compare(facts, findings, theirs, examples=3, folders=True)
    said = capsys.readouterr().out
    assert rows_of(said, "| dark  ")[0] == ["dark", "dark", "2", "3", "2"]
    assert rows_of(said, "| light  ")[0] == ["light", "bright", "1", "1", "1"]
    assert rows_of(said, "| dark: a ") == [["dark: a", "2", "2", "2"]]
    assert rows_of(said, "| dark: b/") == [["dark: b/3.jpg", "sanitize", "0.500", "brightness_99 7, brightest 7"]]


def test_judges_only_what_both_can_read(tmp_path: Path) -> None:
    files = {
        "dark.jpg": jpeg(photo("a").point(lambda level: level // 6)),
        "grey_alpha.png": png(photo("b").convert("LA")),
        "cut.jpg": jpeg(photo("c"))[:900],
        "photo": jpeg(photo("d")),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    facts, findings = flags.ours(tmp_path)
    assert facts["path"].to_list() == ["dark.jpg"]
    assert findings.filter(path="dark.jpg")["rule"].to_list() == ["dark"]


def test_says_in_one_line_that_cleanvision_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["cleanvision_flags", str(tmp_path)])
    monkeypatch.setattr(flags.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"^CleanVision is not installed here: pip install cleanvision$"):
        flags.main()
