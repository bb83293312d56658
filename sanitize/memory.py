"""How much memory this process and those that it starts may have together."""

from __future__ import annotations

import contextlib
import os

#: Where Linux tells which control group a process is in, and where it shows the groups.
_OWN_GROUPS, _GROUPS = "/proc/self/cgroup", "/sys/fs/cgroup"


def available(own_groups: str = _OWN_GROUPS, groups: str = _GROUPS) -> int:
    """Return the memory of the machine, or of the container or job where that has less, bytes.

    Limits are read as cgroups(7) and the kernel's documents of both versions of control groups describe them.
    """
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        import psutil

        total = psutil.virtual_memory().total
    return min([total, *_limits(own_groups, groups)])


def _limits(own_groups: str, groups: str) -> list[int]:
    limits = []
    with contextlib.suppress(OSError):
        with open(own_groups, encoding="utf-8", errors="surrogateescape") as file:
            lines = [line.rstrip("\n").split(":", 2) for line in file]
        for _number, controllers, path in (line for line in lines if len(line) == 3):
            if controllers == "":
                limits += _upwards(groups, path, "memory.max")
            elif "memory" in controllers.split(","):
                limits += _upwards(f"{groups}/memory", path, "memory.limit_in_bytes")
    return limits


def _upwards(root: str, path: str, name: str) -> list[int]:
    """Return the limits of a group and of all that it is in; within a container the root is its own."""
    parts = [part for part in path.split("/") if part not in ("", "..")]
    found = []
    for depth in range(len(parts) + 1):
        with contextlib.suppress(OSError, ValueError), open("/".join([root, *parts[:depth], name])) as file:
            found.append(int(file.read()))  # `max` is no limit
    return found
