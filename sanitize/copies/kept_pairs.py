"""Keeps, from one scan to the next, which pictures may be the same, and which of them are.

To find that out takes longer than all else that a scan of unchanged files does, and it follows from what they hold.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl

from sanitize import __version__
from sanitize.copies import alike
from sanitize.copies.pairs import CONFIRMED, LOOKED, PAIRS
from sanitize.engine.calls import Call, call_here
from sanitize.parts import Parts

# Where what came of closer looks is kept: it follows from two files alone.
_LOOKED = f"{__version__}-{alike.VERSION}-looked"


class Search:
    """A search for pairs, which has begun."""

    def __init__(self, pairs: Callable[[], pl.DataFrame], folder: Path | None = None, key: str = "") -> None:
        self.pairs = pairs  #: waits for them
        self._folder, self._key = folder, key

    def confirmed(self, facts: pl.DataFrame) -> pl.DataFrame | None:
        """Return the pairs that were confirmed the last time, as `alike.confirm` does; None where that is not known.

        It is where `facts`, which were searched, have the same `pixels` as they had then.
        """
        tables, _whole = self._place(facts).load() if self._folder else ([], True)
        return tables[0] if tables else None

    def keep(self, facts: pl.DataFrame, confirmed: pl.DataFrame) -> None:
        """Keep the pairs that are confirmed, and no earlier ones."""
        if self._folder:
            with contextlib.suppress(OSError):  # as below
                for path in self._folder.glob("*-confirmed"):
                    shutil.rmtree(path, ignore_errors=True)
                self._place(facts).replace(confirmed)

    def looked_at(self) -> pl.DataFrame:
        """Return the pairs that were looked at closely, as `pairs.LOOKED`."""
        tables, _whole = Parts(self._folder / _LOOKED, LOOKED).load() if self._folder else ([], True)
        return tables[0] if tables else pl.DataFrame(schema=LOOKED)

    def keep_looked_at(self, looked: pl.DataFrame) -> None:
        """Keep the pairs that were looked at closely, and no others."""
        if self._folder:
            with contextlib.suppress(OSError):  # as below
                Parts(self._folder / _LOOKED, LOOKED).replace(looked)

    def _place(self, facts: pl.DataFrame) -> Parts:
        assert self._folder
        pixels = facts.select("file", "pixels").sort("file")
        return Parts(self._folder / f"{_key(pixels, self._key)}-confirmed", CONFIRMED)


def search(
    facts: pl.DataFrame,
    *,
    distance: int | None,
    transforms: bool,
    known: int = 0,
    folder: Path | None = None,
    call: Call = call_here,
) -> Search:
    """Search as `alike.search` does; the pairs come from `folder` if it was of the same the last time."""
    facts = facts.select(alike.COLUMNS).sort("file")
    if folder is None:
        return Search(alike.search(facts, distance=distance, transforms=transforms, known=known, call=call))
    key = _key(facts, f"{__version__} {alike.VERSION} {distance} {transforms} {known}")
    parts = Parts(folder / key, PAIRS)
    tables, _whole = parts.load()
    if tables:
        return Search(lambda: tables[0], folder, key)
    found = alike.search(facts, distance=distance, transforms=transforms, known=known, call=call)

    def finish() -> pl.DataFrame:
        pairs = found()
        _keep(pairs, parts, folder)
        return pairs

    return Search(finish, folder, key)


def _keep(pairs: pl.DataFrame, parts: Parts, folder: Path) -> None:
    """Keep pairs, and nothing else in the folder but those that were looked at closely."""
    # To keep them is a convenience: where it fails, the next scan searches again.
    with contextlib.suppress(OSError):
        for path in [*folder.glob("*")] if folder.is_dir() else [folder]:
            if path.name == _LOOKED and path.is_dir():
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        parts.replace(pairs)


def _key(facts: pl.DataFrame, how: str) -> str:
    """Return a digest of facts, and of how they are made use of."""
    # What Polars makes of a row is another thing in another version of it.
    digest = hashlib.sha256(f"{how} {pl.__version__}".encode(), usedforsecurity=False)
    rows = io.BytesIO()
    facts.hash_rows().to_frame("row").write_ipc(rows, compression="uncompressed")
    digest.update(rows.getbuffer())
    return digest.hexdigest()
