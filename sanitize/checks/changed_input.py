"""A list or settings file that the scan read is not the same any more.

The clean lists follow from the lists of `--labels`, the names of `--classes`, the hashes of `--checksums` and `--known-bad`
and the settings as they were then. Only what they hold counts, not when it was written.

Scan again.
"""

from __future__ import annotations

import polars as pl

from sanitize.checks.changed_output import changed
from sanitize.scanned import Scanned


def find(scanned: Scanned) -> pl.DataFrame:
    """Find the files named by flags that are gone or changed."""
    return changed(scanned.inputs, "the scan read it")
