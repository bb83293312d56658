"""Nearly the same picture as another file.

It was saved again, scaled, cropped a little, brightened or made grey. Copies weigh more than other pictures in training, and
on two lists they are a leak (`split-leak`). Pictures are near whose perceptual hashes differ in a few of 64 bits
(`--near-distance`) and whose small versions then agree but for brightness: where a thing of an eighth of the height or more
is another in its grey levels, the picture is another, and so it is where a thing on plain ground has another colour. Such a
thing made grey is found where it kept its luma (ITU-R BT.601), as most programs have it. Where more than 16 others look much
like one, as white pictures with a number each do, that is compared with the closest of them only, and some copies are missed.
`--transforms` finds mirrored and turned ones too. Keep the best one; `--drop-duplicates` keeps the first on each list
under each label.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.same import copies
from sanitize.dataset import Dataset, Severity
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on

SEVERITY = Severity.WARNING
CHOOSES = True
NEEDS = ("same_picture",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find the files of groups that look alike, but not to the pixel."""
    says = "that show nearly the same picture"
    return copies(dataset, "same_picture", beyond="same_pixels", says=says, surely="same_closely")
