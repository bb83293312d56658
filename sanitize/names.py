"""Names of files, which are bytes, as text that can be joined, sorted and shown.

Two texts stand for a name. Its *key* is what tables hold: UTF-8 is itself, and each byte that is not UTF-8 becomes one
character of a private plane (whose own characters are kept byte by byte), so that two names are never taken for one.
What people see is the *shown* form, in which control bytes and what is not UTF-8 are written as `\\xNN`.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable

# Byte 0xNN becomes U+10FF00 + NN - 2: the last two characters of the plane are no characters.
_FIRST = 0x10FF00 - 2
_PRIVATE = f"{chr(_FIRST + 0x80)}-{chr(_FIRST + 0xFF)}"
#: One byte that is not UTF-8, in a key, as a regular expression that Python and Polars read alike.
PRIVATE = f"[{_PRIVATE}]"
_IS_PRIVATE = re.compile(PRIVATE)
_NEEDS_PRIVATE = re.compile(f"[\udc80-\udcff{_PRIVATE}]")
#: What a shown name cannot hold as it is, likewise.
HIDDEN = f"[\\x00-\\x1f\\x7f-\\x9f{_PRIVATE}]"
_HIDDEN = re.compile(HIDDEN)
# Blanks other than the usual one and the wide one of Japanese names, ends of lines and paragraphs, the marks of UAX #9, section 2
# and what fonts leave out (`Default_Ignorable_Code_Point`), but for the joiners and selectors that spelling and emoji need.
_MISTAKABLE = re.compile(
    "[\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def to_key(name: bytes) -> str:
    """Return the key of a name, or of a whole list of names; `to_bytes` takes it back, whatever the bytes."""
    text = name.decode("utf-8", "surrogateescape")
    return _NEEDS_PRIVATE.sub(_to_private, text)


def to_bytes(key: str) -> bytes:
    """Return the bytes of a key."""
    if not _IS_PRIVATE.search(key):
        return key.encode("utf-8")
    return _IS_PRIVATE.sub(lambda match: chr(0xDC00 + ord(match.group()) - _FIRST), key).encode(
        "utf-8", "surrogateescape"
    )


def shown(key: str) -> str:
    """Return the key as people see it: control bytes and what is not UTF-8 as `\\xNN`."""
    return _HIDDEN.sub(lambda match: "".join(f"\\x{byte:02x}" for byte in to_bytes(match.group())), key)


def shown_text(text: str) -> str:
    """Return a text in which raw names may stand as people see it, in one line."""
    return shown(to_key(" ".join(text.split("\n")).encode("utf-8", "surrogateescape")))


def shown_path(path: str | os.PathLike[str]) -> str:
    """Return a path, as a program is given it, as people see it."""
    return shown(to_key(os.fsencode(path)))


def shown_command(words: Iterable[str | os.PathLike[str]]) -> str:
    """Return a command as a shell takes it; a word that cannot be shown as it is, byte by byte as `$'\\xNN'` (POSIX.1-2024)."""
    return " ".join(map(_shown_word, words))


def _shown_word(word: str | os.PathLike[str]) -> str:
    path = os.fspath(word)
    if unmistakable(shown_path(path)) == path:
        return shlex.quote(path)
    spelled = (
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b"\\'" else f"\\x{byte:02x}" for byte in os.fsencode(path)
    )
    return f"$'{''.join(spelled)}'"


def key_below(path: str | bytes | os.PathLike[str], folder: str | bytes | os.PathLike[str]) -> str | None:
    """Return the key of an absolute path relative to a folder, `` for that folder, None for what does not lie in it."""
    try:
        relative = os.path.relpath(os.fsdecode(path), os.fsdecode(folder))
    except ValueError:  # on Windows: on another drive
        return None
    if relative.partition(os.sep)[0] == os.pardir:
        return None
    return "" if relative == os.curdir else to_key(os.fsencode(relative.replace(os.sep, "/")))


def unmistakable(text: str) -> str:
    """Return a text for the terminal, with `\\uNNNN` for what turns its direction, or is or looks like a blank or nothing."""
    return text if text.isascii() else _MISTAKABLE.sub(_spelled, text)


def _spelled(sign: re.Match[str]) -> str:
    code = ord(sign.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _to_private(match: re.Match[str]) -> str:
    return "".join(chr(_FIRST + byte) for byte in match.group().encode("utf-8", "surrogateescape"))
