"""Tells pickles that run code when they are loaded from those that hold numbers and containers of them."""

from __future__ import annotations

import contextlib
import io
import re
import string
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from sanitize.probe.payload import Check, Payload

if TYPE_CHECKING:
    from pickletools import OpcodeInfo


def _pickle(data: bytes, start: int, end: int, *, is_strict: bool = False) -> Payload | None:
    """A pickle of protocol 2 to 5 that calls something and names what is no mere value, or the first such of several in a row.

    Its operations are listed, none is done. What is called is so before the rest is read, be that cut off or none.
    """
    reading, behind = _Reading(is_strict=is_strict), end
    stream = io.BytesIO(data[start : min(end, start + _MOST)])
    with contextlib.suppress(*_NO_PICKLE):
        for operation, value, place in islice(_operations(stream), _MOST_OPERATIONS):
            if operation.name != "STOP":
                reading.take(operation, value)
            elif reading.is_called:
                behind = start + (place or 0) + 1
                break
            else:
                reading = _Reading(is_strict=is_strict)
    return Payload("pickle", start, behind, f"`{reading.name}`") if reading.is_called else None


def _operations(stream: io.BytesIO) -> Iterator[tuple[OpcodeInfo, object, int | None]]:
    """Give those of pickles in a row: before version 1.6, PyTorch kept two numbers and a table before what it was to keep."""
    import pickletools  # rarely needed

    for _ in range(_MOST_IN_A_ROW):
        yield from pickletools.genops(stream)
        behind = stream.tell()
        if stream.read(1) != b"\x80":
            break
        stream.seek(behind)


def _old_pickle(data: bytes, start: int, end: int) -> Payload | None:
    """A pickle of protocol 0 or 1, which begins as a text may: all of its operations have to find what they take."""
    return _pickle(data, start, end, is_strict=True) if _OLD.match(data, start, end) else None


def _array(data: bytes, start: int, end: int) -> Payload | None:
    """An array of objects as NumPy saves it: a version, a header of that length, and a pickle (NumPy's NEP 1)."""
    size = {b"\1\0": 2, b"\2\0": 4, b"\3\0": 4}.get(data[start + 6 : start + 8])
    if size is None or not data.startswith(b"\x93NUMPY", start):
        return None
    place = start + 8 + size + int.from_bytes(data[start + 8 : start + 8 + size], "little")
    found = _pickle(data, place, end) if place < end else None
    return found and found._replace(start=start)


class _Reading:
    """What the operations of a pickle have named so far, and whether anything was called since."""

    def __init__(self, *, is_strict: bool) -> None:
        self.name = ""  #: the first function or class that is no mere value
        self.is_called = False
        self._last: tuple[str | None, str | None] = (None, None)  # the values pushed last, where they are texts
        self._kept: dict[int, str | None] = {}
        self._stack = _Stack() if is_strict else None

    def take(self, operation: OpcodeInfo, value: object) -> None:
        """Follow one operation, which has a value or none. Raises ValueError if it has to be possible and is not."""
        if self._stack is not None:
            self._stack.take(operation)
        kind = operation.name
        if kind in _NAMING and not self.name:
            # Where the two texts could not be followed, they are `None None`, which is no mere value.
            name = "{} {}".format(*self._last) if kind == "STACK_GLOBAL" else str(value)
            self.name = "" if _VALUES.fullmatch(name) or not _NAME.fullmatch(name) else name.replace(" ", ".")
        self.is_called = self.is_called or (kind in _CALLS and self.name != "")
        if kind in _KEEPS:
            self._kept[value if isinstance(value, int) else len(self._kept)] = self._last[1]
        elif operation.stack_before:  # what lies below it now is not followed
            self._last = (None, None)
        elif operation.stack_after:
            text = self._kept.get(value) if kind in _GETS and isinstance(value, int) else value
            is_name = isinstance(text, str) and kind in _PUSHES and len(text) <= _LONGEST_NAME
            self._last = (self._last[1], str(text) if is_name else None)


class _Stack:
    """How many values a pickle's operations have left on the stack, and between which of them there are marks."""

    def __init__(self) -> None:
        self._depth = 0
        self._marks: list[int] = []

    def take(self, operation: OpcodeInfo) -> None:
        """Follow one operation. Raises ValueError where what it takes is not there."""
        taken, left, is_marked = _effect(operation)
        if is_marked:
            if not self._marks:
                raise ValueError
            self._depth = self._marks.pop()
        self._depth -= taken
        if self._depth < (self._marks[-1] if self._marks else 0):
            raise ValueError
        if operation.name == "MARK":
            self._marks.append(self._depth)
        else:
            self._depth += left


