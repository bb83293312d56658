"""Folders and scans for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sanitize import api
from sanitize.result import ScanResult

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # `corrupt_samples` makes pictures for tests too, and is not installed

Scan = Callable[..., ScanResult]
Fired = Callable[..., dict[str, tuple[str, str]]]


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    """A function that scans a folder in one process, writes lists and reports only, and keeps no facts."""

    def scan_folder(folder: Path, /, labels: Any = (), **options: Any) -> ScanResult:
        defaults = {"out": tmp_path / "out", "images": False, "cache": False, "workers": 1}
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


#: A JPEG that ends in these bytes is the one over which the decoder of `spoil_decoder` misbehaves.
MARK = b"the one that misbehaves"


@pytest.fixture
def spoil_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], bytes]:
    """A function that makes the decoder of later scans do `action` over a file that ends in the bytes it returns."""

    def spoil(action: str) -> bytes:
        folder = tmp_path / "hook"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(
            "import os, signal, time\n"
            "import simplejpeg\n"
            "real = simplejpeg.decode_jpeg\n"
            "def decode_jpeg(data, *args, **options):\n"
            f"    if bytes(data).endswith({MARK!r}):\n"
            f"        {action}\n"
            "    return real(data, *args, **options)\n"
            "simplejpeg.decode_jpeg = decode_jpeg\n"
        )
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
        return MARK

    return spoil
