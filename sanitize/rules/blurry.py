"""Nothing in the picture is sharp.

Out of focus, shaken every way, or scaled up from a thumbnail of up to 16 pixels: even reduced to 48 pixels on its shorter
side, the steepest step between two neighbouring pixels is less than `sharpness` of the steepest climb over four, which is
`min-climb` levels or more. One sharp edge is enough for a picture not to be blurry: a sharp subject before a soft
background, goods on white or a line of text are not. A blur of less than about 2 % of the shorter side is gone in the
reduced picture, and is not told; nor are most that were scaled up from 24 pixels and more. A picture without any edge, such
as a clear sky, is not blurred either: there the step is a quarter of that climb, as on an even slope, and over eight pixels
it goes on climbing. A blur of 5 % and more leaves such slopes, too. It is told by two things: all corners are rounded, which
those of a drawn gradient are not, and light and dark lie here and there, where a sky, a vignette or a glow only changes
down, across and around one place. Such a picture need not climb by `min-climb` levels, but has twice as many in all. Up to a
blur of about 15 % most are told. In a folder where at least half are lossless pictures of numbers instead of 8-bit levels
(16 or 32 bits of one channel, floats or single bits) or masks, these are not judged unless they have labels.

Look at it in its own size: take it out where its label cannot be told, and fetch the original of what was scaled up.
A set that is blurred by its nature, as of a microscope out of its plane, has a lower `sharpness`.
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
_SLOPE, _ROUNDING = 0.25, 3
#: Of what it climbs over four pixels, a slope that ends nowhere near climbs twice as much over eight, and an edge no more.
_GOES_ON = 1.4
#: Of what it climbs over four pixels, a corner that was blurred by 5 % or more takes less than this, give or take rounding;
#: where two even slopes meet it is a quarter at least if one of them is level.
_ROUNDED, _OF_ROUNDING = 0.14, 1.5
#: Levels, and share of all that there are, from which on light and dark lie here and there: most of 125 photos that were
#: blurred by 5 to 15 % are above, and gradients in rings and lines, skies with a sun, and lamps are below.
_HERE_AND_THERE, _OF_RANGE = 2.0, 0.015


def find(dataset: Dataset, *, sharpness: float = 0.4, min_climb: int = 30) -> pl.LazyFrame:
    """Find pictures less sharp than `sharpness` (0.5 at most, as it is measured so far) that climb by `min_climb` levels."""
    even = pl.col("step") < _SLOPE * pl.col("climb_4") + _ROUNDING
    slope = even & (pl.col("climb_8") > _GOES_ON * pl.col("climb_4"))
    rounded = pl.col("corner") <= _ROUNDED * pl.col("climb_4") + _OF_ROUNDING
    relief = pl.max_horizontal(_HERE_AND_THERE, _OF_RANGE * pl.col("tone_range"))
    scene = rounded & (pl.col("relief") >= relief)
    climbs = pl.col("climb_8") >= min_climb
    return (
        judged(dataset)
        .with_columns(sharpness=pl.col("step") / pl.col("climb_4"))
        .filter(pl.col("sharpness") < sharpness, climbs & ~slope | scene & (pl.col("tone_range") >= 2 * min_climb))
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
