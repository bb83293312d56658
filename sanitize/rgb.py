"""Says for each file how it becomes 8-bit RGB under its true extension: by a link, or by which copy.

`rgb_policy` is `link`, or how the copy is written and, after a colon, what happens to the pixels:

| written as | which |
|---|---|
| `link` | JPEG or 8-bit colour PNG that needs nothing; it too takes its true extension |
| `jpeg-lossless` | an RGB JPEG whose metadata disturb a reader: the coded picture bit for bit, without them |
| `jpeg-same` | a JPEG encoded again with its own quantisation tables and subsampling: grey, turned, damaged |
| `jpeg-95` | a JPEG of quality 95, 4:4:4: CMYK JPEGs, and all other sources with `rgb_format="jpeg"` |
| `png` | everything else, and every copy with `rgb_format="png"` |

The words after the colon, joined by `+`: `salvage` what is left of a damaged file, `frame` the first of several,
`depth` 16-bit or float samples scaled, `palette` looked up, `cmyk` and `lab` converted, `grey` repeated in three
channels, `profile` converted to sRGB, `alpha` composed over the background, `orient` turned.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sanitize.dataset import has_other_colours, pixel_count
from sanitize.formats import OPENED
from sanitize.name_columns import folded

#: Version of the conversion: copies made by another one are made again.
VERSION = 1
LINK = "link"

_LARGEST_JPEG = 65_500  # pixels a side, libjpeg's limit
_JPEG_POLICIES = ("jpeg-lossless", "jpeg-same", "jpeg-95")
# Medians over photographs, and what they become as a palette or in grey.
_JPEG_BYTES_PER_PIXEL = 0.7
_MOST_BYTES = 1 << 62  # whatever a header claims
_PNG_BYTES_PER_PIXEL, _GREY_PNG_BYTES_PER_PIXEL = 1.9, 1.0
_GIF_GROWTH, _PALETTE_GROWTH, _GREY_GROWTH, _CMYK_GROWTH = (
    1.9,
    2.3,
    1.6,
    1.2,
)  # bytes of the copy per byte of the source

# What a JPEG that is cut short lacks costs more in its copy than in itself, bytes per pixel: grey rows in place of those
# that are lost, and, of a progressive one, coarse rows that are now coded in one scan. Most seen: 0.019 and 0.063.
_GREY_ROWS, _COARSE_ROWS = 0.02, 0.04


def plan(
    facts: pl.DataFrame,
    *,
    icc: str,
    rgb_format: str | None = None,
    salvage: bool = False,
    ignores_case: bool = False,
) -> pl.DataFrame:
    """Return `file`, `rgb_policy`, `rgb_path` (key, relative to `images/`) and `rgb_bytes` (expected; 0 for a link).

    `facts` are those of all images, the bad ones too, so that a renamed copy never takes the name of another original.
    `icc` and `rgb_format` are the settings of these names; `ignores_case` tells how names are compared where the copies go.
    """
    traits = _traits(facts.lazy(), icc=icc, salvage=salvage)
    chosen = traits.with_columns(how=_how(rgb_format)).with_columns(
        rgb_policy=pl.when(pl.col("how").is_in([LINK, "jpeg-lossless"]))
        .then("how")
        .otherwise(pl.concat_str("how", pl.lit(":") + _steps(), ignore_nulls=True).str.strip_suffix(":")),
        rgb_bytes=_expected_bytes(),
    )
    return _with_paths(chosen.collect(), ignores_case=ignores_case).select(
        "file", "rgb_policy", "rgb_path", "rgb_bytes"
    )


def _traits(facts: pl.LazyFrame, *, icc: str, salvage: bool) -> pl.LazyFrame:
    """Reduce the facts to the conditions that decide."""

    def holds(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(value=False)

    mode, bits = pl.col("mode").fill_null(""), pl.col("bits").fill_null(8)
    profile = has_other_colours()
    damaged = holds(~pl.col("decodes")) | pl.col("complaint").is_not_null()
    return facts.select(
        "file", "path", "content",
        plain=holds(pl.col("plain")),
        frame_bytes=pl.col("size") / pl.max_horizontal(pl.col("frames").fill_null(1), 1),
        pixels=pixel_count().fill_null(0),
        side=pl.max_horizontal("width", "height").fill_null(0),
        rgb=mode == "RGB",
        salvage=damaged if salvage else pl.lit(value=False),
        survives=pl.when(pl.col("complaint_kind") == "ended-early").then(pl.col("survives").fill_null(1.0)),
        frame=holds(pl.col("frames") > 1) & (pl.col("content") != "jpeg"),
        depth=(bits > 8) | mode.str.starts_with("I") | (mode == "F"),
        palette=holds(pl.col("palette")) | mode.is_in(["P", "PA"]),
        cmyk=mode == "CMYK",
        lab=mode == "LAB",
        grey=mode.is_in(["1", "L", "LA", "La", "F"]) | mode.str.starts_with("I"),
        profile=profile if icc == "convert" else profile & ~mode.is_in(["RGB", "RGBA", "RGBa", "P", "PA", ""]),
        alpha=holds(pl.col("alpha")),
        orient=pl.col("orientation").fill_null(1) != 1,
    )  # fmt: skip


def _how(rgb_format: str | None) -> pl.Expr:
    is_jpeg = pl.col("content") == "jpeg"
    fits_jpeg = pl.col("side") <= _LARGEST_JPEG
    untouched = ~pl.col("salvage") & ~pl.col("profile")
    jpeg = (
        pl.when(pl.col("rgb") & ~pl.col("orient") & untouched)
        .then(pl.lit("jpeg-lossless"))
        .when(~fits_jpeg)
        .then(pl.lit("png"))
        .when("cmyk")
        .then(pl.lit("jpeg-95"))
        .otherwise(pl.lit("jpeg-same"))
    )
    other = (
        pl.when(fits_jpeg).then(pl.lit("jpeg-95")).otherwise(pl.lit("png")) if rgb_format == "jpeg" else pl.lit("png")
    )
    copy = pl.lit("png") if rgb_format == "png" else pl.when(is_jpeg).then(jpeg).otherwise(other)
    return pl.when(pl.col("plain") & untouched).then(pl.lit(LINK)).otherwise(copy)


def _steps() -> pl.Expr:
    names = ("salvage", "frame", "depth", "palette", "cmyk", "lab", "grey", "profile", "alpha", "orient")
    words = [pl.when(name).then(pl.lit(name)) for name in names]
    return pl.concat_str(words, separator="+", ignore_nulls=True)


def _expected_bytes() -> pl.Expr:
    """Return the expected size of the copy: from the source's where both compress alike, else from its pixels."""
    how, source, pixels = pl.col("how"), pl.col("frame_bytes"), pl.col("pixels")
    is_jpeg, is_png = pl.col("content") == "jpeg", (pl.col("content") == "png") & ~pl.col("depth")
    png = (
        pl.when(pl.col("content") == "gif")
        .then(_GIF_GROWTH * source)
        .when(is_png & pl.col("palette"))
        .then(_PALETTE_GROWTH * source)
        .when(is_png)
        .then(pl.when("grey").then(_GREY_GROWTH).otherwise(1.0) * source)
        .otherwise(pl.when("grey").then(_GREY_PNG_BYTES_PER_PIXEL).otherwise(_PNG_BYTES_PER_PIXEL) * pixels)
    )
    png = pl.min_horizontal(png, 3.0 * pixels) + 100
    lost = 1 - pl.col("survives")
    filled = pl.when(lost > 0).then(_GREY_ROWS * lost).otherwise(_COARSE_ROWS) * pixels
    again = pl.when("cmyk").then(_CMYK_GROWTH).otherwise(1.05) * source
    again += pl.when(pl.col("salvage") & lost.is_not_null()).then(filled).otherwise(0.0)
    jpeg = pl.when(is_jpeg).then(again).otherwise(_JPEG_BYTES_PER_PIXEL * pixels) + 1000
    size = pl.when(how == LINK).then(0.0).when(how == "png").then(png).otherwise(jpeg)
    return size.fill_null(0).clip(0, _MOST_BYTES).cast(pl.Int64)


