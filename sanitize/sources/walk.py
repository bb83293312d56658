"""A walk over a folder of images: it needs no library, as it is done while those are imported."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from fnmatch import translate
from pathlib import Path

from sanitize import names, systems
from sanitize.errors import UsageError
from sanitize.facts import LATEST_NS
from sanitize.settings import MARKER

#: Folders and files that hold no samples: version control, notebook checkpoints, droppings of NAS systems and archivers,
#: and what systems keep at the top of a disk.
DEFAULT_EXCLUDES = (
    ".git", ".hg", ".svn", ".ipynb_checkpoints", "@eaDir", "#recycle", "#snapshot", "__MACOSX", ".DS_Store", "Thumbs.db",
    "desktop.ini", ".Trash-*", "lost+found", "System Volume Information", "$RECYCLE.BIN", "$Recycle.Bin", ".Spotlight-V100",
    ".Trashes", ".fseventsd", ".TemporaryItems", ".DocumentRevisions-V100",
)  # fmt: skip
_MARKER = os.fsencode(MARKER)
_FEW_PATTERNS = 50


def name_folder(images: str | os.PathLike[str]) -> Path:
    """Return the folder of images as the user names it. Raises UsageError for an empty name, and what is no path at all."""
    if not isinstance(images, str | os.PathLike):
        raise UsageError(f"IMAGES is the path of a folder, not {images!r}")
    if not os.fspath(images):  # as a path it would be the current folder
        raise UsageError("IMAGES is empty: name a folder of images, `.` for this one")
    try:
        Path(images).absolute()
    except FileNotFoundError:
        raise UsageError("the current folder is gone: go to one that is there") from None
    return Path(images)


class Excludes:
    """Glob patterns of what holds no samples, beside `DEFAULT_EXCLUDES`.

    One without `/` is matched with the name of a file or folder, one with `/` with its path relative to IMAGES.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Compile them."""
        here = {pattern: re.sub(r"^\./", "/", systems.with_slashes(pattern)) for pattern in patterns}
        plain = [text for text in here.values() if "/" not in text.rstrip("/")]
        paths = [text for text in here.values() if "/" in text.rstrip("/")]
        self._by_name = _any_of([*DEFAULT_EXCLUDES, *plain])
        self._by_path = _any_of(paths) if paths else None
        # Who gives a few by hand may have mistyped one.
        few = here.items() if len(here) <= _FEW_PATTERNS else ()
        self._unused = {pattern: (_any_of([text]), text in plain) for pattern, text in few}

    def leave_out(self, name: bytes, path: bytes) -> bool:
        """Tell whether a file or folder is left out."""
        if not (self._by_name.match(name) or (self._by_path and self._by_path.match(path))):
            return False
        for pattern, (form, is_plain) in [*self._unused.items()]:
            if form.match(name if is_plain else path):
                del self._unused[pattern]
        return True

    def unused(self) -> list[str]:
        """Return the patterns that have left nothing out, if there are but a few of all."""
        return [*self._unused]


def _any_of(patterns: Iterable[str]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(os.fsencode(translate(pattern.strip("/"))) for pattern in patterns), re.S)


def is_folder(entry: os.DirEntry[bytes], *, follow: bool = True) -> bool:
    """Tell whether an entry is a folder, or with `follow` a link to one."""
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:  # a link that leads round
        return False


def is_output(folder: bytes) -> bool:
    """Tell whether a folder was written by a scan."""
    return os.path.exists(os.path.join(folder, _MARKER))


class Walk:
    """What one walk came upon: lists grow by one entry per file, a million files being ordinary."""

    def __init__(self, images: str, *, exclude: Sequence[str] = ()) -> None:
        """Walk once, follow links to files and enter every folder once; see `folder.find`.

        Raises UsageError where `images` itself cannot be listed.
        """
        self.root = os.fsencode(images)
        self.real_root = os.path.realpath(self.root)
        self.excludes = Excludes(exclude)
        self.paths: list[bytes] = []
        self.sizes: list[int] = []
        self.times: list[int] = []
        self.outside: list[bool] = []
        self.unreadable: list[tuple[str, str]] = []
        self.entered: set[tuple[int, int]] = set()
        self.links: list[tuple[bytes, bool]] = []
        try:
            os.scandir(self.root).close()
        except OSError as error:
            raise UsageError(
                f"cannot list {names.shown(names.to_key(self.root))}: {error.strerror}; name a folder of images"
            ) from None
        self._run()

    def _run(self) -> None:
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
            if self.excludes.leave_out(name, relative):
                continue
            is_link = entry.is_symlink()
            try:
                status = entry.stat()
            except OSError as error:
                # A broken link, or gone since: it is a sample, and opening it says what is wrong. A folder is one that
                # may not be entered, or where a dead mount stands.
                if is_folder(entry, follow=False):
                    self.unreadable.append((names.to_key(relative), error.strerror or str(error)))
                else:
                    self._add(relative, 0, 0, outside=outside)
                continue
            if stat.S_ISREG(status.st_mode):
                beyond = outside or (is_link and self._leads_outside(entry.path))
                self._add(relative, status.st_size, min(status.st_mtime_ns, LATEST_NS), outside=beyond)
            elif stat.S_ISDIR(status.st_mode):
                if is_output(entry.path):
                    continue
                if is_link:
                    self.links.append((relative, outside or self._leads_outside(entry.path)))
                else:
                    stack.append(relative)
            else:  # a pipe, a socket or a device: who trains would open what is named like a picture, and wait
                self._add(relative, 0, 0, outside=outside)

    def _add(self, relative: bytes, size: int, time: int, *, outside: bool) -> None:
        self.paths.append(relative)
        self.sizes.append(size)
        self.times.append(time)
        self.outside.append(outside)

    def _leads_outside(self, path: bytes) -> bool:
        return not os.path.realpath(path).startswith(os.path.join(self.real_root, b""))
