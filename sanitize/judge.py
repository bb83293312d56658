"""Asks the rules, and turns what they find into findings and verdicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from sanitize.dataset import Dataset, Severity, stands_for_a_sample
from sanitize.errors import InternalError
from sanitize.facts import HASHES
from sanitize.rules import Rule, discover

#: One row per thing that is wrong. What it concerns is told by the first columns that are not null.
FINDING_COLUMNS: dict[str, pl.DataType] = {
    "rule": pl.String(),
    "severity": pl.String(),
    "message": pl.String(),
    "file": pl.UInt32(),
    "list": pl.UInt32(),
    "line": pl.UInt32(),
    "path": pl.String(),
    "evidence": pl.String(),  # an object, as JSON
    "drops": pl.Boolean(),
}
_OWN = frozenset(FINDING_COLUMNS) - {"evidence"}
#: A warning or info that so large a share of all lines or files gives is a trait: one finding with its count.
TRAIT_SHARE = 0.9
#: Who judges a copy that could not be made.
_RULES_OF_COPIES = ("unconvertible", "internal-error", "decoder-crash", "decoder-timeout", "out-of-memory")
_COPYING = "while its RGB copy was made"
_TRAIT_LINES = 3
_TRAIT_FILES = 10


def judge(dataset: Dataset, rules: Iterable[Rule], options: Mapping[str, Mapping[str, object]]) -> pl.DataFrame:
    """Return the findings of the rules, with `FINDING_COLUMNS`; `options` are those of rules by name.

    Raises InternalError, naming the rule, where one fails.
    """
    there = _columns_with_values(dataset.facts) | _columns_with_values(dataset.lines)
    asked = [rule for rule in rules if not rule.needs or not there.isdisjoint(rule.needs)]
    answers = [_ask(rule, dataset, options.get(rule.settings_of or rule.name, {})) for rule in asked]
    return pl.concat([pl.DataFrame(schema=FINDING_COLUMNS), *(found for found in answers if found is not None)])


def judge_failed_copies(
    dataset: Dataset, failures: pl.DataFrame, options: Mapping[str, Mapping[str, object]]
) -> tuple[Dataset, pl.DataFrame]:
    """Return the dataset, its facts saying which copies could not be made (`outputs.images.FAILURES`), with the findings.

    Where that was no fault of the file, its status says how the attempt ended: the program's own mistake leaves it
    unchecked, as anywhere.
    """
    own = pl.col("status").is_null()
    words = pl.concat_str(pl.lit(_COPYING), pl.col("message").replace("", None), separator=": ", ignore_nulls=True)
    failed = failures.select(
        "file", copy_failure=pl.when(own).then("message"), ended="status", words=pl.when(~own).then(words)
    )
    known = dataset.facts.select("file", "status", "status_message")
    facts = dataset.facts.with_columns(
        known.join(failed, on="file", how="left", maintain_order="left")
        .select(
            "copy_failure",
            status=pl.coalesce("ended", "status"),
            status_message=pl.coalesce("words", "status_message"),
        )
        .get_columns()
    )
    of_them = dataclasses.replace(dataset, facts=facts.filter(pl.col("file").is_in(failures["file"].implode())))
    found = judge(of_them, [discover()[name] for name in _RULES_OF_COPIES], options)
    return dataclasses.replace(dataset, facts=facts), found


def give_verdicts(dataset: Dataset, findings: pl.DataFrame, *, listed_only: bool) -> Dataset:
    """Return the dataset with the verdicts: `kept` on facts and lines, and `verdict` on facts.

    A verdict is `kept`, `quarantined`, `unlisted` (without an error, but on no line although there are lists) or `unchecked`.
    """
    errors = findings.filter(pl.col("severity") == Severity.ERROR)
    bad_files = errors.filter(pl.col("file").is_not_null() & pl.col("line").is_null())["file"].unique()
    dropped = findings.filter(pl.col("line").is_not_null() & ((pl.col("severity") == Severity.ERROR) | pl.col("drops")))
    unchecked = dataset.facts.filter(pl.col("status") == "internal")["file"]
    gone = pl.concat([bad_files, unchecked]).unique()
    drop_keys = dropped.select("list", "line", kept=pl.lit(value=False)).unique()
    # Without its rule, too, a line without a label is none that a clean list could have.
    writable = stands_for_a_sample(dataset)
    keys = dataset.lines.select("list", "line", "file", "label").join(
        drop_keys, on=["list", "line"], how="left", maintain_order="left"
    )
    lines = dataset.lines.with_columns(
        keys.select(
            kept=pl.col("kept").fill_null(value=True) & writable & ~pl.col("file").is_in(gone.implode())
        ).to_series()
    )
    kept_files = lines.filter("kept")["file"].unique()
    listed = lines["file"].drop_nulls().unique()
    verdict = (
        pl.when(pl.col("file").is_in(unchecked.implode()))
        .then(pl.lit("unchecked"))
        .when(pl.col("file").is_in(bad_files.implode()))
        .then(pl.lit("quarantined"))
        .when(pl.col("file").is_in(kept_files.implode()))
        .then(pl.lit("kept"))
        .when(pl.lit(listed_only) & ~pl.col("file").is_in(listed.implode()))
        .then(pl.lit("unlisted"))
        .otherwise(pl.lit("quarantined"))
    )
    facts = dataset.facts.with_columns(verdict=verdict).with_columns(kept=pl.col("verdict") == "kept")
    return dataclasses.replace(dataset, facts=facts, lines=lines)


def collapse_traits(findings: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Replace the warnings and infos that nearly all lines of a list, or nearly all files, share by one each.

    Which pictures are the same is no trait: each finding names others. `shared_by` (UInt32) is added: of how many lines of its
    `list`, or files where that is null, one finding speaks.
    """
    of_groups = [rule.name for rule in discover().values() if rule.measurement and rule.measurement.module == HASHES]
    light = findings.filter((pl.col("severity") != Severity.ERROR) & ~pl.col("rule").is_in(of_groups))
    lines_of = dataset.lines.group_by("list").agg(of=pl.len())
    by_line = (
        light.filter(pl.col("line").is_not_null())
        .group_by("rule", "severity", "list", maintain_order=True)
        .agg(count=pl.len(), message=pl.col("message").first(), first=pl.col("line").first())
        .join(lines_of, on="list", how="left", maintain_order="left")
        .filter((pl.col("count") >= _TRAIT_LINES) & (pl.col("count") >= pl.col("of") * TRAIT_SHARE))
        .with_columns(what=pl.lit("lines"), where=pl.format("line {}", "first"))
    )
    by_file = (
        light.filter(pl.col("file").is_not_null() & pl.col("line").is_null())
        .group_by("rule", "severity", maintain_order=True)
        .agg(count=pl.len(), message=pl.col("message").first(), file=pl.col("file").first())
        .join(dataset.facts.select("file", first="path"), on="file", how="left", maintain_order="left")
        .with_columns(of=pl.lit(dataset.facts.height, dtype=pl.UInt32), list=pl.lit(None, dtype=pl.UInt32))
        .filter((pl.col("count") >= _TRAIT_FILES) & (pl.col("count") >= pl.col("of") * TRAIT_SHARE))
        .with_columns(what=pl.lit("files"), where="first")
    )
    findings = findings.with_columns(shared_by=pl.lit(None, dtype=pl.UInt32))
    if not by_line.height and not by_file.height:
        return findings
    columns = ["rule", "severity", "list", "count", "of", "what", "where", "message"]
    traits = pl.concat([by_line.with_columns(pl.col("first").cast(pl.String)).select(columns), by_file.select(columns)])
    one_each = traits.select(
        "rule",
        "severity",
        "list",
        message=pl.format("{} of {} {}, first {}: {}", "count", "of", "what", "where", "message"),
        evidence=pl.struct("count", "of", first="where").struct.json_encode(),
        shared_by=pl.col("count").cast(pl.UInt32),
    )
    rest = findings.join(by_line, on=["rule", "severity", "list"], how="anti", nulls_equal=True, maintain_order="left")
    kept_lines = findings.filter(pl.col("line").is_null()).join(
        by_file, on=["rule", "severity"], how="anti", maintain_order="left"
    )
    rest = pl.concat([rest.filter(pl.col("line").is_not_null()), kept_lines])
    return pl.concat([rest, one_each], how="diagonal").select(findings.columns)


