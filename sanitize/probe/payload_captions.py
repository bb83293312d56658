"""Tells words about code, which quote it in one line, from code: by what no language takes beside a call."""

from __future__ import annotations

import re


def is_caption(text: bytes, call: int, kind: str) -> bool:
    """Tell whether a text, without blanks at its ends, is one line of words about the code of a kind that begins at `call`.

    It is a comment or a string, or goes on with words where a language would have a sign, or begins with such.
    """
    if len(text) > _LONGEST or b"\n" in text or b"\r" in text:
        return False
    return (
        _COMMENT.match(text) is not None
        or _is_quoted(text, call)
        or _goes_on(text, kind)
        or (kind in _OF_CALLS and _begins(text[:call]))
    )


# Longer texts are no captions; what looks through them may start at each of their signs.
_LONGEST = 300
_COMMENT = re.compile(rb"#(?!!)|//|(?i:rem)\b|'[^']*\Z")
# In a shell's languages words beside each other are a command and what it is given.
_OF_CALLS = frozenset({"javascript", "luascript", "vbscript", "python"})
_WORD = rb"\(?[\w\x80-\xff][\w'/\x80-\xff-]*\)?"
# A long dash is a word to this expression: were it a sign between two as well, a row of them could be read in endless ways.
_WORDS = _WORD + rb"(?:[,.:!?]?[ \t]+(?:-{1,2}[ \t]+)?" + _WORD + rb")*"
# Words to the end of a line behind a closing sign, behind a command or behind the address of a net.
_BEHIND = re.compile(
    rb"(?:(?P<bracket>[)\]}])|(?P<pipe>\|[ \t]*(?:sudo[ \t]+)?(?:ba|z|da)?sh)|(?<=\S)(?P<quote>['\"`])|/dev/tcp/[^\s;&|]+"
    rb"|(?i:Invoke-\w+|New-Object|Start-Process)(?:[ \t]+(?:https?://\S+|[\w.]+\.\w+))?)"
    rb"(?P<joint>[,.!?]?[ \t]+|:[ \t]+|[ \t]+(?:-{1,2}|\xe2\x80[\x93\x94])[ \t]+)(?P<words>[(A-Za-z\x80-\xff]"
    + _WORDS[len(rb"\(?[\w\x80-\xff]") :]
    + rb")[.!?]{0,3}\Z"
)
# What a language takes between values, or for a value, without a sign.
_JOINING = frozenset(
    b"if else elif for in is not and or as of instanceof then end do done fi pass break continue return exit quit"
    b" true false none null nothing".split()
)


def _goes_on(text: bytes, kind: str) -> bool:
    """Tell whether words follow the last call, string or command: two beside each other, or one behind a bracket alone."""
    behind = _BEHIND.search(text)
    if behind is None or (behind["quote"] and kind not in _OF_CALLS):
        return False
    words = behind["words"]
    if kind == "vbscript" and words[:4].lower() == b"rem ":
        return False
    is_alone = behind["bracket"] is not None and behind["joint"].strip() in (b"", b"-", b":")
    is_bracketed = behind["pipe"] is not None and words[:1] == b"("
    return is_bracketed or (is_alone and not _joins(_FIRST.split(words, maxsplit=1)[0])) or _is_prose(words, _JOINING)


_FIRST = re.compile(rb"(?<=\w)[^\w'-]")


def _joins(word: bytes) -> bool:
    return word.strip(b"()").lower() in _JOINING


def _is_prose(words: bytes, joining: frozenset[bytes]) -> bool:
    """Tell whether two words stand beside each other that no language would have there."""
    last = b""
    for word in _BESIDE.findall(words):
        if last[-1:].isalnum() and _is_plain(last, joining) and _is_plain(word, joining):
            return True
        last = word
    return False


_BESIDE = re.compile(rb"[^ \t]+")


def _is_plain(word: bytes, joining: frozenset[bytes]) -> bool:
    return word.strip(b"(),.:!?-").lower() not in joining and word.strip(b"-") != b""


# Words by which code begins, too, and those of them that need a sign, or another word, before a call.
_BEGINNING = _JOINING | frozenset(
    b"while with await new lambda async def class function import from try except finally yield throw typeof void"
    b" delete set dim let var const sub call export default case public private protected static".split()
)
_NEEDING = frozenset(b"try for let const var dim set def function with new".split())
_PLAIN_BEFORE = re.compile(rb"[\w',:\s\x80-\xff-]+")


def _begins(before: bytes) -> bool:
    """Tell whether what stands before a call are words: beside each other, or such as would need a sign."""
    if not _PLAIN_BEFORE.fullmatch(before):
        return False
    words = before.lower().split()
    needed = {b"for": b"in", b"with": b"as"}.get(words[0]) if words else None
    is_left_open = len(words) > 1 and words[0] in _NEEDING and needed not in words
    return is_left_open or _is_prose(before, _BEGINNING - {b"of"})


def _is_quoted(text: bytes, call: int) -> bool:
    """Tell whether a text begins with a string that holds the call, and which nothing but words follow."""
    if text[:1] not in (b'"', b"'", b"`"):
        return False
    closing = text.find(text[:1], 1)
    return closing > call and not _SIGN.search(text, closing + 1)


_SIGN = re.compile(rb"[(=;|]")
