"""Begins a scan while the libraries that judge are still imported: walks over the images, and has the first ones measured."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sanitize import formats
from sanitize.children import LIBRARIES, PROBE
from sanitize.engine.schedule import AT_FIRST, Engine, Run, split
from sanitize.facts import HASHES, MEASURES, MOST_SHADES
from sanitize.out import has_facts
from sanitize.settings import Settings
from sanitize.sources.walk import Walk

# Of more files than these the names are not put in order here: that takes longer than what is gained.
_MOST = 100_000
# Of fewer files than these the tables are so small that threads of Polars wait for each other longer than they work.
_FEW = 30_000
_EXTENSIONS = frozenset(os.fsencode(extension) for extension in formats.IMAGE_EXTENSIONS)


@dataclass(slots=True)
class Early:
    """A scan that has begun."""

    since: float  #: when, as `time.perf_counter` has it
    walk: Walk | None  #: what it came upon, until somebody takes it: of a million files that is much
    paths: Sequence[bytes] = ()  #: the first files that are measured, in order
    ranges: Sequence[range] = ()  #: where in `paths` each batch begins and ends
    options: dict[str, object] | None = None  #: how they are measured; None where none are
    run: Run | None = None

    def take_walk(self) -> Walk | None:
        """Return the walk, once."""
        walk, self.walk = self.walk, None
        return walk


def begin(images: Path, settings: Settings, engine: Engine) -> Early:
    """Begin a scan: with the files, where all are to be measured, by all rules and on this machine.

    Raises UsageError where `images` cannot be listed.
    """
    since = time.perf_counter()
    measures_all = engine.is_local and not (settings.cache and has_facts(settings.out))
    if measures_all:
        engine.warm(PROBE, libraries=LIBRARIES)
    walk = Walk(str(images), exclude=settings.exclude)
    if len(walk.paths) < _FEW and "polars" not in sys.modules:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
    if not measures_all or settings.select or settings.ignore or len(walk.paths) > _MOST:
        return Early(since, walk)
    sizes = {path: size for path, size in zip(walk.paths, walk.sizes, strict=True) if _has_image_name(path)}
    paths = sorted(sizes)
    ranges = split(map(sizes.__getitem__, paths), workers=engine.workers)[: engine.workers * AT_FIRST]
    options = probe_options(
        os.fsencode(images.resolve()),
        max_pixels=settings.max_pixels,
        thorough=settings.thorough,
        measures=MEASURES,
        files=len(walk.paths),
    )
    batches = [[(paths[number], True) for number in which] for which in ranges]
    run = engine.begin(PROBE, batches, options)
    return Early(since, walk, paths[: ranges[-1].stop if ranges else 0], ranges, options, run)


def probe_options(
    root: bytes, *, max_pixels: int, thorough: bool, measures: Sequence[str], files: int
) -> dict[str, object]:
    """Return how files are measured, of so many in all; a scan that has begun otherwise is begun again."""
    return {
        "root": root,
        "max_pixels": max_pixels,
        "thorough": thorough,
        "measures": list(measures),
        "shades": HASHES in measures and files <= MOST_SHADES,
    }


def _has_image_name(path: bytes) -> bool:
    """Tell whether a file is sure to have an image's name: of others, rare ones, tables tell later."""
    stem, dot, extension = path.rpartition(b".")
    return (dot + extension).lower() in _EXTENSIONS and not (b"/" + stem).endswith(b"/")
