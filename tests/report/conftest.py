"""A headless browser, and files of OUT that no scan could make so soon."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sanitize.outputs import list_lines

Dump = Callable[[Path], str]
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]


@pytest.fixture
def dump(tmp_path: Path) -> Dump:
    """A function that opens a page in headless Chromium from disk, and returns what became of it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium here")

    def open_page(page: Path) -> str:
        profile = [f"--user-data-dir={tmp_path / 'chromium'}", "--virtual-time-budget=5000"]
        command = [chromium, *_FLAGS, *profile, page.absolute().as_uri()]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    return open_page


def files_of(paths: list[str], findings: list[dict[str, object]], **summary: object) -> dict[str, bytes]:
    """Return files of OUT for pictures that are not there, with these findings."""
    facts = pl.DataFrame(
        {
            "path": paths,
            "path_bytes": [path.encode() for path in paths],
            "size": pl.repeat(1000, len(paths), dtype=pl.Int64, eager=True),
            "mtime_ns": pl.repeat(0, len(paths), dtype=pl.Int64, eager=True),
            "content": pl.repeat("jpeg", len(paths), dtype=pl.String, eager=True),
            "width": pl.repeat(640, len(paths), dtype=pl.Int64, eager=True),
            "height": pl.repeat(480, len(paths), dtype=pl.Int64, eager=True),
            "decodes_truncated": pl.repeat(True, len(paths), dtype=pl.Boolean, eager=True),
            "verdict": pl.repeat("quarantined", len(paths), dtype=pl.String, eager=True),
        },
        schema_overrides={"path": pl.String, "path_bytes": pl.Binary},
    )
    counts = {"images": len(paths), "kept": 0, "converted": 0, "quarantined": len(paths), "unlisted": 0, "unchecked": 0}
    counts |= {"lines": 0, "lines_kept": 0, "classes": 0}
    return {
        "facts.parquet": _parquet(facts),
        "findings.jsonl": "".join(json.dumps(one) + "\n" for one in findings).encode(),
        "summary.json": json.dumps(counts | summary).encode(),
        list_lines.NAME: _parquet(pl.DataFrame(schema=list_lines.SCHEMA)),
    }


def finding(path: str, **given: object) -> dict[str, object]:
    """Return a finding about a file as `findings.jsonl` has it."""
    import base64

    own = {"path": path, "path_bytes": base64.b64encode(path.encode()).decode(), "list": "", "line": None, "label": ""}
    return {**own, "rule": "truncated", "severity": "error", "message": "the data ends early", "evidence": {}, **given}


def _parquet(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()
