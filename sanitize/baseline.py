"""The findings that somebody has accepted: a file of them, written from a finished scan and held against a later one.

It is made of lines of JSON: the first tells the layout, each other one is a finding, in an order that does not depend on
the scan, so that a change of it reads well in a review. `fingerprint` says which finding is meant, and `sha256` which
bytes of the file it is about, or of the picture that a line names; the rest is for people.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl

from sanitize import drift, names, record, rules, systems
from sanitize.dataset import STALE_COLUMNS, Dataset, Severity, rank
from sanitize.errors import UsageError
from sanitize.identity import IDENTITY, fingerprint, identify
from sanitize.name_columns import as_bytes
from sanitize.out import FACTS, refuse_held
from sanitize.parts import read as read_table

#: Where `sanitize baseline` writes to.
FILE = "baseline.jsonl"
#: The rule that tells of entries which are not needed any more.
STALE = "stale-baseline"
_LAYOUT = "sanitize-baseline"
_VERSION = 1
_COUNTED = [Severity.ERROR, Severity.WARNING]
_ENTRY: dict[str, pl.DataType] = {
    "path": pl.String(),
    "list": pl.String(),
    "label": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "message": pl.String(),
    "count": pl.Int64(),
    "sha256": pl.String(),
    "fingerprint": pl.String(),
}
_TEXTS = [name for name, dtype in _ENTRY.items() if dtype == pl.String()]
#: What keeps a file off the clean lists although it was accepted: there is nothing to train on, or no way to write it.
_NEVER_KEPT = ("unlistable-name", "internal-error", "unconvertible")


def write(out: Path, file: Path) -> int:
    """Write the errors and warnings of the finished scan in OUT as a baseline; return how many.

    Raises UsageError where there is no such scan, or `file` is anything but a baseline.
    """
    _refuse_other_files(file)
    last = record.load(out)
    refuse_held(out)
    facts = read_table(record.intact(out, last, FACTS), ["path_bytes", "sha256"])
    found = read_table(record.intact(out, last, drift.NAME))
    found = found.filter(pl.col("severity").is_in(_COUNTED) & (pl.col("rule") != STALE))
    found = found.with_columns(path_bytes=pl.Series(as_bytes(found["path"]), dtype=pl.Binary))
    found = found.join(facts, on="path_bytes", how="left", maintain_order="left")
    entries = (
        found.with_columns(
            fingerprint=_fingerprints(found), sha256=pl.when(pl.col("about_file") | _is_of_picture()).then("sha256")
        )
        .group_by("fingerprint", "severity", maintain_order=True)
        .agg(pl.len().alias("count"), pl.col("path", "list", "label", "rule", "message", "sha256").first())
        .sort("path", "list", "rule", "label", "fingerprint", "severity")
    )
    lines = [json.dumps({_LAYOUT: _VERSION}), *map(_encode, entries.select(*_ENTRY).iter_rows(named=True))]
    waiting = file.with_name(f"{file.name}.tmp")
    try:
        waiting.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        systems.replace(waiting, file)
    except OSError as error:
        # Where nothing may be written, nothing may be removed either.
        with contextlib.suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise UsageError(f"cannot write {file} ({error.strerror or error}); name another file with -o") from None
    return entries.height


def read(file: Path) -> pl.DataFrame:
    """Return the entries of a baseline: `path`, `list`, `label`, `rule`, ... as they stand there; raises UsageError."""
    remedy = "write it anew with `sanitize baseline OUT`"
    try:
        lines = file.read_bytes().decode("utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line.strip()]
    except FileNotFoundError:
        raise UsageError(f"there is no baseline {file}; `sanitize baseline OUT -o {file}` writes one") from None
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}; check --baseline") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{file} is no baseline, or a damaged one; {remedy}") from None
    if not rows or not isinstance(rows[0], dict) or _LAYOUT not in rows[0]:
        raise UsageError(f"{file} is no baseline, or a damaged one; {remedy}")
    if rows[0][_LAYOUT] != _VERSION:
        raise UsageError(
            f"{file} was written by another version (layout {rows[0][_LAYOUT]!r}, and this one reads {_VERSION}); {remedy}"
        )
    if lines[-1]:
        raise UsageError(f"{file} ends in the middle of a line: only a part of it was written; {remedy}")
    wrong = next((number for number, row in enumerate(rows[1:], 2) if not _is_entry(row)), None)
    if wrong:
        raise UsageError(f"entry {wrong - 1} of {file} is none, or a damaged one; mend it, or {remedy}")
    return pl.DataFrame([{"count": 1, **row} for row in rows[1:]], schema=_ENTRY)


def not_kept(findings: pl.DataFrame, dataset: Dataset, entries: pl.DataFrame) -> pl.DataFrame:
    """Return the findings without the errors that are accepted, where what they are about can be trained on.

    That is a file of which some decoder makes a picture, or a line of a list. Nothing else may come onto a clean list.
    """
    is_error = pl.col("severity") == Severity.ERROR
    errors = findings.filter(is_error)
    usable = (pl.col("status") == "ok") & pl.col("decodes_truncated") & pl.col("copy_failure").is_null()
    files = dataset.facts.select("file", usable=usable.fill_null(value=False))
    about = errors.join(files, on="file", how="left", maintain_order="left")
    fit = pl.coalesce("usable", pl.lit(value=True)) & ~pl.col("rule").is_in(_NEVER_KEPT)
    accepted = _accept(errors, dataset, entries)[0] & about.select(fit).to_series()
    return pl.concat([findings.filter(~is_error), errors.filter(~accepted)])


def mark(
    found: pl.DataFrame, dataset: Dataset, entries: pl.DataFrame | None, unasked: Collection[str]
) -> tuple[pl.DataFrame, Dataset]:
    """Return the findings with `accepted`, and the dataset with the entries that stand for none (`stale_baseline`).

    Entries of the rules that are `unasked` stand for what nobody asked for.
    """
    if entries is None:
        return found.with_columns(accepted=pl.lit(value=False)), dataset
    accepted, used = _accept(found, dataset, entries)
    there = _fingerprints(identify(found, dataset)).unique()
    stale = entries.filter(~used & ~pl.col("rule").is_in(sorted(unasked))).with_columns(
        other_bytes=pl.col("fingerprint").is_in(there.implode()) & pl.col("sha256").is_not_null()
    )
    marked = found.with_columns(accepted=accepted)
    return marked, dataclasses.replace(dataset, stale_baseline=stale.select(*STALE_COLUMNS))


def _accept(found: pl.DataFrame, dataset: Dataset, entries: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Tell which findings are accepted, and which entries accept one.

    An entry accepts findings of its fingerprint, as many as it counts, that are no more severe than they were, and of a
    file, or of a line by what its picture shows, only while the file has the same bytes.
    """
    about_file = pl.col("file").is_not_null() & pl.col("line").is_null()
    rows = found.with_row_index("row").with_columns(fingerprint=_fingerprints(identify(found, dataset)))
    rows = rows.filter(pl.col("severity").is_in(_COUNTED))
    files = dataset.lines.select("list", "line", file_of_line="file")
    rows = rows.join(files, on=["list", "line"], how="left", maintain_order="left").select(
        "row",
        "fingerprint",
        "severity",
        about_file=about_file,
        about_picture=_is_of_picture(),
        file=pl.coalesce("file", "file_of_line"),
    )
    rows = rows.join(dataset.facts.select("file", now="sha256"), on="file", how="left", maintain_order="left")
    known = entries.with_row_index("entry").select("entry", "fingerprint", "count", "sha256", worst="severity")
    no_worse = rank(pl.col("severity")) >= rank(pl.col("worst"))
    # Entries of lines that were written before they told the bytes accept any.
    is_bound = pl.col("about_file") | (pl.col("about_picture") & pl.col("sha256").is_not_null())
    fits = rows.join(known, on="fingerprint", how="inner", maintain_order="left").filter(
        no_worse & (~is_bound | pl.col("now").eq_missing(pl.col("sha256")))
    )
    fits = fits.filter(pl.int_range(pl.len()).over("entry") < pl.col("count"))
    accepted = pl.int_range(found.height, eager=True).is_in(fits["row"].unique().implode())
    used = pl.int_range(entries.height, eager=True).is_in(fits["entry"].unique().implode())
    return accepted, used


