"""What a container or a job may use counts, and not what its machine has."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanitize.memory import available


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        ("0::/job/step\n", {"job/memory.max": "300000\n", "job/step/memory.max": "max\n"}, 300_000),
        ("0::/\n", {"memory.max": "400000\n"}, 400_000),
        ("0::/../../outside\n", {"memory.max": "500000\n"}, 500_000),
        ("5:cpu:/a\n4:memory,hugetlb:/a\n", {"memory/a/memory.limit_in_bytes": "600000\n"}, 600_000),
        ("0::/job\n", {"job/memory.max": "damaged"}, None),
        ("damaged", {}, None),
    ],
)
def test_the_least_limit_of_all_groups_counts(
    tmp_path: Path, groups: str, limits: dict[str, str], expected: int | None
) -> None:
    (tmp_path / "own").write_text(groups)
    for name, text in limits.items():
        (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name).write_text(text)
    machine = available(str(tmp_path / "none"), str(tmp_path / "none"))
    assert available(str(tmp_path / "own"), str(tmp_path / "groups")) == (expected or machine)
