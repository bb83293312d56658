"""What the path of a missing file may have meant."""

from __future__ import annotations

import difflib
import os
import posixpath
from collections import defaultdict

import polars as pl

from sanitize.labels.places import Place, by_line, without_extension
from sanitize.names import key_below, to_bytes

_LOOKED_FOR = 1_000  # missing paths that are looked for on the disk
_SHOWN = 3  # candidates that a hint names
_COMPARED = 100  # missing paths that are compared with their neighbours letter by letter
_NEIGHBOURS = 5_000  # files of a folder beyond which they are not
_NEAR = 0.85


def give_hints(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Fill `hint` for lines without a file: not found, the same name elsewhere, another extension, nearly the same letters."""
    missing = lines.filter(
        pl.col("file").is_null() & ~pl.col("outside") & pl.col("hint").is_null() & pl.col("target").is_not_null()
    )
    if missing.is_empty():
        return lines
    missing = missing.select("line", "target").sort("line")
    files = place.samples.select("path")
    base = r"([^/]*)$"
    elsewhere = _same(
        missing, files, pl.col("target").str.extract(base), pl.col("path").str.extract(base), "of that name there is {}"
    )
    of_line, of_file = without_extension(pl.col("target")), without_extension(pl.col("path"))
    extension = _same(missing, files, of_line, of_file, "there is {}")
    hints = pl.concat([_not_found(missing, place), extension, elsewhere]).unique(
        "line", keep="first", maintain_order=True
    )
    rest = missing.join(hints, on="line", how="anti").head(_COMPARED)
    hints = pl.concat([hints, _alike(rest, files)])
    return lines.update(hints, on="line", how="left")


def _not_found(missing: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Hint at what is there, and was not found: it was left out, is no file, or is known by another name."""
    root = to_bytes(place.images[0])
    paths = {line: os.path.join(root, to_bytes(target)) for line, target in missing.head(_LOOKED_FOR).iter_rows()}
    there = {line: path for line, path in paths.items() if os.path.lexists(path)}
    names = {line: key_below(os.path.realpath(path), os.path.realpath(root)) for line, path in there.items()}
    known = set(place.samples.filter(pl.col("path").is_in(list(names.values())))["path"]) if names else set()
    hints = {
        line: f"what is there is scanned as {names[line]}"
        if names[line] in known
        else "what is there is a folder"
        if os.path.isdir(path)
        else "what is there is left out of the scan (`--exclude`, a pipe, an earlier result)"
        for line, path in there.items()
    }
    return by_line(hints, "hint")


def _same(missing: pl.DataFrame, files: pl.DataFrame, of_line: pl.Expr, of_file: pl.Expr, words: str) -> pl.DataFrame:
    missing = missing.select("line", key=of_line).filter(pl.col("key") != "")
    near = files.select("path", key=of_file).join(missing, on="key", how="semi").sort("path")
    groups = near.group_by("key").agg(pl.len(), pl.col("path").head(_SHOWN))
    more = pl.when(pl.col("len") > _SHOWN).then(pl.format(" and {} more", pl.col("len") - _SHOWN)).otherwise(pl.lit(""))
    groups = groups.select("key", hint=pl.format(words, pl.col("path").list.join(", ") + more))
    return missing.join(groups, on="key", how="inner").select("line", "hint")


def _alike(missing: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    hints: dict[int, str] = {}
    targets = dict(missing.select("line", "target").iter_rows())
    folders = {posixpath.dirname(target) for target in targets.values()}
    beside: dict[str, list[str]] = defaultdict(list)
    if folders:
        of_file = pl.col("path").str.extract(r"^(.*)/").fill_null("")
        for folder, path in (
            files.with_columns(folder=of_file)
            .filter(pl.col("folder").is_in(sorted(folders)))
            .select("folder", "path")
            .iter_rows()
        ):
            beside[folder].append(posixpath.basename(path))
    for line, target in targets.items():
        folder, name = posixpath.split(target)
        names = beside[folder] if len(beside[folder]) <= _NEIGHBOURS else []
        for near in difflib.get_close_matches(name, names, 1, _NEAR):
            hints[line] = f"nearest is {posixpath.join(folder, near)}"
    return by_line(hints, "hint")
