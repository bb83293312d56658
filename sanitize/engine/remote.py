"""What runs inside a Dask worker: one pool of children per worker process."""

from __future__ import annotations

import atexit
import threading
from typing import Any

from sanitize.engine.child import Answer
from sanitize.engine.pool import Pool
from sanitize.engine.process import Limits

_pools: dict[Limits, Pool] = {}
_lock = threading.Lock()


def run_batch(function: str, items: list[Any], options: dict[str, Any], limits: tuple[float, int]) -> list[Answer]:
    """Run a batch in this worker's children; see `Pool.run`."""
    key = Limits(*limits)
    with _lock:
        if key not in _pools:
            _pools[key] = Pool(key)
            atexit.register(_pools[key].close)
    return _pools[key].run(function, items, options)
