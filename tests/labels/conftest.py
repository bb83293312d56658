"""Lists that are read against a handful of files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from sanitize import labels
from sanitize.labels.reading import Folders
from sanitize.settings import Settings

Read = Callable[..., labels.Labels]

FILES = ("a.jpg", "b/c.jpg", "b/d e.jpg", "z.jpg")


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """A function that writes a list and reads it, in a folder of its own that holds `images`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "images").mkdir()

    def read(
        content: str | bytes = "",
        *specs: str,
        name: str = "train.txt",
        files: Sequence[str] = FILES,
        folders: Folders = lambda _: (),
        **options: object,
    ) -> labels.Labels:
        if content:
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        samples = pl.DataFrame(
            {"file": range(len(files)), "path": files}, schema={"file": pl.UInt32, "path": pl.String}
        )
        settings = Settings(labels=specs or (name,), **options)  # type: ignore[arg-type]
        return labels.read(settings, images=tmp_path / "images", samples=samples, folders=folders)

    return read
