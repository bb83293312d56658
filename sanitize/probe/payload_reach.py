"""Finds calls in code that reach for a shell, a file of a net or another page, by what they are called with."""

from __future__ import annotations

import re

#: Commands that give a shell to somebody else, or have one do what a net says.
COMMAND = (
    rb"(?:bash[ \t]+-i[ \t]+>&[ \t]*/dev/tcp/"
    rb"|(?:curl|wget)[ \t][^\r\n|]{4,300}\|[ \t]*(?:sudo[ \t]+)?(?:ba|z|da)?sh\b)"
)


def reaches_out(text: bytes) -> bool:
    """Tell whether a text calls for a shell, a file of a net or another page, and not only names what would. Never raises."""
    return _REACH.search(text) is not None


# What programs that draw plots ask other programs, to note it beside the plot: versions, times and names of machines, with
# nothing that would have a shell run more. Between words stand blanks in a command, and quotes and commas in a list of them.
_GAP = rb"['\"]?[ \t\r\n,]+[rbf]?['\"]?"
_READING = (
    rb"(?:git" + _GAP + rb"(?:-C" + _GAP + rb"[\w./{}-]+" + _GAP + rb")?"
    rb"(?:rev-parse|rev-list|describe|log|status|diff|show|branch|symbolic-ref|ls-files|remote|tag|--version)"
    rb"|hg" + _GAP + rb"(?:id|identify|log|parents?|summary|status|branch|tip)|svn" + _GAP + rb"(?:info|status|log)"
    rb"|svnversion|date|uname|hostname|whoami|uptime|nproc|lscpu|nvidia-smi|pwd|ls|dir|clear|cls)"
    rb"\b(?![./\\-])(?:[^;|&`$<>()\r\n'\"]|['\"][ \t\r\n]*,[ \t\r\n]*[rbf]?['\"]){0,200}?['\"]"
)
# A string, or the first of a list of them, in Python.
_ARGUMENT = rb"\(\s*(?:args\s*=\s*)?(?:shlex\.split\(\s*)?(?:[\[(]\s*)?[rbfu]?['\"]"
_RUN = (
    rb"(?:os\.(?:system|popen)|subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput))"
    rb"(?!" + _ARGUMENT + _READING + rb")\("
)
# Another page has an address, or one that is put together.
_ADDRESS = (
    rb"\s*=\s*(?:'(?:[^'\r\n]{0,200}?[/:.?#\\%]|[^'\r\n]{0,200}'\s*\+)"
    rb"|\"(?:[^\"\r\n]{0,200}?[/:.?#\\%]|[^\"\r\n]{0,200}\"\s*\+))"
)
# Calls with what they are called with.
_REACH = re.compile(
    rb"\b(?:" + COMMAND + rb"|" + _RUN + rb"|socket\.socket\(|ctypes\.\w+[.(]|__import__\(\s*['\"]"
    rb"|exec\((?:base64|bytes|compile|__import__)"
    rb"|(?:eval|Function)\((?:atob|unescape|String\.fromCharCode)\(|document\.(?:write(?:ln)?|createElement)\(\s*['\"]"
    rb"|(?:document|window)\.location(?:\.href)?" + _ADDRESS + rb"|new\s+(?:ActiveXObject|XMLHttpRequest)\("
    rb"|require\(['\"]child_process['\"]\)\s*[.,;\w]"
    rb"|(?i:CreateObject)\s*\(\s*\"(?i:wscript\.|shell\.|msxml2\.|microsoft\.xmlhttp|adodb\.|scripting\.)"
    rb"|(?i:New-Object\s+(?:System\.)?Net\.\w+|Start-Process\s+-\w|iex\s*\(\s*(?:New-Object|iwr|irm|curl)\b)"
    rb"|(?i:Invoke-(?:Expression|WebRequest|RestMethod))[ \t]+(?:-\w+[ \t]+(?:\w+[ \t]+)?){0,6}"
    rb"(?:[($'\"]|https?:|[\w-]+\.\w))"
)
