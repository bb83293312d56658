"""What the system says of a file it does not give is the file's fault, unless it is this process that lacks something."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sanitize.probe import read

OPTIONS = {"max_pixels": 1_000, "thorough": False, "measures": ()}


def fail_with(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let every file be refused with an error of the system."""

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(read.os, "open", refuse)


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
