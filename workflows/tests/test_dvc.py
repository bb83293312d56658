"""The pipeline, run by DVC."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import HERE, WORKFLOWS, Done, Install, git, run, truncate

#: Stands for a training: it opens what the clean list names.
TRAIN = """\
import pathlib, sys
images, listed, model = map(pathlib.Path, sys.argv[1:])
names = [line.rsplit(" ", 1)[0] for line in listed.read_text().splitlines()]
model.write_text(str(sum((images / name).stat().st_size > 0 for name in names)))
"""


def test_the_pipeline_scans_trains_and_knows_when_nothing_has_changed(pipeline: Path, dvc: Path) -> None:
    repro(pipeline, dvc)
    assert (pipeline / "model.pt").read_text() == "16"
    [metrics] = json.loads(run(dvc, "metrics", "show", "--json", cwd=pipeline).stdout)[""]["data"].values()
    assert metrics["data"]["kept"] == 16
    assert "didn't change, skipping" in repro(pipeline, dvc).stdout


def test_a_changed_picture_is_scanned_and_the_others_are_not(pipeline: Path, dvc: Path) -> None:
    repro(pipeline, dvc)
    shutil.copy(pipeline / "photos" / "cats" / "1.jpg", pipeline / "photos" / "cats" / "17.jpg")
    with (pipeline / "train.txt").open("a") as listed:
        listed.write("cats/17.jpg 1\n")
    repro(pipeline, dvc)
    assert (pipeline / "model.pt").read_text() == "17"
    assert json.loads((pipeline / "sanitized" / "summary.json").read_text())["probed"] == 1


def test_too_many_bad_pictures_stop_the_pipeline(pipeline: Path, dvc: Path) -> None:
    repro(pipeline, dvc)
    truncate(pipeline)
    assert "truncated" in repro(pipeline, dvc, status=255).stderr
    assert (pipeline / "model.pt").read_text() == "16"


def test_the_clean_dataset_comes_back_from_the_cache(pipeline: Path, dvc: Path) -> None:
    repro(pipeline, dvc)
    before = contents(pipeline / "sanitized")
    shutil.rmtree(pipeline / "sanitized")
    run(dvc, "checkout", cwd=pipeline)
    assert contents(pipeline / "sanitized") == before


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their relative paths."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def repro(pipeline: Path, dvc: Path, status: int = 0) -> Done:
    """Bring the pipeline up to date."""
    return run(dvc, "repro", cwd=pipeline, programs=(HERE,), status=status, DVC_NO_ANALYTICS="1")


@pytest.fixture
def pipeline(project: Path, dvc: Path) -> Path:
    """A repository with the pipeline, whose pictures DVC looks after."""
    git(project, "rm", "--quiet", "-r", "--cached", "photos")
    shutil.copy(WORKFLOWS / "dvc" / "dvc.yaml", project)
    (project / "train.py").write_text(TRAIN)
    run(dvc, "init", "--quiet", cwd=project)
    run(dvc, "config", "core.analytics", "false", cwd=project)
    run(dvc, "add", "--quiet", "photos", cwd=project)
    return project


@pytest.fixture
def dvc(install: Install) -> Path:
    """The program."""
    return install("dvc", "dvc") / "dvc"
