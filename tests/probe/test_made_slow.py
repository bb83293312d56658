"""Files that were made to be looked at for long take no longer than others."""

from __future__ import annotations

import time

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize.probe import beside


@pytest.mark.parametrize(
    "text",
    [
        b"import a%s!\nos.system('x | sh')\n" % (b",a" * 26),
        b"import a%s!\nos.system('x | sh')\n" % (b" as b" * 26),
        b"import a%s!\nos.system('x | sh')\n" % (b" , b" * 12),
        b"import a%s!\nos.system('x | sh')\n" % (b", as " * 11),
        b"import a,%s!\nos.system('x | sh')\n" % (b" " * 1000),
        b"x = 1\nos.system(%sx" % (b" " * 20_000),
        b"x = 1\nsubprocess.run(args=%sx" % (b"\n" * 20_000),
        b"x = 1\nos.system(shlex.split(%s[%sx" % (b" " * 20_000, b" " * 20_000),
        b"document.write('x') a%s =" % (b" \xe2\x80\x93" * 32),
    ],
    ids=lambda text: text[:24].decode("latin-1").replace("\n", " "),
)
def test_what_may_be_read_in_many_ways_is_read_in_one(text: bytes) -> None:
    data = jpeg(photo("a"), comment=text)
    begun = time.process_time()
    beside.look(data, "jpeg")
    assert time.process_time() - begun < 0.5
