"""What the children are sure to run: named here, where it costs nothing to know."""

from __future__ import annotations

#: The functions that measure one file, and a batch of them.
PROBE = "sanitize.probe.read:probe_path sanitize.probe.measurements:measure_all"
#: What they need: it is imported once, before there is any child.
LIBRARIES = "sanitize.probe.warm"