def _with_paths(chosen: pl.DataFrame, *, ignores_case: bool) -> pl.DataFrame:
    """Add `rgb_path`: the path itself where its extension is true, else the first name that nobody else has."""
    how = pl.col("how")
    target = (
        pl.when(how == LINK)
        .then("content")
        .when(how.is_in(_JPEG_POLICIES))
        .then(pl.lit("jpeg"))
        .otherwise(pl.lit("png"))
    )
    chosen = (
        chosen.with_columns(target=target)
        .with_columns(
            # The last dot of the name, unless it is the first letter.
            parts=pl.col("path").str.extract_groups(r"(?s)^(?<stem>(?:.*/)?[^/]+?)(?<extension>\.[^./]*)?$")
        )
        .unnest("parts")
    )
    true = {name: list(OPENED[name].extensions) for name in ("jpeg", "png")}
    extension = pl.col("extension").fill_null("").str.to_lowercase()
    is_true = (
        pl.when(pl.col("target") == "jpeg").then(extension.is_in(true["jpeg"])).otherwise(extension.is_in(true["png"]))
    )
    keeping = chosen.filter(is_true).select("file", rgb_path="path")
    renamed = chosen.filter(~is_true).with_columns(
        suffix=pl.when(pl.col("target") == "jpeg").then(pl.lit(true["jpeg"][0])).otherwise(pl.lit(true["png"][0]))
    )
    if renamed.is_empty():
        return chosen.with_columns(rgb_path=pl.col("path"))
    paths = pl.concat([keeping, _free_names(renamed, chosen["path"], folded if ignores_case else lambda keys: keys)])
    return chosen.join(paths, on="file", how="left", maintain_order="left")


