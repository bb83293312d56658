"""Folders and scans for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Tests run in a process per core, and Polars reads it when it is loaded.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from sanitize import api
from sanitize.engine import pool
from sanitize.engine.forking import ForkServer
from sanitize.engine.launch import environment
from sanitize.result import ScanResult

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # `corrupt_samples` makes pictures for tests too, and is not installed

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

Scan = Callable[..., ScanResult]
Fired = Callable[..., dict[str, tuple[str, str]]]


class _Kept(ForkServer):
    """A fork server that scans leave running: to import what children need takes longer than most scans of a test."""

    def release(self) -> None:
        """Go on."""

    def close(self) -> None:
        """Go on, without the processes, which are ended one by one."""

    end = ForkServer.close


@pytest.fixture(scope="session")
def kept_server() -> Iterator[Callable[[], _Kept]]:
    """A function that returns the last scan's fork server if it has the environment of now, or else a new one."""
    last: list[tuple[dict[str, str], _Kept]] = []

    def end() -> None:
        while last:
            last.pop()[1].end()

    def take() -> _Kept:
        now = {name: value for name, value in environment().items() if name != "PYTEST_CURRENT_TEST"}
        if not last or last[0][0] != now:
            end()
            last.append((now, _Kept()))
        return last[0][1]

    yield take
    end()


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_server: Callable[[], _Kept]) -> Scan:
    """A function that scans a folder in one process, writes lists and data only, and keeps no facts."""

    def scan_folder(folder: Path, /, labels: Any = (), **options: Any) -> ScanResult:
        defaults = {"out": tmp_path / "out", "images": False, "report": False, "cache": False, "workers": 1}
        with monkeypatch.context() as patch:
            patch.setattr(pool, "ForkServer", kept_server)
            return api.scan(folder, labels, **{**defaults, **options})

    return scan_folder


@pytest.fixture
def fired(tmp_path: Path, scan: Scan) -> Fired:
    """A function that scans files, given by name and content, and returns what one rule says of them.

    `fired("grey", {"a.jpg": ...})` is `{path: (severity, message)}`; `listed` puts names on a list, all with label 0.
    """

    def fire(
        rule: str, files: Mapping[str, bytes], *, listed: tuple[str, ...] | None = None, **options: Any
    ) -> dict[str, tuple[str, str]]:
        folder = tmp_path / "images"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        lists = []
        if listed is not None:
            lists.append(tmp_path / "train.txt")
            lists[0].write_text("".join(f"{name} 0\n" for name in listed))
        findings = scan(folder, lists, **options).findings.select("rule", "path", "severity", "message")
        return {path: (severity, message) for name, path, severity, message in findings.iter_rows() if name == rule}

    return fire


#: A file that ends in these bytes is the one over which the functions of `spoil_decoder` and `spoil_copying` misbehave.
MARK = b"the one that misbehaves"


@pytest.fixture
def spoil_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """A function that makes the JPEG decoder of later scans do `action` over a file that ends in the bytes it returns."""
    return lambda action: _spoil(tmp_path, monkeypatch, "simplejpeg", "decode_jpeg(data, *rest, **options)", action)


@pytest.fixture
def spoil_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """A function that does the same to what reads a JPEG's header, which is our own."""
    module = "sanitize.probe.jpeg_segments"
    return lambda action: _spoil(tmp_path, monkeypatch, module, "read_header(data, *rest, **options)", action)


@pytest.fixture
def spoil_measuring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """A function that does the same to what looks for bytes beside a picture that was decoded."""
    return lambda action: _spoil(tmp_path, monkeypatch, "sanitize.probe.beside", "row(data, *rest, **options)", action)


@pytest.fixture
def spoil_copying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """A function that does the same to what makes the pixels of RGB copies."""
    return lambda action: _spoil(
        tmp_path, monkeypatch, "sanitize.convert", "to_rgb(image, data, *rest, **options)", action
    )


@pytest.fixture
def spoil_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """A function that does the same to what makes thumbnails."""
    return lambda action: _spoil(
        tmp_path, monkeypatch, "sanitize.thumbnail", "_reduced(data, *rest, **options)", action
    )


def _spoil(folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, call: str, action: str) -> bytes:
    """Replace a function of a module, given by how it is called, in all processes that start from now on."""
    name, before = call.partition("(")[0], "image, data" if "image" in call else "data"
    hook = folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import os, signal, time\n"
        f"import {module} as module\n"
        f"real = module.{name}\n"
        f"def {call}:\n"
        f"    if bytes(data).endswith({MARK!r}):\n"
        f"        {action}\n"
        f"    return real({before}, *rest, **options)\n"
        f"module.{name} = {name}\n"
    )
    paths = [str(hook), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    return MARK
