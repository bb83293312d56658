"""The ways in which a run can end without a result, each with its remedy."""

from __future__ import annotations

import errno

from sanitize.names import shown_text

#: What a system call answers where this process has used up what it may have: another one may well succeed.
EXHAUSTED = frozenset({errno.ENOMEM, errno.EMFILE, errno.ENFILE})

#: How the words begin for an item that the first of two functions had answered, such as what decodes, and the second did not.
CLOSELY = "looking at it closely"


class UsageError(Exception):
    """The user is wrong: a path, a flag or a list; `str()` is one printable line that names the remedy (exit status 2)."""

    def __init__(self, text: str) -> None:
        super().__init__(shown_text(text))


class InternalError(Exception):
    """The program is wrong; `str()` is one line, the cause is chained (exit status 3)."""
