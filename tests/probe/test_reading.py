"""What the system says of a file it does not give is the file's fault, unless it is this process that lacks something."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sanitize import contents
from sanitize.compare.look import look, shades
from sanitize.convert import convert
from sanitize.digest import digest
from sanitize.probe import read
from sanitize.thumbnail import draw

OPTIONS = {"max_pixels": 1_000, "thorough": False, "measures": ()}


def fail_with(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let every file be refused with an error of the system."""

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(contents.os, "open", refuse)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ENOENT])
def test_a_refused_file_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    fail_with(monkeypatch, number)
    assert read.probe_path((b"a.jpg", True), root=os.fsencode(tmp_path), **OPTIONS).facts["status"] == "unreadable"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_a_process_out_of_resources_blames_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fail_with(monkeypatch, number)
    with pytest.raises(OSError, match=r"."):
        read.probe_path((b"a.jpg", True), root=os.fsencode(tmp_path), **OPTIONS)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_nobody_waits_for_a_picture_that_has_become_a_pipe(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    os.mkfifo(tmp_path / "a.jpg")
    facts = read.probe_path((b"a.jpg", True), root=root, **OPTIONS).facts
    assert facts == {
        "status": "unreadable",
        "status_message": "no regular file, but a pipe, a socket, a device or a folder",
    }
    assert look((b"a.jpg", "jpeg", "RGB", None, None, None, True), root=root) is None
    assert shades(b"a.jpg", root=root, max_pixels=1_000) is None
    assert draw((b"a.jpg", "jpeg", None, 1, None, None), root=root) is None
    assert digest(b"a.jpg", root=root, algorithm="md5") == {}
    answer = convert({"source": root + b"/a.jpg", "target": root + b"/t", "policy": "png", "content": "jpeg"})
    assert answer["error"] == "cannot be read: no regular file, but a pipe, a socket, a device or a folder"
