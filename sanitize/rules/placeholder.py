"""One picture stands in for many.

A host that lost a photo, or a network that wants a login, answers every address with the same card, and a crawler
saves it under every name: in one list of ImageNet addresses, 108,034 of 961,148 gave the same file of 2,051 bytes.
All its files are errors, as none shows what its label says. Delete them and fetch the originals elsewhere.

In short, 6 identical files under 5 labels are placeholders. Where labels do not tell, so are identical files of which
one is in each of 8 folders, or one or more in each of 10, mostly 20 that are scattered over 5 or more folders in
which files are numbered anew, and 20 under as many names. Of files that only look alike 7 under 7 labels are, and 12
under 10; if no other picture comes near, also 20 under 5 labels, and of three sizes 8 under 5 labels, or 20 in 5
folders under as many names.

A picture is a placeholder from 6 files (`min-copies`) and a score of 4 on (`min-score`). The score is
*outlier × spread × likeness*:

- outlier: its files, divided by the number of pictures that have more than half as many, itself included. A mirrored
  tree or an augmented set has many pictures of as many copies; a placeholder has few equals. Where it has 8 files or more,
  as many others as are a thirtieth of all pictures do not count: every host has a card of its own.
- spread: how evenly its files are spread over labels, from 0 (one label) to 1 (as evenly as can be):
  (1/Σp² − 1) / (m − 1), where p is the share of each label and m the number of its files, or of the labels that there
  are, if that is less. Where most of its files have no label, or there is only one label, folders and names must do:
  0.5 × the same of folders, or 0.2 × the same of names without their extension, whichever is more, with m its files. In
  a folder whose pictures, in natural order of names, mostly resemble the next one, as frames of a film do, those that
  follow one another are one scene and have the first one's name; there m is the number of scenes that they would make on
  average if they were scattered by chance, or half of the files, if that is more.
  Folders count in full, as labels do, and m is no more than the number of all folders, where files of the picture are scattered:
  16 or more, but no more than a third of all, in at least 3.5 even folders that are no films, in which their numbers differ, and
  under at least 4 names and half as many as there are files, or as the largest of these folders has; and where at most 2 other
  pictures have more than half as many.
- likeness: s + (1 − s) / 2 × ((m − 1) / (n − 1))², where s is the largest share of its files that have the same pixels,
  as downloads of one address have, under several labels, n the number of its files, and m that of the labels as above.
  So files that only look alike count where there are nearly as many labels as files: the parts on one bench, of which
  half are good and half have a flaw, look alike under two, or as many as there are kinds of flaws. A card whose files are
  all scaled or compressed anew is told by its being alone: its files are no more than a third of all, and at least 90 % of
  what looks nearly like any of them (`near-duplicate`), since parts with and without a flaw differ more, and no other
  picture has 6 files (`min-copies`), as where there are several benches or cameras. Where it has 20 files or more, spread
  as over four labels at least, m is n. Where it has 8 or more, likewise spread, and in about equal parts of three formats
  and sizes or more, all of the same proportions, likeness is 1, as a camera keeps to one and crops have others. Where labels
  do not tell it is s, as frames of a film and the days of a webcam look alike too, but for a card of 20 files or more in such
  formats and sizes, spread as over four folders at least under many names, for which it is 1. Cards with other words on
  each, such as the time, are not the same picture, and remain a warning (`near-duplicate`).

A picture that recurs where there are no labels, in some folders more often than in others, as an empty page of documents, a
screen that sessions come back to, a tile of a game's map or a plot without any signal does, is told like one, too: if it
belongs there, accept it in a baseline.
Flat pictures, such as the sea in map tiles, and those in folders of masks (single-channel, lossless, of few values), of which the
empty ones are equal, are judged by labels only.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.same import groups_of
from sanitize.dataset import Dataset, Severity, is_class, is_image_content
from sanitize.probe import statistics
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on
from sanitize.shown import MASKS, is_like_mask

SEVERITY = Severity.ERROR
ALSO = statistics
# What folders and names weigh against labels: a tree may be mirrored, and a film may come back to a picture.
_OF_FOLDERS, _OF_NAMES = 0.5, 0.2
# Bits of 64 by which the phash of a frame mostly differs from that of the next one at most: those of unrelated photos do in 32.
_NEXT_FRAME = 16
# Contrast of what shows nothing, grey levels: sensor noise and compression add less, any writing more. Below `alike.FLAT` such
# files are copies where all pixels are equal, and from there to here where their hashes are near, too.
_FLAT = 3.0
# Of so many pictures one may be a placeholder, too; in honest sets some have a handful of copies, and hardly any so many.
_CARDS, _HANDFUL = 30, 8
# So many files that look alike are a card, under so many labels, if they are alone, and no larger a share of all; fewer are, and
# those that labels do not tell, in so many folders, if each is scaled or saved anew, in so many formats and sizes.
_MANY, _LABELS, _FEW_OF_ALL, _FORMS = 20, 4.0, 1 / 3, 2.5
# Of what looks nearly like it (`near-duplicate`) they are as good as all; parts on a bench differ, and 63 to 78 % were as alike.
_EQUALLY = 0.9
# So many identical files under several names, in so many even folders or more than train, val and test are, count as under
# labels, if hardly any other picture has as many, and their numbers in folders differ by such a part of what chance makes them.
_SCATTERED, _FOLDERS, _NAMES, _FEW_OTHERS, _UNEVEN = 16, 3.5, 4, 2, 0.25
_DIGITS = 20  # of a number in a name, as many as a time in nanoseconds or an identifier has


def find(dataset: Dataset, *, min_copies: int = 6, min_score: float = 4.0) -> pl.DataFrame:
    """Find all files of pictures that have at least `min_copies` files and a score of at least `min_score`."""
    every = groups_of(dataset).select("file", "pixels", picture="near").collect()
    copies = every.group_by("picture").agg(copies=pl.len())
    many = copies.filter(pl.col("copies") >= max(min_copies, 2))
    # Spread and likeness are 1 at most.
    others = _others(many["copies"], copies["copies"])
    table = many.with_columns(outlier=_outlier(many["copies"], others, copies.height), few=others <= _FEW_OTHERS)
    table = table.filter(pl.col("outlier") >= min_score)
    if table.is_empty():
        return pl.DataFrame(schema={"file": pl.UInt32, "message": pl.String})
    table = table.join(_alike(every, dataset), on="picture", how="left")
    table = table.join(_forms(every.join(table, on="picture", how="semi"), dataset), on="picture", how="left")
    is_few, is_equal = pl.col("copies") <= _FEW_OF_ALL * every.height, pl.col("copies") >= _EQUALLY * pl.col("alike")
    table = table.with_columns(alone=is_few & is_equal & (many.height == 1))
    table = table.with_columns(
        card=pl.col("alone") & (pl.col("copies") >= _MANY),
        anew=pl.col("alone") & (pl.col("copies") >= _HANDFUL) & pl.col("is_scaled") & (pl.col("effective") >= _FORMS),
    )
    files = every.join(table.select("picture", "card", "anew", "few"), on="picture", how="inner", maintain_order="left")
    for part in (_labels(files, dataset), _places(files, every, dataset)):
        table = table.join(part, on="picture", how="left")
    table = table.with_columns(
        spread=pl.coalesce("label_spread", "place_spread"), likeness=pl.coalesce("label_likeness", "place_likeness")
    ).with_columns(score=pl.col("outlier") * pl.col("spread") * pl.col("likeness"))
    bad = table.filter(pl.col("score") >= min_score)
    found = files.join(bad, on="picture", how="inner", maintain_order="left")
    parts = [pl.col(name).round(2) for name in ("outlier", "spread", "likeness", "score")]
    return found.select("file", "copies", "labels", "folders", "names", "scenes", "forms", *parts, message=_say())


def _others(copies: pl.Series, of_all: pl.Series) -> pl.Series:
    """Return how many other pictures have more than half as many files as each."""
    ordered = of_all.sort()
    return len(ordered) - ordered.search_sorted(copies / 2, side="right").cast(pl.Int64) - 1


def _outlier(copies: pl.Series, others: pl.Series, pictures: int) -> pl.Series:
    cards = (copies >= _HANDFUL).cast(pl.Int64) * (pictures // _CARDS)
    return copies / (1 + (others - cards).clip(0))


def _alike(every: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return `picture`, and how many files look nearly like one of its files, as a warning has it (`alike`)."""
    there = "same_picture" in dataset.facts.columns
    wider = dataset.facts.select("file", wider=pl.col("same_picture") if there else pl.lit(None, dtype=pl.UInt32))
    counted = every.join(wider, on="file", how="left").with_columns(
        alike=pl.when(pl.col("wider").is_not_null()).then(pl.len().over("wider")).otherwise(1)
    )
    return counted.group_by("picture").agg(pl.col("alike").max())


