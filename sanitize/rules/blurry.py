"""Nothing in the picture is sharp.

Out of focus, shaken every way, or scaled up from a thumbnail: even reduced to a shorter side of 32 to 63 pixels, the
steepest step between two neighbouring pixels is less than `sharpness` of the steepest climb over four, which is `min-
climb` levels or more. One sharp edge is enough for a picture not to be blurry: a sharp subject before a soft
background, goods on white or a line of text are not. A blur of less than about 2 % of the shorter side is gone in the
reduced picture, and is not told. A picture without any edge, such as a clear sky, is not blurred either: there the
step is a quarter of that climb, as on an even slope, and over eight pixels it goes on climbing.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.statistics import COLUMNS, SHARP, VERSION, measure  # noqa: F401
from sanitize.shown import judged

SEVERITY = Severity.WARNING
# As far as what is compared with it is measured.
LIMITS = {"sharpness": (0, SHARP)}
#: On an even slope one step is a quarter of four, give or take what rounding makes of the two, in levels.
_SLOPE, _ROUNDING = 0.25, 2
#: Of what it climbs over four pixels, a slope that ends nowhere near climbs twice as much over eight, and an edge no more.
_GOES_ON = 1.3


def find(dataset: Dataset, *, sharpness: float = 0.4, min_climb: int = 30) -> pl.LazyFrame:
    """Find pictures less sharp than `sharpness` (0.5 at most, as it is measured so far) that climb by `min_climb` levels."""
    even = pl.col("step") < _SLOPE * pl.col("climb_4") + _ROUNDING
    slope = even & (pl.col("climb_8") > _GOES_ON * pl.col("climb_4"))
    return (
        judged(dataset)
        .with_columns(sharpness=pl.col("step") / pl.col("climb_4"))
        .filter((pl.col("sharpness") < sharpness) & ~slope & (pl.col("climb_8") >= min_climb))
        .select(
            "file",
            message=pl.format(
                "blurry: even in the reduced picture no step is steeper than {} levels of a climb of {}",
                "step",
                "climb_4",
            ),
            sharpness=pl.col("sharpness").round(3),
            step="step",
            climb="climb_4",
        )
    )
