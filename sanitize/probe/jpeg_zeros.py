"""Runs of zero bytes in the scan data of a JPEG, where they prove damage."""

from __future__ import annotations

import re
from typing import NamedTuple

from sanitize.probe import jpeg_segments as segments

#: Shortest run, in bytes, that counts. Every block of such a run would hold 63 equal coefficients; of 18,762 sound
#: photographs one had a run of 25 bytes, and none a longer one.
SHORTEST = 32

_RUN = bytes(SHORTEST)
_ZEROS = re.compile(rb"\0+")


class Run(NamedTuple):
    """A run of zero bytes in the file."""

    offset: int
    length: int


def find(data: bytes, header: segments.Header) -> Run | None:
    """Return the first run of zero bytes that no encoder writes; None where there is none or none can be told.

    In a sequential picture zero bytes are the all-zero Huffman code again and again. Where that code means
    end-of-block, flat areas are runs of zeros; where it means anything else in one of the scan's tables, they are not.
    In progressive pictures the code may also mean a run of empty blocks, and refinement bits are often all zero.
    """
    if header.process not in segments.SEQUENTIAL or data.find(_RUN, header.scan) < 0:
        return None
    for scan in segments.read_body(data, header).scans:
        if scan.zero_symbols <= {0}:
            continue
        at = data.find(_RUN, scan.start, scan.end)
        if at >= 0:
            zeros = _ZEROS.match(data, at, scan.end)
            return Run(at, zeros.end() - at if zeros else SHORTEST)
    return None