def _forms(files: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return `picture`, of how many formats and sizes its files are (`forms`), and to how many even ones they come, `effective`.

    `is_scaled` tells whether these are all of the largest one's proportions, as nearly as pixels can be.
    """
    shapes = dataset.facts.select(
        "file", pl.col("width", "height").cast(pl.Float64), form=pl.struct("content", "width", "height")
    )
    files = files.join(shapes, on="file", how="left")
    largest = (pl.col("width") / pl.col("height")).sort_by(pl.col("width") * pl.col("height")).last()
    files = files.with_columns(ratio=largest.over("picture"))
    off = (pl.col("width") - pl.col("ratio") * pl.col("height")).abs() / pl.max_horizontal("ratio", pl.lit(1.0))
    scaled = files.group_by("picture").agg(is_scaled=(off <= 1).all())
    return _kinds(files, "form").rename({"kinds": "forms"}).join(scaled, on="picture")


def _labels(files: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return `picture`, its number of `labels`, and `label_spread` and `label_likeness` where labels tell something."""
    usable = pl.col("file").is_not_null() & is_class(dataset)
    lines = dataset.lines.lazy().filter(usable).select("file", "label")
    (classes,) = lines.select(pl.col("label").n_unique()).collect().to_series()
    labelled = files.lazy().join(lines.unique(), on="file", how="inner").collect()
    of = labelled.group_by("picture").agg(labelled=pl.col("file").n_unique())
    table = (
        files.group_by("picture")
        .agg(pl.col("card", "anew").first(), files=pl.len())
        .join(of, on="picture")
        .join(_kinds(labelled, "label"), on="picture")
        .join(_sameness(files, labelled), on="picture")
    )
    most = pl.min_horizontal("labelled", pl.lit(classes))
    tells = (2 * pl.col("labelled") >= pl.col("files")) & (most > 1)
    # Squared: of 150 zips on a belt, say, there may be as good ones as of each of seven flaws.
    alike = ((most - 1) / (pl.col("labelled") - 1)).pow(2) / 2
    alike = pl.when(pl.col("card") & (pl.col("effective") >= _LABELS)).then(0.5).otherwise(alike)
    alike = pl.when(pl.col("anew") & (pl.col("effective") >= _LABELS)).then(1.0).otherwise(alike)
    likeness = pl.col("sameness") + (1 - pl.col("sameness")) * alike
    return table.select(
        "picture",
        labels="kinds",
        label_spread=pl.when(tells).then(_spread(most)),
        label_likeness=pl.when(tells).then(likeness),
    )


def _sameness(files: pl.DataFrame, labelled: pl.DataFrame) -> pl.DataFrame:
    """Return `picture` and the largest share of its files that have the same pixels, under several labels (`sameness`).

    At least that of one file. `labelled` is `files` with each `label`.
    """
    counts = files.group_by("picture", "pixels").agg(count=pl.len())
    torn = labelled.group_by("picture", "pixels").agg(several=pl.col("label").n_unique() > 1)
    counts = counts.join(torn, on=["picture", "pixels"], how="left")
    same = pl.when("several").then("count").max().fill_null(1)
    return counts.group_by("picture").agg(sameness=same / pl.col("count").sum())


def _places(files: pl.DataFrame, every: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return `picture`, its numbers of `folders`, `names` and `scenes`, and `place_spread`, 0 where they tell nothing.

    `place_likeness` is the largest share of its files that have the same pixels, or 1 of a card that is saved anew each time.
    `every` is what `files` is of all files.
    """
    is_flat = pl.col("contrast") < _FLAT if "contrast" in dataset.facts.columns else pl.lit(value=False)
    has_hash = "phash" in dataset.facts.columns
    facts = dataset.facts.lazy().select(
        "file",
        "path",
        phash=pl.col("phash").str.to_integer(base=16, dtype=pl.UInt64, strict=False) if has_hash else None,
        folder=pl.col("path").str.extract(r"^(.*)/").fill_null(""),
        name=pl.col("path").str.extract(r"([^/]+?)(?:\.[^./]*)?$"),
        mask=is_like_mask(),
        flat=is_flat,
        image=is_image_content(),
    )
    facts = facts.with_columns(among_masks=pl.col("mask").mean().over("folder") >= MASKS)
    placed = files.lazy().join(facts, on="file", how="left").collect()
    beside = facts.filter("image").join(placed.lazy(), on="folder", how="semi")
    beside = beside.join(every.lazy().select("file", "picture"), on="file", how="left")
    counts = placed.group_by("picture", "pixels").agg(count=pl.len())
    same = counts.group_by("picture").agg(sameness=pl.col("count").max() / pl.col("count").sum())
    odd = (pl.col("among_masks") | pl.col("flat").fill_null(value=False)).mean() >= MASKS
    table = placed.group_by("picture").agg(
        pl.col("card", "anew", "few").first(), copies=pl.len(), names=pl.col("name").n_unique(), odd=odd
    )
    folders = _kinds(placed, "folder").rename({"kinds": "folders"})
    table = table.join(folders.with_columns(folder_effective="effective").drop("effective"), on="picture")
    table = table.join(_scenes(beside.select("picture", "path", "folder", "name", "phash").collect()), on="picture")
    (there,) = facts.filter("image").select(pl.col("folder").n_unique()).collect().to_series()
    is_scattered = _is_scattered() & (pl.col("copies") <= _FEW_OF_ALL * every.height)
    among_folders = _spread(pl.min_horizontal("copies", pl.lit(there)), effective="folder_effective")
    spread = pl.max_horizontal(
        pl.when(is_scattered).then(among_folders).otherwise(0.0),
        _OF_FOLDERS * _spread(pl.col("copies"), effective="folder_effective"),
        _OF_NAMES * _spread(pl.max_horizontal("by_chance", pl.col("copies") / 2)),
    )
    place_spread = pl.when("odd").then(0.0).otherwise(spread)
    is_named = 2 * pl.col("names") >= pl.col("copies")  # covers and title pages are in each folder under the same
    is_card = pl.col("card") & pl.col("anew") & (pl.col("folder_effective") >= _LABELS) & is_named
    likeness = pl.when(is_card).then(1.0).otherwise("sameness")
    table = table.join(same, on="picture")
    return table.select("picture", "folders", "names", "scenes", place_spread=place_spread, place_likeness=likeness)


def _is_scattered() -> pl.Expr:
    """Tell which pictures lie in folders, by what `_places` knows of them, as if they had taken the place of others by chance."""
    # Files are numbered anew in each folder, so there are no more names than in the largest.
    has_names = (2 * pl.col("names") >= pl.min_horizontal("copies", "largest")) & (pl.col("names") >= _NAMES)
    # What belongs to each of them is as often in every one; by chance counts differ (chi-square).
    chi_square = pl.col("copies") * (pl.col("folders") / pl.col("folder_effective") - 1)
    is_uneven = chi_square >= _UNEVEN * (pl.col("folders") - 1)
    is_wide = (pl.col("copies") >= _SCATTERED) & (pl.col("folder_effective") >= _FOLDERS)
    return pl.col("few") & ~pl.col("film") & is_wide & has_names & is_uneven


def _scenes(files: pl.DataFrame) -> pl.DataFrame:
    """Return `picture`, its number of `scenes`, to how many of different names they come, `effective`, and how many to expect.

    The latter, `by_chance`, are the runs that n of N files make on average where their order is one of chance:
    n (N − n + 1) / N (Wald and Wolfowitz, Annals of Mathematical Statistics 11, 1940). Where a folder is no film, each file is
    a scene. `film` tells whether most files of a picture are in films, and `largest` how many the largest of its folders has.
    """
    ordered = files.sort("folder", _natural("name"), "path").with_columns(
        among=pl.len().over("folder").cast(pl.Float64)
    )
    # In two steps: the oldest Polars that is asked for has no windows within windows.
    ordered = ordered.with_columns(resembles=_resembles_next())
    ordered = ordered.with_columns(film=pl.col("resembles").mean().over("folder") > 0.5)
    scene = pl.struct("folder", "picture", path=pl.when(~pl.col("film").fill_null(value=False)).then("path"))
    runs = ordered.with_columns(run=scene.rle_id()).group_by("run").agg(pl.col("picture", "name").first())
    in_folders = ordered.group_by("picture", "folder").agg(
        pl.col("among", "film").first(), count=pl.len().cast(pl.Float64)
    )
    runs_of_film = pl.col("count") * (pl.col("among") - pl.col("count") + 1) / pl.col("among")
    expected = pl.when("film").then(runs_of_film).otherwise("count")
    in_film = pl.col("count").filter(pl.col("film").fill_null(value=False)).sum() >= pl.col("count").sum() / 2
    largest = pl.col("among").max()
    return (
        runs.group_by("picture")
        .agg(scenes=pl.len())
        .join(_kinds(runs, "name").drop("kinds"), on="picture")
        .join(in_folders.group_by("picture").agg(by_chance=expected.sum(), film=in_film, largest=largest), on="picture")
    )


def _resembles_next() -> pl.Expr:
    """Tell which files nearly look like the next one in their folder, null where that is the same picture or is not known."""
    next_one = pl.col("phash").shift(-1).over("folder")
    is_other = pl.col("picture") != pl.col("picture").shift(-1).over("folder")
    return pl.when(is_other).then((pl.col("phash") ^ next_one).bitwise_count_ones() <= _NEXT_FRAME)


def _natural(column: str) -> pl.Expr:
    """Return what texts are sorted by for numbers in them to be in their order: as many digits in each."""
    padded = pl.col(column).str.to_lowercase().str.replace_all(r"[0-9]+", "0" * _DIGITS + "${0}")
    return padded.str.replace_all(rf"[0-9]*([0-9]{{{_DIGITS}}})", "${1}")


def _kinds(files: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return `picture`, the number of `kinds` (say, labels) of its files, and how many even ones that equals, `effective`.

    The latter is 1/Σp², p being the share of each: Simpson's index as a number equivalent (Hill, Ecology 54, 1973).
    """
    counts = files.group_by("picture", kind).agg(count=pl.len().cast(pl.Float64))
    square = pl.col("count").sum().pow(2) / pl.col("count").pow(2).sum()
    return counts.group_by("picture").agg(kinds=pl.len(), effective=square)


def _spread(most: pl.Expr, *, effective: str = "effective") -> pl.Expr:
    return ((pl.col(effective) - 1) / (most.cast(pl.Float64) - 1)).clip(0, 1)


def _say() -> pl.Expr:
    def number(column: str, word: str) -> pl.Expr:
        return pl.format("{} {}", column, pl.when(pl.col(column) == 1).then(pl.lit(word)).otherwise(pl.lit(word + "s")))

    names = pl.format("under {} in {}", number("names", "name"), number("folders", "folder"))
    labels = pl.format("under {}", number("labels", "label"))
    where = pl.when(pl.col("label_spread").is_not_null()).then(labels).otherwise(names)
    return pl.format("one of {} files that show the same picture, {}", "copies", where)