@cache  # a file may be made of millions of operations
def _effect(operation: OpcodeInfo) -> tuple[int, int, bool]:
    """Return how many values an operation takes and leaves, and whether it takes all behind a mark, too."""
    taken = [kind.name for kind in operation.stack_before]
    is_marked = "mark" in taken
    return taken.index("mark") if is_marked else len(taken), len(operation.stack_after), is_marked


# What `pickletools` raises; a warning of odd escapes only where warnings are errors.
_NO_PICKLE = (ValueError, OverflowError, IndexError, DeprecationWarning)
_MOST, _MOST_OPERATIONS, _MOST_IN_A_ROW = 1 << 26, 1 << 17, 8
# A name; what a mark stands before: a name, a text, or a list or dictionary that is kept; or one that is kept with a number of
# one byte.
_OLD = re.compile(rb"c[A-Za-z_][\w.]{0,99}\n[A-Za-z_][\w.]{0,99}\n|\((?:[dl]p\d|S['\"]|[ci][A-Za-z_])|[\]}]q")
_NAMING = frozenset({"GLOBAL", "STACK_GLOBAL", "INST"})
_CALLS = frozenset({"REDUCE", "NEWOBJ", "NEWOBJ_EX", "OBJ", "INST"})
_TEXTS = frozenset(
    {"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE", "STRING", "BINSTRING", "SHORT_BINSTRING"}
)
_KEEPS = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
_PUSHES = _GETS | _TEXTS
# Longer texts are no names, and to put two of them together at each operation could take for ever.
_LONGEST_NAME = 200
_NAME = re.compile(r"[A-Za-z_][\w.]{0,199} [A-Za-z_][\w.]{0,199}")
# Functions and classes that make a value of what they are given and do nothing else: of Python and its library (`__builtin__` and
# `copy_reg` are what Python 2 calls two modules), of NumPy, before and since version 2, and of PyTorch. Classes of `__main__`,
# which have capitals, are those of the program that kept its own objects: nobody else's pickle finds one.
_VALUES = re.compile(
    r"(?:builtins|__builtin__) (?:bool|bytearray|bytes|complex|dict|float|frozenset|int|list|long|object|range|set|slice|str"
    r"|tuple|unicode|xrange)"
    r"|__main__ [A-Z]\w{0,99}|_codecs encode|(?:copyreg|copy_reg) _reconstructor"
    r"|collections (?:OrderedDict|defaultdict|deque|Counter)"
    r"|datetime (?:date|datetime|time|timedelta|timezone)|decimal Decimal|fractions Fraction|uuid UUID"
    r"|array (?:array|_array_reconstructor)|pathlib(?:\._local)? (?:Pure)?(?:Posix|Windows)?Path"
    r"|numpy (?:dtype|ndarray|matrix|recarray|record|void|bool_?|object_|str_|bytes_|u?int(?:8|16|32|64|p|c)?|u?long(?:long)?"
    r"|u?short|u?byte|half|single|double|longdouble|float(?:16|32|64|96|128)|c(?:single|double|longdouble)"
    r"|complex(?:64|128|192|256)|datetime64|timedelta64)"
    r"|numpy\._?core\.multiarray (?:_reconstruct|scalar)|numpy\._?core\.numeric _frombuffer"
    r"|numpy(?:\._?core\.records|\.rec) rec(?:array|ord)|numpy\.matrixlib\.defmatrix matrix"
    r"|numpy\.ma(?:\.core)? (?:_mareconstruct|MaskedArray|MaskedConstant)"
    r"|numpy\.dtypes \w{1,40}DType"
    r"|torch (?:\w{1,20}Storage|Size|device|dtype|Tensor|u?int\d{1,2}|float\d{1,2}|bfloat16|complex\d{1,3}|bool|half|double|long)"
    r"|torch\._utils _rebuild_\w{1,60}|torch\._tensor _rebuild_from_type_v2|torch\.nn\.parameter (?:Parameter|Buffer)"
    r"|torch\.storage (?:UntypedStorage|TypedStorage)|torch\.serialization _get_layout"
)

#: The first two bytes of a pickle, too short to be looked for everywhere, and who checks it.
AT_START: tuple[tuple[bytes, Check], ...] = (
    *((b"\x80%c" % protocol, _pickle) for protocol in range(2, 6)),
    *((b"c%c" % letter, _old_pickle) for letter in f"{string.ascii_letters}_".encode()),
    *((beginning, _old_pickle) for beginning in (b"(d", b"(l", b"(S", b"(c", b"(i", b"]q", b"}q")),
    (b"\x93N", _array),
)
