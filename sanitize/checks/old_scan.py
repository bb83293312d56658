"""The scan is older than `--max-age` allows.

What is compared is what the scan knew. A limit makes sure that somebody looks again now and then, with the rules and the
decoders of today.

Scan again: a file that has not changed is not decoded again.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from sanitize.scanned import Scanned


def find(scanned: Scanned) -> pl.DataFrame:
    """Find whether the scan is too old."""
    if scanned.max_age is None or scanned.age <= scanned.max_age:
        return pl.DataFrame(schema={"message": pl.String})
    finished = scanned.record.finished.isoformat(sep=" ", timespec="seconds")
    age, allowed = (timedelta(seconds=round(time.total_seconds())) for time in (scanned.age, scanned.max_age))
    message = f"the scan ended {finished}, {age} ago, and no more than {allowed} is allowed"
    return pl.DataFrame({"message": [message], "finished": [finished]})
