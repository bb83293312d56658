"""Datasets and commands for tests that run the program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

Run = Callable[..., subprocess.Popen[str]]


def write_photo(path: Path, seed: int, *, size: int = 96) -> None:
    """Write a textured picture that no other seed gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coarse = np.random.default_rng(seed).integers(0, 255, (size // 8, size // 8, 3), dtype=np.uint8)
    Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC).save(path)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty pictures in two folders, and a list of them beside."""
    folder = tmp_path / "photos"
    names = [f"{'ab'[number % 2]}/{number:02}.jpg" for number in range(40)]
    for number, name in enumerate(names):
        write_photo(folder / name, number)
    (tmp_path / "train.txt").write_text("".join(f"{name} {number % 2}\n" for number, name in enumerate(sorted(names))))
    return folder


@pytest.fixture
def start() -> Run:
    """Start the program with flags; `hook` is the source of a `sitecustomize` that its children run too."""

    def start_program(*flags: object, hook: Path | None = None) -> subprocess.Popen[str]:
        environment = dict(os.environ)
        if hook:
            environment["PYTHONPATH"] = os.pathsep.join([str(hook), environment.get("PYTHONPATH", "")])
        return subprocess.Popen(
            [sys.executable, "-m", "sanitize", *map(str, flags)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    return start_program


@pytest.fixture
def hook(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that makes a folder whose `sitecustomize` replaces the strict JPEG decoder."""

    def make(action: str) -> Path:
        folder = tmp_path / "hook"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(
            "import os, time\n"
            "import simplejpeg\n"
            "real = simplejpeg.decode_jpeg\n"
            "def decode_jpeg(data, *args, **options):\n"
            f"    {action}\n"
            "    return real(data, *args, **options)\n"
            "simplejpeg.decode_jpeg = decode_jpeg\n"
        )
        return folder

    return make
