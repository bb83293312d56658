"""What lists tell of files: checksums they must have, pictures they must not be; and the digests that these take."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from sanitize import checksums
from sanitize.again import Again
from sanitize.copies import known_bad
from sanitize.measure import AS_STORED, DIGEST
from sanitize.settings import Settings

# Bits of entropy below which a picture may be a drawing: 5 of 100 photos are. Of 1,880 drawings 37 have a phash that is more
# than 4 bits from that of imagehash, 36 of them with less entropy, and of 125 photos none by more than 2.
_DRAWN = 6.0


class KnownFiles(NamedTuple):
    """What is known of files beforehand."""

    checksums: pl.DataFrame  #: that files are to have, with `dataset.CHECKSUM_COLUMNS`
    hashes: pl.DataFrame | None  #: of such as must not be there (`known_bad.read_hashes`); None without a list of them
    folders: tuple[str, ...]  #: of pictures that must not be there, as the user named them


def read(settings: Settings, *, images: Path, samples: pl.DataFrame, of_tables: pl.DataFrame) -> KnownFiles:
    """Read the lists of `--checksums` and `--known-bad`; `of_tables` is what tables of labels have of the former.

    `samples` holds every regular file below IMAGES (`file` UInt32, `path` key). Raises UsageError where one cannot be read.
    """
    sums = [checksums.read(path, images=images, samples=samples) for path in settings.checksums]
    folders = tuple(path for path in settings.known_bad if known_bad.is_folder(path))
    hashes = [known_bad.read_hashes(path) for path in settings.known_bad if path not in folders]
    return KnownFiles(pl.concat([of_tables, *sums]), pl.concat(hashes) if hashes else None, folders)


def with_digests(facts: pl.DataFrame, known: KnownFiles, again: Again, *, compares: bool) -> pl.DataFrame:
    """Return `facts` with the checksums and hashes that lists are held against; those of known pictures if one `compares`."""
    wanted = known.checksums.select("algorithm", "file")
    if compares and known.hashes is not None:
        sought = known.hashes.select("algorithm").drop_nulls().unique()
        wanted = pl.concat([wanted, sought.join(facts.select("file"), how="cross")])
    facts = _with_checksums(facts, wanted, again)
    if compares and known.hashes is not None and known.hashes["phash"].count():
        facts = _with_stored_phashes(facts, again)
    return facts


def _with_stored_phashes(facts: pl.DataFrame, again: Again) -> pl.DataFrame:
    """Return `facts` with `phash_stored` of what is seen otherwise than Pillow opens it: a list may have either hash.

    Of drawings, too: where half of the coefficients are next to zero, whole grey levels decide in imagehash what they are.
    """
    is_drawn = pl.col("entropy") < _DRAWN if "entropy" in facts.columns else pl.lit(value=True)
    is_other = (pl.col("orientation") > 1) | pl.col("alpha") | is_drawn.fill_null(value=True)
    files = facts.filter(is_other, pl.col("phash").is_not_null() & pl.col("phash_stored").is_null())
    return again.ask(facts, AS_STORED, files, ["path_bytes"])


def _with_checksums(facts: pl.DataFrame, wanted: pl.DataFrame, again: Again) -> pl.DataFrame:
    """Return `facts` with the checksums that are wanted (`algorithm`, `file`), each in the column of its algorithm."""
    for algorithm in wanted["algorithm"].drop_nulls().unique().sort().to_list():
        files = wanted.filter(algorithm=algorithm)["file"].drop_nulls()
        lacking = facts.filter(pl.col("file").is_in(files.implode()) & pl.col(algorithm).is_null())
        lacking = lacking.filter(pl.col("status") == "ok")
        facts = again.ask(facts, DIGEST, lacking, ["path_bytes"], algorithm=algorithm)
    return facts
