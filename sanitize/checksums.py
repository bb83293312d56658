"""Reads lists of checksums, and finds the files that their lines are about."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sanitize.dataset import CHECKSUM_COLUMNS, cast_to
from sanitize.digest import ALGORITHMS, digest
from sanitize.errors import UsageError
from sanitize.labels.digests import algorithm_of
from sanitize.labels.places import normalise
from sanitize.labels.reading import Text, physical_lines, read_text
from sanitize.names import key_below, shown, shown_path, to_bytes, to_key

# `HASH  name` and `HASH *name` are GNU's, others write one blank or a tab; `SHA256 (name) = HASH` is BSD's. A backslash
# before it all says that the name is escaped; after `--zero` none is, and each line ends with a zero byte:
# https://www.gnu.org/software/coreutils/manual/html_node/md5sum-invocation.html
_PLAIN = r"(?s)^[ \t]*\\?(?P<tag>)(?P<digest>[0-9A-Fa-f]+)(?: [ *]|[ \t]+)(?P<path>.+)$"
_TAGGED = r"(?s)^[ \t]*\\?(?P<tag>(?i:MD5|SHA)[0-9-]*) ?\((?P<path>.+)\) ?= (?P<digest>[0-9A-Fa-f]+)$"
# What `Get-FileHash FILES | Export-Csv` of PowerShell writes below this head.
_POWERSHELL = r'^"(?P<tag>[0-9A-Z]+)","(?P<digest>[0-9A-F]+)","(?P<path>[^"]+)"$'
_NOTHING = r'^[ \t]*([#;]|$)|^"Algorithm","Hash","Path"$'
_OTHER_TAG = r"^[ \t]*\\?([0-9A-Za-z/-]+) ?\(.+\) ?= [0-9A-Fa-f]+$"
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\\\": "\\"}
_SOME = 1000  # lines that tell what the paths of all are relative to
_GUESSES = 100  # folders that are tried
# Lines that are held against files of several folders: what one has changed or lost another may have in part.
_HELD = 50


def read(path: str, *, images: Path, samples: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of a list of checksums, as `sha256sum`, `md5sum` and their kin, and PowerShell, write them.

    The result has CHECKSUM_COLUMNS: `file` is null where there is no such file, `algorithm` where the line is not
    understood. Lines about files outside IMAGES, or that are there but no samples, are left out. `samples` holds every
    regular file below IMAGES (`file` UInt32, `path` key). Raises UsageError where the list cannot be read, no line of
    it is a checksum, or none names a file of IMAGES.
    """
    text = read_text(Path(path), "the list of checksums")
    lines = parse(text)
    checksums = lines.filter(pl.col("algorithm").is_not_null())
    if checksums.is_empty():
        raise UsageError(_refusal(lines, text.name))
    found = _find(checksums, Path(path), text.name, images, samples.select("file", target="path"))
    table = pl.concat([found, lines.filter(pl.col("algorithm").is_null())], how="diagonal")
    return _complete(table, text.name).sort("line")


def parse(text: Text) -> pl.DataFrame:
    """Return `line`, `path` (key, as the list has it), `algorithm` and `expected` (lower case) of a list's lines.

    Empty lines, the head of a table and comments (`#`, of some programs `;`) are left out. Where a line is no checksum
    `algorithm` and `expected` are null, and `path` is the whole line.
    """
    key = text.key
    # A name may hold line feeds, but not each one several.
    is_zero = key.endswith("\0") and key.count("\0") >= key.count("\n")
    written = physical_lines(key, "\0") if is_zero else physical_lines(key).str.strip_suffix("\r")
    lines = written.to_frame("text").with_row_index("line", offset=1)
    whole = pl.col("text")
    lines = lines.filter(~whole.str.contains(r"^[ \t]*$" if is_zero else _NOTHING))
    # Most lists have one form only, and to look for the other takes as long again.
    forms = [_TAGGED, _PLAIN] if ")" in text.key and "=" in text.key else [_PLAIN]
    forms += [_POWERSHELL] if '","' in text.key else []
    path, digest, tag = (
        pl.coalesce(whole.str.extract_groups(form).struct.field(name) for form in forms)
        for name in ("path", "digest", "tag")
    )
    tag = tag.str.to_lowercase().str.replace("sha2-", "sha").str.replace("-", "")
    lines = lines.with_columns(path=path, expected=digest.str.to_lowercase(), tag=tag)
    algorithm = algorithm_of("expected")
    told = (pl.col("tag") == "") | (pl.col("tag") == algorithm)
    lines = lines.with_columns(algorithm=pl.when(told).then(algorithm))
    known = pl.col("algorithm").is_not_null()
    lines = lines.select(
        "line",
        path=pl.when(known).then("path").otherwise(whole),
        algorithm="algorithm",
        expected=pl.when(known).then("expected"),
        escaped=known & whole.str.contains(r"^[ \t]*\\"),
    )
    return lines.with_columns(path=_unescaped(lines["path"], lines["escaped"])).drop("escaped")


