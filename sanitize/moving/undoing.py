"""Moves everything back from a quarantine, with its times and permissions."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from sanitize import names, systems
from sanitize.errors import UsageError
from sanitize.listener import Listener
from sanitize.moving.journal import Journal, Move
from sanitize.moving.moves import Refused, are_same, move
from sanitize.moving.quarantine_folder import (
    INCOMING,
    JOURNAL,
    LOCK,
    MoveResult,
    drop_copies,
    held,
    places_of,
    private_folder,
    result_of,
    staging_beside,
    times_of,
)
from sanitize.names import shown_path
from sanitize.settings import PRIVATE


def undo_folder(folder: Path, listener: Listener) -> MoveResult:
    """Move everything back from `folder`, with its times and permissions, and leave nothing of the quarantine.

    What cannot go back, as there is another file at its place, stays, as does the journal then; so does what the journal
    does not know. Raises UsageError where `folder` is no quarantine.
    """
    if not (private_folder(folder) / JOURNAL).exists():
        raise UsageError(f"{shown_path(folder)} is not a folder that `sanitize quarantine --to` has filled")
    with held(folder) as kept:
        root = names.to_bytes(kept.images)
        strays = _files_in(folder) - kept.moves.keys()
        if strays and not kept.images:
            raise UsageError(
                f"the journal of {shown_path(folder)} has lost its beginning; put a copy of it there, or move what lies in"
                f" {shown_path(folder)} back by hand"
            )
        if kept.images and not os.path.isdir(root):
            raise UsageError(f"the folder of images {os.fsdecode(root)} is not there; mount it, and undo again")
        listener.on_start("move", len(kept.moves))
        restored, stays = _restore_all(kept, root, folder, listener)
        stays |= dict.fromkeys(strays, "the journal does not know it; move it away by hand")
        if not stays:
            _clear(folder)
    return result_of("undo", root, folder, restored, stays, executed=True)


def _restore_all(kept: Journal, root: bytes, folder: Path, listener: Listener) -> tuple[list[Move], dict[str, str]]:
    restored: list[Move] = []
    stays: dict[str, str] = {}
    # A folder that somebody else has changed since does not get its old time back.
    times = times_of(kept.folders, root)
    as_left = {name for name, time in times.items() if kept.left.get(name, time) == time}
    if kept.moves:
        kept.note_undone(as_left)
    drop_copies(times, root, folder)
    for one in reversed(kept.moves.values()):
        source, target = places_of(one, root, folder)
        try:
            if _restore(one, source, target, staging_beside(os.path.dirname(source), folder)):
                restored.append(one)
        except Refused as refusal:
            stays[one.path] = str(refusal)
        listener.on_progress(1)
    if stays:
        kept.note_left({})
    else:
        for name in kept.undone & kept.folders.keys():
            place = os.path.join(root, names.to_bytes(name))
            with contextlib.suppress(OSError):
                os.utime(place, ns=(os.stat(place).st_atime_ns, kept.folders[name]))
    return restored, stays


def _restore(one: Move, source: bytes, target: bytes, staging: bytes) -> bool:
    """Bring a file back, and tell whether it had gone at all. Raises Refused where it stays."""
    if not os.path.lexists(target):
        if os.path.lexists(source):
            return False
        raise Refused("it is no longer in the quarantine")
    if os.path.lexists(source) and not are_same(source, target):
        raise Refused("there is another file at its place")
    try:
        if os.path.lexists(source):
            systems.unlink(target)  # a move was cut short when the file was at both places
        else:
            move(target, source, staging=staging)
        if not os.path.islink(source):
            os.chmod(source, one.mode)
            os.utime(source, ns=(os.stat(source).st_atime_ns, one.mtime_ns))
    except OSError as error:
        raise Refused(error.strerror or str(error)) from error
    return True


def _clear(folder: Path) -> None:
    """Take away what a quarantine leaves: empty folders, and the journal last."""
    private = os.fsencode(private_folder(folder))
    with contextlib.suppress(OSError):
        for place, folders, _files in os.walk(os.fsencode(folder), topdown=False):
            for name in folders:
                path = os.path.join(place, name)
                if path != private and not os.listdir(path):
                    os.rmdir(path)
    for mine in (INCOMING, LOCK, JOURNAL):
        with contextlib.suppress(OSError):
            (private_folder(folder) / mine).unlink()
    for emptied in (private_folder(folder), folder):
        with contextlib.suppress(OSError):
            emptied.rmdir()


def _files_in(folder: Path) -> set[str]:
    """Return the paths (keys) of all files in a quarantine but those of the program."""
    top = os.fsencode(folder)
    found: set[str | None] = set()
    for place, folders, files in os.walk(top):
        if place == top and os.fsencode(PRIVATE) in folders:
            folders.remove(os.fsencode(PRIVATE))
        found |= {names.key_below(os.path.join(place, name), top) for name in files}
    return {path for path in found if path}
