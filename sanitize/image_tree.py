"""The folder OUT/images as files, folders and links, changed so that no link is ever written through."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from sanitize import systems
from sanitize.facts import LATEST_NS
from sanitize.name_columns import as_keys

_SECOND = 10**9  # ns
#: Kinds of entries.
IS_LINK, IS_FILE, IS_FOLDER = 0, 1, 2

#: What says that OUT cannot be written at all, rather than that one file cannot be.
WHOLESALE = frozenset({errno.ENOSPC, errno.EROFS, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)})
# Windows says EINVAL of exFAT and FAT.
_NO_HARD_LINK = frozenset(
    {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EACCES, errno.EINVAL}
)


class Walked(NamedTuple):
    """What lies in the tree."""

    #: `rgb_path` (key), `kind`, `bytes` and `made_ns` (of files, else null); folders only where they are empty
    entries: pl.DataFrame
    folders: set[bytes]  #: every real folder, relative


class Tree:
    """OUT/images, and a folder beside it in which new files wait until they are whole."""

    def __init__(self, root: bytes, waiting: bytes) -> None:
        self.root = root
        self.waiting = waiting
        self._counter = 0

    def prepare(self) -> None:
        """Make the two folders; where a link stands in their place it is taken away."""
        _make_folder(self.root)
        remove(self.waiting)
        os.makedirs(self.waiting)

    def walk(self) -> Walked:
        """List everything; links are not followed."""
        paths: list[bytes] = []
        kinds = bytearray()
        sizes: list[int | None] = []
        times: list[int | None] = []
        folders: set[bytes] = set()
        stack = [b""] if os.path.isdir(self.root) and not os.path.islink(self.root) else []
        while stack:
            folder = stack.pop()
            prefix, before = (folder + b"/" if folder else b""), len(paths) + len(stack)
            with os.scandir(os.path.join(self.root, folder)) as found:
                for entry in found:
                    if entry.is_symlink():
                        paths.append(prefix + entry.name)
                        kinds.append(IS_LINK)
                        sizes.append(None)
                        times.append(None)
                    elif entry.is_dir(follow_symlinks=False):
                        stack.append(prefix + entry.name)
                    else:
                        paths.append(prefix + entry.name)
                        kinds.append(IS_FILE)
                        state = entry.stat(follow_symlinks=False)
                        sizes.append(state.st_size)
                        times.append(min(state.st_mtime_ns, LATEST_NS))
            if folder:
                folders.add(folder)
                if len(paths) + len(stack) == before:
                    paths.append(folder)
                    kinds.append(IS_FOLDER)
                    sizes.append(None)
                    times.append(None)
        entries = pl.DataFrame(
            {
                "rgb_path": as_keys(pl.Series(paths, dtype=pl.Binary)),
                "kind": pl.Series(memoryview(kinds).tolist(), dtype=pl.UInt8),
                "bytes": pl.Series(sizes, dtype=pl.Int64),
                "made_ns": pl.Series(times, dtype=pl.Int64),
            }
        )
        return Walked(entries, folders)

    def make_folders(self, needed: Iterable[bytes], *, there: set[bytes]) -> None:
        """Make folders, parents first; what stands in their place and is no folder goes."""
        for folder in sorted(set(needed) - there):
            _make_folder(os.path.join(self.root, folder))

    def waiting_name(self) -> bytes:
        """Return a path for a new file, on the same file system."""
        self._counter += 1
        return os.path.join(self.waiting, b"%d" % self._counter)

    def put(self, waiting: bytes, path: bytes) -> None:
        """Move a file or link that is whole into its place, in one step where no folder stands there."""
        place = os.path.join(self.root, path)
        try:
            systems.replace(waiting, place)
        except OSError:
            if not _is_real_folder(place):
                raise
            aside = self.waiting_name()
            systems.replace(place, aside)
            systems.replace(waiting, place)
            remove(aside)

    def link(self, source: bytes, path: bytes, how: str) -> None:
        """Put a link to `source`, or a copy of it, at `path`."""
        if how == "symlink":
            try:
                os.symlink(source, os.path.join(self.root, path))
                return
            except FileExistsError:
                waiting = self.waiting_name()
                os.symlink(source, waiting)
        else:
            waiting = self.waiting_name()
            if how == "copy" or not _hard_link(source, waiting):
                shutil.copyfile(source, waiting)
                date(waiting)
        self.put(waiting, path)

    def made_ns(self, path: bytes) -> int:
        """Return when a file was written."""
        return min(os.lstat(os.path.join(self.root, path)).st_mtime_ns, LATEST_NS)

    def usable(self, link: str) -> str:
        """Return the way of linking, or the next one that the file system takes."""
        test = self.waiting_name()
        if link == "symlink":
            try:
                os.symlink(b"nowhere", test)
            except OSError as error:
                if error.errno in WHOLESALE:
                    raise
                return "hardlink"
            remove(test)
        return link

    def remove(self, paths: Sequence[bytes]) -> None:
        """Remove entries, and the folders that are empty without them."""
        for path in paths:
            place = os.path.join(self.root, path)
            try:
                os.unlink(place)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (IsADirectoryError, PermissionError):
                if not _is_real_folder(place):
                    raise
                with contextlib.suppress(OSError):
                    os.rmdir(place)
        for folder in sorted(ancestors(paths), key=len, reverse=True):
            with contextlib.suppress(OSError):  # not empty, or gone
                os.rmdir(os.path.join(self.root, folder))

    def finish(self) -> None:
        """Remove the folder of waiting files."""
        remove(self.waiting)


def date(path: bytes) -> None:
    """Give a new file the whole second of its time of change, which every file system and archive keeps."""
    with contextlib.suppress(OSError):
        state = os.stat(path)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns // _SECOND * _SECOND))


def is_as_made() -> pl.Expr:
    """Tell whether entries are as old as they were, by `made_ns` and `made_ns_now`; null is not compared.

    Archives, such as those in which CI systems keep folders, may hold whole seconds only.
    """
    before, after = pl.col("made_ns"), pl.col("made_ns_now")
    rounded = (after % _SECOND == 0) & ((after - before).abs() < 2 * _SECOND)
    return ((after == before) | rounded).fill_null(value=True)


def remove(path: bytes) -> None:
    """Remove whatever is there, if anything is; a link goes, what it leads to stays."""
    if _is_real_folder(path):
        shutil.rmtree(path)
    else:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def ancestors(paths: Iterable[bytes]) -> set[bytes]:
    """Return every folder, relative, that the paths go through."""
    found: set[bytes] = set()
    for folder in {path.rpartition(b"/")[0] for path in paths}:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition(b"/")[0]
    return found


def _hard_link(source: bytes, target: bytes) -> bool:
    """Make a hard link to the file that `source` leads to; False where the system refuses."""
    try:
        os.link(os.path.realpath(source), target)
    except OSError as error:
        if error.errno in _NO_HARD_LINK:
            return False
        raise
    return True


def _make_folder(path: bytes) -> None:
    if not _is_real_folder(path):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        os.mkdir(path)


def _is_real_folder(path: bytes) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)
