"""Names are bytes: their keys are told apart and taken back, whatever the bytes."""

from __future__ import annotations

import ntpath
import os
import posixpath
import shutil
import subprocess
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sanitize import names
from sanitize.names import key_below, shown, shown_command, to_bytes, to_key, unmistakable

NAMES = st.one_of(st.binary(max_size=12), st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass")))


@given(NAMES)
@example("\U0010ff80".encode())
@example(b"\xf4\x8f\xbe\x80\xbf")
@example(b"\x80")
def test_the_bytes_of_a_key_are_the_name(name: bytes) -> None:
    assert to_bytes(to_key(name)) == name


@given(NAMES, NAMES)
@example("\U0010ff7e".encode(), b"\x80")
def test_two_names_have_two_keys(one: bytes, other: bytes) -> None:
    assert (to_key(one) == to_key(other)) == (one == other)


@given(st.text(alphabet=st.characters(max_codepoint=0x10FF00, exclude_categories=["Cs"]), max_size=12))
def test_utf_8_is_its_own_key(text: str) -> None:
    assert to_key(text.encode()) == text


@given(NAMES)
def test_what_is_shown_can_be_printed_and_holds_no_control_byte(name: bytes) -> None:
    text = shown(to_key(name))
    assert text.encode("utf-8").decode("utf-8") == text
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)


def test_escapes_are_two_hexadecimal_digits_a_byte() -> None:
    assert shown(to_key(b"a\nb\xff\x1b.jpg")) == "a\\x0ab\\xff\\x1b.jpg"


def test_the_terminal_shows_what_would_turn_or_hide_a_part_of_a_text() -> None:
    assert unmistakable("photo\u202egpj.exe, a\xa00, b\u2028c, \ufeffd") == (
        r"photo\u202egpj.exe, a\u00a00, b\u2028c, \ufeffd"
    )
    assert unmistakable("v\u2060\u3164\U000e0041.jpg") == "v\\u2060\\u3164\\U000e0041.jpg"
    assert unmistakable("v\ufe00\ufff9\U0001d173.jpg") == "v\\ufe00\\ufff9\\U0001d173.jpg"
    assert unmistakable("✘ naïve, 写真 und Übung") == "✘ naïve, 写真 und Übung"


@pytest.mark.skipif(not shutil.which("bash"), reason="POSIX shells of before 2024 do not know how to read it")
@pytest.mark.parametrize(
    "name", [b"a b's.jpg", b"=cmd", "写真".encode(), b"\\x41", b"a\n\x1b[31m1'\\b\xff.jpg", "gpj\u202e.jpg".encode()]
)
def test_a_command_is_read_by_a_shell_as_it_is_and_obeyed_by_no_terminal(name: bytes) -> None:
    command = shown_command(["printf", "%s\\0", os.fsdecode(name), "end"])
    assert command == unmistakable(command)
    assert command.isprintable()
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
    assert done.stdout.split(b"\0") == [name, b"end", b""]


@pytest.mark.parametrize(
    ("path", "folder", "key"),
    [
        ("/data/cats", "/data", "cats"),
        ("/data/cats/old", "/data", "cats/old"),
        ("/data", "/data", ""),
        ("/data/..cats/old", "/data", "..cats/old"),
        ("/data", "/data/cats", None),
        ("/data/dogs", "/data/cats", None),
        (b"/data/\xff\\", b"/data", to_key(b"\xff\\")),
    ],
)
def test_a_key_is_relative_to_a_folder_above(path: str, folder: str, key: str | None) -> None:
    assert key_below(path, folder) == key


@pytest.mark.parametrize(
    ("system", "path", "folder", "key"),
    [
        (ntpath, r"C:\data\cats\old", r"C:\data", "cats/old"),
        (ntpath, r"C:\data", r"C:\data", ""),
        (ntpath, r"C:\data\dogs", r"C:\data\cats", None),
        (ntpath, r"C:\data", r"C:\data\cats", None),
        (ntpath, r"D:\data\cats", r"C:\data", None),
        (posixpath, r"/data/cats\old", "/data", r"cats\old"),
    ],
)
def test_a_key_has_slashes_whatever_the_system(
    monkeypatch: pytest.MonkeyPatch, system: ModuleType, path: str, folder: str, key: str | None
) -> None:
    words = {name: getattr(system, name) for name in ("sep", "curdir", "pardir")}
    monkeypatch.setattr(names, "os", SimpleNamespace(path=system, fsencode=os.fsencode, fsdecode=os.fsdecode, **words))
    assert key_below(path, folder) == key
