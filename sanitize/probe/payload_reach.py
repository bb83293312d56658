"""Finds calls in code that reach for a shell, a file of a net or another page, by what they are called with."""

from __future__ import annotations

import re


def find(text: bytes) -> re.Match[bytes] | None:
    """Return the first call of a text that does, and not only names what would. Never raises.

    Its `lastgroup` is a key of `beside_kinds.PAYLOADS`.
    """
    return _REACH.search(text)


# Programs that note the state of things beside a plot: versions, times, names of machines and folders to write into.
# Between words stand blanks in a command, and quotes and commas in a list of them.
_GAP = rb"['\"]?[ \t\r\n,]+[rbf]?['\"]?"
_READING = (
    rb"(?:git" + _GAP + rb"(?:-C" + _GAP + rb"[\w./{}-]+" + _GAP + rb")?"
    rb"(?:rev-parse|rev-list|describe|log|status|diff|show|branch|symbolic-ref|ls-files|remote|tag|--version)"
    rb"|hg" + _GAP + rb"(?:id|identify|log|parents?|summary|status|branch|tip)|svn" + _GAP + rb"(?:info|status|log)"
    rb"|svnversion|date|uname|hostname|whoami|uptime|nproc|lscpu|nvidia-smi|pwd|cd|ls|dir|clear|cls|mkdir)"
    rb"\b(?![./\\-])"
)
# The rest of a command that has a shell run no other. In a list, names may stand between the strings.
_WORDS = rb"(?:[^;|&`$<>()#\r\n'\"]|['\"]\s{0,99},\s{0,99}(?:[\w.]{1,60}(?:\([\w.]{0,60}\))?\s{0,9},\s{0,99}){0,4}[rbf]?['\"])"
# Any other program draws, if it is given a picture, a film, a document or a scene, and neither runs nor fetches what it is given.
_DRAWING = (
    rb"(?!(?:\w*sh|powershell|cmd|start|call|python[\d.]*w?|perl|ruby|php|node|deno|lua\w*|java|curl|wget|ncat?|netcat|socat"
    rb"|telnet|scp|t?ftp|env|exec|eval|source|sudo|su|doas|xargs|nohup|busybox|chmod|mshta|rundll32|regsvr32|certutil"
    rb"|bitsadmin|[cw]script|wmic|msiexec|schtasks|crontab)\b)"
    rb"[A-Za-z][\w-]*(?:\.exe)?(?=[ \t'\"])(?=" + _WORDS + rb"{1,300}?"
    rb"\.(?:png|jpe?g|gif|tiff?|bmp|webp|svg|e?ps|pdf|dvi|tex|dot|gv|gp|gnu|gnuplot|plt|blend|pov|mp4|avi|mov|mkv|webm)\b)"
)
_QUIET = rb"(?:" + _READING + rb"|" + _DRAWING + rb")" + _WORDS + rb"{0,300}"
# A string, or the first of a list of them, in Python.
_ARGUMENT = rb"\(\s*(?:args\s*=\s*)?(?:shlex\.split\(\s*)?(?:[\[(]\s*)?[rbfu]?['\"]"
_RUN = (
    rb"(?:os\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?)|(?:subprocess\.)?Popen|pty\.spawn"
    rb"|subprocess\.(?:run|call|check_call|check_output|getoutput|getstatusoutput))"
    rb"(?!" + _ARGUMENT + _QUIET + rb"(?:&&[ \t]*" + _QUIET + rb"){0,3}['\"])\("
)
# Another page has an address, or one that is put together.
_ADDRESS = (
    rb"\s*=\s*(?:'(?:[^'\r\n]{0,200}?[/:.?#\\%]|[^'\r\n]{0,200}'\s*\+)"
    rb"|\"(?:[^\"\r\n]{0,200}?[/:.?#\\%]|[^\"\r\n]{0,200}\"\s*\+))"
)
# Calls with what they are called with. Commands give a shell to somebody else, or have one do what a net says; functions of
# libraries that are named for what they set or get do no such thing.
_REACH = re.compile(
    rb"\b(?:(?P<command>bash[ \t]+-i[ \t]+>&[ \t]*/dev/tcp/"
    rb"|(?:curl|wget)[ \t][^\r\n|]{4,300}\|[ \t]*(?:sudo[ \t]+)?(?:ba|z|da)?sh\b)"
    rb"|(?P<python>"
    + _RUN
    + rb"|socket\.socket\(|__import__\(\s*['\"]|from[ \t]+os[ \t]+import[ \t]+(?:system|popen)\b"
    rb"|(?:ctypes\.)?(?:windll|oledll|cdll)\.(?!(?:\w+\.)?[GS]et[A-Z])\w|ctypes\.(?:CDLL|WinDLL|OleDLL|PyDLL)\("
    rb"|exec\((?:base64|bytes|compile|__import__|zlib|marshal|codecs|requests|urllib|(?:\w+\.)?urlopen)\b)"
    rb"|(?P<javascript>(?:eval|Function)\((?:(?:atob|unescape|String\.fromCharCode)\(|location\b|function[ \t]*\(p,)"
    rb"|document\.(?:write(?:ln)?|createElement)\(\s*['\"]|(?:(?<=[(=+,])|(?<=[(=+,] ))document\.cookie\b"
    rb"|(?:document|window)\.location(?:\.href)?" + _ADDRESS + rb"|new\s+(?:ActiveXObject|XMLHttpRequest)\("
    rb"|(?:fetch|window\.open|importScripts)\(\s*['\"`](?:https?:)?//|require\(['\"]child_process['\"]\)\s*[.,;\w])"
    rb"|(?P<luascript>os\.execute\s*[(\"'\[]|io\.popen\s*[(\"'\[])"
    rb"|(?P<vbscript>(?i:CreateObject)\s*\(\s*\"(?i:wscript\.|shell\.|msxml2\.|microsoft\.xmlhttp|adodb\.|scripting\.))"
    rb"|(?P<powershell>(?i:New-Object\s+(?:System\.)?Net\.\w+|Start-Process\s+-\w|iex\s*\(\s*(?:New-Object|iwr|irm|curl)\b)"
    rb"|(?i:(?:irm|iwr|Invoke-(?:WebRequest|RestMethod))[ \t][^\r\n|]{4,300}\|[ \t]*(?:iex|Invoke-Expression)\b)"
    rb"|(?i:Invoke-(?:Expression|WebRequest|RestMethod))[ \t]+(?:-\w+[ \t]+(?:\w+[ \t]+)?){0,6}"
    rb"(?:[($'\"]|https?:|[\w-]+\.\w)))"
)
