"""A picture that you know to be bad.

Name what must never be trained on with `--known-bad`, once or several times: a folder of pictures (cards of dead
hosts, watermarked previews, withdrawn photos), or a list of their hashes, one phash or checksum a line, as `sha256sum`
and `md5sum` write them, with a name if you like. A picture of a folder is found again when it was renamed, saved anew
or scaled, with `--transforms` also mirrored or turned; a checksum finds the same file only, and a phash, as imagehash
writes it, pictures whose own differs in at most 4 of its 64 bits (`distance`, at most 12). Saving anew and scaling
change 2 bits, seldom more; photos differ in 18 and more, but simple pictures, such as goods on white, may do so in 6.

A phash may be made of what is seen, turned by EXIF and over white, or of what Pillow opens: drawings and pictures that
are turned or transparent are decoded once more for that. It does not count where transparent parts hide a picture, and
a list with the phash of a flat card, of stripes or of what is the same from all sides is refused, as others have it,
too. Hashes of more bits are none: those of 256 pass for SHA-256.

A folder is surer, as its pictures are compared themselves, and a phash knows no colours: flags or letters of one form
have the same. The folder is refused where a picture may not be read, and those that do not open are named, as are flat
ones, such as a grey card without any writing: they are found again only where they have the same size. Where a known
picture is a copy with a small watermark, those without it are nearly the same picture, and are found too: give such
copies by their checksum.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.known_bad import FURTHEST
from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted
from sanitize.probe import statistics
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on

SEVERITY = Severity.ERROR
# As far as what is compared with it is measured.
LIMITS = {"distance": (0, FURTHEST)}
NEEDS = ("known_bad",)
# Tells drawings from photos.
ALSO = statistics

#: What a message says of a file, by how it was found.
_HOW = {
    "bytes": "the same bytes as {}, which is known to be bad",
    "pixels": "the same pixels as {}, which is known to be bad",
    "near": "nearly the same picture as {}, which is known to be bad",
    "hash": "a hash {} of 64 bits from that of {}, which is known to be bad",
}


def find(dataset: Dataset, *, distance: int = 4) -> pl.DataFrame:
    """Find pictures that the user knows, those of a list of phashes within `distance` bits."""
    if "known_bad" not in dataset.facts.columns:
        return pl.DataFrame(schema={"file": pl.UInt32, "message": pl.String})
    near = pl.col("known_bad_distance").is_null() | (pl.col("known_bad_distance") <= distance)
    known = dataset.facts.filter(pl.col("known_bad").is_not_null() & ((pl.col("known_bad_how") != "hash") | near))
    how = pl.col("known_bad_how")
    name = quoted(pl.col("known_bad"))
    by_hash = pl.format(_HOW["hash"], "known_bad_distance", name)
    message = pl.coalesce(
        pl.when(how == word).then(by_hash if word == "hash" else pl.format(text, name)) for word, text in _HOW.items()
    )
    return known.select("file", "known_bad_distance", message=message, known_bad="known_bad", how=how)
