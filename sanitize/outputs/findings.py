"""`findings.jsonl`: every finding of every severity, with its evidence."""

from __future__ import annotations

import polars as pl

from sanitize.result import ScanResult

_KEYS = ("path", "list", "line", "label", "rule", "severity", "message")


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `findings.jsonl`: one object a line."""
    findings = result.findings
    if not findings.height:
        return {"findings.jsonl": b""}
    # The evidence is an object already, of other keys for every rule: it is set into the encoded rest.
    rest = pl.struct(*_KEYS, pl.col("path_bytes").bin.encode("base64")).struct.json_encode()
    lines = findings.select(
        pl.concat_str(rest.str.strip_suffix("}"), pl.lit(',"evidence":'), pl.col("evidence"), pl.lit("}\n"))
    ).to_series()
    return {"findings.jsonl": "".join(lines).encode()}
