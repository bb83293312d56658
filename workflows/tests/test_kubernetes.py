"""The manifests agree with the schemas of Kubernetes, and with each other; their commands run as one cluster here."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import HERE, WORKFLOWS, Install, run, surroundings, truncate, write_photos

FOLDER = WORKFLOWS / "kubernetes"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("version", ["1.29", "1.37"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_manifests_agree_with_the_published_schemas(file: Path, version: str, install: Install) -> None:
    programs = install("kubernetes-validate", "kubernetes-validate==1.37.0")
    run(programs / "kubernetes-validate", "--strict", "-k", version, file)


def test_the_schemas_find_what_is_wrong(install: Install, tmp_path: Path) -> None:
    programs = install("kubernetes-validate", "kubernetes-validate==1.37.0")
    (tmp_path / "cronjob.yaml").write_text((FOLDER / "cronjob.yaml").read_text().replace("backoffLimit", "backofLimit"))
    run(programs / "kubernetes-validate", "--strict", "-k", "1.37", tmp_path / "cronjob.yaml", status=1)


def test_workers_see_what_the_scan_sees_and_cannot_write_there() -> None:
    pods = [pod(f"Deployment/sanitize-{part}") for part in ("scheduler", "worker")] + [pod("CronJob/sanitize")]
    assert len({one["containers"][0]["image"] for one in pods}) == 1
    mounts = [{mount["name"]: mount for mount in one["containers"][0]["volumeMounts"]} for one in pods]
    assert mounts[1]["data"] == mounts[2]["data"] == {"name": "data", "mountPath": "/data", "readOnly": True}
    for one in pods:
        named = {volume["name"] for volume in one["volumes"]}
        assert named == {mount["name"] for mount in one["containers"][0]["volumeMounts"]}


def test_the_service_finds_the_scheduler_and_the_policy_lets_all_three_in() -> None:
    resources = load()
    labels = [
        resources[name]["spec"]["template"]["metadata"]["labels"]
        for name in ("Deployment/sanitize-scheduler", "Deployment/sanitize-worker")
    ]
    labels.append(resources["CronJob/sanitize"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"])
    selector = resources["Service/sanitize-scheduler"]["spec"]["selector"]
    assert [selector.items() <= one.items() for one in labels] == [True, False, False]
    policy = resources["NetworkPolicy/sanitize"]["spec"]
    for selected in (policy["podSelector"], policy["ingress"][0]["from"][0]["podSelector"]):
        assert all(selected["matchLabels"].items() <= one.items() for one in labels)


@pytest.mark.parametrize("status", [0, 1])
def test_the_commands_scan_together(cluster: str, tmp_path: Path, status: int) -> None:
    write_photos(tmp_path / "data")
    (tmp_path / "nightly").mkdir()
    if status:
        truncate(tmp_path / "data")
    words = command("CronJob/sanitize", {"sanitize-scheduler:8786": cluster, "/data": tmp_path / "data"})
    words = [word.replace("=/nightly", f"={tmp_path}/nightly") for word in words]
    run(*words, cwd=tmp_path, programs=(HERE,), status=status, HOME="/")
    summary = json.loads((tmp_path / "nightly" / "photos" / "summary.json").read_text())
    assert (summary["probed"], summary["quarantined"], summary["unchecked"]) == (16, status, 0)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with a worker, both started by the commands of the manifests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    scheduler = [*command("Deployment/sanitize-scheduler", {"8786": port}), "--host", "127.0.0.1"]
    worker = command("Deployment/sanitize-worker", {"sanitize-scheduler:8786": f"127.0.0.1:{port}"})
    folder = tmp_path_factory.mktemp("cluster")
    options: dict[str, Any] = {"cwd": folder, "env": {**surroundings(HERE), "HOME": "/"}, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(scheduler, **options) as first, subprocess.Popen(worker, **options) as second:
        yield f"127.0.0.1:{port}"
        second.terminate()
        second.wait()
        first.terminate()


def load() -> dict[str, dict[str, Any]]:
    """Return all resources by kind and name."""
    resources = [resource for file in FILES for resource in yaml.safe_load_all(file.read_text())]
    return {f"{resource['kind']}/{resource['metadata']['name']}": resource for resource in resources}


def pod(name: str) -> dict[str, Any]:
    """Return what a resource says of its pods."""
    spec = load()[name]["spec"]
    template: dict[str, Any] = spec["jobTemplate"]["spec"]["template"] if "jobTemplate" in spec else spec["template"]
    spec = template["spec"]
    assert isinstance(spec, dict)
    return spec


def command(name: str, changes: dict[str, object]) -> list[str]:
    """Return the command of a resource's only container, with what is here for what is there."""
    [container] = pod(name)["containers"]
    words = container["command"] + container.get("args", [])
    for example, here in changes.items():
        assert any(example in word for word in words), example
        words = [word.replace(example, str(here)) for word in words]
    return [str(HERE / words[0]), *words[1:]]
