"""What a scan notes of itself in OUT, so that it can be told later whether it still holds."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from sanitize import __version__, names
from sanitize.dataset import Severity
from sanitize.errors import UsageError
from sanitize.inputs import Input, now
from sanitize.out import FINISHED
from sanitize.result import ScanResult
from sanitize.settings import MARKER, PRIVATE

#: The file in OUT that holds it.
NAME = f"{PRIVATE}/record.json"
#: The layout of that file.
_LAYOUT = 2
#: Settings that say what lies in `images/`.
_USED = ("images", "link", "icc", "background")
_STANDING = ("path", "list", "rule", "severity", "message")


class Written(NamedTuple):
    """A file that a scan wrote into OUT."""

    name: str
    size: int  #: bytes
    sha256: str  #: hexadecimal


class Record(NamedTuple):
    """A scan that finished."""

    finished: datetime  #: UTC
    images: str  #: key of the absolute path of IMAGES as it was named
    images_root: str  #: the same with links followed
    settings: Mapping[str, Any]  #: as JSON has them
    inputs: tuple[Input, ...]
    outputs: tuple[Written, ...]
    own: tuple[Written, ...]  #: what the scan wrote for the program alone
    standing: tuple[Mapping[str, str], ...]  #: errors about no file and no line, which no clean list is without


def render(result: ScanResult, files: Mapping[str, bytes], own: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the record of a scan that is just about to write `files`, and `own` for the program alone."""
    finished = datetime.now(UTC)
    content = {
        "layout": _LAYOUT,
        "version": result.version,
        "started": (finished - timedelta(seconds=result.seconds)).isoformat(),
        "finished": finished.isoformat(),
        "images": names.to_key(os.path.abspath(os.fsencode(result.images_root))),
        "images_root": root_of(result.images_root),
        "settings": dataclasses.asdict(result.settings),
        "inputs": [one._asdict() for one in result.inputs],
        "outputs": _written(files),
        "own": _written(own),
        "standing": _standing(result),
    }
    return {NAME: _as_bytes(content)}


def renew(out: Path, files: Mapping[str, bytes]) -> bytes:
    """Return the record in OUT with these `files` in place of those of the same name; `load` has read it before."""
    content = json.loads((out / NAME).read_bytes())
    others = [one for one in content["outputs"] if one["name"] not in files]
    content["outputs"] = sorted([*others, *_written(files)], key=lambda one: str(one["name"]))
    return _as_bytes(content)


def root_of(images: Path) -> str:
    """Return the key of the absolute path of IMAGES, with links followed."""
    return names.to_key(os.path.realpath(os.fsencode(images)))


def intact(out: Path, last: Record, name: str) -> Path:
    """Return the path of a file that the last scan wrote into OUT; raises UsageError where it is not the same any more."""
    if now(os.fsencode(out / name)) != _as_written(last, name):
        raise not_as_written(out / name)
    return out / name


def content(out: Path, last: Record, name: str) -> bytes:
    """Return what a file holds that the last scan wrote into OUT; raises UsageError likewise."""
    try:
        found = (out / name).read_bytes()
    except OSError:
        raise not_as_written(out / name) from None
    if (len(found), sha256(found)) != _as_written(last, name):
        raise not_as_written(out / name)
    return found


def sha256(content: bytes) -> str:
    """Return the SHA-256 of what is written, in hexadecimal digits."""
    return hashlib.sha256(content, usedforsecurity=False).hexdigest()


def not_as_written(path: Path) -> UsageError:
    """Return what to raise where a file of OUT is not as a scan has left it."""
    return UsageError(f"{names.shown_path(path)} is gone, damaged or half-written, or may not be read; scan again")


def _as_written(last: Record, name: str) -> tuple[int, str]:
    return next(((one.size, one.sha256) for one in (*last.outputs, *last.own) if one.name == name), (-1, ""))


def load(out: Path) -> Record:
    """Return the record of the scan that wrote OUT; raises UsageError where there is none that this version can use."""
    try:
        if not out.is_dir():
            raise UsageError(f"there is no folder {out}; name the OUT of a scan (`sanitize scan IMAGES -o OUT`)")
        if not (out / MARKER).exists():
            raise UsageError(f"{out} is not the OUT of a scan; name the folder that `sanitize scan -o` was given")
        content = json.loads((out / NAME).read_bytes())
    except FileNotFoundError:
        if (out / FINISHED).exists():
            raise UsageError(f"{out} was written by a version that left no record of its scan; scan again") from None
        raise UsageError(f"no scan into {out} has finished; run `sanitize scan` until it ends") from None
    except OSError as error:
        raise UsageError(f"cannot read {out}/{NAME}: {error.strerror or error}; allow it") from None
    except ValueError:
        raise UsageError(f"{out}/{NAME} is damaged, or only half of it was written; scan again") from None
    try:
        version, layout = str(content["version"]), content["layout"]
        if (version, layout) == (__version__, _LAYOUT):
            return _parse(content)
    except (KeyError, TypeError, ValueError):
        raise UsageError(f"{out}/{NAME} is damaged; scan again") from None
    raise UsageError(
        f"{out} was written by version {version}, and this is {__version__}, which may judge otherwise; scan again"
    )


def _as_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, default=str) + "\n").encode()


def _parse(content: Mapping[str, Any]) -> Record:
    return Record(
        finished=datetime.fromisoformat(content["finished"]).astimezone(UTC),
        images=str(content["images"]),
        images_root=str(content["images_root"]),
        settings={**content["settings"], **{name: content["settings"][name] for name in _USED}},
        inputs=tuple(Input(**one) for one in content["inputs"]),
        outputs=tuple(Written(**one) for one in content["outputs"]),
        own=tuple(Written(**one) for one in content["own"]),
        standing=tuple(dict(one) for one in content["standing"]),
    )


def _written(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [Written(name, len(files[name]), sha256(files[name]))._asdict() for name in sorted(files)]


def _standing(result: ScanResult) -> list[dict[str, str]]:
    """Return the errors that took nothing off the lists, and that `--fail-on` counts."""
    if Severity.ERROR not in result.failing:
        return []
    standing = result.errors.filter(pl.col("file").is_null() & pl.col("line").is_null())
    return standing.select(_STANDING).to_dicts()
