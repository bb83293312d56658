"""The folder that a quarantine has filled: its journal, its places, and what comes of moving files to it and back."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanitize import names
from sanitize.errors import UsageError
from sanitize.moving import journal
from sanitize.moving.journal import Journal, Move
from sanitize.names import shown_path
from sanitize.out import lock, remedy
from sanitize.settings import PRIVATE

#: What lies in its private folder: the journal, a file to lock, and what a file is copied to before it has its name.
JOURNAL, LOCK, INCOMING = "journal.jsonl", "lock", "incoming"


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What a quarantine, or an undo, has moved, or would move."""

    command: str  #: `quarantine` or `undo`
    images_root: Path
    folder: Path  #: the quarantine
    executed: bool  #: False for a dry run
    moved: tuple[Move, ...]
    left: tuple[tuple[str, str], ...]  #: path (key) and why it stays

    @property
    def bytes(self) -> int:
        """How much was moved."""
        return sum(one.size for one in self.moved)

    @property
    def by_rule(self) -> Mapping[str, int]:
        """How many files each error has moved, most first; one may have several."""
        return dict(Counter(rule for one in self.moved for rule in one.rules).most_common())

    @property
    def exit_status(self) -> int:
        """The status that the program ends with: 0 where nothing had to stay, else 1."""
        return 1 if self.left else 0


def private_folder(folder: Path) -> Path:
    """Return where a quarantine keeps what is the program's."""
    return folder / PRIVATE


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Journal]:
    """Hold a quarantine for one command, and give its journal. Raises UsageError where another one holds it."""
    try:
        private_folder(folder).mkdir(parents=True, exist_ok=True)
        held = (private_folder(folder) / LOCK).open("a+b")
    except OSError as error:
        raise cannot_write(folder, error) from None
    with held:
        if not lock(held.fileno()):
            raise UsageError(f"files are being moved to or from {shown_path(folder)} already; wait for that")
        try:
            yield journal.load(private_folder(folder) / JOURNAL)
        except OSError as error:
            raise cannot_write(folder, error) from error


def cannot_write(folder: Path, error: OSError) -> UsageError:
    """Return what to tell the user when a quarantine cannot be written."""
    reason, remedies = error.strerror or error, [*remedy(error), "call again"]
    return UsageError(f"cannot write {shown_path(folder)} ({reason}); nothing is lost: {', and '.join(remedies)}")


def places_of(one: Move, root: bytes, folder: Path) -> tuple[bytes, bytes]:
    """Return where a file lies in IMAGES, and where in the quarantine."""
    path = names.to_bytes(one.path)
    return os.path.join(root, path), os.path.join(os.fsencode(folder), path)


def times_of(folders: Iterable[str], root: bytes) -> dict[str, int]:
    """Return when folders of IMAGES (keys) changed, ns; without those that are not there."""
    found = {}
    for name in folders:
        with contextlib.suppress(OSError):
            found[name] = os.stat(os.path.join(root, names.to_bytes(name))).st_mtime_ns
    return found


def staging_beside(place: bytes, folder: Path) -> bytes:
    """Return where a copy grows beside its place in IMAGES, by a name that nobody else has."""
    token = hashlib.sha256(os.path.realpath(os.fsencode(folder))).hexdigest()[:16]
    return os.path.join(place, f".sanitize-{token}".encode())


def drop_copies(folders: Iterable[str], root: bytes, folder: Path) -> None:
    """Remove what an undo that was cut short had copied of a file."""
    for name in folders:
        with contextlib.suppress(OSError):
            os.unlink(staging_beside(os.path.join(root, names.to_bytes(name)), folder))


def result_of(
    command: str, root: bytes, folder: Path, moved: Sequence[Move], stays: Mapping[str, str], *, executed: bool
) -> MoveResult:
    """Return what has come of moving files, and why others stay (by their keys)."""
    return MoveResult(command, Path(os.fsdecode(root)), folder, executed, tuple(moved), tuple(sorted(stays.items())))
