"""Evidence that pixels are lost, as the readers of single formats report it."""

from __future__ import annotations

from typing import NamedTuple

ENDED_EARLY = "ended-early"
BITSTREAM = "bitstream"
CHECKSUM = "checksum"
ZERO_RUN = "zero-run"
NO_END = "no-end"


class Complaint(NamedTuple):
    """What is wrong with a bitstream."""

    text: str
    kind: str  #: one of the constants of this module

    def columns(self) -> dict[str, object]:
        """Return it as columns of the facts."""
        return {"complaint": self.text, "complaint_kind": self.kind}
