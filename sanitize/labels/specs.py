"""The values of `--labels`: a list, its name and the folder that its paths are relative to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sanitize import systems
from sanitize.errors import UsageError
from sanitize.names import key_below, shown_path

#: Values that stand for no file.
KEYWORDS = ("folders",)
#: Names whose clean list would overwrite another file of OUT.
_TAKEN = ("classes",)


class Spec(NamedTuple):
    """One `--labels`."""

    source: str  #: the list's file, or a keyword
    path: Path | None  #: None for a keyword
    name: str  #: stem of the clean list
    root: str  #: key of the folder that paths are relative to, relative to IMAGES; empty for IMAGES itself


def parse(values: Sequence[str], images: Path) -> list[Spec]:
    """Return what the values of `--labels` mean; without any, every image is on a list without labels.

    A file of the very name wins over reading a `=` or `@` in it. Raises UsageError.
    """
    if not values:
        return [Spec("images", None, "images", "")]
    specs = [_parse(value, images) for value in values]
    names: dict[str, Spec] = {}
    for spec in specs:
        # Without case: the clean lists may be written to a file system that has none.
        other = names.setdefault(spec.name.casefold(), spec)
        if other is not spec:
            raise UsageError(
                f"`{shown_path(other.source)}` and `{shown_path(spec.source)}` would both be written to"
                f" `{shown_path(spec.name)}.txt`: give one another name with `--labels NAME={shown_path(spec.source)}`"
            )
    return specs


def _parse(value: str, images: Path) -> Spec:
    for name, source, root in _readings(value):
        path = Path(source)
        if path.exists() and not path.is_dir():
            return Spec(source, path, _checked(name or path.stem, source), _root(root, images))
        if source in KEYWORDS:
            return Spec(source, None, _checked(name or source, source), _root(root, images))
    if not value:
        raise UsageError("`--labels` needs a list, or `folders` where folders are classes")
    source = value
    for _, part, _ in _readings(value):
        if part and Path(part).is_dir():
            raise UsageError(
                f"`{shown_path(part)}` is a folder, no list: name a file, or `--labels folders` where folders are classes"
            )
        source = min(source, part, key=len) if part else source
    raise UsageError(f"there is no list `{shown_path(source)}` (`--labels {shown_path(value)}`)")


def _readings(value: str) -> Iterator[tuple[str, str, str]]:
    name, equals, rest = value.partition("=")
    for first, whole in (("", value), (name, rest)) if equals and name and rest else (("", value),):
        yield first, whole, ""
        end = whole.rfind("@")
        while end > 0:
            yield first, whole[:end], whole[end + 1 :]
            end = whole.rfind("@", 0, end)


def _checked(name: str, source: str) -> str:
    if name.casefold() in _TAKEN:
        problem = f"would overwrite `{name}.txt`, which holds the class names"
    elif "/" in name or name.startswith(".") or not name.strip() or shown_path(name) != name:
        problem = "cannot be the name of a file"
    elif not systems.is_name(name):
        problem = "cannot be the name of a file on Windows"
    else:
        return name
    raise UsageError(
        f"a list named `{shown_path(name)}` {problem}: give it another with `--labels NAME={shown_path(source)}`"
    )


def _root(root: str, images: Path) -> str:
    if not root:
        return ""
    base = Path(os.path.realpath(images))
    for candidate in (images / root, Path(root)):
        if not candidate.is_dir():
            continue
        # Once as it is written and once with links followed: IMAGES itself may be reached through a link.
        for inside, outside in (
            (os.path.abspath(candidate), os.path.abspath(images)),
            (os.path.realpath(candidate), base),
        ):
            relative = key_below(inside, outside)
            if relative is not None:
                return relative
        raise UsageError(
            f"`@{shown_path(root)}` lies outside IMAGES (`{shown_path(images)}`): scan a folder that holds it"
        )
    raise UsageError(f"`@{shown_path(root)}`: there is no such folder in IMAGES (`{shown_path(images)}`)")
