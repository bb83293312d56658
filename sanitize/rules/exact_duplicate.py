"""The same bytes as another file.

Copies weigh more than other pictures in training, and on two lists they are a leak (`split-leak`). A link is a copy
too, as it is a sample of its own. Keep one; `--drop-duplicates` keeps the first on each list under each label. A
label that training ignores is one as any other here: its line displaces none that has a class, and stays beside it.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.same import copies
from sanitize.dataset import Dataset, Severity
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on

SEVERITY = Severity.WARNING
CHOOSES = True
NEEDS = ("same_bytes",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find the files of groups that have the same bytes."""
    return copies(dataset, "same_bytes", beyond="file", says="with the same bytes")
