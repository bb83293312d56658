"""The arithmetic of `alike` for hashes: which are near. A child may run it, and of many the process of the scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from sanitize.copies import hamming
from sanitize.copies.bit_order import Hashes

# Bits of the 256 signs by which those of the same picture may differ: crops by 2 % do in up to 57, other pictures in about
# half.
_SIGNS_DISTANCE = 64
#: Partners of a picture among those before it: of so many copies of one picture each meets all others, and of more enough.
MOST_PARTNERS = 64
# A picture that has that many also meets so many of the closest by all signs; what has no near hash is as far as this.
_CLOSEST, _NOT_NEAR = 8, 1 << 15
# So many pairs are compared for that in all, or as many as it takes to compare so many pictures with each other; at a time.
_MOST_TOGETHER, _LEAST_TOGETHER, _COMPARED_IN_CACHE = 1 << 26, 1 << 8, 1 << 18
# So many hashes are compared each with each where some are to meet all others, and so many at a time.
_MOST_COMPARED, _COMPARED_AT_A_TIME = 1 << 30, 1 << 22
# Pairs at a time of which all signs are compared.
_PAIRS_AT_A_TIME = 1 << 20
# Pictures that are turned at a time.
_PICTURES_AT_A_TIME = 1 << 16
# Turns that another one takes back: quarters to the left and to the right. All others take back themselves.
_INVERSE = {5: 6, 6: 5}

Signs = npt.NDArray[np.uint64]
#: What a search is asked for, of pictures that are numbered as they come: their phashes, 8 bytes each; their `dct_signs`, 32
#: bytes each; the bits of 64 by which hashes may differ; whether the lowest signs are compared, and not the phashes; and how
#: many of them, the last ones, are to meet all others however many these are, as long as that is no billion pairs.
Asked = tuple[bytes, bytes, int, bool, int]
#: Pairs of pictures: the numbers of the one and, higher, of the other (little-endian uint32), and by which turn that is
#: turned (uint8, 0 to 7).
Found = tuple[bytes, bytes, bytes]


def near(asked: Asked) -> Found:
    """Return the pairs of pictures whose hashes are near, and all 256 signs too; those of equal hashes with the first only."""
    packed, packed_signs, distance, by_signs, known = asked
    signs = _signs(packed_signs)
    phashes = np.frombuffer(packed, ">u8").astype(np.uint64)
    kept, first, again = _distinct(phashes, signs)
    hashes = _lowest(signs[kept]) if by_signs else phashes[kept]
    pairs = hamming.search(hashes, distance, most=MOST_PARTNERS)
    crowded = _crowded(hashes, pairs)
    closest = _closest(hashes[crowded], signs[kept[crowded]], distance)
    of_last = (np.zeros(0, np.int64),) * 2
    if 0 < known * len(phashes) <= _MOST_COMPARED:
        of_last = _of_last(_lowest(signs) if by_signs else phashes, known, distance)
    parts = [_found(first, again, 0)]
    for one, other, of in ((*pairs, kept), (*closest, kept[crowded]), (*of_last, np.arange(len(phashes)))):
        parts += (_close(of[one[some]], of[other[some]], signs) for some in _pieces(len(one)))
    return _joined(parts)


def _close(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], signs: Signs) -> Found:
    """Return those of some pairs whose signs are near."""
    close = _distance(signs[one], signs[other]) <= _SIGNS_DISTANCE
    return _found(one[close], other[close], 0)


def _pieces(count: int) -> Iterator[slice]:
    """Give all of so many pairs in pieces."""
    return (slice(start, start + _PAIRS_AT_A_TIME) for start in range(0, count, _PAIRS_AT_A_TIME))


def _crowded(hashes: Hashes, pairs: hamming.Near) -> npt.NDArray[np.int64]:
    """Return the places whose hash stands in so many pairs that others may have been left out: some are left out early."""
    _hashes, number = np.unique(hashes, return_inverse=True)
    found = sum(np.bincount(ends, minlength=len(hashes)) for ends in pairs)
    return np.flatnonzero(np.bincount(number, found)[number] >= MOST_PARTNERS // 2)


def _closest(hashes: Hashes, signs: Signs, distance: int) -> hamming.Pairs:
    """Return each of some pictures with those of them whose hashes are near and whose signs are closest.

    Of very many only those are compared that come one after the other in this order.
    """
    found = [(np.zeros(0, np.int64),) * 2]
    together = max(_LEAST_TOGETHER, _MOST_TOGETHER // max(1, len(hashes)))
    for start in range(0, len(hashes), together):
        some = slice(start, start + together)
        found += ((start + one, start + other) for one, other in _closest_of_all(hashes[some], signs[some], distance))
    one, other = (np.concatenate(parts) for parts in zip(*found, strict=True))
    is_other = one != other
    return np.minimum(one, other)[is_other], np.maximum(one, other)[is_other]


def _closest_of_all(hashes: Hashes, signs: Signs, distance: int) -> Iterator[hamming.Pairs]:
    """Give the pairs of `_closest`, each compared with each; each is paired with itself, too."""
    if len(hashes) <= _CLOSEST:
        return
    words = np.ascontiguousarray(signs.T)
    rows = max(1, _COMPARED_IN_CACHE // len(hashes))
    for start in range(0, len(hashes), rows):
        some = slice(start, start + rows)
        apart = np.zeros((len(hashes[some]), len(hashes)), np.uint16)
        for word in words:
            apart += np.bitwise_count(word[some, None] ^ word)
        apart[np.bitwise_count(hashes[some, None] ^ hashes) > distance] = _NOT_NEAR
        closest = np.argpartition(apart, _CLOSEST, axis=1)[:, : _CLOSEST + 1]
        is_near = np.take_along_axis(apart, closest, axis=1) < _NOT_NEAR
        yield start + np.nonzero(is_near)[0], closest[is_near]


def _of_last(hashes: Hashes, known: int, distance: int) -> hamming.Pairs:
    """Return the pairs of near hashes of which one is among the last, so many, and the other is not."""
    others, last = hashes[:-known], hashes[-known:]
    rows = max(1, _COMPARED_AT_A_TIME // max(1, len(others)))
    parts = [
        np.nonzero(np.bitwise_count(last[start : start + rows, None] ^ others) <= distance)
        for start in range(0, len(last), rows)
    ]
    one = [start * rows + part[0] for start, part in enumerate(parts)]
    return np.concatenate([part[1] for part in parts]), len(others) + np.concatenate(one)


def turned(asked: tuple[bytes, int]) -> Found:
    """Return the pairs of pictures of which one is the other, mirrored or turned, by their lowest signs.

    `asked` is their `dct_signs` and the distance, as in Asked.
    """
    packed_signs, distance = asked
    signs = _signs(packed_signs)
    own = _lowest(signs)
    found = []
    for turn in range(1, 8):
        variant = _turned_prints(signs, turn)
        pairs = hamming.search(np.r_[own, _lowest(variant)], distance, most=MOST_PARTNERS)
        for one, other in ((pairs[0][some], pairs[1][some]) for some in _pieces(len(pairs[0]))):
            across = (one < len(own)) != (other < len(own))
            stored, changed = np.minimum(one, other)[across], np.maximum(one, other)[across] - len(own)
            close = (_distance(signs[stored], variant[changed]) <= _SIGNS_DISTANCE) & (stored != changed)
            stored, changed = stored[close], changed[close]
            found.append(_found(stored, changed, np.where(stored < changed, turn, _INVERSE.get(turn, turn))))
    return _joined(found)


def _found(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], turns: int | npt.NDArray[np.int64]) -> Found:
    low, high = np.minimum(one, other), np.maximum(one, other)
    turned = np.broadcast_to(np.asarray(turns, np.uint8), len(one))
    return low.astype("<u4").tobytes(), high.astype("<u4").tobytes(), turned.tobytes()


def _joined(parts: Sequence[Found]) -> Found:
    one, other, turns = (b"".join(part[column] for part in parts) for column in range(3))
    return one, other, turns


def _distinct(
    phashes: Hashes, signs: Signs
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first picture of each hash, in the order of phash and number, and pairs of it with those of equal hashes."""
    order = np.argsort(phashes, kind="stable")
    sorted_hashes = phashes[order]
    follows = np.zeros(len(order) + 1, np.bool_)
    follows[1:-1] = sorted_hashes[1:] == sorted_hashes[:-1]
    places = np.flatnonzero(follows[1:] | follows[:-1])
    shared = order[places]
    by_hash = np.lexsort((shared, *signs[shared].T[::-1], phashes[shared]))
    prints = np.column_stack([phashes[shared], signs[shared]])[by_hash]
    starts = np.ones(len(by_hash), np.bool_)
    starts[1:] = (prints[1:] != prints[:-1]).any(axis=1)
    firsts = by_hash[np.flatnonzero(starts)[np.cumsum(starts) - 1]]
    again = by_hash[~starts]
    return np.delete(order, places[again]), shared[firsts[~starts]], shared[again]


