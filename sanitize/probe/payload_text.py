"""Finds scripts and code without tags among bytes, by how they are written."""

from __future__ import annotations

import re
from itertools import islice

from sanitize.probe.payload import Payload, words
from sanitize.probe.payload_captions import is_caption
from sanitize.probe.payload_reach import COMMAND


def script(data: bytes, start: int, end: int) -> Payload | None:
    """Return a script whose first line is at `start`, but for blanks. Never raises."""
    match = _SCRIPT.match(data, start, end)
    if match is None:
        return None
    kind = "shell" if match["shell"] else "batch"
    return Payload(kind, match.start(kind), end, f"`{words(match[kind])}`")


def code(data: bytes, start: int, end: int) -> Payload | None:
    """Return code without a tag or an interpreter line, in bytes that are known to be text and nothing else. Never raises.

    A caption that quotes code is none.
    """
    text = data[slice(*bounds(data, start, end))]  # whose beginning is that of a line, and of a word
    match = _CODE.search(text)
    if match is None or match.lastgroup is None or is_caption(text, match.start(), match.lastgroup):
        return None
    return Payload(match.lastgroup, start, end, f"`{words(text)}`")


def is_written_as_code(text: bytes) -> bool:
    """Tell whether a text is code and no words about it: by its first line, and by most of those that are no comments."""
    lines = [line[0] for line in islice(_NO_COMMENT.finditer(text), _MOST_LINES)]
    told = sum(1 for line in lines if _PROSE.search(_ASIDE.sub(b"", line)))
    return _FIRST_LINE.match(text) is not None and told <= (1 - _LEAST_CODE) * len(lines)


def commented(data: bytes, start: int, end: int) -> Payload | None:
    """Return JavaScript behind the end of a comment that began in the header, which hides the image from a browser."""
    for match in _COMMENT_END.finditer(data, start, end):
        if any(letter in match[0] for letter in (b"=", b"(", b";")):
            return Payload("javascript", match.start() + 2, match.end(), f"`{words(match[0][2:])}`")
    return None


