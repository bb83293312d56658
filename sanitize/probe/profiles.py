"""Looks into ICC profiles for archives, programs and scripts."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sanitize.probe import metadata
from sanitize.probe.payload import Payload

_PROFILE_HEAD, _SIGNATURE = 132, 36
# Longer profiles, such as those of printers, are not kept in mind.
_LONGEST_KEPT = 1 << 15
_MOST_TAGS = 100


def in_profile(data: bytes, start: int, end: int) -> Payload | None:
    """Return what stands in an ICC profile, or in its place (ICC.1:2022, sections 7.2 and 7.3). Never raises."""
    # A few profiles stand in most pictures. Of what may begin in one a PDF alone is whole where it ends in another segment.
    profile = data[start:end]
    if len(profile) <= _LONGEST_KEPT and b"%PDF" not in profile and not _holds(profile):
        return None
    return _in_profile(data, start, end)


@lru_cache(maxsize=64)
def _holds(profile: bytes) -> bool:
    return _in_profile(profile, 0, len(profile)) is not None


def _in_profile(data: bytes, start: int, end: int) -> Payload | None:
    if end - start < _PROFILE_HEAD or data[start + _SIGNATURE : start + _SIGNATURE + 4] != b"acsp":
        return metadata.held(data, start, end)
    tags = min(int.from_bytes(data[start + 128 : start + 132], "big"), _MOST_TAGS)
    table = data[start + _PROFILE_HEAD : min(end, start + _PROFILE_HEAD + 12 * tags)]
    parts = {part[:0:-1] for part in struct.iter_unpack(">4sII", table[: len(table) // 12 * 12])}
    within = sorted((length, place) for length, place in parts if place + length <= end - start)
    return _in_values(data, start, end, within) or _in_gaps(data, start, end, within, _PROFILE_HEAD + len(table))


def _in_values(data: bytes, start: int, end: int, parts: Sequence[tuple[int, int]]) -> Payload | None:
    """Return what stands in values, of which `parts` are the lengths and where they begin: long ones last."""
    room = end - start  # what lies on top of each other was made to be read again and again
    for length, place in parts:  # a long one may lie on top of all others
        first, last = start + place, start + place + length
        if length < metadata.LEAST:
            continue
        room -= length
        if room < 0:
            last = min(last, first + metadata.SHOWN)
        # The kind of the value, and four zeros, come first; before data, whether they are text, too.
        content = first + (12 if data.startswith(b"data", first) else 8)
        found = metadata.opened(data, first, last)
        found = found or (metadata.opened(data, first + 8, last) if room < 0 or content > first + 8 else None)
        found = found or (metadata.in_value(data, content, last) if room >= 0 else None)
        if found is not None:
            return found
    return None


def _in_gaps(data: bytes, start: int, end: int, parts: Sequence[tuple[int, int]], covered: int) -> Payload | None:
    """Return what stands between the head, the table of tags and values, or behind them.

    What the profile says to be its size may cover what was appended, and so may a value.
    """
    behind = min(end - start, max(_PROFILE_HEAD, int.from_bytes(data[start : start + 4], "big")))
    values = [(place, place + length) for length, place in parts]
    # What begins there is the start of something, whatever is before it.
    gaps = [*_between([*values, (behind, behind)], covered, end - start)]
    if all(first != behind for first, _last in gaps):  # a value covers it
        gaps.append((behind, end - start))
    return next(filter(None, (metadata.in_gap(data, start + first, start + last) for first, last in gaps)), None)


def _between(parts: Iterable[tuple[int, int]], covered: int, end: int) -> Iterator[tuple[int, int]]:
    """Give what no part, of a first byte and that behind its last, covers from one place to an end that none is behind."""
    for first, last in sorted(parts):
        if covered < first:
            yield covered, first
        covered = max(covered, last)
    if covered < end:
        yield covered, end
