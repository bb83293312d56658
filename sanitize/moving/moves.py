"""Moves one file without ever overwriting another: what is cut short leaves the file whole at one place at least."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat

from sanitize import systems

_PIECE = 1 << 20
#: What a file system says that makes no hard links.
_NO_LINKS = frozenset(
    getattr(errno, name) for name in ("EPERM", "EOPNOTSUPP", "ENOTSUP", "ENOSYS", "EMLINK") if hasattr(errno, name)
)


class Refused(Exception):
    """The file stays where it is, for the reason given."""


def move(source: bytes, target: bytes, *, staging: bytes) -> None:
    """Move a file or a link, with its times, permissions and owner; `staging` is a path that nobody else uses, on the
    file system of `target`.

    Within a file system it gets its second name before it loses the first. To another one it is copied to `staging`,
    compared, and only then given its name there. Raises Refused where there is something at `target`, where the file
    changes meanwhile, or where the system does not let it go.
    """
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not _link(source, target):
            _copy(source, target, staging)
        _let_go(source, target)
    except OSError as error:
        raise Refused(error.strerror or str(error)) from error


def are_same(one: bytes, other: bytes) -> bool:
    """Tell whether two paths hold the same: one file under two names, equal bytes, or links to the same place."""
    try:
        first, second = os.lstat(one), os.lstat(other)
        if os.path.samestat(first, second):
            return True
        if stat.S_IFMT(first.st_mode) != stat.S_IFMT(second.st_mode):
            return False
        if stat.S_ISLNK(first.st_mode):
            return os.readlink(one) == os.readlink(other)
        return first.st_size == second.st_size and _digest(one) == _digest(other)
    except OSError:
        return False


def _link(source: bytes, target: bytes) -> bool:
    """Give a file its second name, or its new one where there are no second ones; False where that needs a copy."""
    try:
        if systems.WINDOWS:
            os.rename(source, target)  # which overwrites nothing there
        else:
            os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise Refused("there is a file of that name already") from None
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise Refused("there is a file of that name already") from None
        try:
            os.rename(source, target)
        except OSError as again:
            if again.errno == errno.EXDEV:
                return False
            raise
    return True


def _copy(source: bytes, target: bytes, staging: bytes) -> None:
    before = os.lstat(source)
    with contextlib.suppress(FileNotFoundError):
        systems.unlink(staging)
    try:
        if stat.S_ISLNK(before.st_mode):
            os.symlink(os.readlink(source), staging)
        else:
            _copy_bytes(source, staging)
        if hasattr(os, "chown"):
            with contextlib.suppress(PermissionError):
                os.chown(staging, before.st_uid, before.st_gid, follow_symlinks=False)
        shutil.copystat(source, staging, follow_symlinks=False)
        now = os.lstat(source)
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise Refused("it changed while it was copied")
        if not _link(staging, target):
            os.rename(staging, target)
        _settle(os.path.dirname(target))
    finally:
        with contextlib.suppress(FileNotFoundError):
            systems.unlink(staging)


def _copy_bytes(source: bytes, staging: bytes) -> None:
    digest = hashlib.sha256()
    with open(source, "rb") as reader, open(staging, "xb") as writer:
        while piece := reader.read(_PIECE):
            digest.update(piece)
            writer.write(piece)
        writer.flush()
        os.fsync(writer.fileno())
    if _digest(staging) != digest.digest():
        raise Refused("the copy is not the same as the file")


def _digest(path: bytes) -> bytes:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _let_go(source: bytes, target: bytes) -> None:
    """Take the first name away; where the system does not let it go, the second one goes again."""
    try:
        systems.unlink(source)
    except FileNotFoundError:
        return  # renamed
    except OSError:
        systems.unlink(target)
        raise


def _settle(folder: bytes) -> None:
    """Have a folder's names on the disk before the file at the other place goes."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
