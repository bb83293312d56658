"""Looks at files of the dataset again: asks the children, and keeps what they say of a file with its other facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sanitize.copies.pairs import CLOSELY, of_ends
from sanitize.dataset import overlay, polars_schema
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.facts import LOOK_COLUMNS
from sanitize.probing import SHADES, Batches
from sanitize.store import Store

_SHADES, _CLOSER = "sanitize.compare.look:shades", "sanitize.compare.closer:compare sanitize.compare.closer:settle"
_LOOKS = polars_schema(LOOK_COLUMNS)
# The columns of the one file, and of the other, that make up a `closer.Item`.
_FILE = ("path_bytes", "content", "mode", "orientation")


class Again(NamedTuple):
    """What it takes to look at a file again."""

    engine: Engine
    store: Store | None
    root: bytes  #: IMAGES, resolved
    on_start: Callable[[int], None]
    on_progress: Callable[[int], None]
    max_pixels: int  #: of a picture that is decoded
    shades: Sequence[pl.DataFrame] = ()  #: of files that were probed today
    pairs: Path | None = None  #: where to keep which pictures may be the same, if anywhere

    def recall(self, facts: pl.DataFrame, files: pl.Series) -> pl.DataFrame:
        """Return `facts` with the shades of some files: as they were seen when these were probed, or of a look now."""
        known = pl.concat([pl.DataFrame(schema=SHADES), *self.shades]).filter(pl.col("file").is_in(files.implode()))
        if known.height:
            facts = self._keep(overlay(facts, known), known)
        lacking = facts.filter(pl.col("file").is_in(files.implode()) & pl.col("shades").is_null())
        return self.ask(facts, _SHADES, lacking, ["path_bytes"], max_pixels=self.max_pixels)

    def ask(
        self, facts: pl.DataFrame, function: str, files: pl.DataFrame, items: Sequence[str], **options: object
    ) -> pl.DataFrame:
        """Return `facts` with what `function` answers of some files: some of LOOK_COLUMNS, and nothing where it fails.

        `files` are some of the facts. `function` is called in the children as `function((first, second, ...), root=...,
        **options)`, with their columns `items`, or as `function(first, ...)` where there is only one; a second one, after a
        blank, is given all answers of a batch.
        """
        if files.is_empty():
            return facts
        found = self._answers(function, files.select(items), files["size"], **options)
        names = [name for name in LOOK_COLUMNS if any(name in payload for _row, payload in found)]
        answered = files.select("file")[[row for row, _payload in found]].with_columns(
            pl.Series(name, [payload.get(name) for _row, payload in found], dtype=_LOOKS[name]) for name in names
        )
        return self._keep(overlay(facts, answered), answered)

    def ask_closely(self, pairs: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
        """Return the pairs (`file`, `other` and others) of which a closer look can tell, with what it says (`pairs.CLOSELY`)."""
        # Those of a file that is in many come together: it is decoded once then.
        often = pl.concat([pairs["file"], pairs["other"]]).alias("file").value_counts()
        counts = [table["count"] for table in of_ends(pairs, often)]
        pairs = pairs.sort(pl.when(counts[0] < counts[1]).then("other").otherwise("file"), "file", "other")
        one, other = of_ends(pairs, facts.select("file", "size", *_FILE))
        items = pl.concat([one.select(_FILE), other.select(pl.col(_FILE).name.prefix("other_"))], how="horizontal")
        found = dict(sorted(self._answers(_CLOSER, items, one["size"] + other["size"])))
        told = (
            pl.Series(name, [said[name] for said in found.values()], dtype=dtype) for name, dtype in CLOSELY.items()
        )
        return pairs[[*found]].with_columns(told)

    def _answers(
        self, function: str, items: pl.DataFrame, sizes: pl.Series, **options: object
    ) -> list[tuple[int, Mapping[str, object]]]:
        """Return what `function` answers of the rows of `items`, by their numbers; of some it may be nothing."""
        ranges = split(sizes, workers=self.engine.workers)
        found: list[tuple[int, Mapping[str, object]]] = []

        def take(number: int, answers: list[Answer]) -> None:
            found.extend(
                (row, payload)
                for row, (status, payload) in zip(ranges[number], answers, strict=True)
                if status == "ok" and payload
            )
            self.on_progress(len(answers))

        self.on_start(items.height)
        self.engine.run(function, Batches(items, ranges), {"root": self.root, **options}, take)
        return found

    def _keep(self, facts: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
        """Keep the facts of files of which something was seen, and return all."""
        if self.store and seen.height:
            self.store.add(facts.join(seen.select("file"), on="file", how="semi"))
        return facts
