"""Finds scripts, code and pages among bytes, by how they are written."""

from __future__ import annotations

import bisect
import re
from itertools import islice

from sanitize.probe.payload import MOST_CANDIDATES, Payload, words


def markup(data: bytes, start: int, end: int) -> Payload | None:
    """Return code or a page in the bytes between two places, if any of them is written there as text. Never raises.

    Names, titles and captions in XMP data, and strings in JSON, may hold bits of pages, which no browser sees: in the former
    only what a server runs and whole scripts count, in the latter only what a server runs.
    """
    packets: list[tuple[int, int]] | None = None
    for opening in islice(_OPENING.finditer(data, start, end), MOST_CANDIDATES):
        match = _MARKUP.match(data, opening.start(), end)
        kind = match.lastgroup if match else None
        if kind is None:
            continue
        if kind in _EXCUSED_IN_JSON and _is_in_json(data, start, opening.start()):
            continue
        if kind in _EXCUSED_IN_XMP:
            packets = _xmp_packets(data, start, end) if packets is None else packets
            before = bisect.bisect(packets, (opening.start(), end))
            if before and opening.start() < packets[before - 1][1]:
                continue
        printed = _PRINTED.match(data, opening.start(), end)
        return Payload(_MARKUP_KINDS[kind], opening.start(), end, f"`{words(printed[0])}`" if printed else None)
    return None


def script(data: bytes, start: int, end: int) -> Payload | None:
    """Return a script whose first line is at `start`, but for blanks. Never raises."""
    match = _SCRIPT.match(data, start, end)
    if match is None:
        return None
    kind = "shell" if match["shell"] else "batch"
    return Payload(kind, match.start(kind), end, f"`{words(match[kind])}`")


def code(data: bytes, start: int, end: int) -> Payload | None:
    """Return code without a tag or an interpreter line, in bytes that are known to be text and nothing else. Never raises."""
    text = data[start:end]  # whose beginning is that of a line
    match = _CODE.search(text)
    if match is None or match.lastgroup is None:
        return None
    return Payload(match.lastgroup, start, end, f"`{words(text)}`")


def reaches_out(data: bytes, start: int, end: int) -> bool:
    """Tell whether a text calls for a shell, a file of a net or another page, and not only names what would. Never raises."""
    return _REACH.search(data[start:end]) is not None  # whose beginning is that of a word


def is_written_as_code(data: bytes, start: int, end: int) -> bool:
    """Tell whether a text is code and no words about it: by its first line, and by most of those that are no comments."""
    text = data[start:end]
    lines = [line[0] for line in islice(_NO_COMMENT.finditer(text), _MOST_LINES)]
    told = sum(1 for line in lines if _PROSE.search(line))
    return _FIRST_LINE.match(text) is not None and told <= (1 - _LEAST_CODE) * len(lines)


def commented(data: bytes, start: int, end: int) -> Payload | None:
    """Return JavaScript behind the end of a comment that began in the header, which hides the image from a browser."""
    for match in _COMMENT_END.finditer(data, start, end):
        if any(letter in match[0] for letter in (b"=", b"(", b";")):
            return Payload("javascript", match.start() + 2, match.end(), f"`{words(match[0][2:])}`")
    return None


