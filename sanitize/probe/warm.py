"""Imports what every child is sure to need: the fork server does that once, before it forks any."""

from __future__ import annotations

import sanitize.probe.beside
import sanitize.probe.code_reading
import sanitize.probe.dct_hashes
import sanitize.probe.embedded_thumbnail
import sanitize.probe.filling
import sanitize.probe.tones  # noqa: F401
from sanitize.facts import MEASURES
from sanitize.probe.measurements import load

for name in MEASURES:
    load(name)
