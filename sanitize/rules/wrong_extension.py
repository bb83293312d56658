"""The extension does not say what the content is.

A PNG named `.jpg` opens in Pillow, which looks at the content, and stops a C++ loader, which trusts the name; Caffe's
`--encoded` stores the wrong type. In `images/` the picture stands under its true extension. Rename the original where
others use it too.
"""

from __future__ import annotations

import polars as pl

from sanitize import formats
from sanitize.dataset import Dataset, Severity, content_name, extension, is_image_content

SEVERITY = Severity.WARNING


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures under the extension of another format, or none."""
    true_names = [
        f"{extension}|{content}" for content, format_ in formats.FORMATS.items() for extension in format_.extensions
    ]
    named = pl.concat_str(extension().fill_null(""), pl.lit("|"), "content")
    return (
        dataset.facts.lazy()
        .filter(is_image_content() & ~named.is_in(true_names))
        .select(
            "file",
            message=pl.when(extension().is_null())
            .then(pl.format("{} without extension", content_name()))
            .otherwise(pl.format("{} named {}", content_name(), extension())),
            content="content",
            extension=extension(),
        )
    )
