"""Computes a checksum of one file: a function that the engine runs in a child."""

from __future__ import annotations

import hashlib
import os
import stat

from sanitize.errors import EXHAUSTED

#: The algorithms that lists of checksums are read for, by the number of hexadecimal digits; names of hashlib's.
ALGORITHMS: dict[int, str] = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def digest(item: bytes, *, root: bytes, algorithm: str) -> dict[str, str]:
    """Return the checksum of the file `item`, a path relative to `root`, hexadecimal, by the name of its algorithm.

    `algorithm` is a name of hashlib's. Of a file that cannot be read there is none. Raises OSError where this process
    has used up its handles or memory.
    """
    try:
        handle = os.open(os.path.join(root, item), _FLAGS)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return {}
            found = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False))
            return {algorithm: found.hexdigest()}
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return {}
