"""Groups findings by what they share, so that one broken night is one cause and not a thousand files."""

from __future__ import annotations

import polars as pl

from sanitize.report.told import Cause

#: What findings of one rule may share, the more telling first; `kind` is the message without its numbers.
TRAITS = ("kind", "top", "folder", "day", "content_name")
#: What so many findings of a rule share is a cause of its own, if it is so many times as frequent as among all files.
_LEAST, _SHARE, _LIFT = 3, 0.25, 2.0
_ROUNDS = 8
_RULE = ("rank", "severity", "rule")


def with_causes(findings: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with `cause`, a number: the worst severity first, then the largest, then the alphabet.

    Of the findings of one rule, the largest part that shares a trait far more than all files do is split off, and so
    on with the rest.
    """
    number = r"[0-9][0-9.,]*"
    kind = pl.col("message").str.replace_all(r"(?s)`.*`", "`…`").str.replace_all(number, "#")
    told = findings.with_row_index("finding").with_columns(kind=kind)
    counted = told.group_by(*_RULE, *TRAITS).agg(count=pl.len(), first=pl.col("finding").min())
    counted = counted.with_columns(part=pl.lit(0, dtype=pl.Int32))
    base = pl.concat([_shares(facts, trait) for trait in TRAITS[1:]])
    for turn in range(1, _ROUNDS + 1):
        best = _largest_parts(counted.filter(part=0), base)
        if best.is_empty():
            break
        counted = _split_off(counted, best, turn)
    order = (
        counted.group_by(*_RULE, "part")
        .agg(pl.col("count").sum(), pl.col("first").min())
        .sort("rank", "count", "rule", "first", descending=[False, True, False, False])
        .with_row_index("cause")
    )
    numbered = counted.join(
        order.select(*_RULE, "part", "cause"), on=[*_RULE, "part"], how="left", maintain_order="left"
    )
    traits = [*_RULE, *TRAITS]
    return told.join(numbered.select(*traits, "cause"), on=traits, how="left", nulls_equal=True, maintain_order="left")


def describe(findings: pl.DataFrame, facts: pl.DataFrame, *, most: int, samples: int) -> list[Cause]:
    """Return the first causes of findings that have them, so many at `most`, each with so many `samples`."""
    everywhere = {trait for trait in TRAITS[1:] if facts[trait].n_unique() < 2}
    spread = (pl.int_range(pl.len()) * min(samples, 1 << 20) // pl.len()).over("cause")
    kinds = pl.col("kind").n_unique().over(_RULE)
    shown = findings.with_columns(kinds=kinds).filter(pl.col("cause") < most)
    picked = (
        shown.select("cause", "finding", place=spread)
        .unique(["cause", "place"], keep="first", maintain_order=True)
        .group_by("cause", maintain_order=True)
        .agg("finding")
    )
    table = (
        shown.group_by("cause")
        .agg(
            pl.col("rule", "severity", "kinds").first(),
            pl.len().alias("count"),
            pl.col("folder").n_unique().alias("folders"),
            pl.col("list").first(),
            *(pl.col(trait).first() for trait in TRAITS),
            *(pl.col(trait).n_unique().alias(f"{trait}_values") for trait in TRAITS),
        )
        .join(picked, on="cause", how="left")
        .sort("cause")
    )
    return [
        Cause(
            number=row["cause"],
            rule=row["rule"],
            severity=row["severity"],
            size=row["count"],
            shared=tuple(_words(row, everywhere)) if row["count"] > 1 else (),
            folders=row["folders"],
            samples=tuple(row["finding"]),
        )
        for row in table.to_dicts()
    ]


def _shares(facts: pl.DataFrame, trait: str) -> pl.DataFrame:
    """Return `trait`, `value`, and `base`, the share of all files that have it."""
    shares = facts.group_by(trait).agg(base=pl.len() / max(facts.height, 1)).rename({trait: "value"})
    return shares.select(pl.lit(trait).alias("trait"), pl.col("value").cast(pl.String), "base")


def _largest_parts(rest: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """Return, for each rule that has one, the trait and value of its largest telling part."""
    total = rest.group_by(_RULE).agg(of=pl.col("count").sum())
    told = rest.unpivot(TRAITS, index=[*_RULE, "count"], variable_name="trait").filter(pl.col("value") != "")
    parts = told.group_by(*_RULE, "trait", "value").agg(pl.col("count").sum()).filter(pl.col("count") >= _LEAST)
    counted = parts.join(total, on=_RULE, how="left").join(base, on=["trait", "value"], how="left")
    telling = counted.filter(
        (pl.col("count") < pl.col("of"))
        & (pl.col("count") >= pl.col("of") * _SHARE)
        & (pl.col("count") >= pl.col("of") * pl.col("base").fill_null(0.0) * _LIFT)
    )
    ordered = telling.with_columns(order=pl.col("trait").cast(pl.Enum(TRAITS))).sort(
        "count", "order", "value", descending=[True, False, False]
    )
    return ordered.unique(_RULE, keep="first", maintain_order=True).select(*_RULE, "trait", "value")


def _split_off(counted: pl.DataFrame, best: pl.DataFrame, turn: int) -> pl.DataFrame:
    chosen = counted.select(_RULE).join(best, on=_RULE, how="left", maintain_order="left")
    marked = counted.with_columns(chosen["trait"], chosen["value"])
    belongs = pl.any_horizontal(
        (pl.col("trait") == trait).fill_null(value=False) & (pl.col(trait) == pl.col("value")).fill_null(value=False)
        for trait in TRAITS
    )
    part = pl.when((pl.col("part") == 0) & belongs).then(pl.lit(turn, dtype=pl.Int32)).otherwise("part")
    return marked.with_columns(part=part).drop("trait", "value")


def _words(row: dict[str, object], everywhere: set[str]) -> list[str]:
    def shared(trait: str) -> object:
        return row[trait] if row[f"{trait}_values"] == 1 and trait not in everywhere else None

    folder = shared("folder") or shared("top")
    words = [f"all in {folder}" if folder else "", f"all {name}" if (name := shared("content_name")) else ""]
    words += [f"all of {when}" if (when := shared("day")) else ""]
    if row["kind_values"] == 1 and row["kinds"] != 1:
        words.append("all with one message")
    return [word for word in words if word]
