"""A mark for tests that make symbolic links: Windows lets only some people do so."""

from __future__ import annotations

import os
import tempfile

import pytest


def _are_made() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            os.symlink("nowhere", os.path.join(folder, "link"))
        except OSError:
            return False
    return True


needs_links = pytest.mark.skipif(not _are_made(), reason="no symbolic links can be made here")
