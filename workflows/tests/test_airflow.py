"""The DAG, imported and run by Airflow's own test commands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .conftest import HERE, WORKFLOWS, Done, Install, adapt, run, truncate, write_photos


def test_the_dag_is_imported_without_an_error(home: Path, airflow: Path) -> None:
    assert "sanitize_photos" in call(home, airflow, "dags", "list", "--local", "--output", "plain").stdout
    assert "No data found" in call(home, airflow, "dags", "list-import-errors", "--local").stdout


def test_an_error_on_import_is_seen(home: Path, airflow: Path) -> None:
    dag = home / "dags" / "sanitize_dag.py"
    dag.write_text(dag.read_text().replace("import dag, task", "import dag, tusk"))
    done = call(home, airflow, "dags", "list-import-errors", "--local", status=1)
    assert "cannot import name" in done.stdout


def test_a_sound_dataset_is_trained_on(home: Path, airflow: Path) -> None:
    done = call(home, airflow, "dags", "test", "sanitize_photos")
    assert f"training with {home}/sanitized/images" in done.stdout + done.stderr
    assert json.loads((home / "sanitized" / "summary.json").read_text())["kept"] == 16


def test_a_bad_dataset_fails_at_once_and_nothing_is_trained(home: Path, airflow: Path) -> None:
    truncate(home)
    done = call(home, airflow, "dags", "test", "sanitize_photos", status=1)
    told = done.stdout + done.stderr
    assert f"{home}/photos has more errors than may be" in told
    assert "new_state=failed" in told
    assert "training with" not in told


def test_a_disk_that_is_away_is_tried_again(home: Path, airflow: Path) -> None:
    (home / "photos").rename(home / "elsewhere")
    # `dags test` would wait for the next try.
    done = call(home, airflow, "tasks", "test", "sanitize_photos", "scan")
    assert "the scan ended with status 2: sanitize: cannot list" in done.stdout + done.stderr
    assert "new_state=up_for_retry" in done.stdout + done.stderr


@pytest.fixture(scope="module")
def airflow(install: Install) -> Path:
    """The programs of Airflow."""
    return install("airflow", "apache-airflow>=3")


@pytest.fixture
def home(tmp_path: Path, airflow: Path) -> Path:
    """A home of Airflow with the DAG, that is also the folder where the data is."""
    write_photos(tmp_path)
    changes = {"/opt/sanitize/bin": HERE, "/data/": f"{tmp_path}/"}
    adapt(WORKFLOWS / "airflow" / "sanitize_dag.py", tmp_path / "dags", changes)
    call(tmp_path, airflow, "db", "migrate")
    return tmp_path


def call(home: Path, airflow: Path, *arguments: str, status: int = 0) -> Done:
    """Run Airflow at its home."""
    own = {name: "" for name in os.environ if name.startswith("AIRFLOW_")}
    settings = {**own, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    return run(airflow / "airflow", *arguments, cwd=home, programs=(airflow,), status=status, **settings)
