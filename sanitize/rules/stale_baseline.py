"""A finding that was accepted does not occur any more.

`--baseline` names a finding which is not there: what was wrong was mended, the file is gone, or it holds other bytes, for
which nobody has accepted anything yet. Such an entry would accept the same defect again if it came back. Write the
baseline anew with `sanitize baseline OUT`, or take the line out of it.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find entries of the baseline that stand for no finding of this scan."""
    what = pl.format("{} was accepted, and ", pl.concat_str(pl.lit("`"), "rule", pl.lit("`")))
    why = (
        pl.when("other_bytes")
        .then(pl.lit("the file holds other bytes now"))
        .otherwise(pl.lit("does not occur any more"))
    )
    return dataset.stale_baseline.lazy().select(
        path=pl.col("path").replace("", None),
        message=what + why,
        accepted_rule="rule",
        accepted_list="list",
        accepted_label="label",
        accepted_message="message",
        fingerprint="fingerprint",
    )
