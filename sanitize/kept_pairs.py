"""Keeps, from one scan to the next, which pictures may be the same.

The search takes longer than all else that a scan of unchanged files does, and what comes of it follows from their hashes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from sanitize import __version__, alike
from sanitize.engine.calls import Call, call_here
from sanitize.parts import Parts


def search(
    facts: pl.DataFrame, *, distance: int | None, transforms: bool, folder: Path | None = None, call: Call = call_here
) -> Callable[[], pl.DataFrame]:
    """Search as `alike.search` does; the pairs come from `folder` if it was of the same the last time."""
    if folder is None:
        return alike.search(facts, distance=distance, transforms=transforms, call=call)
    key = _key(facts, f"{__version__} {alike.VERSION} {distance} {transforms}")
    parts = Parts(folder / key, alike.PAIRS)
    tables, _whole = parts.load()
    if tables:
        return lambda: tables[0]
    found = alike.search(facts, distance=distance, transforms=transforms, call=call)

    def finish() -> pl.DataFrame:
        pairs = found()
        _keep(pairs, parts, folder)
        return pairs

    return finish


def _keep(pairs: pl.DataFrame, parts: Parts, folder: Path) -> None:
    """Keep pairs, and nothing else in the folder."""
    # To keep them is a convenience: where it fails, the next scan searches again.
    with contextlib.suppress(OSError):
        for path in [*folder.glob("*")] if folder.is_dir() else [folder]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        parts.replace(pairs)


def _key(facts: pl.DataFrame, how: str) -> str:
    """Return a digest of all that a search goes by."""
    # What Polars makes of a row is another thing in another version of it.
    digest = hashlib.sha256(f"{how} {pl.__version__}".encode(), usedforsecurity=False)
    rows = io.BytesIO()
    facts.select(alike.COLUMNS).hash_rows().to_frame("row").write_ipc(rows, compression="uncompressed")
    digest.update(rows.getbuffer())
    return digest.hexdigest()
