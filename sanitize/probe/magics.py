"""Finds archives and programs among bytes, by magics and what follows them: a few letters occur in any data by chance."""

from __future__ import annotations

import re
from functools import lru_cache

from sanitize.probe import archives, bare_streams, pickles, programs, rarer_archives, rarer_forms
from sanitize.probe.payload import MOST_CANDIDATES, Check, Payload


def at(data: bytes, start: int, end: int, *, packed: bool = True) -> Payload | None:
    """Return the archive or program that begins at `start` and whose header checks, or a PDF. Never raises.

    Also a document that begins there, but for blanks, and a pickle; `packed` as in `search`.
    """
    for check in _BY_START.get(data[start : start + 2], ()):
        found = check(data, start, end) if packed or check not in archives.PACKED else None
        if found is not None:
            return found
    found = archives.tar_at(data, start, end)
    return archives.iso_at(data, start, end) if found is None and end - start > archives.ISO_START else found


def search(data: bytes, start: int, end: int, *, packed: bool = True, latest: int | None = None) -> Payload | None:
    """Return the first archive or program between two places whose header checks, or a PDF. Never raises.

    Without `packed` it passes over what one stream is compressed to (gzip, xz, bzip2, LZ4), which programs do to their own data.
    Of a long part, what begins behind `latest` is not looked for.
    """
    if end - start < _SHORT:
        return _search_short(data, start, end, packed=packed)
    best: Payload | None = None
    latest = end if latest is None else latest
    for magic, offset, check in _MAGICS if packed else _UNPACKED:
        limit = min(end, latest + offset + len(magic))
        place = data.find(magic, start + offset, limit)
        if check is _pdf and place >= 0:
            limit = min(limit, max(0, _last_pdf(data)))
        for _ in range(MOST_CANDIDATES):
            if place < 0:
                break
            found = check(data, place - offset, end)
            if found is not None:
                best, latest = found, found.start
                break
            place = data.find(magic, place + 1, limit)
    return best


def _search_short(data: bytes, start: int, end: int, *, packed: bool) -> Payload | None:
    """Search a part so short that there may be millions: one look for all magics is cheaper than one for each."""
    for magic in _ANY_MAGIC.finditer(data, start, end):
        offset, check = _BY_MAGIC[magic[0]]
        place = magic.start() - offset
        found = check(data, place, end) if place >= start and (packed or check not in archives.PACKED) else None
        if found is not None:
            return found
    return None


def _pdf(data: bytes, start: int, end: int) -> Payload | None:
    """Readers take a PDF whose header and trailer are there, whatever stands before and behind them."""
    if not _PDF.match(data, start, end) or start > _last_pdf(data):
        return None
    trailer = data.rfind(b"%%EOF", start)
    return Payload("pdf", start, trailer + 5 if trailer >= 0 else len(data))


@lru_cache(maxsize=1)  # or a file full of headers would be read to its end for each of them
def _last_pdf(data: bytes) -> int:
    """Return the last place at which a PDF may begin that has an object and a trailer; -1 where none may."""
    return min(data.rfind(b"endobj"), max(data.rfind(b"startxref"), data.rfind(b"%%EOF")))


_PDF = re.compile(rb"%PDF-[12]\.\d")
# Magics, how far behind the beginning they stand, and who checks what is there.
_MAGICS = (*archives.MAGICS, *programs.MAGICS, *rarer_forms.MAGICS, *rarer_archives.MAGICS, (b"%PDF-", 0, _pdf))
_UNPACKED = tuple(magic for magic in _MAGICS if magic[2] not in archives.PACKED)
# In less there is no room for a magic that does not stand at the beginning.
_SHORT = 256
_BY_MAGIC = {magic: (offset, check) for magic, offset, check in _MAGICS if offset < _SHORT}
_ANY_MAGIC = re.compile(b"|".join(re.escape(magic) for magic in _BY_MAGIC))


def _by_start() -> dict[bytes, tuple[Check, ...]]:
    """Return who checks what begins with two bytes."""
    found: dict[bytes, tuple[Check, ...]] = {}
    tables = (_MAGICS_AT_START, (archives.ZSTD,), *(module.AT_START for module in _WITH_SHORT_MAGICS))
    for magic, check in (row for table in tables for row in table):
        checks = found.get(magic[:2], ())
        found[magic[:2]] = checks if check in checks else (*checks, check)
    return found


_MAGICS_AT_START = tuple((magic, check) for magic, offset, check in _MAGICS if offset == 0)
_WITH_SHORT_MAGICS = (bare_streams, pickles, rarer_archives, rarer_forms)
_BY_START = _by_start()