def by_rule(findings: pl.DataFrame) -> dict[str, int]:
    """Return the number of findings by rule, in alphabetical order."""
    counts = findings.group_by("rule").len().sort("rule")
    return dict(zip(counts["rule"].to_list(), counts["len"].to_list(), strict=True))


def silence(findings: pl.DataFrame, silenced: Collection[str]) -> pl.DataFrame:
    """Return the findings without those of the silenced rules."""
    return findings.filter(~pl.col("rule").is_in(sorted(silenced))) if silenced else findings


def _columns_with_values(table: pl.DataFrame) -> set[str]:
    """Return the columns in which any row has a value, of Booleans True."""
    return {
        column.name
        for column in table
        if (column.any() if column.dtype == pl.Boolean else column.null_count() < table.height)
    }


def _ask(rule: Rule, dataset: Dataset, options: Mapping[str, object]) -> pl.DataFrame | None:
    """Return the findings of a rule; None where there are none, as with most rules and most datasets."""
    try:
        answer = rule.find(dataset, **options)
        found = answer.collect() if isinstance(answer, pl.LazyFrame) else answer
        assert isinstance(found, pl.DataFrame)
        return _complete(rule, found) if found.height else None
    except Exception as error:
        raise InternalError(f"rule {rule.name} failed ({type(error).__name__}: {error})") from error


def _complete(rule: Rule, found: pl.DataFrame) -> pl.DataFrame:
    """Give a rule's result all columns of a finding: what is no column of a finding is its evidence."""
    missing = {name: pl.lit(None, dtype=dtype) for name, dtype in FINDING_COLUMNS.items() if name not in found.columns}
    missing["evidence"] = evidence(found, _OWN)
    complete = found.with_columns(**missing).with_columns(
        rule=pl.lit(rule.name),
        severity=pl.col("severity").fill_null(str(rule.severity)),
        drops=pl.col("drops").fill_null(value=False),
    )
    return complete.select(pl.col(name).cast(dtype) for name, dtype in FINDING_COLUMNS.items())


def evidence(found: pl.DataFrame, own: Collection[str]) -> pl.Expr:
    """Return, as JSON, the columns of a rule's result that are none of a finding's `own`; those without a value are left out."""
    extra = [name for name in found.columns if name not in own and found[name].null_count() < found.height]
    return pl.struct(extra).struct.json_encode() if extra else pl.lit("{}")
