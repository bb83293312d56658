"""`facts.parquet`: one row per image with everything that was measured, the verdict and the RGB policy."""

from __future__ import annotations

import io

from sanitize import rules
from sanitize.facts import COLUMNS
from sanitize.out import FACTS
from sanitize.result import ScanResult, bytes_of, shown_texts

#: Files that are the same have one number in these, where pictures were compared (see `Dataset`).
GROUPS = ("same_bytes", "same_pixels", "same_picture", "same_closely")


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `facts.parquet`."""
    facts = result.dataset.facts
    measured = [name for one in rules.measurements(rules.discover().values()) for name in one.columns]
    groups = [name for name in GROUPS if name in facts.columns]
    table = facts.select(*COLUMNS, *measured, *groups, "verdict", "rgb_policy", "rgb_path").with_columns(
        path=shown_texts(facts["path"]),
        rgb_path=shown_texts(facts["rgb_path"]),
        rgb_path_bytes=bytes_of(facts["rgb_path"]),
    )
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=1)
    return {FACTS: buffer.getvalue()}