def _signs(hashes: bytes) -> Signs:
    return np.frombuffer(hashes, ">u8").astype(np.uint64).reshape(-1, 4)


def _turned_prints(signs: Signs, turn: int) -> Signs:
    turned = np.empty_like(signs)
    for start in range(0, len(signs), _PICTURES_AT_A_TIME):
        some = signs[start : start + _PICTURES_AT_A_TIME].astype(">u8").view(np.uint8)
        bits = _turned_signs(np.unpackbits(some, axis=1).reshape(-1, 16, 16), turn)
        turned[start : start + len(bits)] = np.packbits(bits.reshape(len(bits), -1), axis=1).view(">u8")
    return turned


def _turned_signs(bits: npt.NDArray[np.uint8], turn: int) -> npt.NDArray[np.uint8]:
    """Return the signs that a picture has when it is transposed (4), then its rows (2) and its columns (1) are mirrored."""
    turned = bits.swapaxes(1, 2).copy() if turn & 4 else bits.copy()
    if turn & 2:
        turned[:, 1::2] ^= 1
    if turn & 1:
        turned[:, :, 1::2] ^= 1
    return turned


def _lowest(signs: Signs) -> Hashes:
    """Return the signs of the 8 × 8 lowest coefficients: the upper left quarter of the 16 × 16 that there are."""
    rows = signs.astype(">u8").view(np.uint8).reshape(-1, 16, 2)
    return np.ascontiguousarray(rows[:, :8, 0]).view(">u8").astype(np.uint64).ravel()


def _distance(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    bits: npt.NDArray[np.uint64] = np.bitwise_count(one ^ other).sum(axis=1, dtype=np.uint64)
    return bits
