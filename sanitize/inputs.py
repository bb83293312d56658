"""The files that a scan is told to read beside the pictures, with what tells later whether they are still the same."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from pathlib import Path
from typing import NamedTuple

from sanitize.labels.specs import parse
from sanitize.names import shown_path, to_key
from sanitize.settings import Settings


class Input(NamedTuple):
    """A list of labels or hashes, the names of the classes, or the settings."""

    flag: str  #: the flag that named it
    source: str  #: as the user named it, shown form
    path: str  #: key of its absolute path
    size: int | None  #: bytes; null of settings among those of other programs
    sha256: str  #: hexadecimal


def look(images: Path, settings: Settings) -> tuple[Input, ...]:
    """Return the files that settings name, as they are now; one that cannot be read is for its reader to complain of.

    To be called before they are read: a file that changes in between is then not the one that is noted.
    Raises UsageError where a value of `--labels` names nothing.
    """
    named = [("--labels", spec.source, spec.path) for spec in parse(settings.labels, images) if spec.path]
    files = (
        ("--classes", [settings.classes] if settings.classes else []),
        ("--checksums", settings.checksums),
        ("--known-bad", settings.known_bad),
        ("--baseline", [settings.baseline] if settings.baseline else []),
        ("--config", [settings.config] if settings.config else []),
    )
    named += [(flag, text, Path(text)) for flag, texts in files for text in texts]
    found = (_look(flag, text, path) for flag, text, path in named)
    return tuple(one for one in found if one is not None)


def now(path: bytes) -> tuple[int, str] | None:
    """Return size and SHA-256 of a file as it is now; None where it is gone or cannot be read.

    What is no regular file is not opened: a pipe can be read once, and is for somebody else.
    """
    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return os.fstat(file.fileno()).st_size, digest
    except OSError:
        return None


def used(flag: str, path: bytes) -> tuple[int | None, str] | None:
    """Return size and SHA-256 of what a scan reads of a file that `flag` names; None as `now` does.

    In `pyproject.toml` that is one table; who raises a version there has changed no setting.
    """
    if flag != "--config" or os.path.basename(path) != b"pyproject.toml":
        return now(path)
    try:
        with open(path, "rb") as file:
            table = tomllib.load(file).get("tool", {}).get("sanitize")
    except (OSError, ValueError, AttributeError):
        return None
    content = json.dumps(table, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    return None, hashlib.sha256(content).hexdigest()


def _look(flag: str, text: str, path: Path) -> Input | None:
    place = os.path.abspath(os.fsencode(path))
    seen = used(flag, place)
    return Input(flag, shown_path(text), to_key(place), *seen) if seen else None
