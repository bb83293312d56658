"""The forms in which `embedded-payload` finds calls of PowerShell, scripts and pages in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from tests.embedding import in_comments, places

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"


@pytest.mark.parametrize(
    "parameters",
    [
        b'-nop -w hidden -c "IEX (x)"',
        b"-NoProfile -File a.ps1",
        b"-ep bypass -f a.ps1",
        b"-ExecutionPolicy Bypass",
        b"-Exec Bypass",
        b"-enc bABzACAALQBsACAALwB0AG0AcAA=",
        b"-EncodedCommand bABzACAALQBsACAALwB0AG0AcAA=",
        b"-e bABzACAALQBsACAALwB0AG0AcAA=",
        b"-Command Get-Date",
        b"-WindowStyle Hidden",
        b"-noni -c ls",
        b"-NonInteractive",
        b"-sta -c ls",
        b"-version 2 -c ls",
        b"/c ls",
        b'-file "C:\\a b\\c.ps1"',
    ],
)
@pytest.mark.parametrize("name", [b"powershell", b"PowerShell.exe"])
def test_finds_powershell_by_its_own_parameters(fired: Fired, name: bytes, parameters: bytes) -> None:
    code = name + b" " + parameters + b"\r\n"
    files = {"a.jpg": jpeg(photo("a"), comment=code), "behind.jpg": jpeg(photo("a")) + code}
    assert places(fired(RULE, files)) == {
        "a.jpg": "a Windows batch file in the comment of the JPEG",
        "behind.jpg": "a Windows batch file after the end of the JPEG",
    }


def test_finds_whole_scripts_in_which_something_runs(fired: Fired) -> None:
    scripts = [
        b"<script>alert(1)</script>",
        b"<script>alert (1)</script>",
        b"<script >x=1</script >",
        b"<SCRIPT/src=//x/a.js></SCRIPT>",
        b"<script type='module'>import 'https://example.org/a.js'</script>",
        b"<script src='a.js'></script>",
        b"<script>alert`1`</script>",
        b"<script async src=a.js></script>",
        b"<script xlink:href='a.js'></script>",
        b"<script type='a/b'>\nlet a\n= 1</script>",
        b"<script>" + b"// nothing\n" * 80 + b"alert(1)</script>",
        b"<script type='a/b'>alert(1)//",
        b"<script>[]['at'](1)</script>",
    ]
    files = in_comments(scripts)
    assert places(fired(RULE, files)) == dict.fromkeys(files, "a script in HTML in the comment of the JPEG")


def test_finds_pages_with_blanks_and_text_where_they_may_stand(fired: Fired) -> None:
    pages = [
        b"<html>\n  <head><title>a</title></head>\n",
        b"<html>Hello</html>",
        b"<html>\nHello\n</html>\n",
        b"<html>Hello<p>you</p>",
        b"<html> <body> Hello </body> </html>",
        b"<!DOCTYPE html> <title>a</title> <p>b",
        b"<!doctype html>\n<html lang=en>\n<p>",
        b"note:\n<html lang='en'> Hello </html>",
    ]
    files = in_comments(pages)
    assert places(fired(RULE, files)) == dict.fromkeys(files, "an HTML page in the comment of the JPEG")
