"""Tells pickles that run code when they are loaded from those that hold numbers and containers of them."""

from __future__ import annotations

import contextlib
import re
from itertools import islice
from typing import TYPE_CHECKING

from sanitize.probe.payload import Check, Payload

if TYPE_CHECKING:
    from pickletools import OpcodeInfo


def _pickle(data: bytes, start: int, end: int) -> Payload | None:
    """A pickle of protocol 2 to 5 that calls something and names what is no mere value.

    Its operations are listed, none is done. What is called is so before the rest is read, be that cut off or none.
    """
    import pickletools  # rarely needed

    reading, behind = _Reading(), end
    operations = pickletools.genops(data[start : min(end, start + _MOST)])
    with contextlib.suppress(*_NO_PICKLE):
        for operation, value, place in islice(operations, _MOST_OPERATIONS):
            if operation.name == "STOP":
                behind = start + (place or 0) + 1
                break
            reading.take(operation, value)
    return Payload("pickle", start, behind, f"`{reading.name}`") if reading.is_called and reading.name else None


class _Reading:
    """What the operations of a pickle have named so far, and whether anything was called since."""

    def __init__(self) -> None:
        self.name = ""  #: the first function or class that is no mere value
        self.is_called = False
        self._last: tuple[str | None, str | None] = (None, None)  # the values pushed last, where they are texts
        self._kept: dict[int, str | None] = {}

    def take(self, operation: OpcodeInfo, value: object) -> None:
        """Follow one operation, which has a value or none."""
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
            is_name = kind in _GETS | _TEXTS and isinstance(text, str) and len(text) <= _LONGEST_NAME
            self._last = (self._last[1], str(text) if is_name else None)


# What `pickletools` raises; a warning of odd escapes only where warnings are errors.
_NO_PICKLE = (ValueError, OverflowError, IndexError, DeprecationWarning)
_MOST, _MOST_OPERATIONS = 1 << 26, 1 << 17
_NAMING = frozenset({"GLOBAL", "STACK_GLOBAL", "INST"})
_CALLS = frozenset({"REDUCE", "NEWOBJ", "NEWOBJ_EX", "OBJ", "INST"})
_TEXTS = frozenset(
    {"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE", "STRING", "BINSTRING", "SHORT_BINSTRING"}
)
_KEEPS = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
# Longer texts are no names, and to put two of them together at each operation could take for ever.
_LONGEST_NAME = 200
_NAME = re.compile(r"[A-Za-z_][\w.]{0,199} [A-Za-z_][\w.]{0,199}")
# Functions and classes that make a value of what they are given and do nothing else: of Python and its library (`__builtin__` and
# `copy_reg` are what Python 2 calls two modules), of NumPy, before and since version 2, and of PyTorch.
_VALUES = re.compile(
    r"(?:builtins|__builtin__) (?:bool|bytearray|bytes|complex|dict|float|frozenset|int|list|long|object|range|set|slice|str"
    r"|tuple|unicode|xrange)"
    r"|_codecs encode|(?:copyreg|copy_reg) _reconstructor"
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
AT_START: tuple[tuple[bytes, Check], ...] = tuple((b"\x80%c" % protocol, _pickle) for protocol in range(2, 6))
