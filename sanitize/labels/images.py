"""No list at all: every image is a sample without a label."""

from __future__ import annotations

import polars as pl

from sanitize.labels.folders import list_of_files
from sanitize.labels.reading import Reading, Source


def claims(source: Source) -> bool:
    """Whether no list was asked for."""
    return source.text is None and source.spec == "images"


def read(source: Source) -> Reading:
    """Give a line without a label to every file."""
    return Reading(list_of_files(source.samples, pl.lit(None, pl.String)), labelled=False, implicit=True)