def _refusal(lines: pl.DataFrame, name: str) -> str:
    """Say why a list is refused of which no line is a checksum, and how one is written."""
    remedy = (
        "write it with `sha256sum FILES`, as `HASH  path/to/file`, or in PowerShell with `Get-FileHash FILES | Export-Csv"
        " sums.csv -Encoding utf8`; a table of labels with a column of checksums is given by --labels"
    )
    if lines.is_empty():
        return f"`{name}` is empty: {remedy}"
    tags = lines["path"].str.extract(_OTHER_TAG).drop_nulls().to_list()
    what = "has no line that is a checksum"
    if tags:
        read = ", ".join(algorithm.upper() for algorithm in ALGORITHMS.values())
        what = f"has checksums of {tags[0]}, and only these are read: {read}"
    return f"`{name}` {what} (the first is {_quoted(lines)}): {remedy}"


def _unescaped(paths: pl.Series, escaped: pl.Series) -> pl.Series:
    which = escaped.arg_true()
    names = [re.sub(r"\\[nr\\]", lambda found: _ESCAPES[found.group()], path) for path in paths.gather(which)]
    return paths.scatter(which, names) if names else paths


class _Base(NamedTuple):
    """What the paths of a list are relative to."""

    below: str = ""  #: folders that lead to IMAGES, to be taken off
    above: str = ""  #: folders inside IMAGES, to be set before the paths


