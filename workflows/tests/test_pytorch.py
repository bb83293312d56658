"""The training script, run on the CPU."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path

import pytest

from .conftest import ROOT, WORKFLOWS, Install, run, truncate, write_photos

SCRIPT = WORKFLOWS / "pytorch" / "train.py"


def test_it_trains_on_a_sound_dataset(python: Path, tmp_path: Path) -> None:
    write_photos(tmp_path)
    done = run(python, SCRIPT, "photos", "train.txt", "--epochs", "20", cwd=tmp_path)
    losses = [float(loss) for loss in re.findall(r"loss (\S+)", done.stdout)]
    assert len(losses) == 20
    assert all(map(isfinite, losses))
    assert min(losses) < losses[0]
    assert (tmp_path / "model.pt").is_file()


def test_it_ends_with_what_is_wrong_before_it_trains(python: Path, tmp_path: Path) -> None:
    write_photos(tmp_path)
    truncate(tmp_path)
    done = run(python, SCRIPT, "photos", "train.txt", cwd=tmp_path, status=1)
    assert done.stdout == ""
    assert done.stderr == (
        "train.py: 1 of 16 images and 1 of 16 lines are not fit for training (truncated 1); see sanitized/findings.jsonl\n"
    )
    assert not (tmp_path / "model.pt").exists()


def test_a_list_that_is_not_there_is_told_in_a_line(python: Path, tmp_path: Path) -> None:
    write_photos(tmp_path)
    done = run(python, SCRIPT, "photos", "val.txt", cwd=tmp_path, status=2)
    assert done.stderr.startswith("train.py: ")
    assert done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def python(install: Install) -> Path:
    """Python with PyTorch and this project; only a build for the CPU is taken, as others bring gigabytes."""
    return install("pytorch", "torch==2.13.0+cpu", f"--editable={ROOT}") / "python"
