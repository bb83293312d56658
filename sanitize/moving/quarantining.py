"""Moves the originals that a scan found bad out of the way: every move is journalled before it happens."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from sanitize import names, record, systems
from sanitize.dataset import Severity
from sanitize.errors import UsageError
from sanitize.listener import Listener
from sanitize.moving import journal
from sanitize.moving.journal import Journal, Move
from sanitize.moving.moves import Refused, are_same, move
from sanitize.moving.quarantine_folder import (
    INCOMING,
    JOURNAL,
    MoveResult,
    cannot_write,
    drop_copies,
    held,
    places_of,
    private_folder,
    result_of,
    times_of,
)
from sanitize.name_columns import as_keys
from sanitize.names import shown_path
from sanitize.out import FACTS, refuse_held
from sanitize.parts import read
from sanitize.record import Record
from sanitize.settings import PRIVATE

#: So many moves are noted at a time: to have each on the disk alone would take longer than the move.
_AT_A_TIME = 100
#: More links than this from one to the next lead nowhere on Linux.
_MOST_LINKS = 40
#: What may pass says nothing about the file: a disk that is away, or had no room for a copy.
_PASSING = frozenset({"unreadable", "unconvertible"})


def quarantine_out(
    out: Path, folder: Path, listener: Listener, *, execute: bool, include_label_errors: bool
) -> MoveResult:
    """Move the originals that the scan into OUT found bad to `folder`, or tell which it would move.

    With `include_label_errors` those too whose only errors are those of their lines. A file that is on a clean list, that
    changed since the scan, or that nobody could read stays. Raises UsageError where there is no scan to go by, or where
    `folder` is no place for it.
    """
    scanned = record.load(out)
    refuse_held(out)
    bad = _bad(out, scanned, include_label_errors=include_label_errors)
    root = names.to_bytes(scanned.images_root)
    if not os.path.isdir(root):
        raise UsageError(f"the folder of images {os.fsdecode(root)} is not there; mount it, or scan again")
    _refuse_bad_places(folder, Path(os.fsdecode(root)), out.resolve())
    if not execute:
        known = journal.load(private_folder(folder) / JOURNAL)
        _refuse_other_images(known, scanned.images_root, folder)
        bad = [one for one in bad if not _is_moved(one, known, root, folder)]
        stays = {one.path: why for one in bad if (why := _why_not(one, root, os.fsencode(folder)))}
        return result_of(
            "quarantine", root, folder, [one for one in bad if one.path not in stays], stays, executed=False
        )
    with held(folder) as kept:
        _refuse_other_images(kept, scanned.images_root, folder)
        if not kept.images:
            kept.begin(scanned.images_root)
        _finish(kept, root, folder)
        bad = [one for one in bad if not _is_moved(one, kept, root, folder)]
        listener.on_start("move", len(bad))
        return _move_all(bad, kept, root, folder, listener)


def _bad(out: Path, scanned: Record, *, include_label_errors: bool) -> list[Move]:
    """Return the files that the scan put on no clean list for an error of their own, or for any."""
    rules = _rules(out, scanned, include_label_errors=include_label_errors)
    try:
        columns = ["path_bytes", "size", "mtime_ns", "sha256", "verdict"]
        facts = read(record.intact(out, scanned, FACTS), columns).filter(verdict="quarantined")
    except pl.exceptions.PolarsError:
        raise UsageError(f"{shown_path(out / FACTS)} was written by another version; scan again") from None
    paths = as_keys(facts["path_bytes"])
    rows = zip(paths, facts["size"], facts["mtime_ns"], facts["sha256"], strict=True)
    return [
        Move(path, size or 0, mtime_ns or 0, 0, sha256, tuple(sorted(rules[path])))
        for path, size, mtime_ns, sha256 in rows
        if path in rules
    ]


def _rules(out: Path, scanned: Record, *, include_label_errors: bool) -> dict[str, set[str]]:
    """Return the errors of each file, by its path (key): those about the file, and where asked for those of its lines."""
    found: dict[str, set[str]] = {}
    with record.intact(out, scanned, "findings.jsonl").open("rb") as file:
        for line in file:
            if b'"error"' not in line:
                continue
            finding = json.loads(line)
            if finding["severity"] != Severity.ERROR or not finding["path"] or finding.get("accepted"):
                continue
            # A line of class folders has no number, but a list it has.
            if finding["list"] and not include_label_errors:
                continue
            path = names.to_key(base64.b64decode(finding["path_bytes"]))
            found.setdefault(path, set()).add(finding["rule"])
    return found


def _refuse_bad_places(folder: Path, images: Path, out: Path) -> None:
    real = folder.resolve()
    for other, what in ((images, "the folder of images"), (out, "the OUT of the scan")):
        if real == other or other in real.parents or real in other.parents:
            raise UsageError(
                f"{shown_path(folder)} is, lies in, or holds {what}; name a folder beside it with --to, or elsewhere"
            )
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{shown_path(folder)} is a file; name a folder with --to")
        # A command that was killed before it began its journal left its own folder only.
        is_mine = (private_folder(folder) / JOURNAL).exists()
        if folder.is_dir() and not is_mine and {path.name for path in folder.iterdir()} - {PRIVATE}:
            raise UsageError(
                f"{shown_path(folder)} holds files that were not moved there; name another folder with --to"
            )
    except OSError as error:
        raise cannot_write(folder, error) from None


def _refuse_other_images(kept: Journal, images: str, folder: Path) -> None:
    if kept.images not in ("", images):
        raise UsageError(
            f"{shown_path(folder)} holds files from {names.shown(kept.images)}; name another folder with --to"
        )


def _finish(kept: Journal, root: bytes, folder: Path) -> None:
    """End the moves that were cut short when the file had both its names, or was copied already.

    Of a move that was made, the same file at its old place is one that somebody has put there since.
    """
    cut_short = [kept.moves[path] for path in sorted(kept.begun)]
    for one in cut_short:
        source, target = places_of(one, root, folder)
        if os.path.lexists(target) and os.path.lexists(source) and are_same(source, target):
            with contextlib.suppress(OSError):
                systems.unlink(source)
    if cut_short:
        drop_copies({os.path.dirname(one.path) for one in cut_short}, root, folder)
        kept.note_left(times_of({os.path.dirname(one.path) for one in cut_short}, root))


def _is_moved(one: Move, kept: Journal, root: bytes, folder: Path) -> bool:
    """Tell whether an earlier call has moved a file."""
    source, target = places_of(one, root, folder)
    return one.path in kept.moves and os.path.lexists(target) and not os.path.lexists(source)


def _move_all(bad: Sequence[Move], kept: Journal, root: bytes, folder: Path, listener: Listener) -> MoveResult:
    moved: list[Move] = []
    stays: dict[str, str] = {}
    staging = os.fsencode(private_folder(folder) / INCOMING)
    # A link leads to nothing once its file has moved.
    links_first = sorted(bad, key=lambda one: -_links(places_of(one, root, folder)[0]))
    for some in _groups(links_first):
        ready: list[Move] = []
        for one in some:
            why = _why_not(one, root, os.fsencode(folder))
            if why:
                stays[one.path] = why
            else:
                state = os.lstat(os.path.join(root, names.to_bytes(one.path)))
                ready.append(one._replace(mode=stat.S_IMODE(state.st_mode)))
        touched = {os.path.dirname(one.path) for one in ready}
        kept.note(ready, times_of(touched, root))
        for one in ready:
            source, target = places_of(one, root, folder)
            try:
                move(source, target, staging=staging)
            except Refused as refusal:
                stays[one.path] = str(refusal)
            else:
                moved.append(one)
        kept.note_left(times_of(touched, root))
        listener.on_progress(len(some))
    return result_of("quarantine", root, folder, moved, stays, executed=True)


def _why_not(one: Move, root: bytes, folder: bytes) -> str | None:
    """Return why a file is not to be moved; None where it is."""
    path = names.to_bytes(one.path)
    source = os.path.join(root, path)
    if _PASSING.issuperset(one.rules):
        is_other = os.path.exists(source) and not os.path.isfile(source)
        return "it is a pipe, a device or a folder" if is_other else "it could not be read or copied, which may pass"
    if path.split(b"/", 1)[0] == os.fsencode(PRIVATE):
        return f"its folder is named {PRIVATE}, as the one of the journal"
    try:
        if not _is_below(os.path.dirname(source), root):
            return "a link leads to it, and it lies outside the folder of images"
        state = os.stat(source)
    except OSError as error:
        return "it is gone" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
    if (state.st_size, state.st_mtime_ns) != (one.size, one.mtime_ns):
        return "it has changed since the scan"
    if os.path.lexists(os.path.join(folder, path)):
        return "there is a file of that name in the quarantine already"
    return None


def _links(path: bytes) -> int:
    """Return how many links are followed from a path to its file."""
    count = 0
    with contextlib.suppress(OSError):
        while count < _MOST_LINKS:
            path = os.path.join(os.path.dirname(path), os.readlink(path))
            count += 1
    return count


def _is_below(folder: bytes, root: bytes) -> bool:
    real = os.path.realpath(folder)
    return real == root or real.startswith(os.path.join(root, b""))


def _groups(bad: Sequence[Move]) -> Iterator[Sequence[Move]]:
    for start in itertools.count(0, _AT_A_TIME):
        if start >= len(bad):
            return
        yield bad[start : start + _AT_A_TIME]
