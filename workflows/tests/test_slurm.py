"""The batch scripts, submitted to a Slurm of one node where it is installed, and run by bash with the variables that it sets."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import HERE, WORKFLOWS, adapt, run, truncate, write_photos

SCRIPTS = sorted((WORKFLOWS / "slurm").glob("*.sbatch"))
#: Slurm's own without a controller: it leaves its options away.
SRUN = '#!/bin/bash\nwhile [[ $1 == --* ]]; do echo "$1" >> srun.txt; shift; done\nexec "$@"\n'
#: A Slurm of one node, without accounts and without a secret that its parts share.
SETTINGS = """\
ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}
SlurmdSpoolDir={folder}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
KillWait=5
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
"""

each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)


@each_script
def test_shellcheck_has_nothing_to_say(script: Path, shellcheck: Callable[[Path], None]) -> None:
    shellcheck(script)


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables by which Slurm's commands find one that runs on this machine alone, and ends with these tests."""
    daemons = [shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("slurmctld", "slurmd")]
    if shutil.which("sbatch") is None or None in daemons:
        pytest.skip("Slurm is not installed")
    if os.geteuid() != 0:
        pytest.skip("slurmd runs as root only")
    folder = tmp_path_factory.mktemp("slurm")
    settings = SETTINGS.format(
        host=socket.gethostname().partition(".")[0], folder=folder, ports=_free_ports(2), cpus=os.cpu_count()
    )
    (folder / "slurm.conf").write_text(settings)
    variables = {"SLURM_CONF": str(folder / "slurm.conf")}
    running = []
    try:
        for daemon in daemons:
            with (folder / f"{Path(str(daemon)).name}.log").open("w") as log:
                command = [str(daemon), "-D"]
                running.append(
                    subprocess.Popen(command, env={**os.environ, **variables}, stdout=log, stderr=subprocess.STDOUT)
                )
        for _ in range(60):
            states = subprocess.run(
                ["sinfo", "--noheader", "--format=%t"],
                env={**os.environ, **variables},
                capture_output=True,
                check=False,
            )
            if states.stdout.strip() == b"idle":
                break
            time.sleep(0.5)
        else:
            pytest.skip(f"Slurm does not start: {states.stdout!r} {states.stderr!r}")
        yield variables
    finally:
        for daemon_process in reversed(running):
            daemon_process.terminate()
            daemon_process.wait(30)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


@each_script
@pytest.mark.parametrize("status", [0, 1])
def test_slurm_runs_the_job_and_tells_its_status(
    script: Path, status: int, slurm: dict[str, str], tmp_path: Path
) -> None:
    write_photos(tmp_path)
    if status:
        truncate(tmp_path)
    job = adapt(script, tmp_path, {"/opt/sanitize/bin": HERE, "/data/": f"{tmp_path}/"})
    # The host's own name may lead to no address of this machine.
    job.write_text(job.read_text().replace("$(hostname)", "127.0.0.1"))
    # What the script asks for may be more than there is here.
    here = ("--nodes=1", "--cpus-per-task=1", "--mem-per-cpu=1M", "--time=10", f"--output={tmp_path}/job.txt")
    run("sbatch", "--wait", *here, job, cwd=tmp_path, status=status, **slurm)
    summary = json.loads((tmp_path / "sanitized" / "summary.json").read_text())
    assert (summary["probed"], summary["quarantined"], summary["unchecked"]) == (16, status, 0)
    assert not list(tmp_path.glob("scheduler-*.json"))


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
