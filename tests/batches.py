"""Batches as the measurements of rules see them, of files that decode."""

from __future__ import annotations

from collections.abc import Sequence

from sanitize.probe import examine, seen
from sanitize.probe.batch import Batch
from sanitize.probe.jpeg_strict import SHORTER_SIDE


def batch(files: Sequence[bytes]) -> Batch:
    """Return the batch of these files, each of which must decode."""
    every = [examine(data) for data in files]
    pictures = []
    for data, one in zip(files, every, strict=True):
        picture = seen.grey(data, one.facts, shorter_side=SHORTER_SIDE) if one.picture is None else one.picture
        assert one.facts["decodes"]
        assert picture is not None
        pictures.append(picture)
    return Batch(list(files), [one.facts for one in every], pictures, [one.start for one in every])
