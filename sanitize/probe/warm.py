"""Imports what every child is sure to need: the fork server does that once, before it forks any."""

from __future__ import annotations

import cv2  # noqa: F401
import zxingcpp  # noqa: F401

from sanitize.probe.measurements import load

#: Modules that measure for rules; those that are missing here are imported by each child.
MEASURES = (
    "sanitize.probe.beside_image",
    "sanitize.probe.codes",
    "sanitize.probe.hashes",
    "sanitize.probe.statistics",
    "sanitize.probe.thumbnail",
    "sanitize.rules.grey_fill",
)

for name in MEASURES:
    load(name)
