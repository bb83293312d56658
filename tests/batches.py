"""Batches as the measurements of rules see them, of files that decode."""

from __future__ import annotations

from collections.abc import Sequence

from sanitize.probe import examine
from sanitize.probe.batch import Batch
from sanitize.probe.measurements import Seen, batch_of


def batch(files: Sequence[bytes]) -> Batch:
    """Return the batch of these files, each of which must decode."""
    every = [examine(data) for data in files]
    assert all(one.facts["decodes"] for one in every)
    made, numbers = batch_of([Seen(one.facts, data, *one[1:]) for data, one in zip(files, every, strict=True)])
    assert made is not None
    assert len(numbers) == len(files)
    return made
