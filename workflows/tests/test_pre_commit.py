"""The hook, run by pre-commit from a repository that names this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import ROOT, WORKFLOWS, Done, Install, adapt, git, run, truncate


def test_the_manifest_and_the_example_are_valid(pre_commit: Path) -> None:
    for kind, file in (
        ("manifest", ROOT / ".pre-commit-hooks.yaml"),
        ("config", WORKFLOWS / "pre-commit" / ".pre-commit-config.yaml"),
    ):
        done = run(pre_commit / "pre-commit", f"validate-{kind}", file)
        assert done.stdout + done.stderr == ""


def test_only_a_commit_that_touches_the_dataset_is_checked_and_a_bad_one_is_refused(
    project: Path, published: Path, pre_commit: Path, tmp_path: Path
) -> None:
    def commit(status: int) -> Done:
        git(project, "add", "--all")
        identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
        home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
        command = ("git", *identity, "commit", "--message", "a change")
        return run(*command, cwd=project, programs=(pre_commit,), status=status, **home)

    changes = {"https://git.example.org/sanitize": published}
    adapt(WORKFLOWS / "pre-commit" / ".pre-commit-config.yaml", project, changes)
    run(pre_commit / "pre-commit", "install", cwd=project)
    (project / "notes.md").write_text("nothing about pictures\n")
    assert "Skipped" in commit(0).stderr

    whole = (project / "photos" / "cats" / "3.jpg").read_bytes()
    truncate(project)
    refused = commit(1)
    assert "sanitize scan" in refused.stderr
    assert "truncated" in refused.stderr

    (project / "photos" / "cats" / "3.jpg").write_bytes(whole)
    for name in ("cut.jfif", "0001"):  # what no list of types knows as a picture
        (project / "photos" / name).write_bytes(whole[: len(whole) // 2])
        assert "truncated" in commit(1).stderr
        git(project, "rm", "--quiet", "--force", f"photos/{name}")

    with (project / "train.txt").open("a") as listed:
        listed.write("cats/16.jpg 1\n")
    assert "missing-file" in commit(1).stderr

    (project / "train.txt").write_text(
        "".join((project / "train.txt").read_text().splitlines(keepends=True)[:-1][::-1])
    )
    assert "Passed" in commit(0).stderr
    assert git(project, "status", "--porcelain").stdout == ""


@pytest.fixture
def pre_commit(install: Install) -> Path:
    """The programs of pre-commit."""
    return install("pre-commit", "pre-commit")