def _free_names(renamed: pl.DataFrame, paths: pl.Series, fold: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """Give each renamed file, in order of path, a free one of `a.png`, `a.gif.png`, `a.gif.1.png`, ..., the first if it can.

    Names are one that `fold` makes one: a copy would take the place of another's link.
    """
    paths = fold(paths)
    taken = pl.concat([paths.unique().alias("key"), _folders(paths)]).to_frame()
    waiting, found, turn = renamed.sort("path"), [], 0
    waiting = waiting.with_columns(same=fold(waiting["path"]))
    while not waiting.is_empty():
        # Those that wait for the same name are numbered at once.
        number = turn - 1 + pl.int_range(pl.len()).over("same")
        ending = pl.when(number > 0).then(pl.format(".{}", number)).otherwise(pl.lit("")) + pl.col("suffix")
        name = pl.col("stem") + pl.col("suffix") if turn == 0 else pl.col("path") + ending
        tried = waiting.with_columns(rgb_path=name)
        tried = tried.with_columns(key=fold(tried["rgb_path"]))
        free = tried.unique("key", keep="first", maintain_order=True).join(taken, on="key", how="anti")
        found.append(free.select("file", "rgb_path"))
        taken = pl.concat([taken, free.select("key")])
        waiting = waiting.join(free, on="file", how="anti", maintain_order="left")
        turn += 1
    return pl.concat(found)


def _folders(paths: pl.Series) -> pl.Series:
    """Return every folder that the paths go through: no file may take such a name."""
    level = _parents(paths)
    levels = [level]
    while not (level := _parents(level)).is_empty():
        levels.append(level)
    return pl.concat(levels).unique()


def _parents(paths: pl.Series) -> pl.Series:
    return paths.filter(paths.str.contains("/", literal=True)).str.replace(r"(?s)/[^/]*$", "").unique().alias("key")
