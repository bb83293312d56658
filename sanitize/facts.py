"""The facts: what is measured of every file, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: File systems know later times than a column of nanoseconds.
LATEST_NS = (1 << 63) - 1


class Column(NamedTuple):
    """A column of the facts table."""

    dtype: str  # the name of a Polars dtype
    meaning: str  # what it holds, with its unit


class Row(NamedTuple):
    """The facts of one file, among those of others that were measured with it: they travel as columns, in one piece."""

    table: Mapping[
        str, Sequence[object]
    ]  #: columns, as long as each other; those that none of the files has are left out
    number: int
    shades: bytes = b""  #: its own, where they were asked for: see `probe.batch.Batch.shades`


#: What the source knows of a file before it is opened.
SOURCE_COLUMNS: dict[str, Column] = {
    "path": Column("String", "path relative to IMAGES with `/`, as text (see `names`)"),
    "path_bytes": Column("Binary", "the same path as the bytes that the file system holds"),
    "size": Column("Int64", "bytes"),
    "mtime_ns": Column("Int64", "time of the last change, nanoseconds since 1970"),
    "outside": Column("Boolean", "a link that leads outside IMAGES"),
}

#: What a probe measures. A probe answers with the columns that apply; the others are null.
PROBE_COLUMNS: dict[str, Column] = {
    "status": Column(
        "String", "`ok`, or why there is no answer: `unreadable`, `crash`, `timeout`, `memory`, `internal`"
    ),
    "status_message": Column("String", "the reason in words, or the traceback of an `internal` one"),
    "sha256": Column("String", "SHA-256 of the file, hexadecimal; of files that are read whole"),
    "content": Column("String", "what the bytes are, whatever the name says: a key of `formats.CONTENTS`"),
    "content_detail": Column("String", "more about the content: a page's title, an error body's text, an inner format"),
    "width": Column("Int64", "columns as stored, before any orientation, pixels"),
    "height": Column("Int64", "rows as stored, before any orientation, pixels"),
    "mode": Column("String", "Pillow's mode of the opened picture"),
    "bits": Column("Int64", "bits of one channel as stored"),
    "palette": Column("Boolean", "the pixels are indices into a palette"),
    "alpha": Column("Boolean", "has an alpha channel, or a colour or palette entry declared transparent"),
    "frames": Column("Int64", "frames or pages, 1 for a still picture"),
    "orientation": Column("Int64", "EXIF orientation, 1 to 8; 1 where none is given"),
    "profile": Column(
        "String", "description of the embedded ICC profile; `srgb` where it is sRGB; null where there is none"
    ),
    "finite": Column("Boolean", "float pixels only: all are finite"),
    "decodes": Column("Boolean", "opens and loads in Pillow without LOAD_TRUNCATED_IMAGES"),
    "decodes_truncated": Column("Boolean", "opens and loads in Pillow with LOAD_TRUNCATED_IMAGES"),
    "decode_message": Column("String", "what Pillow said without LOAD_TRUNCATED_IMAGES"),
    "decode_truncated_message": Column("String", "what Pillow said with LOAD_TRUNCATED_IMAGES"),
    "decodes_opencv": Column("Boolean", "OpenCV decodes it (where it was asked)"),
    "unsupported": Column("String", "why a sound file of a known format cannot be opened here"),
    "complaint": Column("String", "evidence that pixels are lost, in the words of whoever found it"),
    "complaint_kind": Column("String", "`ended-early`, `bitstream`, `checksum`, `zero-run` or `no-end`"),
    "harmless": Column("String", "complaints that cost no pixel, joined by `; `"),
    "lost_from_row": Column("Int64", "first row that did not come out, as stored"),
    "survives": Column("Float64", "share of the picture that came out, 0 to 1"),
    "plain": Column(
        "Boolean", "Pillow and OpenCV give the same 8-bit RGB picture, without a warning, from the file as it is"
    ),
    "thorough": Column("Boolean", "every decoder was asked, whatever the first one said"),
    "decoder": Column("String", "the readers that made this row and their versions, joined by `; `"),
}

#: Bytes of `look`: kept ones of an earlier form have fewer.
BYTES_OF_LOOK = 2568
#: What a second look at a file tells, which few files need.
LOOK_COLUMNS: dict[str, Column] = {
    "pixels": Column(
        "String",
        "digest of the pixels as seen, in 8-bit RGB, and of their number; null where none like it has as many",
    ),
    "look": Column("Binary", "the picture as seen, reduced to a few pixels"),
    "shades": Column("Binary", "the same in grey, as decoding gave it anyway; of files that may be copies"),
    "phash_stored": Column(
        "String",
        "`imagehash.phash` of a picture that is drawn, turned or transparent, as Pillow opens it, unless that hides"
        " something; where a list of such hashes is given",
    ),
    "md5": Column("String", "MD5 of the file, hexadecimal; this and other checksums where a list has one"),
    "sha1": Column("String", "SHA-1 of the file"),
    "sha224": Column("String", "SHA-224 of the file"),
    "sha384": Column("String", "SHA-384 of the file"),
    "sha512": Column("String", "SHA-512 of the file"),
    "sha256_before": Column(
        "String", "SHA-256 that the file had at the same size and time of change, where it has another by now"
    ),
}
#: Those that are made as a column of a measurement is: of another version of that they are of no use either.
MADE_AS = {"phash_stored": "phash"}

COLUMNS: dict[str, Column] = SOURCE_COLUMNS | PROBE_COLUMNS


class Measurement(NamedTuple):
    """Columns that rules add to the facts, and who measures them."""

    module: str  #: its `measure(batch)` runs beside the decoded pictures of a whole batch
    version: int  #: another one voids the columns in kept facts
    columns: Mapping[str, Column]


#: The modules that measure for rules, in alphabetical order: they are known before any rule is imported.
MEASURES = (
    "sanitize.probe.beside_image",
    "sanitize.probe.codes",
    "sanitize.probe.hashes",
    "sanitize.probe.statistics",
    "sanitize.probe.thumbnail",
    "sanitize.rules.grey_fill",
)
#: Who measures what tells pictures that are the same.
HASHES = "sanitize.probe.hashes"
#: The shades of up to so many files, 1 kB each, are held until it is known which of them may be copies.
MOST_SHADES = 65_536
