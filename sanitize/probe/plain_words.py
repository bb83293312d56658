"""What decoders say of a damaged file in Python's words or in those of a program, said of the file."""

from __future__ import annotations

import re

_ENDS = "the header, or a part of it, ends early"
_NUMBER = "a number in the header cannot be read"
_RANGE = "a number in the header is out of range"
_MISSING = "a part that the picture needs is missing"
# What Python and Pillow say where a reader trusted the file. They say little else: no file needs a line of its own.
_MEANINGS = tuple(
    (re.compile(words), meaning)
    for words, meaning in (
        (r"unpack(?:_from)? requires a buffer of\b[^:]*", _ENDS),
        (r"(?:\w+ )?index out of range|not enough values to unpack[^:]*(?:, got \d+\))?", _ENDS),
        (r"ord\(\) expected a character, but string of length 0 found|pop from empty list|EOFError", _ENDS),
        (r"invalid literal for int\(\) with base \d+: .*|could not convert string to float: .*", _NUMBER),
        (r"b'Token too long in file header: .*", "a number in the header is too long"),
        (r"(?:float )?(?:integer )?(?:division(?: or modulo)?|modulo) by zero", "a number in the header is zero"),
        (r"Python int too large to convert to C \w+|cannot (?:fit 'int' into|convert float).*", _RANGE),
        (
            r"(?:signed|unsigned) \w+ is (?:greater|less) than (?:maximum|minimum)|(?:can't|cannot) convert negative .*",
            _RANGE,
        ),
        (r"negative (?:seek|shift) .*|read length must be non-negative.*|bytes? must be in range\(.*\)", _RANGE),
        (r"argument out of range|math (?:range|domain) error|.* format requires .* <= number <= .*", _RANGE),
        (r"'[\w-]+' codec can't decode .*|embedded null (?:character|byte)", "text in the header cannot be read"),
        (r"b'([^']*)'", r"\1"),
        (
            r"'[\w.]+' object .*|unsupported operand type.*|(?:a )?bytes-like object .*|expected .*, not NoneType",
            _MISSING,
        ),
        (r"could not create decoder object", "the decoder finds no picture in it"),
        (r"decoder error -\d+(?: when reading image file)?", "the coded pixels cannot be decoded"),
        (r"buffer overrun when reading image file", "the coded pixels reach beyond a row or the picture"),
        (r".*\bMAX_TEXT_(?:CHUNK|MEMORY)\b.*", "a compressed text or profile unpacks to more than is allowed"),
        (r"not identified by this driver", "the header gives no size, or no kind of pixels"),
        (r"'?(-?\d+)'?", r"the header has a value that is not known (\1)"),
        (r"\w+(?:Error|Exception|Iteration)", "no reason given"),
    )
)
_BYTES = re.compile(r"\bb('[^']*')")


def plain(words: str) -> str:
    """Return what an exception's words mean to the person who has the file; the same where they say it themselves."""
    for pattern, meaning in _MEANINGS:
        found = pattern.fullmatch(words)
        if found is not None:
            return found.expand(meaning)
    return _BYTES.sub(r"\1", words)