def _is_of_picture() -> pl.Expr:
    """Tell of which findings the rule looks at pictures, be they about files or about lines of lists."""
    return pl.col("rule").is_in([rule.name for rule in rules.discover().values() if rule.measurement])


def _fingerprints(identified: pl.DataFrame) -> pl.Series:
    columns = (as_bytes(identified[name]) for name in IDENTITY)
    return pl.Series([fingerprint(*parts) for parts in zip(*columns, strict=True)], dtype=pl.String)


def _encode(row: dict[str, Any]) -> str:
    shown = {name: names.shown(value) if isinstance(value, str) else value for name, value in row.items()}
    kept = {name: value for name, value in shown.items() if value not in (None, "") and (name, value) != ("count", 1)}
    return json.dumps(kept, ensure_ascii=False)


def _is_entry(row: object) -> bool:
    return (
        isinstance(row, dict)
        and row.keys() <= _ENTRY.keys()
        and all(isinstance(row.get(name), str) for name in ("rule", "fingerprint"))
        and all(isinstance(row.get(name, ""), str) for name in _TEXTS)
        and row.get("severity") in _COUNTED
        and type(row.get("count", 1)) is int
        and 0 < row.get("count", 1) < 1 << 62
    )


def _refuse_other_files(file: Path) -> None:
    """Raise UsageError where writing would cost somebody a file of another kind, such as a picture."""
    try:
        with file.open("rb") as there:
            start = there.read(len(_LAYOUT) + 2)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"cannot write {file} ({error.strerror or error}); name another file with -o") from None
    if not start.startswith(json.dumps({_LAYOUT: 1})[: len(_LAYOUT) + 2].encode()):
        raise UsageError(f"{file} is there and is no baseline; name another file with -o")
