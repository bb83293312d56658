"""Starts the engine that settings ask for, before anything else is imported: children take as long to start as we do."""

from __future__ import annotations

from sanitize import cores
from sanitize.engine.process import Limits
from sanitize.engine.schedule import Engine
from sanitize.out import has_facts
from sanitize.settings import Settings, default_memory_limit

#: The functions that measure one file, and a batch of them.
PROBE = "sanitize.probe.read:probe_path sanitize.probe.measurements:measure_all"
#: What every child is sure to need.
_LIBRARIES = "sanitize.probe.warm"


def start(settings: Settings, *, warm: bool = True) -> Engine:
    """Return the engine; its children are warm already where there will be files to measure, unless not `warm`."""
    workers = settings.workers or cores.usable()
    memory = settings.memory_limit or default_memory_limit(workers)
    engine = Engine(workers, Limits(settings.timeout, memory), settings.scheduler)
    if warm and not (settings.cache and has_facts(settings.out)):
        engine.warm(PROBE, libraries=_LIBRARIES)
    return engine
