"""Reads a file of the dataset again: for functions that run in a child."""

from __future__ import annotations

import os

from sanitize.errors import EXHAUSTED


def read_again(path: bytes, *, root: bytes) -> bytes | None:
    """Return what a file holds, by its path relative to `root`; None where it cannot be read any more.

    Raises OSError where this process has used up what it may have, which is not the file's fault.
    """
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return None
