"""Reads a file once and probes it: the function that the engine runs in a child."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

import sanitize.probe.jpeg  # noqa: F401 - most files are JPEGs: a child imports their reader while its parent still looks for them
from sanitize.contents import open_regular
from sanitize.errors import EXHAUSTED
from sanitize.formats import is_image
from sanitize.probe import examine, same_bytes
from sanitize.probe.measurements import Seen
from sanitize.probe.sniff import sniff, telling_extension

#: What is read of a file whose name is no image's, to learn whether its content is.
HEAD_BYTES = 65_536


def probe_path(
    item: tuple[bytes, bool],
    *,
    root: bytes,
    max_pixels: int,
    thorough: bool,
    measures: Sequence[str],
    shades: bool = False,
    **_others: object,
) -> Seen:
    """Return `facts.PROBE_COLUMNS` of one file, with what `measures` need of it or, of known bytes, with all that they gave.

    `item` is its path relative to `root` and whether it is to be read in any case; of another file only the head is
    read, unless that shows an image.
    """
    path, wanted = item
    name = os.fsdecode(path.rpartition(b"/")[2])
    try:
        handle, size = open_regular(b"%b/%b" % (root, path))
    except OSError as error:
        return Seen(_unreadable(error))
    try:
        data = _read(handle, size if wanted else min(size, HEAD_BYTES))
        if not wanted and len(data) < size:
            content, detail = sniff(data, name=name)
            if not is_image(content):
                return Seen({"status": "ok", "content": content, "content_detail": detail})
            data += _read(handle, size - len(data))
    except OSError as error:
        return Seen(_unreadable(error))
    finally:
        os.close(handle)
    sha256 = hashlib.sha256(data, usedforsecurity=False).hexdigest()
    extension = telling_extension(name)
    asked = same_bytes.key(
        sha256, extension, max_pixels=max_pixels, thorough=thorough, measures=measures, shades=shades
    )
    known = same_bytes.recall(asked)
    if known is not None:
        return Seen(known.facts, asked=asked, shades=known.shades)
    found = examine(data, name=name, max_pixels=max_pixels, thorough=thorough)
    facts = {"status": "ok", "sha256": sha256, **found.facts}
    return Seen(facts, data, found.picture, found.detail, found.start, asked) if measures else Seen(facts)


def _read(handle: int, size: int) -> bytes:
    data = os.read(handle, size)
    if len(data) == size:
        return data
    pieces = [data]
    while pieces[-1]:
        size -= len(pieces[-1])
        pieces.append(os.read(handle, size) if size else b"")
    return b"".join(pieces)


def _unreadable(error: OSError) -> dict[str, object]:
    """Return the facts of a file that the system does not give; raises `error` where it is this process that lacks something."""
    if error.errno in EXHAUSTED:
        raise error
    if isinstance(error, FileNotFoundError):
        return {"status": "unreadable", "status_message": "vanished, or a link that leads nowhere"}
    return {"status": "unreadable", "status_message": error.strerror or str(error)}
