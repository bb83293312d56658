"""Computes a checksum of one file: a function that the engine runs in a child."""

from __future__ import annotations

import hashlib
import os

from sanitize.contents import open_regular
from sanitize.errors import EXHAUSTED

#: The algorithms that lists of checksums are read for, by the number of hexadecimal digits; names of hashlib's.
ALGORITHMS: dict[int, str] = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


def digest(item: bytes, *, root: bytes, algorithm: str) -> dict[str, str]:
    """Return the checksum of the file `item`, a path relative to `root`, hexadecimal, by the name of its algorithm.

    `algorithm` is a name of hashlib's. Of a file that cannot be read there is none. Raises OSError where this process
    has used up its handles or memory.
    """
    try:
        handle, _size = open_regular(os.path.join(root, item))
        with open(handle, "rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False))
            return {algorithm: found.hexdigest()}
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return {}