def _find(checksums: pl.DataFrame, path: Path, name: str, images: Path, samples: pl.DataFrame) -> pl.DataFrame:
    """Return the checksums of what lies in IMAGES with `file`, null where nothing is there."""
    has_slash = checksums["path"].str.contains("/", literal=True).any()
    if not has_slash and not _names_with_backslash(samples).is_in(checksums["path"].implode()).any():
        # As Windows writes paths; a name may have a backslash elsewhere.
        checksums = checksums.with_columns(pl.col("path").str.replace_all("\\", "/", literal=True))

    # What is known goes before what is guessed.
    some = checksums.gather_every(max(1, checksums.height // _SOME))
    known = list(dict.fromkeys(_known_bases(path, images)))
    there = _and_others(samples, checksums, known[0], images) if known[0].above else samples
    hits = _hits(known, some, there) or _hits(known, checksums, there)
    found = _best_known(_hits(hits, checksums, there), checksums, there, images) if len(hits) > 1 else list(hits)
    for bases in () if found else _guessed_bases(some, images, samples):
        found = found or _most(_hits(bases, some, samples))
    if len(found) > 1:
        found = _agreeing(found, checksums, samples, images) or found
    if not found:
        raise UsageError(
            f"`{name}` names no file in `{shown_path(images)}` (the first is {_quoted(checksums)}): its paths"
            " are to be relative to the folder that is scanned"
        )
    if len(found) > 1:
        of = " or ".join(f"`{shown(base.below or base.above or to_key(bytes(images)))}`" for base in found[:2])
        raise UsageError(f"the paths in `{name}` may start in {of}: write them relative to the folder that is scanned")
    placed = _place(checksums, found[0]).join(samples, on="target", how="left", maintain_order="left")
    placed = _without_others(placed, images)
    if placed.is_empty():
        raise UsageError(f"`{name}` is of files that are left out of the scan: leave it out, too, or scan them")
    return placed


def _and_others(samples: pl.DataFrame, lines: pl.DataFrame, base: _Base, images: Path) -> pl.DataFrame:
    """Return the samples, and what else is there of the files that lines name with a base: a folder may be excluded."""
    others = _place(lines, base).select("target").unique().join(samples, on="target", how="anti")
    return pl.concat([samples, others.filter(_are_there(others["target"], images))], how="diagonal")


def _names_with_backslash(samples: pl.DataFrame) -> pl.Series:
    """Return the names, without folders, of samples whose paths have one."""
    paths = samples["target"]
    return paths.filter(paths.str.contains("\\", literal=True)).str.extract(r"([^/]*)$")


def _hits(bases: Iterable[_Base], lines: pl.DataFrame, samples: pl.DataFrame) -> dict[_Base, int]:
    """Return how many lines name a sample, of each base of which any does."""
    hits = {base: _placed(lines, base, samples).height for base in bases}
    return {base: count for base, count in hits.items() if count}


def _placed(lines: pl.DataFrame, base: _Base, samples: pl.DataFrame) -> pl.DataFrame:
    return _place(lines, base).filter(pl.col("target").is_in(samples["target"].implode()))


def _most(hits: Mapping[_Base, int]) -> list[_Base]:
    return [base for base in hits if hits[base] == max(hits.values())]


def _best_known(hits: Mapping[_Base, int], lines: pl.DataFrame, samples: pl.DataFrame, images: Path) -> list[_Base]:
    """Return the one of several bases that the checksums tell, else that of the list if no other has more of the files.

    `hits` has the latter first if it lies within IMAGES. Where none of the files agree, and another has more, all are returned.
    """
    agreeing = _agreeing(hits, lines, samples, images)
    best, first = _most({base: hits[base] for base in agreeing or hits}), next(iter(hits))
    return best[:1] if agreeing or best[0] == first or not first.above else list(hits)


def _agreeing(bases: Iterable[_Base], lines: pl.DataFrame, samples: pl.DataFrame, images: Path) -> list[_Base]:
    """Return the bases with which most files agree with their checksums, none where no file does.

    Lines count that name a sample with each base, if there are such, and some of them only.
    """
    placed = {base: _placed(lines, base, samples) for base in bases}
    shared = functools.reduce(lambda one, other: one.join(other, on="line", how="semi"), placed.values())
    if shared.height:
        placed = {base: table.join(shared, on="line", how="semi") for base, table in placed.items()}
    agree = {base: _count_agreeing(table, os.fsencode(images)) for base, table in placed.items()}
    return _most({base: count for base, count in agree.items() if count})


def _count_agreeing(placed: pl.DataFrame, root: bytes) -> int:
    some = placed.gather_every(max(1, -(-placed.height // _HELD))).select("target", "algorithm", "expected")
    return sum(
        digest(to_bytes(target), root=root, algorithm=algorithm).get(algorithm) == expected
        for target, algorithm, expected in some.iter_rows()
    )


def _known_bases(path: Path, images: Path) -> Iterator[_Base]:
    """Give the folders that paths are usually relative to: IMAGES, that of the list, the current one; and the root.

    That of the list comes first where it lies within IMAGES, as `sha256sum -c` is run there.
    """
    for form in (os.path.abspath, os.path.realpath):
        if within := key_below(form(path.parent), form(images)):
            yield _Base(above=within)
    yield _Base()
    for root in (path.parent, Path(), Path("/")):
        for form in (os.path.abspath, os.path.realpath):
            inside, outside = key_below(form(images), form(root)), key_below(form(root), form(images))
            if inside is not None:
                yield _Base(below=inside)
            elif outside is not None:
                yield _Base(above=outside)


def _guessed_bases(some: pl.DataFrame, images: Path, samples: pl.DataFrame) -> Iterator[list[_Base]]:
    """Give the folders that paths begin with, those of the name of IMAGES first; then those of the first file's name."""
    listed = normalise(some["path"], "")["target"].drop_nulls().to_list()
    before = list(dict.fromkeys(part for target in listed for part in _parents(target)))
    folder = to_key(os.fsencode(os.path.basename(os.path.abspath(images))))
    of_the_name = [part for part in before if part.rpartition("/")[2] == folder]
    yield [_Base(below=part) for part in of_the_name]
    yield [_Base(below=part) for part in before[:_GUESSES]]
    above = [samples.filter(pl.col("target").str.ends_with(f"/{target}"))["target"] for target in listed[:1]]
    yield [_Base(above=full.removesuffix(f"/{listed[0]}")) for paths in above for full in paths.head(_GUESSES)]


def _parents(target: str) -> Iterator[str]:
    parts = target.split("/")[:-1]
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))


def _place(checksums: pl.DataFrame, base: _Base) -> pl.DataFrame:
    """Return the checksums with `target`, the path relative to IMAGES; without those that lie outside."""
    placed = checksums.with_columns(normalise(checksums["path"], base.above))
    if base.below:
        inside = pl.col("target").str.starts_with(f"{base.below}/")
        placed = placed.filter(inside).with_columns(pl.col("target").str.strip_prefix(f"{base.below}/"))
    return placed.filter(pl.col("target").is_not_null())


def _without_others(placed: pl.DataFrame, images: Path) -> pl.DataFrame:
    """Leave out what is there but no sample: a folder may be excluded from the scan."""
    missing = placed.filter(pl.col("file").is_null()).select("line", "target")
    there = missing.filter(_are_there(missing["target"], images))
    return placed.join(there, on="line", how="anti", maintain_order="left")


def _are_there(targets: pl.Series, images: Path) -> pl.Series:
    root = os.fsencode(images)
    return pl.Series([os.path.lexists(os.path.join(root, to_bytes(target))) for target in targets], dtype=pl.Boolean)


def _complete(table: pl.DataFrame, source: str) -> pl.DataFrame:
    table = table.with_columns(source=pl.lit(source), list=pl.lit(None), column=pl.lit(None), vague=pl.lit(None))
    return cast_to(table, CHECKSUM_COLUMNS)


def _quoted(lines: pl.DataFrame) -> str:
    number, text = lines.select("line", "path").row(0)
    text = shown(text)
    return f"line {number}: `{text if len(text) <= 80 else text[:79] + '…'}`"
