"""Finds scripts and code without tags among bytes, by how they are written."""

from __future__ import annotations

import re
from itertools import islice

from sanitize.probe import payload_reach, powershell_calls
from sanitize.probe.payload import Payload, words
from sanitize.probe.payload_captions import is_caption


def script(data: bytes, start: int, end: int) -> Payload | None:
    """Return a script whose first line is at `start`, but for blanks. Never raises.

    Where words follow the line, it is a caption.
    """
    match = _SCRIPT.match(data, start, end)
    if match is None or match.lastgroup is None:
        return None
    if match.lastgroup != "call" and _is_told(data[slice(*bounds(data, match.end(), min(end, match.end() + _SHOWN)))]):
        return None
    kind = "shell" if match.lastgroup == "shell" else "batch"
    return Payload(kind, match.start(match.lastgroup), end, f"`{words(match[match.lastgroup])}`")


def code(data: bytes, start: int, end: int, *, behind: bool = False) -> Payload | None:
    """Return the code that bytes, which are known to be text, are, if it reaches for a shell, a page or a net. Never raises.

    What stands in comments, and captions and other texts that quote code, are none. Behind an image few people write: there it
    may begin as it likes, but for words.
    """
    text = data[slice(*bounds(data, start, end))]  # whose beginning is that of a line, and of a word
    call = payload_reach.find(text, behind=behind)
    if call is None:  # as in most texts
        return None
    bare = _COMMENT.sub(b"", text)
    call = call if bare == text else payload_reach.find(bare, behind=behind)
    if call is None or call.lastgroup is None or not _is_written_as_code(text, bare, behind=behind):
        return None
    if is_caption(text, call.start(), call.lastgroup):
        return None
    return Payload(call.lastgroup, start, end, f"`{words(text)}`")


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
    return first, first + len(data[first:last].rstrip(_BLANKS))


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


_BLANKS = b" \t\r\n\f"
_FILLING = re.compile(rb"(?:[\s\0]|\xef\xbb\xbf)*")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Letters with accents and comments in other languages are in Latin-1, Windows' code pages and the like such a part at most.
_NO_ASCII, _MOST_NO_ASCII = bytes(range(128, 256)), 0.25


# So much of what follows the first line of a script tells what it is.
_SHOWN = 4096
_SCRIPT = re.compile(
    rb"(?:[\s\0]|\xef\xbb\xbf){0,64}(?:"
    rb"(?P<shell>#![ \t]?/(?:usr|bin|opt|system|sbin|home)[\x21-\x7e]{3,100}(?:[ \t]+[\x21-\x7e]+){0,3}[ \t]*[\r\n])"
    # Captions begin so, too: "@Echo Official", "Powershell - a photo".
    rb"|(?P<batch>(?i:@echo[ \t]+off)(?=[ \t]*(?:[\r\n\0&]|\Z))[\x20-\x7e]{0,200}(?:[\r\n\0]|\Z))"
    rb"|(?P<call>(?i:" + powershell_calls.CALL + rb")[\x20-\x7e]{0,200}(?:[\r\n\0]|\Z)))"
)


def _is_written_as_code(text: bytes, bare: bytes, *, behind: bool) -> bool:
    """Tell whether a text is code and no words about it: by its first line, and by most of those that are no comments.

    `bare` is the text without comments.
    """
    lines = [line[0] for line in islice(_LINE.finditer(bare), _MOST_LINES)]
    told = sum(1 for line in lines if _PROSE.search(_ASIDE.sub(b"", line)) and not _IMPORT.match(line))
    begins = _FIRST_LINE.match(text) is not None or (behind and not _ABOUT.match(bare))
    return begins and told <= (1 - _LEAST_CODE) * len(lines) and not _is_markdown(text)


def _is_markdown(text: bytes) -> bool:
    """Tell whether code is fenced off in a text, as no language has it but in strings and comments of many lines."""
    fence = _FENCE.search(text)
    return fence is not None and _MANY_LINES.search(text, 0, fence.start()) is None


def _is_told(text: bytes) -> bool:
    """Tell whether the first line of a text and most others are words, and none begins as code or a command does."""
    lines = [line[0] for line in _LINE.finditer(text)]
    told = [bool(_SAID.match(line) or _PROSE.search(_ASIDE.sub(b"", line))) for line in lines]
    is_told = bool(lines) and _SAID.match(lines[0]) is not None and 2 * sum(told) > len(lines)
    return is_told and not any(_FIRST_LINE.match(line) or _COMMAND.match(line) for line in lines)


