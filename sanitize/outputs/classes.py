"""`classes.txt`: the class names in index order."""

from __future__ import annotations

from sanitize import names
from sanitize.result import ScanResult


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `classes.txt` where the classes have names; one with a line break, as a folder may have, is escaped."""
    classes = result.dataset.classes
    if not classes.names:
        return {}
    lines = [names.shown(name) if "\n" in name or "\r" in name else name for name in classes.names]
    return {"classes.txt": names.to_bytes("".join(f"{line}\n" for line in lines))}
