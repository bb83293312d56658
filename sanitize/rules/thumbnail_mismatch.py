"""The embedded thumbnail shows another picture.

Cameras put a small copy of the picture into its EXIF data (of a JPEG, PNG or WebP). Where the two differ, the picture
was put in the place of another, or painted over for the most part, and the old thumbnail stayed: it may show what was
meant to be gone, and the label may belong to what it shows. They differ where their detail correlates by less than
`min-similarity`. Pictures that were mirrored, turned by quarters or a little, letter-boxed, graded, clipped, inverted or
blurred are the same, so are those of which one half is left, and so is a thumbnail that was cut out of a long picture.
A box of one colour over the middle hides detail, and may make them differ: of boxes over 15 to 40 % of a photo one in
four is told, and of those over a half most are. A picture that is found within its thumbnail was cropped, and is no
other: down to a sixth of what that shows, in whatever shape. A card that says that the photo is gone is another, though
it holds little to compare: a plain picture whose thumbnail is not plain must be clearly like it. Flat pictures (a night,
snow, an empty page) have no detail to compare: there only a thumbnail with plenty tells that it shows another, and not
where faint rests of something are left. Look at both, and save the picture anew without its thumbnail.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.thumbnail import COLUMNS, VERSION, measure  # noqa: F401

SEVERITY = Severity.WARNING
LIMITS = {"min_similarity": (-1, 1)}
NEEDS = ("thumbnail_similarity",)


def find(dataset: Dataset, *, min_similarity: float = 0.5) -> pl.LazyFrame:
    """Find pictures whose thumbnail is less similar than `min_similarity` (1 is equal, 0 is unrelated)."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("thumbnail_similarity") < min_similarity)
        .select(
            "file",
            message=pl.format(
                "the embedded thumbnail ({} × {} pixels) shows another picture: similarity {} of 1",
                "thumbnail_width",
                "thumbnail_height",
                pl.col("thumbnail_similarity").round(2),
            ),
            similarity="thumbnail_similarity",
            width="thumbnail_width",
            height="thumbnail_height",
        )
    )
