"""Runs of zero bytes in the scan data of a JPEG, where they prove damage."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.probe import jpeg_segments as segments

#: Shortest run, in bytes, that counts. Every block of such a run would hold 63 equal coefficients; of 18,762 sound
#: photographs one had a run of 25 bytes, and none a longer one.
SHORTEST = 32
#: Fewest coefficients of a progressive scan that make many blocks without any zero among them incredible.
WIDEST_CREDIBLE = 5
#: Shortest run, in bytes, that counts where a scan adds a bit to what earlier ones gave. One code is followed by as many
#: of these bits as an encoder cares to collect: libjpeg's family 1,000 (MAX_CORR_BITS in its `jcphuff.c`), 125 bytes.
SHORTEST_REFINING = 256

# A tolerant loader decodes the unit in which a file was cut off from zeros, and fills what follows with grey 128. Saved again at
# its quality that unit is such a run once more, which is no damage: 6 blocks of 63 coefficients of 4 bits, at most. Behind it
# there are no more bytes than those grey blocks take, and some rows in which the prediction returns to grey.
_LONGEST_UNIT, _FILLED, _AS_FILLED, _OF_BLOCK, _RETURNING_ROWS = 192, 128, 4, 2, 32

_RUN = bytes(SHORTEST)
_ZEROS = re.compile(rb"\0+")
# What ends a block in a sequential scan, and a band of one or many blocks in a progressive one.
_END_OF_BLOCK = frozenset({0x00})
_ENDS_OF_BAND = frozenset(range(0x00, 0xF0, 0x10))


class Run(NamedTuple):
    """A run of zero bytes in the file."""

    offset: int
    length: int


def find(data: bytes, header: segments.Header, picture: npt.NDArray[np.uint8] | None = None) -> Run | None:
    """Return the first run of zero bytes that no encoder writes; None where there is none or none can be told.

    Zero bytes are the all-zero Huffman code again and again. Where that code means end-of-block, flat areas are runs of
    zeros; where it means anything else in one of the scan's tables, they are not. Where the lower part of the `picture`, rows ×
    columns × channels, which may be reduced, is filled with grey, a short run right before that was filled before it was saved.
    """
    if data.find(_RUN, header.scan) < 0 or header.process not in segments.USUAL:
        return None
    for scan in segments.read_body(data, header).scans:
        sequential = header.process in segments.SEQUENTIAL
        shortest = SHORTEST if sequential else _shortest_in_progressive(scan)
        if not shortest or scan.zero_symbols <= (_END_OF_BLOCK if sequential else _ENDS_OF_BAND):
            continue
        at = data.find(bytes(shortest), scan.start, scan.end)
        if at >= 0:
            zeros = _ZEROS.match(data, at, scan.end)
            run = Run(at, zeros.end() - at if zeros else shortest)
            is_fill = run.length <= _LONGEST_UNIT and scan.end - at <= _bytes_of_filling(header, picture)
            return None if is_fill else run
    return None


def _bytes_of_filling(header: segments.Header, picture: npt.NDArray[np.uint8] | None) -> float:
    """Return how many bytes the unit in which a file was cut off and the grey below it take at most; 0 without any."""
    if picture is None or not picture.size:
        return 0
    is_grey = np.asarray((np.abs(picture.astype(np.int16) - _FILLED) <= _AS_FILLED).all(axis=(1, 2)))
    rows = len(is_grey) if is_grey.all() else int(is_grey[::-1].argmin())
    if not rows:
        return 0
    blocks = header.width * (rows / len(is_grey) * header.height + _RETURNING_ROWS) / 64
    return _LONGEST_UNIT + _OF_BLOCK * blocks


def _shortest_in_progressive(scan: segments.Scan) -> int:
    """Return the shortest run, in bytes, that counts in a scan of a progressive picture; 0 where none does.

    Neither the first coefficient nor a narrow band tells anything: a ramp has the same in every block.
    """
    first, last = scan.band
    if first == 0 or last - first < WIDEST_CREDIBLE - 1:
        return 0
    return SHORTEST_REFINING if scan.refines else SHORTEST
