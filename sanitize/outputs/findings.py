"""`findings.jsonl`: every finding of every severity, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sanitize.result import ScanResult

# Findings that are encoded at once, where a program reads them one after the other.
_ROWS = 10_000
_KEYS = ("path", "list", "line", "label", "rule", "severity", "message")


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `findings.jsonl`: one object a line."""
    return {"findings.jsonl": "".join(encode(result.findings, end="\n")).encode()}


def encode_by_parts(findings: pl.DataFrame, *, end: str = "") -> Iterator[pl.Series]:
    """Give what `encode` returns of some findings after others, so that not all of it is held."""
    return (encode(part, end=end) for part in findings.iter_slices(_ROWS))


def encode(findings: pl.DataFrame, *, end: str = "") -> pl.Series:
    """Return each of the findings as a JSON object, with what is to stand behind it."""
    if not findings.height:
        return pl.Series(dtype=pl.String)
    # The evidence is an object already, of other keys for every rule: it is set into the encoded rest.
    accepted = pl.lit("")
    if findings["accepted"].any():  # otherwise there is no baseline, or nothing that it accepts
        accepted = pl.format(',"accepted":{}', pl.col("accepted").cast(pl.String))
    rest = pl.struct(*_KEYS, pl.col("path_bytes").bin.encode("base64")).struct.json_encode()
    objects = findings.select(
        pl.concat_str(
            rest.str.strip_suffix("}"), pl.lit(',"evidence":'), pl.col("evidence"), accepted, pl.lit("}" + end)
        )
    ).to_series()
    # They end a line where a text, and not a file, is split into lines; in an object they stand in strings only.
    ends = {"\u2028": "\\u2028", "\u2029": "\\u2029"}
    return objects.str.replace_many(ends) if objects.str.contains_any(list(ends)).any() else objects
