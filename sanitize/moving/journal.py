"""The journal of moved files: every move is in it, on the disk, before it happens."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sanitize import __version__
from sanitize.errors import UsageError
from sanitize.names import shown_path

#: The layout of the file.
_LAYOUT = 1


class Move(NamedTuple):
    """A file that was moved, or was about to be."""

    path: str  #: key, relative to IMAGES and to the folder that it went to
    size: int  #: bytes
    mtime_ns: int
    mode: int
    sha256: str | None
    rules: tuple[str, ...]  #: the errors that it was moved for


@dataclass
class Journal:
    """What a journal says; what became of each move the files themselves tell."""

    path: Path
    images: str = ""  #: key of the absolute path of IMAGES
    moves: dict[str, Move] = field(default_factory=dict)  #: by path, in the order in which they were noted
    folders: dict[str, int] = field(default_factory=dict)  #: when a folder of IMAGES had changed before, ns
    left: dict[str, int] = field(default_factory=dict)  #: when it had changed once all moves were done, ns
    undone: set[str] = field(default_factory=set)  #: folders that had been as they were left when an undo began
    begun: set[str] = field(default_factory=set)  #: paths of the moves that may have been cut short
    _whole: int = 0  # bytes of whole lines

    def begin(self, images: str) -> None:
        """Start the journal of files from IMAGES."""
        self.images = images
        self._write([{"layout": _LAYOUT, "version": __version__, "images": images}])

    def note(self, moves: Iterable[Move], folders: Mapping[str, int]) -> None:
        """Note moves, and when their folders had last changed, before they are made."""
        new = {folder: time for folder, time in folders.items() if folder not in self.folders}
        moves = list(moves)
        self._write(
            [
                *({"folder": folder, "mtime_ns": time} for folder, time in new.items()),
                *({"move": list(one)} for one in moves),
            ]
        )
        self.folders |= new
        for one in moves:
            _begin(self, one)

    def note_left(self, folders: Mapping[str, int]) -> None:
        """Note when folders had last changed, now that all moves are made, or made back."""
        self._write([{"left": dict(folders)}])
        _end(self, folders)

    def note_undone(self, folders: Iterable[str]) -> None:
        """Note which folders nobody else has changed since, before an undo changes them."""
        folders = sorted(folders)
        self._write([{"undone": folders}])
        _undo(self, folders)

    def _write(self, lines: Iterable[object]) -> None:
        content = "".join(json.dumps(line) + "\n" for line in lines).encode()
        with open(self.path, "ab") as file:
            file.truncate(self._whole)  # a line that was torn when a write was cut short
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._whole += len(content)


def load(path: Path) -> Journal:
    """Return a journal; an empty one where there is none yet. A last line that is torn was never acted on.

    Raises UsageError where it is damaged, or another version wrote it.
    """
    journal = Journal(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return journal
    except OSError as error:
        raise UsageError(f"cannot read {shown_path(path)}: {error.strerror or error}") from None
    journal._whole = content.rfind(b"\n") + 1
    for number, line in enumerate(content[: journal._whole].splitlines(), 1):
        try:
            _take(journal, json.loads(line), first=number == 1)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise UsageError(
                f"line {number} of {shown_path(path)} is damaged; put a copy of the journal there, or move what lies in"
                f" {shown_path(path.parent.parent)} back by hand"
            ) from None
    return journal


def _take(journal: Journal, line: dict[str, Any], *, first: bool) -> None:
    if first:
        if line["layout"] != _LAYOUT:
            raise UsageError(
                f"{shown_path(journal.path)} was written by version {line['version']}, and this is {__version__}; use that one"
            )
        journal.images = str(line["images"])
    elif "move" in line:
        path, size, mtime_ns, mode, sha256, rules = line["move"]
        _begin(journal, Move(str(path), int(size), int(mtime_ns), int(mode), sha256, tuple(rules)))
    elif "folder" in line:
        journal.folders[str(line["folder"])] = int(line["mtime_ns"])
    elif "left" in line:
        _end(journal, {str(folder): int(time) for folder, time in line["left"].items()})
    else:
        _undo(journal, line["undone"])


def _begin(journal: Journal, move: Move) -> None:
    journal.moves[move.path] = move
    journal.begun.add(move.path)
    journal.left.pop(os.path.dirname(move.path), None)


def _end(journal: Journal, folders: Mapping[str, int]) -> None:
    journal.begun.clear()
    journal.left |= folders


def _undo(journal: Journal, folders: Iterable[str]) -> None:
    journal.undone |= set(folders)
    journal.begun |= journal.moves.keys()
