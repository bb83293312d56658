"""A folder of originals and an OUT/images that is made of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from sanitize import names
from sanitize.listener import Listener
from sanitize.outputs import images
from sanitize.recipe import Recipe

Answers = Iterator[tuple[int, dict[str, Any]]]
SCHEMA = {
    "file": pl.UInt32, "path": pl.String, "size": pl.Int64, "mtime_ns": pl.Int64, "content": pl.String,
    "orientation": pl.Int64, "rgb_policy": pl.String, "rgb_path": pl.String, "rgb_bytes": pl.Int64,
    "complaint_kind": pl.String,
}  # fmt: skip


class Dataset:
    """A folder of originals, an OUT, and a converter that writes what it was asked."""

    def __init__(self, base: Path) -> None:
        self.images, self.out = base / "in", base / "out"
        self.images.mkdir()
        (self.out / ".sanitize").mkdir(parents=True)
        self.requests: list[dict[str, Any]] = []
        self.messages: list[str] = []
        self.fails: dict[bytes, dict[str, Any]] = {}

    def add(self, *paths: str, content: str = "original") -> None:
        for path in paths:
            (self.images / path).parent.mkdir(parents=True, exist_ok=True)
            (self.images / path).write_text(f"{content} {path}")

    def wanted(self, **entries: str) -> pl.DataFrame:
        """Want each entry: `a="a.jpg"` is a link, `a="a.gif > a.png"` a copy."""
        rows = []
        for number, text in enumerate(entries.values()):
            source, _arrow, target = text.partition(" > ")
            status = (self.images.resolve() / os.fsdecode(names.to_bytes(source))).stat()
            how = ["png:alpha", target, 20] if target else ["link", source, 0]
            rows.append([number, source, status.st_size, status.st_mtime_ns, "png", 1, *how, None])
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def convert(self, requests: list[dict[str, Any]], sizes: list[int]) -> Answers:
        assert len(requests) == len(sizes)
        for number, request in reversed(list(enumerate(requests))):
            self.requests.append(request)
            name = os.path.basename(request["source"])
            if name in self.fails:
                yield number, self.fails[name]
                continue
            over = b"" if request["background"] == (255, 255, 255) else b"dark "
            copy = over + b"copy of " + Path(os.fsdecode(request["source"])).read_bytes()
            Path(os.fsdecode(request["target"])).write_bytes(copy)
            yield number, {"error": None, "bytes": len(copy)}

    def scan(self, wanted: pl.DataFrame, **options: Any) -> list[tuple[int, str]]:
        """Update and remove what is stale, as a scan does; return the failures."""
        failures = self.update(wanted, **options)
        kept = wanted.join(failures, on="file", how="anti")
        images.remove_stale(self.out, kept)
        return failures.select("file", "message").rows()

    def update(self, wanted: pl.DataFrame, **options: Any) -> pl.DataFrame:
        self.requests, self.messages = [], []
        settings: dict[str, Any] = {"link": "symlink", "icc": "keep", "background": (255, 255, 255)} | options
        listener = Listener(on_message=self.messages.append)
        return images.update(
            self.out, self.images.resolve(), wanted, Recipe(**settings), convert=self.convert, listener=listener
        )

    def tree(self) -> dict[str, str]:
        """Return what lies in OUT/images: content of files, `-> target` of links."""
        found = {}
        root = self.out / "images"
        for folder, folders, files in os.walk(root):
            for name in [*folders, *files]:
                path = Path(folder) / name
                relative = path.relative_to(root).as_posix()
                if path.is_symlink():
                    found[relative] = "-> " + path.readlink().as_posix().removeprefix(
                        self.images.resolve().as_posix() + "/"
                    )
                elif not path.is_dir():
                    found[relative] = path.read_text()
                elif not any(path.iterdir()):
                    found[relative] = "empty folder"
        assert not (self.out / ".sanitize" / "images-waiting").exists()
        return found
