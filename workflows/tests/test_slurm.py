"""The batch scripts, run by bash with the variables that Slurm sets; `srun` runs here what it is given, once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import HERE, WORKFLOWS, adapt, run, truncate, write_photos

SCRIPTS = sorted((WORKFLOWS / "slurm").glob("*.sbatch"))
#: Slurm's own without a controller: it leaves its options away.
SRUN = '#!/bin/bash\nwhile [[ $1 == --* ]]; do echo "$1" >> srun.txt; shift; done\nexec "$@"\n'

each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)


@each_script
def test_shellcheck_has_nothing_to_say(script: Path, shellcheck: Callable[[Path], None]) -> None:
    shellcheck(script)


@each_script
@pytest.mark.skipif(shutil.which("sbatch") is None, reason="Slurm is not installed")
def test_slurm_takes_the_script(script: Path) -> None:
    # What the script asks for may be more than there is here.
    run("sbatch", "--test-only", "--nodes=1", "--cpus-per-task=1", "--mem-per-cpu=1M", "--time=1", script)


@each_script
def test_options_come_before_the_first_command(script: Path) -> None:
    head = script.read_text().partition("\nset -")[0].splitlines()
    assert head[0] == "#!/bin/bash"
    assert all(line.startswith("#") for line in head)
    assert any(re.match(r"#SBATCH --time=\d\d:\d\d:\d\d$", line) for line in head)


@each_script
@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_job_scans_and_ends_with_the_status_of_the_scan(script: Path, status: int, tmp_path: Path) -> None:
    write_photos(tmp_path)
    if status == 1:
        truncate(tmp_path)
    if status == 2:
        (tmp_path / "train.txt").unlink()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "srun").write_text(SRUN)
    (tmp_path / "bin" / "srun").chmod(0o755)
    # The host's own name may lead to no address of this machine.
    (tmp_path / "bin" / "hostname").write_text("#!/bin/sh\necho 127.0.0.1\n")
    (tmp_path / "bin" / "hostname").chmod(0o755)
    job = adapt(script, tmp_path, {"/opt/sanitize/bin": HERE, "/data/": f"{tmp_path}/"})
    slurm = {"SLURM_JOB_ID": "7", "SLURM_CPUS_PER_TASK": "2", "SLURM_JOB_NUM_NODES": "1", "SLURM_NTASKS": "1"}
    text = job.read_text().replace(f"PATH={HERE}:$PATH", f"PATH={tmp_path}/bin:{HERE}:$PATH")
    job.write_text(text)
    run("bash", job, cwd=tmp_path, programs=(tmp_path / "bin",), status=status, **slurm)
    assert "--cpus-per-task=2" in (tmp_path / "srun.txt").read_text()
    assert not list(tmp_path.glob("scheduler-*.json"))
    if status < 2:
        summary = json.loads((tmp_path / "sanitized" / "summary.json").read_text())
        assert (summary["probed"], summary["quarantined"], summary["unchecked"]) == (16, status, 0)
