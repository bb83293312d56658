"""Opens files of the dataset, which may have become anything else since they were found."""

from __future__ import annotations

import errno
import os
import stat

from sanitize.errors import EXHAUSTED

# Without O_NONBLOCK whoever opens a pipe waits for somebody to write into it.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def _irregular() -> OSError:
    return OSError(errno.EINVAL, "no regular file, but a pipe, a socket, a device or a folder")


def open_regular(path: bytes) -> tuple[int, int]:
    """Open a regular file for reading, and return its descriptor and its size, bytes. Raises OSError, of others too."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket, or a terminal that there is none of
            raise _irregular() from None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise _irregular()
    except OSError:
        os.close(handle)
        raise
    return handle, status.st_size


def read(path: bytes) -> bytes:
    """Return what a regular file holds. Raises OSError, of others too."""
    handle, _size = open_regular(path)
    with open(handle, "rb") as file:
        return file.read()


def read_again(path: bytes, *, root: bytes) -> bytes | None:
    """Return what a file holds, by its path relative to `root`; None where it cannot be read any more.

    Raises OSError where this process has used up what it may have, which is not the file's fault.
    """
    try:
        return read(os.path.join(root, path))
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return None
