"""A QR code is a part of the picture.

It stands on a package, a sign or a screen in an ordinary photograph. A net may learn the code instead of the thing:
look at a few. A code that is the picture, or its centre, is `qr-takeover`; from where on is told by the options of that
rule.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted
from sanitize.probe.codes import COLUMNS, VERSION, measure  # noqa: F401 - looks for the codes
from sanitize.rules.qr_takeover import codes

SEVERITY = Severity.INFO
NEEDS = ("code_share",)
SETTINGS_OF = "qr-takeover"


def find(dataset: Dataset, **thresholds: float) -> pl.LazyFrame:
    """Find pictures with a code that does not take them over, by the thresholds of `qr-takeover`."""
    return (
        codes(dataset, **thresholds)
        .filter(~pl.col("takes_over"))
        .select(
            "file",
            message=pl.format(
                "a QR code on {} % of the picture says {}",
                (100 * pl.col("code_share")).round(1),
                quoted(pl.col("code_text")),
            ),
            text="code_text",
            share=pl.col("code_share").round(3),
            codes="codes",
        )
    )