def bounds(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the text lies that begins between two places: without blanks, zeros and a byte order mark around it.

    It ends before what no text holds, such as a zero. Never raises.
    """
    filling = _FILLING.match(data, start, end)
    first = filling.end() if filling else start
    control = _CONTROL.search(data, first, end)
    last = control.start() if control else end
    while last > first and data[last - 1] in _BLANKS:
        last -= 1
    return first, last


def is_text(data: bytes) -> bool:
    """Tell whether bytes are text, which may be cut off at its end: in UTF-8, or nearly all of it in ASCII. Zeros may follow."""
    data = data.rstrip(b"\0")
    if _CONTROL.search(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(data) - 3 or error.start == 0:
            return len(data) - len(data.translate(None, _NO_ASCII)) <= _MOST_NO_ASCII * len(data)
    return True


_BLANKS = frozenset(b" \t\r\n\f")
_FILLING = re.compile(rb"(?:[\s\0]|\xef\xbb\xbf)*")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Letters with accents and comments in other languages are in Latin-1, Windows' code pages and the like such a part at most.
_NO_ASCII, _MOST_NO_ASCII = bytes(range(128, 256)), 0.25


def _begun(name: bytes, least: int) -> bytes:
    """Return an expression for a name of which only so many letters are needed."""
    return name[:least] + b"".join(b"(?:%c" % letter for letter in name[least:]) + b")?" * (len(name) - least)


# Switches that have no value.
_ALONE = (
    rb"(?:"
    + b"|".join(_begun(*name) for name in ((b"noprofile", 3), (b"noninteractive", 4), (b"nologo", 3), (b"noexit", 3)))
    + rb")(?![\w-])"
)
# Words about such a switch, several, to the end of the text.
_PROSE_BEHIND = rb"(?:[-/]" + _ALONE + rb"[ \t]+)+\w+(?:,? \w+){2,}[.!?]?[\s\0]*\Z"
# What PowerShell takes by itself, with what has to follow (Microsoft, `about_PowerShell_exe`).
_PARAMETER = (
    rb"[-/](?:"
    + _ALONE
    + rb"|(?:ep|"
    + _begun(b"executionpolicy", 2)
    + rb")[ \t]+['\"]?(?:bypass|unrestricted|remotesigned|allsigned|restricted|default|undefined)\b"
    rb"|"
    + _begun(b"windowstyle", 1)
    + rb"[ \t]+['\"]?(?:h(?:id(?:den)?)?|n(?:ormal)?|min(?:imized)?|max(?:imized)?|[0-3])(?![\w-])"
    rb"|(?:ec|" + _begun(b"encodedcommand", 1) + rb")[ \t]+['\"]?[\w+/=]{20}"
    rb"|" + _begun(b"command", 1) + rb"[ \t]+['\"&{($\w]"
    rb"|" + _begun(b"file", 1) + rb"[ \t]+(?![ \t])(?:[^\r\n]{1,200}?|(?<=[ \t]{2}))\.ps1\b"
    rb"|(?:sta|mta|(?:" + _begun(b"version", 1) + rb"[ \t]+[\d.]{1,5})"
    rb"|(?:if|of|inp|outp|inputformat|outputformat)[ \t]+(?:text|xml))[ \t]+[-/]\w)"
)
_SCRIPT = re.compile(
    rb"(?:[\s\0]|\xef\xbb\xbf){0,64}(?:"
    rb"(?P<shell>#![ \t]?/(?:usr|bin|opt|system|sbin|home)[\x21-\x7e]{3,100}(?:[ \t]+[\x21-\x7e]+){0,3}[ \t]*[\r\n])"
    # Captions begin so, too: "@Echo Official", "Powershell - a photo".
    rb"|(?P<batch>(?:(?i:@echo[ \t]+off)(?=[ \t]*(?:[\r\n\0&]|\Z))|(?i:powershell(?:\.exe)?[ \t]+(?!"
    + _PROSE_BEHIND
    + rb")"
    + _PARAMETER
    + rb"))[\x20-\x7e]{0,200}(?:[\r\n\0]|\Z)))"
)
# What prose does not say: calls that reach for a page, a shell or a file.
_CODE = re.compile(
    rb"(?P<javascript>\b(?:document\.(?:cookie|location|body|write(?:ln)?\(|createElement\()|window\.(?:location|open\()"
    rb"|(?:eval|alert|atob|String\.fromCharCode)\([^()\s]|new\s+(?:ActiveXObject|XMLHttpRequest)\b|require\(['\"]\w))"
    rb"|(?P<vbscript>\b(?i:CreateObject)\s*\(\s*\")"
    rb"|(?P<powershell>(?i:\bNew-Object\s+(?:System\.)?Net\.|\bInvoke-(?:Expression|WebRequest|RestMethod)\s|\bStart-Process\s+-)"
    rb"|\b(?i:iex)\s*[($])"
    rb"|(?P<command>\b" + COMMAND + rb")"
    rb"|(?P<python>(?m:^)[ \t]*(?:import|from)[ \t]+(?:os|sys|socket|subprocess|ctypes|base64)\b"
    rb"|\b(?:os\.(?:system|popen)|__import__)\("
    rb"|\bexec\((?:base64|bytes|compile|__import__)\b)"
)
# What a line imports, to its end. That this comes is seen first, once: to try it for each name would take for ever.
_LINE_END = rb"(?:[;#\r\n]|\Z)"
_IMPORTED = (
    rb"(?:import|from)[ \t]+[\w.]+(?![\w.])(?=[\w.*, \t()]*" + _LINE_END + rb")"
    rb"(?:[ \t]*(?:,[\w., \t]+)?" + _LINE_END + rb"|(?:[ \t]*,[\w., \t]+[ \t]|[ \t]+)(?:as|import)[ \t][\w.*, \t()])"
)
# How the first line of code begins, and a line of prose, which has so many words one after the other.
_FIRST_LINE = re.compile(
    rb"\s*(?:"
    + _IMPORTED
    + rb"|#|//|/\*|['\"]|[({;]|(?:def|class|function|sub|async|const|let|var|dim|set|if|for|while|try|with|return|new|await"
    rb"|raise|assert|del|global|lambda|export|case|msgbox)\b"
    rb"|[$\w.\[\]:-]+(?:\(|[ \t]*(?:\+|\||:)?=)"
    rb"|(?:sudo|cd|echo|nohup|curl|wget|bash|iex|iwr|irm|start-process|invoke-[a-z]+|new-object)[ \t])",
    re.IGNORECASE,
)
_PROSE = re.compile(rb"(?<![A-Za-z'])(?:[A-Za-z][a-z']*[ \t]){4}[A-Za-z]")
# Strings, and comments at the end of a line: they may hold any words.
_ASIDE = re.compile(rb"(?<!\w)(?:\"[^\"\r\n]*\"|'[^'\r\n]*')|(?<=[\s;)])(?:#|//|'|(?i:rem)\b)[^\r\n]*")
_NO_COMMENT = re.compile(rb"(?m)^[ \t]*(?!#|//|\*|'|rem\b)\S[^\r\n]*")
_LEAST_CODE, _MOST_LINES = 0.7, 1000
_COMMENT_END = re.compile(rb"\*/[\x09\x0a\x0d\x20-\x7e]{8,2000}")
