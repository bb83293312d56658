"""The folder OUT: who may write to it, and how it is brought up to date without ever being half of two scans."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sanitize import systems
from sanitize.errors import EXHAUSTED, UsageError
from sanitize.names import shown, shown_path
from sanitize.settings import MARKER, PRIVATE

#: The report that is written last.
FINISHED = "summary.json"
#: The file in OUT that has a row for each image.
FACTS = "facts.parquet"
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
#: What Windows says of a file that another program has open, such as a table of Excel (ERROR_SHARING_VIOLATION).
_OPEN_ELSEWHERE = 32
#: How long it may take at most to look whether a scan is at work, seconds.
_LOOK_SECONDS = 0.1


class Out:
    """OUT while a scan holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.private = folder / PRIVATE
        self.parts = self.private / "parts"

    @property
    def has_facts(self) -> bool:
        """Whether an earlier scan left facts."""
        return has_facts(self.folder)

    @property
    def ignores_case(self) -> bool:
        """Whether names that differ in case only are one here, as on exFAT, network shares, macOS and Windows."""
        try:
            return self.private.samefile(self.folder / PRIVATE.upper())
        except OSError:
            return False

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Replace the reports and lists of the last scan by `files`: all are written before the first is replaced."""
        earlier = self._written()
        # What both scans wrote is noted until the last of the earlier one has left, so that a kill forgets nothing.
        staging = self._stage(files, both=earlier.union(files), this=_as_note(files))
        systems.replace(staging / PRIVATE / "both", self.private / "written")
        for name in sorted(files, key=lambda name: name == FINISHED):
            systems.replace(staging / name, self.folder / name)
        for name in earlier - set(files):
            (self.folder / name).unlink(missing_ok=True)
        systems.replace(staging / PRIVATE / "this", self.private / "written")
        shutil.rmtree(staging)

    def add(self, files: Mapping[str, bytes]) -> None:
        """Replace some files of the last scan, the last of them the last; all others stay."""
        staging = self._stage(files, both=self._written().union(files))
        systems.replace(staging / PRIVATE / "both", self.private / "written")
        for name in files:
            systems.replace(staging / name, self.folder / name)
        shutil.rmtree(staging)

    def _stage(self, files: Mapping[str, bytes], *, both: set[str], **notes: bytes) -> Path:
        """Write files, and notes of our own, beside those that they are to replace, and return where.

        `both` are the names of all that are replaced or leave. Raises OSError, with nothing left of what was written.
        """
        notes["both"] = _as_note(both)
        staging = self.private / "staging"
        shutil.rmtree(staging, ignore_errors=True)
        try:
            (staging / PRIVATE).mkdir(parents=True)
            _write(staging, {**files, **{os.path.join(PRIVATE, name): note for name, note in notes.items()}})
            _try_to_write(self.folder, both)
        except OSError:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        return staging

    def _written(self) -> set[str]:
        """Return the names of what the last scan wrote into the folder; none where the note of them is damaged."""
        try:
            text = (self.private / "written").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return set()
        names = text.split("\n")
        # A list has a name that is shown as it is: of a note with others nothing is to be believed.
        if any(shown(name) != name for name in names):
            return set()
        return {name for name in names if name and "/" not in name and os.sep not in name}


@contextlib.contextmanager
def hold(folder: Path, images: Path) -> Iterator[Out]:
    """Hold OUT for one scan. Raises UsageError where it is no place to write, or another scan holds it.

    A folder that was made for a scan that came to nothing goes again.
    """
    _refuse_bad_places(folder, images)
    out = Out(folder)
    is_new = not folder.exists()
    try:
        out.private.mkdir(parents=True, exist_ok=True)
        marker = folder / MARKER
        if not marker.exists():
            marker.write_text(
                "This folder is written by sanitize, which skips it when it looks for images.\n", encoding="utf-8"
            )
        held = (out.private / "lock").open("a+b")
    except OSError as error:
        raise cannot_write(folder, error) from None
    with held:
        if not _lock_soon(held.fileno()):
            raise UsageError(f"another scan is writing {folder}; wait for it, or name another folder with -o")
        try:
            yield out
        except UsageError:
            if is_new and not out.has_facts:
                shutil.rmtree(folder, ignore_errors=True)
            raise


def has_facts(folder: str | Path) -> bool:
    """Tell whether a scan left facts in OUT."""
    try:
        return any(Path(folder, PRIVATE, "parts").glob("*.parquet"))
    except OSError:  # no place for one
        return False


def refuse_held(folder: Path) -> None:
    """Raise UsageError where a scan is writing OUT."""
    if is_held(folder):
        raise UsageError(f"a scan is writing {shown_path(folder)}; wait until it ends")


def is_held(folder: Path) -> bool:
    """Tell whether a scan is writing OUT."""
    try:
        held = (folder / PRIVATE / "lock").open("rb")
    except OSError:
        return False
    with held:
        return not lock(held.fileno(), shared=True)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name, all of which are on the disk in the end: together they are there sooner than one by one."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for name in files:
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())


def _try_to_write(folder: Path, files: Iterable[str]) -> None:
    """Raise OSError where no file may be made in a folder, or one of `files` not be replaced, before any of them is."""
    trial = folder / ".sanitize-trial"
    with contextlib.suppress(FileExistsError):  # somebody's own: then somebody may write there
        trial.touch(exist_ok=False)
        trial.unlink()
    for name in files:
        with contextlib.suppress(FileNotFoundError):
            systems.try_to_replace(folder / name)


def _as_note(written: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in sorted(written)).encode("utf-8", "surrogateescape")


def cannot_write(folder: Path, error: OSError) -> UsageError:
    """Return what to tell the user when OUT cannot be written."""
    if error.errno in EXHAUSTED:
        return UsageError(f"cannot go on ({error.strerror}); raise the limit, as with `ulimit -n 1024`")
    reason, remedies = error.strerror or error, [*remedy(error), "name another place with -o"]
    return UsageError(
        f"cannot write {folder} ({reason}); the last lists and reports are as they were; {', or '.join(remedies)}"
    )


def cannot_tidy(folder: Path, error: OSError) -> UsageError:
    """Return what to tell the user when entries of the last scan stay in a folder of OUT."""
    remedies = [*remedy(error), "remove the folder"]
    return UsageError(
        f"cannot take what is stale from {folder} ({error.strerror or error}); the lists and reports are those of this"
        f" scan; {', or '.join(remedies)}, and scan again"
    )


def remedy(error: OSError) -> list[str]:
    """Return what helps against an error of writing, in words, if anything is known to."""
    if error.errno in _FULL:
        return ["make room"]
    if getattr(error, "winerror", None) == _OPEN_ELSEWHERE and error.filename:
        return [f"close {shown_path(error.filename)}"]
    return ["allow it"] if error.errno in _FORBIDDEN else []


def _refuse_bad_places(folder: Path, images: Path) -> None:
    try:
        real, real_images = folder.resolve(), images.resolve()
        if real == real_images or real in real_images.parents:
            raise UsageError(f"{folder} is, or holds, the folder of images; name another place with -o")
        # A scan that was killed before it had set its marker left its own folder only.
        if folder.is_dir() and not (folder / MARKER).exists() and {path.name for path in folder.iterdir()} - {PRIVATE}:
            raise UsageError(f"{folder} holds files that no scan wrote; name another place with -o")
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file; name a folder with -o")
    except OSError as error:
        raise cannot_write(folder, error) from None
    except RuntimeError:  # which it was before Python 3.13
        raise cannot_write(folder, OSError(errno.ELOOP, os.strerror(errno.ELOOP))) from None


def _lock_soon(handle: int) -> bool:
    """Lock an open file, in spite of those who only look whether it is locked."""
    until = time.monotonic() + _LOOK_SECONDS
    while not lock(handle):
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_SECONDS / 10)
    return True


def lock(handle: int, *, shared: bool = False) -> bool:
    """Lock an open file until it is closed, alone or together with others; False where somebody else has it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True
