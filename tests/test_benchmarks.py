"""The benchmarks count what they say they count."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks are not installed

from benchmarks import damage, encodings, processes, recall  # noqa: E402
from corrupt_samples.encode import png  # noqa: E402
from corrupt_samples.pictures import photo  # noqa: E402


@pytest.mark.parametrize("kind", damage.KINDS)
@pytest.mark.parametrize("name", ["JPEG baseline", "JPEG progressive", "PNG"])
def test_damage_changes_a_picture_and_is_the_same_each_time(kind: str, name: str) -> None:
    sound, other = (encodings.encode(photo(seed), name) for seed in ("a", "b"))
    damaged = [damage.KINDS[kind](sound, other, random.Random(1)) for _ in range(2)]
    assert damaged[0] == damaged[1] != sound


@pytest.mark.parametrize("kind", [kind for kind in damage.KINDS if kind != "LF turned into CRLF"])
def test_damage_spares_the_header_of_a_jpeg(kind: str) -> None:
    sound, other = (encodings.encode(photo(seed), "JPEG baseline") for seed in ("a", "b"))
    start = damage.body_start(sound)
    assert damage.KINDS[kind](sound, other, random.Random(1))[:start] == sound[:start]


def test_counts_who_notices_what(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.png").write_bytes(png(photo(name)))
    counts = recall.count([str(tmp_path / "a.png"), str(tmp_path / "b.png")], "JPEG baseline", seed=0)
    files, noticed = counts["cut at 50 %"]
    assert (files, noticed["sanitize"], noticed["Pillow load()"]) == (2, 2, 2)
    files, noticed = counts["(sound: false alarms)"]
    assert (files, set(noticed.values())) == (2, {0})


def test_ratios_are_taken_round_by_round() -> None:
    slow, fast = [processes.Run(2, 4), processes.Run(20, 40)], [processes.Run(1, 1), processes.Run(10, 10)]
    assert processes.ratio(slow, fast) == processes.Run(2, 4)


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="ended with 7"):
        processes.run([sys.executable, "-c", "raise SystemExit(7)"])
