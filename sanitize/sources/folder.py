"""Samples in a folder: walks it once, follows links to files and enters every folder once."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from fnmatch import translate
from typing import NamedTuple

import polars as pl

from sanitize import names
from sanitize.errors import UsageError
from sanitize.name_columns import as_keys
from sanitize.settings import MARKER

#: Folders and files that hold no samples: version control, notebook checkpoints, droppings of NAS systems and archivers.
DEFAULT_EXCLUDES = (
    ".git", ".hg", ".svn", ".ipynb_checkpoints", "@eaDir", "#recycle", "#snapshot", "__MACOSX", ".DS_Store", "Thumbs.db",
    "desktop.ini", ".Trash-*", "lost+found",
)  # fmt: skip
_MARKER = os.fsencode(MARKER)
# File systems know later times than a column of nanoseconds.
_LATEST = (1 << 63) - 1


class Found(NamedTuple):
    """What a walk over IMAGES came upon."""

    samples: (
        pl.DataFrame
    )  #: every regular file: `file` (UInt32) and `facts.SOURCE_COLUMNS`, sorted by the bytes of the path
    unreadable_folders: pl.DataFrame  #: `path` (key) and `message`
    special: int  #: pipes, sockets and devices, which were not opened


def find(images: str, *, exclude: Sequence[str] = ()) -> Found:
    """Find every regular file below `images`.

    `exclude` holds glob patterns beside `DEFAULT_EXCLUDES`: one without `/` is matched with the name of each file and
    folder, one with `/` with the path relative to `images`. Outputs of earlier scans are skipped by their marker.
    Raises UsageError where `images` itself cannot be listed.
    """
    root = os.fsencode(images)
    walk = _Walk(root, _compile([*DEFAULT_EXCLUDES, *exclude]))
    try:
        os.scandir(root).close()
    except OSError as error:
        raise UsageError(
            f"cannot list {names.shown(names.to_key(root))}: {error.strerror}; name a folder of images"
        ) from None
    walk.run()
    samples = pl.DataFrame(
        {
            "path_bytes": pl.Series(walk.paths, dtype=pl.Binary),
            "size": pl.Series(walk.sizes, dtype=pl.Int64),
            "mtime_ns": pl.Series(walk.times, dtype=pl.Int64),
            "outside": pl.Series(walk.outside, dtype=pl.Boolean),
        }
    ).sort("path_bytes")
    samples = samples.with_columns(path=as_keys(samples["path_bytes"])).with_row_index("file")
    unreadable = pl.DataFrame(sorted(walk.unreadable), schema={"path": pl.String, "message": pl.String}, orient="row")
    return Found(samples, unreadable, walk.special)


def list_folders(images: str, root: str, *, exclude: Sequence[str] = ()) -> list[str]:
    """Return the keys of the names of all folders directly below the folder `root` (key) of IMAGES, empty ones too, sorted.

    Those that `find` would not enter are left out. Where the folder cannot be listed there are none.
    """
    relative = names.to_bytes(root)
    prefix = relative + b"/" if relative else b""
    by_name, by_path = _compile([*DEFAULT_EXCLUDES, *exclude])
    try:
        with os.scandir(os.path.join(os.fsencode(images), relative)) as entries:
            found = [entry.name for entry in entries if _is_folder(entry) and not _is_output(entry.path)]
    except OSError:
        return []
    return sorted(
        names.to_key(name)
        for name in found
        if not by_name.match(name) and not (by_path and by_path.match(prefix + name))
    )


def _compile(patterns: Sequence[str]) -> tuple[re.Pattern[bytes], re.Pattern[bytes] | None]:
    """Return one expression for names and one for paths."""
    patterns = [re.sub(r"^\./", "/", pattern) for pattern in patterns]
    plain = [pattern for pattern in patterns if "/" not in pattern.rstrip("/")]
    paths = [pattern for pattern in patterns if "/" in pattern.rstrip("/")]
    by_name = re.compile(b"|".join(os.fsencode(translate(pattern.rstrip("/"))) for pattern in plain), re.S)
    by_path = re.compile(b"|".join(os.fsencode(translate(pattern.strip("/"))) for pattern in paths), re.S)
    return by_name, by_path if paths else None


def _is_folder(entry: os.DirEntry[bytes], *, follow: bool = True) -> bool:
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:  # a link that leads round
        return False


def _is_output(folder: bytes) -> bool:
    return os.path.exists(os.path.join(folder, _MARKER))


class _Walk:
    """The state of one walk: lists grow by one entry per file, a million files being ordinary."""

    def __init__(self, root: bytes, excluded: tuple[re.Pattern[bytes], re.Pattern[bytes] | None]) -> None:
        self.root = root
        self.real_root = os.path.realpath(root)
        self.by_name, self.by_path = excluded
        self.paths: list[bytes] = []
        self.sizes: list[int] = []
        self.times: list[int] = []
        self.outside: list[bool] = []
        self.unreadable: list[tuple[str, str]] = []
        self.special = 0
        self.entered: set[tuple[int, int]] = set()
        self.links: list[tuple[bytes, bool]] = []

    def run(self) -> None:
        # Links to folders wait until every real folder was entered, so that a folder is known by its real path.
        self._descend(b"", outside=False)
        while self.links:
            self.links.sort(reverse=True)
            relative, outside = self.links.pop()
            self._descend(relative, outside=outside)

    def _descend(self, relative: bytes, *, outside: bool) -> None:
        stack = [relative]
        while stack:
            relative = stack.pop()
            folder = os.path.join(self.root, relative) if relative else self.root
            try:
                if self._was_entered(os.stat(folder)):
                    continue
                with os.scandir(folder) as entries:
                    self._list(entries, relative + b"/" if relative else b"", stack, outside=outside)
            except OSError as error:
                self.unreadable.append((names.to_key(relative), error.strerror or str(error)))

    def _was_entered(self, identity: os.stat_result) -> bool:
        key = (identity.st_dev, identity.st_ino)
        if identity.st_ino and key in self.entered:
            return True
        self.entered.add(key)
        return False

    def _list(self, entries: Iterable[os.DirEntry[bytes]], prefix: bytes, stack: list[bytes], *, outside: bool) -> None:
        for entry in entries:
            name = entry.name
            relative = prefix + name
            if self.by_name.match(name) or (self.by_path and self.by_path.match(relative)):
                continue
            is_link = entry.is_symlink()
            try:
                status = entry.stat()
            except OSError as error:
                # A broken link, or gone since: it is a sample, and opening it says what is wrong. A folder is one that
                # may not be entered, or where a dead mount stands.
                if _is_folder(entry, follow=False):
                    self.unreadable.append((names.to_key(relative), error.strerror or str(error)))
                else:
                    self._add(relative, 0, 0, outside=outside)
                continue
            if stat.S_ISREG(status.st_mode):
                beyond = outside or (is_link and self._leads_outside(entry.path))
                self._add(relative, status.st_size, min(status.st_mtime_ns, _LATEST), outside=beyond)
            elif stat.S_ISDIR(status.st_mode):
                if _is_output(entry.path):
                    continue
                if is_link:
                    self.links.append((relative, outside or self._leads_outside(entry.path)))
                else:
                    stack.append(relative)
            else:
                self.special += 1

    def _add(self, relative: bytes, size: int, time: int, *, outside: bool) -> None:
        self.paths.append(relative)
        self.sizes.append(size)
        self.times.append(time)
        self.outside.append(outside)

    def _leads_outside(self, path: bytes) -> bool:
        return not os.path.realpath(path).startswith(os.path.join(self.real_root, b""))