# What a line imports, to its end. That this comes is seen first, once: to try it for each name would take for ever.
_LINE_END = rb"(?:[;#\r\n]|\Z)"
_IMPORTED = (
    rb"(?:import|from)[ \t]+[\w.]+(?![\w.])(?=[\w.*, \t()]*" + _LINE_END + rb")"
    rb"(?:[ \t]*(?:,[\w., \t]+)?" + _LINE_END + rb"|(?:[ \t]*,[\w., \t]+[ \t]|[ \t]+)(?:as|import)[ \t][\w.*, \t()])"
)
_IMPORT = re.compile(rb"[ \t]*" + _IMPORTED)
# How the first line of code begins, and a line of prose, which has so many words one after the other.
_FIRST_LINE = re.compile(
    rb"\s*(?:"
    + _IMPORTED
    + rb"|#|//|/\*|['\"]|[({;]|(?:def|class|function|sub|async|const|let|local|var|dim|set|if|for|while|try|with|return|new|await"
    rb"|raise|assert|del|global|lambda|export|case|msgbox|on[ \t]+error|option[ \t]+explicit|attribute[ \t]+vb_\w+"
    rb"|(?:private|public)[ \t]+(?:sub|function|const)|do[ \t]+(?:while|until)|randomize)\b"
    rb"|[$\w.\[\]:-]+(?:\(|[ \t]*(?:\+|\||:)?=)"
    rb"|(?:sudo|cd|echo|nohup|curl|wget|bash|iex|iwr|irm|start-process|invoke-[a-z]+|new-object)[ \t])",
    re.IGNORECASE,
)
_PROSE = re.compile(
    rb"(?<![A-Za-z'])(?:[A-Za-z][a-z']*[ \t]){4}[A-Za-z]|^[ \t]*[A-Z][a-z']*(?:,?[ \t][\w'`-]+)*[.!?][ \t]*\Z"
)
# How words, logs and what was copied from a terminal begin: a title, a time, a prompt, the name of what is told.
_ABOUT = re.compile(
    rb"\s*(?:[A-Z][\w']*,?[ \t]+[a-z]+,?[ \t]|[A-Z]\w*[ \t]*[\r\n]|[A-Z][a-z]{2}[ \t]+\d|\[?\d+[:/.-]\d"
    rb"|(?:\d+[.)]|-|(?:[A-Z][A-Za-z]*|[a-z]+[ \t]\d+)[ \t]+-)[ \t]"
    rb"|[$>][ \t](?!/)|[\w.@-]{0,60}:?[~/][\w./~-]{0,99}[$#][ \t]|PS [A-Z]:\\"
    rb"|(?:Uncaught[ \t]+)?[A-Za-z]\w*:\s|(?:\w+[ \t]+){0,2}(?:ERR|ERROR|WARN|WARNING|INFO|DEBUG|FATAL)\b"
    rb"|Traceback[ \t]\(|\w/\w+:[ \t]|at[ \t]+\w+\.)"
)
# A line behind the first of a script that is one of a caption: a sentence, a name with more to it, or the rest of such. A name
# alone, or with one word, may be a program's.
_SAID = re.compile(
    rb"[ \t]*(?:(?=[^\r\n]*(?:[,.!?]|[ \t]\S+[ \t]+\S))[A-Z][\w'-]*(?:[,:]?[ \t]+\(?[\w'-]+\)?)*[.!?]?[ \t]*\Z"
    rb"|(?:is|was|and|in|on|of|from|by|my|our|the|this|an?)\b)"
)
_COMMAND = re.compile(rb"[ \t]*(?:(?i:" + powershell_calls.COMMANDS + rb")|[A-Z][a-z]+-[A-Z])")
# Strings, what a shell prints, and comments at the end of a line: they may hold any words.
_ASIDE = re.compile(
    rb"^[ \t]*echo[ \t][^\r\n;|&]*|(?<!\w)(?:\"[^\"\r\n]*\"|'[^'\r\n]*')|(?<=[\s;)])(?:#|//|'|(?i:rem)\b)[^\r\n]*"
)
# What begins with a quote and has another is a string, and a star with numbers or others behind it the time of a `crontab`.
_COMMENT = re.compile(rb"(?m)^[ \t]*(?:#|//|\*(?!/|[ \t]+[\d*])|'(?![^'\r\n]*')|rem\b)[^\r\n]*")
_LINE = re.compile(rb"(?m)^[ \t]*[^\s][^\r\n]*")
_FENCE, _MANY_LINES = re.compile(rb"(?m)^[ \t]*```"), re.compile(rb"\"\"\"|'''|/\*|<<|`[^`\r\n]*$", re.MULTILINE)
_LEAST_CODE, _MOST_LINES = 0.7, 1000
_COMMENT_END = re.compile(rb"\*/[\x09\x0a\x0d\x20-\x7e]{8,2000}")
