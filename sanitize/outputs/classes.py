"""`classes.txt`: the class names in index order."""

from __future__ import annotations

from sanitize import names
from sanitize.result import ScanResult


def render(result: ScanResult) -> dict[str, bytes]:
    """Return `classes.txt` where the classes have names."""
    classes = result.dataset.classes
    if not classes.names:
        return {}
    return {"classes.txt": names.to_bytes("".join(f"{name}\n" for name in classes.names))}
