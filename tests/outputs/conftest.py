"""Results for the formats: of names that no format likes, and of very many findings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize import rules
from sanitize.result import Reported, ScanResult
from sanitize.rules import Rule
from tests.conftest import Scan

#: Bytes that are no text, line breaks, quotes, commands, markup, what the formats escape, and what XML cannot hold.
HOSTILE = [
    b"a b.jpg", b"\xff\xfe.jpg", b"=cmd.jpg", b"<script>.jpg", b"q\"'&.jpg", b"x\ny.jpg", b"::error::.jpg",
    b"100%,a:b.jpg", b"%0A.jpg", b"\x1b[31m.jpg", "ü\ufffe😀.jpg".encode(), b"]]>.jpg", b"C:#?.jpg",
]  # fmt: skip


def write_sound(path: Path) -> None:
    """Write a picture of which no rule says anything, another one under every name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(photo(path.name)))


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan: Scan) -> ScanResult:
    """A scan, from the folder above, of empty files in `photos` with hostile names, most of them on a list."""
    if os.name == "nt" or sys.platform == "darwin":
        pytest.skip("names there are text")
    monkeypatch.chdir(tmp_path)
    folder = os.fsencode(tmp_path / "photos")
    os.mkdir(folder)
    for name in HOSTILE:
        with open(os.path.join(folder, name), "wb"):
            pass
    listed = [name for name in HOSTILE[1:] if b"\n" not in name]
    (tmp_path / "tr,ain:5%.txt").write_bytes(b"".join(name + b" 0\n" for name in listed) + b"<gone>.jpg 0\n")
    return scan(Path("photos"), "tr,ain:5%.txt")


@dataclass(frozen=True)
class Many:
    """A result of as many findings as are asked for."""

    findings: pl.DataFrame
    images_root: Path = Path("photos")
    command: str = "scan"
    version: str = "0.1.0"
    seconds: float = 1.0
    exit_status: int = 1
    failing: frozenset[str] = frozenset({"error"})

    @property
    def summary(self) -> dict[str, object]:
        return {"images": self.findings.height}

    @property
    def rules(self) -> Mapping[str, Rule]:
        return rules.discover()

    @property
    def sources(self) -> Mapping[str, bytes]:
        return {"train.txt": os.path.abspath(b"train.txt")}

    @property
    def first_lines(self) -> pl.DataFrame:
        return pl.DataFrame(schema={"file": pl.UInt32, "list": pl.String, "line": pl.UInt32})


@pytest.fixture
def many() -> Callable[[int], Reported]:
    """A function that returns a result of `count` findings: one in ten is an error, one in ten an info."""

    def make(count: int) -> Reported:
        number = pl.int_range(count, dtype=pl.UInt32, eager=True)
        severities = ["warning"] * 8 + ["error", "info"]
        found = ["double-blank"] * 8 + ["label-out-of-range", "unlisted"]
        table = pl.DataFrame({"file": number}).select(
            path=pl.format("{}.jpg", "file"),
            path_bytes=pl.format("{}.jpg", "file").cast(pl.Binary),
            list=pl.lit("train.txt"),
            line=pl.col("file") + 1,
            label=pl.lit("9"),
            rule=pl.Series([found[row % 10] for row in range(count)], dtype=pl.String),
            severity=pl.Series([severities[row % 10] for row in range(count)], dtype=pl.String),
            message=pl.lit("something is wrong with this line, and it takes a sentence to say what"),
            evidence=pl.lit('{"count": 1}'),
            accepted=pl.lit(value=False),
            file="file",
        )
        return Many(table)

    return make
