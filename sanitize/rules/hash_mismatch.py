"""The file is not the one that its checksum was made of.

It was changed, damaged or mixed up since the list (`--checksums`, as `sha256sum` and `md5sum` write it) was made, even
where it still looks like a sound picture. Fetch it anew, or, if the change was meant, the list. A table of labels with
a column of checksums, such as `sha256` or `md5`, or several, is held against the files too, be they hexadecimal or in
base64, with `md5:` or the like before them or without.

Each line counts: one that does not agree is an error even where another line, or list, does, which may be of what the
file has become; of a table another column may agree instead. Where most of a column does not fit, it is of other
files, such as the originals of scaled pictures, and is one warning. Listed files that are not there are one, too. A
list (`--checksums`) of which nothing agrees is one error: it is of other files, or of an algorithm with as many
digits, such as BLAKE2.

Paths in a list (`--checksums`) are relative to the folder in which it lies, if that is inside IMAGES, as `sha256sum -c`
has it, or to IMAGES; or to the folder in which it lies elsewhere, the current one, or any that they begin with. Where the
names are there in several, the one with whose files the checksums agree is taken. Where none does, it is that of the list,
unless another has more of the names: then the list is refused.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.digest import ALGORITHMS
from sanitize.labels.words import quoted

SEVERITY = Severity.ERROR
_NAMED = 3  # missing files that a finding names
_SHOWN = 12  # digits of a checksum that a message shows
# Fewer checksums of a table are never of other files, where less than half of them agree, or at most a third.
_FEW, _FEW_MOSTLY_WRONG = 10, 5


def find(dataset: Dataset) -> pl.DataFrame:
    """Find files that do not agree with their checksums, and what lists have that no file can have."""
    checksums = dataset.checksums
    if checksums.is_empty():
        return pl.DataFrame(schema={"file": pl.UInt32, "message": pl.String})
    known = [name for name in ALGORITHMS.values() if name in dataset.facts.columns]
    facts = dataset.facts.select("file", pl.col(known).cast(pl.String))
    measured = facts.unpivot(index="file", variable_name="algorithm", value_name="found").drop_nulls("found")
    compared = checksums.join(measured, on=["file", "algorithm"], how="inner", maintain_order="left")
    compared = _compare(compared)
    counts = _counts(compared)
    unfit, strange = _unfit(counts), _strange(counts)
    # What tells its algorithm proves a file sound: a column that does not is of an earlier form of it.
    proven = (pl.col("agrees") & ~_vague()).any().over("file")
    wrong = compared.filter(~pl.col("agrees") & ~(_vague() & proven))
    wrong = wrong.join(unfit, on=["list", "column"], how="anti", maintain_order="left")
    wrong = wrong.join(strange, on=["source", "algorithm"], how="anti", maintain_order="left")
    told = unfit.filter("told").drop("column", "told")
    found = [_mismatches(wrong), told, strange, _missing(checksums), _not_understood(checksums)]
    return pl.concat(found, how="diagonal")


def _compare(checksums: pl.DataFrame) -> pl.DataFrame:
    """Return checksums with `agrees`, and `fits` where one of the same column, of its algorithm, is that of the file.

    Each line of a list is to be that of its file, as `sha256sum -c` has it: another list may have been made of what the file has
    become. Of a table another column may agree in its place: this one may be of originals.
    """
    is_own = pl.col("expected") == pl.col("found")
    of_source, of_column = (is_own.sum().over("file", "algorithm", "list", *more) for more in ((), ("column",)))
    is_excused = pl.col("list").is_not_null() & (of_source > of_column)
    return checksums.with_columns(agrees=is_own | is_excused, fits=of_column > 0)


def _counts(compared: pl.DataFrame) -> pl.DataFrame:
    """Return how many checksums of each column of a table, and of each algorithm of a list, fit their files.

    A column may hold those of several algorithms. `agree` counts, of tables, those of files with which another column agrees.
    """
    of_table = pl.col("list").is_not_null()
    names = _called(pl.col("algorithm").unique().sort()).str.join(" and ")
    found = {"called": names, "count": pl.len(), "fit": pl.col("fits").sum(), "agree": pl.col("agrees").sum()}
    keys = ("list", "source", "column", "vague")
    tables = compared.filter(of_table).group_by(*keys, maintain_order=True).agg(**found)
    lists = compared.filter(~of_table).group_by("source", "algorithm", maintain_order=True).agg(**found)
    return pl.concat([tables, lists], how="diagonal")


def _unfit(counts: pl.DataFrame) -> pl.DataFrame:
    """Return a warning for each column of a table whose checksums are of other files: nobody asked to compare them.

    A table with few of them, such as that of a small split, is judged by all tables. A column that tells no algorithm, beside
    one that does, may hold hashes of what is shown: it counts only where half of it fits, and is not `told` where
    nothing does. Nor is a column whose files agree with another.
    """
    message = pl.format(
        "{} of {} {} checksums in {} are those of its files: it may have those of originals",
        "fit", "count", "called", "source",
    )  # fmt: skip
    of_tables = counts.filter(pl.col("list").is_not_null())
    vague = _vague()
    of_all, fit_of_all = (pl.col(name).sum().over("called", "vague") for name in ("count", "fit"))
    mostly_not = 2 * pl.col("fit") < pl.col("count")
    enough = (pl.col("count") >= _FEW) | ((of_all >= _FEW) & (2 * fit_of_all < of_all))
    # Some originals are small enough to have been kept as they are.
    enough |= (of_all >= _FEW_MOSTLY_WRONG) & (3 * fit_of_all <= of_all)
    unfit = mostly_not & (enough | vague)
    return of_tables.filter(unfit).select(
        "list",
        "column",
        "count",
        agree="fit",
        message=message,
        severity=_warning(),
        told=(~vague | (pl.col("fit") > 0)) & (2 * pl.col("agree") < pl.col("count")),
    )


def _strange(counts: pl.DataFrame) -> pl.DataFrame:
    """Return one error for each list of checksums of which none agrees: they are of other files, or of another kind."""
    strange = counts.filter(pl.col("list").is_null() & (pl.col("count") >= _FEW) & (pl.col("agree") == 0))
    message = pl.format(
        "none of the {} checksums in {} is the {} of its file: they are of other files, or of another algorithm",
        "count", "source", "called",
    )  # fmt: skip
    return strange.select("source", "count", "algorithm", message=message, severity=pl.lit(Severity.ERROR))


def _vague() -> pl.Expr:
    return pl.col("vague").fill_null(value=False)


def _called(algorithm: pl.Expr) -> pl.Expr:
    return algorithm.str.to_uppercase().str.replace("^SHA", "SHA-")


def _mismatches(wrong: pl.DataFrame) -> pl.DataFrame:
    name = _called(pl.col("algorithm"))
    begins_alike = pl.col("found").str.head(_SHOWN) == pl.col("expected").str.head(_SHOWN)
    shown = [
        pl.when(begins_alike).then(pl.col(digest)).otherwise(pl.col(digest).str.head(_SHOWN) + "…")
        for digest in ("found", "expected")
    ]
    message = pl.format("the {} is {}, not {} as in {}:{}", name, *shown, "source", "line")
    first = wrong.unique("file", keep="first", maintain_order=True)
    return first.select("file", "algorithm", "expected", "found", "source", message=message, source_line="line")


def _missing(checksums: pl.DataFrame) -> pl.DataFrame:
    listed = checksums.filter(pl.col("algorithm").is_not_null())
    missing = listed.filter(pl.col("file").is_null()).with_columns(said=quoted(pl.col("path")))
    return _warn(missing, listed, "{} of {} files in {} are not there: {}")


def _not_understood(checksums: pl.DataFrame) -> pl.DataFrame:
    """Return a warning about lines; hashes of what is shown, which stand beside checksums, may have any length."""
    checksums = checksums.filter(~_vague())
    odd = checksums.filter(pl.col("algorithm").is_null()).with_columns(said=pl.format("line {}", "line"))
    return _warn(odd, checksums, "{} of {} lines of {} are no checksums: {}")


def _warn(lines: pl.DataFrame, of: pl.DataFrame, what: str) -> pl.DataFrame:
    """Return a warning for each source that has such lines, which names the first of them by what they have `said`."""
    lines = lines.unique(["source", "line"], keep="first", maintain_order=True)
    counts = lines.group_by("source", maintain_order=True).agg(count=pl.len(), first=pl.col("said").head(_NAMED))
    counts = counts.join(
        of.group_by("source").agg(of=pl.col("line").n_unique()), on="source", how="left", maintain_order="left"
    )
    more = pl.when(pl.col("count") > _NAMED).then(pl.lit(", ...")).otherwise(pl.lit(""))
    message = pl.format(what, "count", "of", "source", pl.col("first").list.join(", ") + more)
    return counts.select("source", "count", "of", "first", message=message, severity=_warning())


def _warning() -> pl.Expr:
    return pl.lit(Severity.WARNING)
