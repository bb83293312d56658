"""Measures what a file holds beside its image: bytes behind its end, and archives, programs, scripts and pages anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanitize.facts import Column

if TYPE_CHECKING:
    from sanitize.probe.batch import Batch

VERSION = 24
COLUMNS = {
    "tail_bytes": Column("Int64", "bytes behind the end of the image; null where its end cannot be told"),
    "tail_kind": Column(
        "String", "what they are: one of `probe.beside_kinds.TAILS`, the worst of several; null where there are none"
    ),
    "tail_detail": Column("String", "more about them: a size, a vendor, first words"),
    "payload": Column(
        "String", "an archive, program, script or page in the file: a key of `probe.beside_kinds.PAYLOADS`"
    ),
    "payload_where": Column("String", "where it is: `after the end`, `comment`, `APP13`, `chunk tEXt`, ..."),
    "payload_offset": Column("Int64", "its first byte, from the beginning of the file"),
    "payload_bytes": Column(
        "Int64", "its length, bytes; to the end of the place where it is, where its own cannot be told"
    ),
    "payload_detail": Column("String", "more about it: names of files, first words"),
}
#: Where a payload is that lies behind the image.
AFTER, WHOLE = "after the end", "whole file"


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of a batch."""
    from sanitize.probe import beside  # which knows all formats, and who only asks for COLUMNS does not need

    rows = [
        beside.row(data, str(facts.get("content")), start)
        for data, facts, start in zip(batch.data, batch.facts, batch.starts, strict=True)
    ]
    return dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
