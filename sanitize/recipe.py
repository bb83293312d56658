"""How the entries of OUT/images are made of their sources: what the user has chosen, and what tells one choice from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from sanitize.rgb import LINK, VERSION
from sanitize.setting_values import parse_background


class Recipe(NamedTuple):
    """The choices that an entry's content follows from, beside its source and its `rgb_policy`."""

    link: str  #: `symlink`, `hardlink` or `copy`
    icc: str  #: `keep` or `convert`
    background: tuple[int, int, int]  #: 0 to 255

    def of(self, root: str) -> pl.Expr:
        """Return the text, over `rgb_policy`, of everything that an entry follows from; `root` is the key of IMAGES, resolved."""
        policy = pl.col("rgb_policy")
        has_alpha = policy.str.contains("alpha", literal=True)
        over = pl.when(has_alpha).then(pl.lit(f" over {self.background}")).otherwise(pl.lit(""))
        copied = pl.lit(f"version {VERSION} icc {self.icc} of {root} ") + policy + over
        return pl.when(policy == LINK).then(pl.lit(f"{self.link} to {root}")).otherwise(copied)


def chosen(settings: Mapping[str, Any]) -> Recipe:
    """Return the choices that settings, by their names, make. Raises UsageError where the background is no colour."""
    return Recipe(settings["link"], settings["icc"], parse_background(settings["background"]))
