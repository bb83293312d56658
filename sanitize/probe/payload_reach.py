"""Finds calls in code that reach for a shell, a file of a net or another page, by what they are called with."""

from __future__ import annotations

import re


def find(text: bytes, *, behind: bool = False) -> re.Match[bytes] | None:
    """Return the first call of a text that does, and not only names what would. Never raises.

    Behind an image, where nobody keeps the source of a plot, more calls do. Its `lastgroup` is a key of `beside_kinds.PAYLOADS`.
    """
    return _REACH.search(text) or (_BEHIND.search(text) if behind else None) or _renamed(text, behind=behind)


def _renamed(text: bytes, *, behind: bool) -> re.Match[bytes] | None:
    """Return the first call of Python's that has the name which its import gives it; beside an image, with a command in it."""
    modules, functions = set(), set()
    for imported in _IMPORT.finditer(text):
        if imported["module"]:
            modules.add(imported["module"])
        else:
            functions.update(_NAME.findall(imported["names"]))
    if not modules and not functions:  # as in most texts
        return None
    for call in _CALL.finditer(text):
        is_named = call["of"] in modules if call["of"] else call["function"] in functions or b"*" in functions
        if is_named and (behind or _GIVEN.match(text, call.end() - 1)):
            return call
    return None


# Programs that note the state of things beside a plot: versions, times, names of machines and folders to write into.
# Between words stand blanks in a command, and quotes and commas in a list of them.
_GAP = rb"['\"]?[ \t\r\n,]+[rbf]?['\"]?"
_READING = (
    rb"(?:git" + _GAP + rb"(?:-C" + _GAP + rb"[\w./{}-]+" + _GAP + rb")?"
    rb"(?:rev-parse|rev-list|describe|log|status|diff|show|branch|symbolic-ref|ls-files|remote|tag|--version)"
    rb"|hg" + _GAP + rb"(?:id|identify|log|parents?|summary|status|branch|tip)|svn" + _GAP + rb"(?:info|status|log)"
    rb"|(?:pip|conda)" + _GAP + rb"(?:list|freeze)"
    rb"|svnversion|date|uname|hostname|whoami|uptime|nproc|lscpu|nvidia-smi|pwd|cd|ls|dir|clear|cls|mkdir|sleep|stty|tput|which)"
    rb"\b(?![./\\-])"
)
# The rest of a command that has a shell run no other. In a list, names may stand between the strings.
_WORDS = rb"(?:[^;|&`$<>()#\r\n'\"]|['\"]\s{0,99},\s{0,99}(?:[\w.]{1,60}(?:\([\w.]{0,60}\))?\s{0,9},\s{0,99}){0,4}[rbf]?['\"])"
_PICTURE = rb"\.(?:png|jpe?g|gif|tiff?|bmp|webp|svg|e?ps|pdf|mp4|avi|mov|mkv|webm)(?![\w./\\])"
# Programs that draw, show a picture, clear what they drew or copy it into a folder, and are told to run or fetch nothing.
_DRAWING = (
    rb"(?:(?:ffmpeg|ffplay|dvips|dvipng|dvisvgm|dot|neato|fdp|sfdp|twopi|circo|gnuplot|blender|povray|convert|magick|mogrify|montage"
    rb"|inkscape|(?:pdf|xe|lua)?latex|pdfcrop|pdftoppm|pdftocairo|pdf2svg|epstopdf|ps2pdf|gs|rsvg-convert|cairosvg|optipng"
    rb"|pngquant|gifsicle|potrace|asy|mpost)(?=[ \t'\"])"
    rb"(?![^)#\r\n]{0,300}?(?:://|shell-escape|--python|-P\b|\bpipe\b|/etc/|/cron|/\.[a-z]|['\"]\|))"
    rb"|(?:open|xdg-open|display|eog|feh)" + _GAP + rb"[\w.{}%/-]{1,99}?" + _PICTURE + rb"(?=['\"])"
    rb"|rm[ \t]+(?:-f[ \t]+)?\w[\w-]{0,60}\*" + _PICTURE + rb"(?=['\"])"
    rb"|cp[ \t]+[\w*-]{1,60}" + _PICTURE + rb"[ \t]+(?:~/)?\w[\w/-]{0,99}/(?=['\"]))"
)
_QUIET = rb"(?:" + _READING + rb"|" + _DRAWING + rb")" + _WORDS + rb"{0,300}"
_QUIETLY = (
    _QUIET
    + rb"(?:&&[ \t]*"
    + _QUIET
    + rb"){0,3}['\"](?=[ \t]*(?:[)\]},+%.:\r\n]|if\b|\Z))(?!\s*(?:[,+]|\.\.)\s*[rbf]?['\"])"
)
# A string, or the first of a list of them, in Python.
_ARGUMENT = rb"\(\s*(?:args\s*=\s*)?(?:shlex\.split\(\s*)?(?:[\[(]\s*)?[rbfu]?['\"]"
_OF_OS = rb"(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?)"
_OF_SUBPROCESS = rb"(?:run|call|check_call|check_output|getoutput|getstatusoutput|Popen)"
_RUN = (
    rb"(?:os\." + _OF_OS + rb"|(?<![\w.])Popen(?=" + _ARGUMENT + rb")|pty\.spawn|subprocess\." + _OF_SUBPROCESS + rb")"
    rb"(?!" + _ARGUMENT + _QUIETLY + rb")\("
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
    rb"|(?P<python>" + _RUN + rb"|socket\.socket\(|__import__\(\s*['\"]"
    rb"|from[ \t]+(?:os|subprocess)[ \t]+import[ \t]+(?:\w{1,60}[ \t]*,[ \t]*){0,9}(?:system|popen|run|Popen)[ \t]+as\b"
    rb"|(?:ctypes\.)?(?:windll|oledll|cdll)\.(?!(?:\w+\.)?[GS]et[A-Z])\w|ctypes\.(?:CDLL|WinDLL|OleDLL|PyDLL)\("
    rb"|exec\((?:base64|bytes|compile|__import__|zlib|marshal|codecs|requests|urllib|(?:\w+\.)?urlopen)\b)"
    rb"|(?P<javascript>(?:eval|Function)\((?:(?:atob|unescape|String\.fromCharCode)\(|location\b|function[ \t]*\(p,)"
    rb"|document\.(?:write(?:ln)?|createElement)\(\s*['\"]|(?:(?<=[(=+,])|(?<=[(=+,] ))document\.cookie\b"
    rb"|(?:document|window)\.location(?:\.href)?" + _ADDRESS + rb"|new\s+(?:ActiveXObject|XMLHttpRequest)\("
    rb"|require\(['\"]child_process['\"]\)\s*[.,;\w\[])"
    rb"|(?P<luascript>(?:os\.execute|io\.popen)(?!\s*\(?\s*['\"]" + _QUIETLY + rb")\s*[(\"'\[])"
    rb"|(?P<vbscript>(?i:CreateObject)\s*\(\s*\"(?i:wscript\.|shell\.|msxml2\.|microsoft\.xmlhttp|adodb\.|scripting\.))"
    rb"|(?P<powershell>(?i:New-Object\s+(?:System\.)?Net\.\w+|Start-Process\s+-\w|iex\s*\(\s*(?:New-Object|iwr|irm|curl)\b)"
    rb"|(?i:(?:irm|iwr|Invoke-(?:WebRequest|RestMethod))[ \t][^\r\n|]{4,300}\|[ \t]*(?:iex|Invoke-Expression)\b)"
    rb"|(?i:Invoke-(?:Expression|WebRequest|RestMethod))[ \t]+(?:-\w+[ \t]+(?:\w+[ \t]+)?){0,6}"
    rb"(?:[($'\"]|https?:|[\w-]+\.\w)))"
)
# What else reaches out where no plot's source is kept: pages load such files, and programs clear such folders, for themselves.
_BEHIND = re.compile(
    rb"\b(?:(?P<python>(?:exec|eval)\((?:sys\.argv|\w{1,60}\.recv\(|compile\(|base64\.|zlib\.|marshal\.)"
    rb"|os\.startfile\(|socket\.create_connection\("
    rb"|(?:shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs))\(\s*['\"](?:[/~]|\w:))"
    rb"|(?P<javascript>(?:document|window)\.location\.(?:replace|assign)\(\s*['\"`]|window\.open\(\s*['\"`](?:https?:)?//"
    rb"|document\.write(?:ln)?\(\s*(?:unescape|atob|decodeURI\w*|String\.fromCharCode)\("
    rb"|eval\(\w{1,60}\.(?:data|name|response(?:Text)?)\b|eval\(await\b"
    # As tests of pages have it, alone on a line: what follows it in a log is none.
    rb"|(?m:^)[ \t]*(?:alert|confirm|prompt|eval)\(\s*(?:\d{1,9}|['\"`][^\r\n]{0,200}?['\"`])\s*\)[ \t]*;?[ \t]*(?=[\r\n]|\Z)"
    rb"|require\(['\"](?:fs['\"]\)\s*\.\s*(?:unlink|rm|chmod)|(?:net|https?)['\"]\)\s*\.\s*(?:connect|get|request)\())"
    rb"|(?P<vbscript>(?i:CreateObject)\s*\(\s*\"(?i:winhttp\.|internetexplorer\.|outlook\.))"
    rb"|(?P<powershell>(?i:iex\s*\(\s*(?:\[|[\w-]{1,60}[ \t]+[\w.:\\/-]{1,99}\.\w)"
    rb"|(?:irm|iwr)[ \t][^\r\n;|]{4,300};[ \t]*(?:iex|Invoke-Expression)\b)))"
)
# What is imported by another name, or by its own without that of its module, and the calls of it.
_IMPORT = re.compile(
    rb"\b(?:import[ \t]+(?:[\w.]{1,60}[ \t]*,[ \t]*){0,9}(?:os|subprocess|pty|shutil)[ \t]+as[ \t]+(?P<module>\w{1,60})"
    rb"|from[ \t]+(?:os|subprocess|pty|shutil)[ \t]+import[ \t]+(?P<names>\([\w*,\s]{1,300}|[\w*, \t]{1,300}))"
)
_NAME = re.compile(rb"\w+|\*")
_CALL = re.compile(
    rb"(?P<python>(?<![\w.])(?:(?P<of>\w{1,60})\.)?(?P<function>" + _OF_OS + rb"|" + _OF_SUBPROCESS + rb"|spawn|rmtree)"
    rb"(?!" + _ARGUMENT + _QUIETLY + rb")\()"
)
_GIVEN = re.compile(_ARGUMENT)
