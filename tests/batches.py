"""Batches as the measurements of rules see them, of files that decode."""

from __future__ import annotations

from collections.abc import Sequence

from sanitize.probe import examine, seen
from sanitize.probe.batch import Batch
from sanitize.probe.jpeg_strict import SHORTER_SIDE


def batch(files: Sequence[bytes]) -> Batch:
    """Return the batch of these files, each of which must decode."""
    facts, pictures = [], []
    for data in files:
        found, picture = examine(data)
        if picture is None:
            picture = seen.grey(data, found, shorter_side=SHORTER_SIDE)
        assert found["decodes"]
        assert picture is not None
        facts.append(found)
        pictures.append(picture)
    return Batch(list(files), facts, pictures)
