"""How a call of PowerShell is written that runs something, and is no caption that begins with the name."""

from __future__ import annotations


def _begun(name: bytes, least: int) -> bytes:
    """Return an expression for a name of which only so many letters are needed."""
    return name[:least] + b"".join(b"(?:%c" % letter for letter in name[least:]) + b")?" * (len(name) - least)


def _words(least: int) -> bytes:
    """Return an expression for words, so many or more and no command among them, to the end of a line."""
    return rb"(?:\w+(?:[,:]?[ \t]+\w[\w'-]*){%d,}[.!?]?[ \t]*(?:[\r\n\0]|\Z))" % (least - 1)


#: Windows' own commands and short names of PowerShell's (Microsoft, "Windows commands" and `Get-Alias`), but for those that a
#: caption may begin with. In words alone, of which one might be made, a command begins with one of these.
COMMANDS = (
    rb"(?:assoc|attrib|bcdedit|bitsadmin|cacls|calc|call|cat|cd|certutil|chkdsk|cipher|cls|cmd|cmdkey|color|copy|cp|cscript|curl|del"
    rb"|dir|diskpart|dism|echo|erase|exit|explorer|format|fsutil|ftp|gc|gci|gcm|goto|gps|gsv|gwmi|icacls|icm|iex|ii|ipconfig|irm|iwr|kill"
    rb"|logoff|ls|md|mkdir|mklink|move|mshta|msiexec|mstsc|mv|net|netsh|netstat|ni|notepad|nslookup|ping|powercfg|powershell|ps|pwsh"
    rb"|quser|rd|reg|regedit|regsvr32|ren|rename|ri|rm|rmdir|robocopy|route|rundll32|runas|saps|sasv|sc|schtasks|setx|shutdown"
    rb"|sleep|spps|spsv|start|subst|systeminfo|takeown|taskkill|tasklist|telnet|tftp|timeout|title|tracert|tskill|vssadmin|wevtutil"
    rb"|wget|wmic|wscript|wusa|xcopy)\b"
)
# Words that only a sentence goes on with.
_JOINING = rb"(?:is|was|are|in|on|at|and|or|of|from|with|by|for|as|to)\b"
# What PowerShell is told to run: several words, or a name behind the first, only where a command is among them.
_RUN = rb"(?:(?=" + COMMANDS + rb")|(?!" + _words(3) + rb"|\w+[ \t]+(?-i:[A-Z])))['\"&{($\w.%~\\]"
# Switches that run nothing by themselves.
_ALONE = (
    rb"(?:"
    + b"|".join(_begun(*name) for name in ((b"noprofile", 3), (b"noninteractive", 4), (b"nologo", 3), (b"noexit", 3)))
    + rb")(?![\w-])"
)
_FORMS = (
    rb"(?:sta|mta|"
    + _begun(b"version", 1)
    + rb"[ \t]+[\d.]{1,5}|(?:if|of|inp|outp|inputformat|outputformat)[ \t]+(?:text|xml))(?![\w-])"
)
# What PowerShell takes by itself, with what has to follow (Microsoft, `about_PowerShell_exe`).
_PARAMETER = (
    rb"[-/](?:(?:(?:ep|"
    + _begun(b"executionpolicy", 2)
    + rb")[ \t]+['\"]?(?:bypass|unrestricted|remotesigned|allsigned|restricted|default|undefined)\b"
    rb"|"
    + _begun(b"windowstyle", 1)
    + rb"[ \t]+['\"]?(?:h(?:id(?:den)?)?|n(?:ormal)?|min(?:imized)?|max(?:imized)?|[0-3])(?![\w-])"
    rb"|"
    + _begun(b"file", 1)
    + rb"[ \t]+(?![ \t])(?:[^\r\n]{1,200}?|(?<=[ \t]{2}))\.ps1\b)(?![ \t]+"
    + _JOINING
    + rb"[ \t]+"
    + _words(2)
    + rb")"
    rb"|(?:ec|" + _begun(b"encodedcommand", 1) + rb")[ \t]+['\"]?[\w+/=]{20}"
    rb"|" + _begun(b"command", 1) + rb"[ \t]+" + _RUN + rb")"
)
#: Matches its beginning, in small letters: to be used without regard to case. By its short name it is called less often than
#: spoken of, so that a sign, an address or coded text has to be on the line.
CALL = (
    rb"(?:powershell(?:\.exe)?|pwsh(?:\.exe)?(?=[^\r\n]{0,300}?(?:[|;(${&=]|://|\.ps1\b|[\w+/]{20})))[ \t]+(?:[-/](?:"
    + _ALONE
    + rb"|"
    + _FORMS
    + rb")[ \t]+){0,9}(?:"
    + _PARAMETER
    + rb"|[-/]"
    + _ALONE
    + rb"[ \t]+"
    + _RUN
    + rb")"
)