def is_text(data: bytes) -> bool:
    """Tell whether bytes are text in UTF-8, which may be cut off at its end."""
    if _CONTROL.search(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3 and error.start > 0
    return True


_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Letters in any case: no server and no browser minds. Neither words about a tag nor binary data that happen to hold one
# go on as code or a page does.
_OPENING = re.compile(
    rb"<(?:\?(?:php|=|\s)|%|script|hta:|iframe\s|img\s|svg\s|body\s|video\s|audio\s|input\s|details\s|object\s"
    rb"|!doctype|html)",
    re.IGNORECASE,
)
_TAGS = rb"(?:html|head|body|title|meta|script|style|div|p|table|h[1-6]|center|frameset|form|img|a)[\s/>]"
_TEXT = rb"[\x09-\x0d\x20-\x7e\x80-\xff]{0,1000}?"
# What runs in a script: a call, an assignment, an import. Words stand before brackets, too, but go on behind them.
_RUNS = rb"(?:[\w\])]\(|[\w\])]\s{1,9}\([^()<>]{0,200}\)\s{0,9}(?:[;.]|</script)|[\w\])]`[^`<>]{0,200}`|=|\bimport\s{0,9}['\"])"
_RUNNING_BODY = rb"(?:[\s/][^<>]{0,300})?>(?:(?!</script)[\x09-\x0d\x20-\x7e\x80-\xff]){0,%d}?" + _RUNS
_SOURCE = rb"[\s/](?:[^<>]{0,300}[\s/'\"])?(?:xlink:)?(?:src|href)\s*=[^<>]{1,300}>"
_MARKUP = re.compile(
    rb"<(?:"
    rb"(?P<php>\?php[\s/][\x09-\x0d\x20-\x7e]{1,200}?(?:[;($]|\?>)"
    # Dark pixels are such signs in any order: behind a short tag a variable or a call is to follow, and an end.
    rb"|\?(?:=|\s)\s*(?:[@`]?\$[a-z_]\w*\s?(?:[;\[=(.-]|(?=\?>))|(?:echo|print|include|require|if|foreach)\b|@?[a-z_]\w{2,}\s?\()"
    rb"[\x09-\x0d\x20-\x7e]{0,300}?\?>)"
    rb"|(?P<server>%(?:@\s*(?:page|import|include|taglib|language)\b"
    rb"|[@=!]?\s*(?:language\s*=|import\s|eval\b|execute\b|response\.|request\b|runtime\b|out\.print|system\.))"
    rb"[\x09-\x0d\x20-\x7e]{2,400}?%>)"
    rb"|(?P<script>script(?:" + _SOURCE + _TEXT + rb"</script"
    rb"|(?=[^<>]{0,301}>" + _TEXT + rb"</script)" + _RUNNING_BODY % 1000 + rb")|hta:application\b)"
    rb"|(?P<running>script(?:" + _SOURCE + rb"|" + _RUNNING_BODY % 200 + rb")|iframe\s[^<>]{1,300}>"
    rb"|(?:img|svg|body|video|audio|input|details|object)\s[^<>]{0,200}?\bon(?:error|load|click|focus|toggle|mouseover)\s*=)"
    # Words about tags name several of them, between blanks, and go on behind the last.
    rb"|(?P<page>!doctype\s+html\b[^<>]{0,200}>\s{0,200}<"
    + _TAGS
    + rb"|(?:!doctype\s+html\b[^<>]{0,200}|html(?:\s[^<>]{0,300})?)>"
    rb"(?:(?:[ \t]{0,200}[\r\n]\s{0,200})?<"
    + _TAGS
    + rb"|(?=[a-z\x80-\xff])"
    + _TEXT
    + rb"</"
    + _TAGS
    + rb"|(?<![\w,.:;]\x20<html>)"
    + _TEXT
    + rb"</html\s{0,9}>(?![.,;:)'\"]|[ \t]+[a-z])))"
    rb")",
    re.IGNORECASE,
)
_MARKUP_KINDS = {
    "php": "php",
    "server": "server-page",
    "script": "html-script",
    "running": "html-script",
    "page": "html",
}
_EXCUSED_IN_XMP = frozenset({"running", "page"})
_EXCUSED_IN_JSON = frozenset({"running", "page", "script"})
# JSON may begin behind a length or a name, and so far before.
_JSON = re.compile(rb"[^{\[]{0,24}[{\[]\s*(?:[{\[]\s*)*\"")
_STRING_END = re.compile(rb"\\.|(\")", re.DOTALL)
_NO_TEXT = [bytes([value]) for value in (*range(9), 11, *range(14, 32), 127, 254, 255)]
_JSON_BEFORE = 1 << 16


def _begun(name: bytes, least: int) -> bytes:
    """Return an expression for a name of which only so many letters are needed."""
    return name[:least] + b"".join(b"(?:%c" % letter for letter in name[least:]) + b")?" * (len(name) - least)


# What PowerShell takes by itself, with what has to follow (Microsoft, `about_PowerShell_exe`).
_PARAMETER = (
    rb"[-/](?:(?:"
    + b"|".join(_begun(*name) for name in ((b"noprofile", 3), (b"noninteractive", 4), (b"nologo", 3), (b"noexit", 3)))
    + rb")(?![\w-])"
    rb"|(?:ep|"
    + _begun(b"executionpolicy", 2)
    + rb")[ \t]+['\"]?(?:bypass|unrestricted|remotesigned|allsigned|restricted|default|undefined)\b"
    rb"|"
    + _begun(b"windowstyle", 1)
    + rb"[ \t]+['\"]?(?:h(?:id(?:den)?)?|n(?:ormal)?|min(?:imized)?|max(?:imized)?|[0-3])(?![\w-])"
    rb"|(?:ec|" + _begun(b"encodedcommand", 1) + rb")[ \t]+['\"]?[\w+/=]{20}"
    rb"|" + _begun(b"command", 1) + rb"[ \t]+['\"&{($\w]"
    rb"|" + _begun(b"file", 1) + rb"[ \t]+[^\r\n]{1,200}?\.ps1\b"
    rb"|(?:sta|mta|(?:" + _begun(b"version", 1) + rb"[ \t]+[\d.]{1,5})"
    rb"|(?:if|of|inp|outp|inputformat|outputformat)[ \t]+(?:text|xml))[ \t]+[-/]\w)"
)
_SCRIPT = re.compile(
    rb"[\s\0]{0,64}(?:"
    rb"(?P<shell>#![ \t]?/(?:usr|bin|opt|system|sbin|home)[\x21-\x7e]{3,100}(?:[ \t]+[\x21-\x7e]+){0,3}[ \t]*[\r\n])"
    # Captions begin so, too: "@Echo Official", "Powershell - a photo".
    rb"|(?P<batch>(?:(?i:@echo[ \t]+off)(?=[ \t]*(?:[\r\n\0&]|\Z))|(?i:powershell(?:\.exe)?[ \t]+"
    + _PARAMETER
    + rb"))[\x20-\x7e]{0,200}(?:[\r\n\0]|\Z)))"
)
# Commands that give a shell to somebody else, or have one do what a net says.
_COMMAND = (
    rb"(?:bash[ \t]+-i[ \t]+>&[ \t]*/dev/tcp/"
    rb"|(?:curl|wget)[ \t][^\r\n|]{4,300}\|[ \t]*(?:sudo[ \t]+)?(?:ba|z|da)?sh\b)"
)
# What prose does not say: calls that reach for a page, a shell or a file.
_CODE = re.compile(
    rb"(?P<javascript>\b(?:document\.(?:cookie|location|body|write(?:ln)?\(|createElement\()|window\.(?:location|open\()"
    rb"|(?:eval|alert|atob|String\.fromCharCode)\([^()\s]|new\s+(?:ActiveXObject|XMLHttpRequest)\b|require\(['\"]\w))"
    rb"|(?P<vbscript>\b(?i:CreateObject)\s*\(\s*\")"
    rb"|(?P<powershell>(?i:\bNew-Object\s+(?:System\.)?Net\.|\bInvoke-(?:Expression|WebRequest|RestMethod)\s|\bStart-Process\s+-)"
    rb"|\b(?i:iex)\s*[($])"
    rb"|(?P<command>\b" + _COMMAND + rb")"
    rb"|(?P<python>(?m:^)[ \t]*(?:import|from)[ \t]+(?:os|sys|socket|subprocess|ctypes|base64)\b|\b(?:os\.system|__import__)\()"
)
# Calls with what they are called with.
_REACH = re.compile(
    rb"\b(?:"
    + _COMMAND
    + rb"|os\.(?:system|popen)\(|subprocess\.\w+\(|socket\.socket\(|ctypes\.\w+[.(]|__import__\(\s*['\"]"
    rb"|exec\((?:base64|bytes|compile|__import__)"
    rb"|(?:eval|Function)\((?:atob|unescape|String\.fromCharCode)\(|document\.(?:write(?:ln)?|createElement)\(\s*['\"]"
    rb"|(?:document|window)\.location(?:\.href)?\s*=\s*['\"]|new\s+(?:ActiveXObject|XMLHttpRequest)\(|require\(['\"]child_process"
    rb"|(?i:CreateObject)\s*\(\s*\"(?i:wscript\.|shell\.|msxml2\.|microsoft\.xmlhttp|adodb\.|scripting\.)"
    rb"|(?i:New-Object\s+(?:System\.)?Net\.\w+|Start-Process\s+-\w|iex\s*\(\s*(?:New-Object|iwr|irm|curl)\b)"
    rb"|(?i:Invoke-(?:Expression|WebRequest|RestMethod))\s+[-($'\"]|(?i:Invoke-(?:WebRequest|RestMethod))\s+https?:)"
)
# How the first line of code begins, and a line of prose, which has so many words one after the other.
_FIRST_LINE = re.compile(
    rb"\s*(?:(?:import|from)[ \t]+[\w.]+(?:[ \t]+(?:as|import)[ \t]+[\w.*, \t()]+|[ \t]*,[ \t]*[\w., \t]+)*[ \t]*(?:[;#\r\n]|\Z)"
    rb"|#|//|/\*|['\"]|[({;]|(?:def|class|function|sub|async|const|let|var|dim|set|if|for|while|try|with|return|new|await)\b"
    rb"|[$\w.\[\]:-]+(?:\(|[ \t]*(?:\+|\||:)?=)|(?:curl|wget|bash|iex|iwr|irm|start-process|invoke-[a-z]+|new-object)[ \t])",
    re.IGNORECASE,
)
_PROSE = re.compile(rb"(?:[A-Za-z][a-z']*[ \t]){4}[A-Za-z]")
_NO_COMMENT = re.compile(rb"(?m)^[ \t]*(?!#|//|\*|'|rem\b)\S[^\r\n]*")
_LEAST_CODE, _MOST_LINES = 0.7, 1000
_PRINTED = re.compile(rb"[\x09-\x0d\x20-\x7e]{0,200}")
_COMMENT_END = re.compile(rb"\*/[\x09\x0a\x0d\x20-\x7e]{8,2000}")


def _is_in_json(data: bytes, start: int, at: int) -> bool:
    """Tell whether a place lies in a string of a text in JSON, which begins behind `start`."""
    before = data[max(start, at - _JSON_BEFORE) : at]
    text = before[max(before.rfind(value) for value in _NO_TEXT) + 1 :]
    begins = _JSON.match(text)
    quotes = sum(1 for end in _STRING_END.finditer(text, begins.end()) if end[1]) if begins else 1
    return quotes % 2 == 0


_XMP_MARK = re.compile(rb"(?P<begins><\?xpacket begin|<x:xmpmeta|<rdf:RDF)|<\?xpacket end|</x:xmpmeta|</rdf:RDF")


def _xmp_packets(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return where XMP packets, or pieces of them, lie between two places, in order."""
    packets: list[tuple[int, int]] = []
    begun: int | None = None
    for mark in _XMP_MARK.finditer(data, start, data.rfind(b"</rdf:RDF", start, end) + len(b"</rdf:RDF")):
        if not mark["begins"]:
            packets += [] if begun is None else [(begun, mark.start())]
            begun = None
        elif begun is None:
            begun = mark.start()
    return packets
