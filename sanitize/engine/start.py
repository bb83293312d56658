"""Makes the engine that settings ask for."""

from __future__ import annotations

from sanitize import cores
from sanitize.engine.process import Limits
from sanitize.engine.schedule import Engine
from sanitize.settings import Settings, default_memory_limit


def start(settings: Settings) -> Engine:
    """Return the engine; it has no children until there is work, or they are warmed."""
    workers = settings.workers or cores.usable()
    memory = settings.memory_limit or default_memory_limit(workers)
    return Engine(workers, Limits(settings.timeout, memory), settings.scheduler)
