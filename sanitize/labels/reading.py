"""What a reader of label lists is given, and what it gives back."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from sanitize.errors import UsageError
from sanitize.names import shown_path, to_key
from sanitize.settings import Settings

#: The columns that a reader gives for every line of its list, in the sense of `dataset.LINE_COLUMNS`, and the readings
#: of a line that are tried beside its `path` and `label_text`: `literal_path` and `literal_label` before (what Caffe
#: would see, where that differs), `whole` after (the whole line, which then has no label).
READ_COLUMNS: dict[str, pl.DataType] = {
    "line": pl.UInt32(),
    "path": pl.String(),
    "label_text": pl.String(),
    "crlf": pl.Boolean(),
    "empty": pl.Boolean(),
    "trailing_blank": pl.Boolean(),
    "double_blank": pl.Boolean(),
    "tab": pl.Boolean(),
    "not_utf8": pl.Boolean(),
    "malformed": pl.String(),
    "literal_path": pl.String(),
    "literal_label": pl.String(),
    "whole": pl.String(),
}

#: A label that is an integer, without blanks around it.
INTEGER = r"^[+-]?[0-9]+$"
#: Share of control bytes in the head of a file from which on it is no text: a tenth of compressed bytes are.
_JUNK_SHARE = 0.05
_HEAD = 65_536
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_WIDE_MARKS = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
# What `names` makes of such bytes, and of the last characters of the last private plane, which no text has.
_MAYBE_NOT_UTF8 = "[\U0010ff7e-\U0010fffd]"
_MARK = b"\xef\xbb\xbf"


class Text(NamedTuple):
    """The content of a text file, its byte-order mark taken off."""

    name: str  #: the file as the user named it, shown form
    key: str  #: the whole text as a key (see `names`)
    utf8: bool  #: whether all of it is UTF-8
    byte_order_mark: bool


#: Gives the keys of the names of all folders that lie directly below a folder of IMAGES (key).
Folders = Callable[[str], Sequence[str]]


class Source(NamedTuple):
    """What a reader may look at."""

    spec: str  #: what the user wrote, without NAME= and @ROOT
    text: Text | None  #: None where no file is read
    root: str  #: key of the folder that paths are relative to, relative to IMAGES; empty for IMAGES itself
    samples: pl.DataFrame  #: every regular file below IMAGES: `file`, `path`
    folders: Folders  #: what folders there are, empty ones too
    settings: Settings


class Reading(NamedTuple):
    """What a reader makes of a list."""

    lines: pl.DataFrame  #: with READ_COLUMNS, one row per line
    labelled: bool = True
    named: bool | None = False  #: labels are class names; None where integers and names are both possible
    implicit: bool = False  #: made of the files that are there
    class_names: tuple[str, ...] = ()  #: classes that the list knows beyond those of its lines
    table: bool = False  #: paths are cells: they may lack their extension, and stand anywhere in a line
    remark: str | None = None  #: what the user may not have meant, and how to say otherwise
    #: `line`, `cell`, what `read_digests` says of it, `column` and whether that is `vague`, where a table has such columns.
    checksums: pl.DataFrame | None = None


def read_text(path: Path, what: str) -> Text:
    """Return the content of a text file; `what` says what it should be.

    Raises UsageError where it cannot be read, or is no text in an encoding that extends ASCII.
    """
    name = shown_path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {what} `{name}`: {error.strerror or error}") from error
    for mark, encoding in _WIDE_MARKS.items():
        if data.startswith(mark) and 0 in data[:_HEAD]:  # without zero bytes the mark is a name's
            raise _recode(name, encoding)
    head = data[:_HEAD]
    if head and not head.strip(b"\0"):
        raise UsageError(
            f"`{name}` holds zero bytes and no text, as files do whose writing was cut short; write it anew"
        )
    if head.count(0) > 0.3 * len(head):
        raise _recode(name, _wide_encoding(head))
    if len(head) - len(head.translate(None, _CONTROL)) > _JUNK_SHARE * max(len(head), 64):
        raise UsageError(f"`{name}` is no {what.removeprefix('the ')} but binary data; is it the right file?")
    return _decode(name, data)


def physical_lines(key: str, ending: str = "\n") -> pl.Series:
    """Return the lines of a text, each ended by `ending` or by the end of the text, without that end."""
    lines = pl.Series("text", [key], pl.String).str.split(ending).explode()
    return lines.head(-1) if key.endswith(ending) or not key else lines


def is_not_utf8(text: Text, line: pl.Expr) -> pl.Expr:
    """Return the condition that a line of the text holds bytes that are not UTF-8."""
    if text.utf8:
        return pl.lit(value=False)
    return line.str.contains(_MAYBE_NOT_UTF8)


def check_line_ends(text: Text) -> None:
    """Raise UsageError where the lines of a text end in CR alone, which makes one line of them."""
    if "\n" not in text.key and "\r" in text.key.rstrip("\r\n \t"):
        remedy = f"tr '\\r' '\\n' < {shlex.quote(text.name)} > {_beside(text.name, 'lf')}"
        raise UsageError(f"the lines of `{text.name}` end in CR alone; write it anew: {remedy}")


def _wide_encoding(head: bytes) -> str:
    """Return the encoding of a text without a mark, most letters of which are ASCII, by where their zero bytes are."""
    size = 2 if head.count(0) < 0.6 * len(head) else 4
    is_big = head[::size].count(0) > head[size - 1 :: size].count(0)
    return f"UTF-{8 * size}{'BE' if is_big else 'LE'}"


def _recode(name: str, encoding: str) -> UsageError:
    remedy = f"iconv -f {encoding} -t UTF-8 {shlex.quote(name)} > {_beside(name, 'utf8')}"
    return UsageError(f"`{name}` is {encoding}, which no loader reads; write it anew: {remedy}")


def _beside(name: str, word: str) -> str:
    """Return the name for a mended list as a shell takes it: another one, and of the same kind."""
    stem, extension = posixpath.splitext(posixpath.basename(name))
    return shlex.quote(f"{stem}-{word}{extension}")


def _decode(name: str, data: bytes) -> Text:
    marked = data.startswith(_MARK)
    data = data.removeprefix(_MARK)
    if data.isascii():
        return Text(name, data.decode("ascii"), utf8=True, byte_order_mark=marked)
    try:
        data.decode()
    except UnicodeDecodeError:
        utf8 = False
    else:
        utf8 = True
    return Text(name, to_key(data), utf8, marked)
