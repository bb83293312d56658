"""Pictures that are known to be bad: reads lists of their hashes, and finds them among files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sanitize.checksums import parse
from sanitize.copies.alike import FLAT
from sanitize.copies.same import GROUPS
from sanitize.dataset import has_image_name, is_image_content, overlay
from sanitize.digest import ALGORITHMS
from sanitize.errors import UsageError
from sanitize.formats import IMAGE_EXTENSIONS
from sanitize.labels.digests import algorithm_of
from sanitize.labels.reading import Text, physical_lines, read_text
from sanitize.names import shown, shown_path
from sanitize.texts import cut

if TYPE_CHECKING:
    import numpy.typing as npt

#: What is looked for, whatever distance the rule then allows: bits of a phash's 64.
FURTHEST = 12

#: What is said of files that show a known picture.
COLUMNS = {"known_bad": pl.String(), "known_bad_how": pl.String(), "known_bad_distance": pl.Int64()}
_BITS = 64
# A natural picture's phash has 32 bits of either kind, as they are told by the median. Flat pictures, gradients and stripes have
# up to 8 that are set, and what is the same from all four sides, as many icons are, up to 13: each is near to many others. Of
# 150 such icons a quarter of all pairs were; of 150 that are the same from two sides, with 14 and more, one in 10,000.
_FEWEST_SET = 14
# Files and lines that a message names.
_NAMED, _MOST_LINES = 3, 10
# A comment behind a hash; behind two blanks `#1.jpg` is a name, as `sha256sum` writes it.
_COMMENTED = r"^[0-9A-Fa-f]+(?:[ \t]#|[ \t]+#[ \t])"
# What stands behind a hash in a line that is none, such as a comma.
_CHECKSUM = "|".join(f"[0-9A-Fa-f]{{{digits}}}" for digits in sorted(ALGORITHMS, reverse=True))
_GLUED = re.compile(rf"(?:{_CHECKSUM}|[0-9A-Fa-f]{{16}})([^0-9A-Za-z])")
_SHOWN = 40  # characters of such a line that are shown
_BLOCK = 1 << 20  # pairs that are compared at a time: 8 MiB


def is_folder(path: str) -> bool:
    """Whether known bad pictures are those of a folder, not a list of hashes; raises UsageError where nothing is there."""
    place = Path(path)
    if not place.exists():
        raise UsageError(
            f"there is no `{shown_path(path)}` (`--known-bad`): name a folder of pictures, or a list of hashes"
        )
    return place.is_dir()


def choose(path: str, samples: pl.DataFrame, folders: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return those of a folder's files that others can be compared with, and what to say of pictures that are none of them.

    Something is said of flat ones, too: they are compared with those of their size only.

    `samples` are its files with their facts, `folders` those below that could not be listed, with `path` and `message`.
    Raises UsageError where something cannot be read, as what it shows would pass unseen, and where no picture opens.
    """
    called = f"`{shown_path(path)}` (`--known-bad`)"
    pictures = samples.filter(has_image_name() | is_image_content().fill_null(value=False))
    lost = pictures.filter(status="unreadable").select("path", message="status_message")
    lost = pl.concat([folders.select("path", "message"), lost])
    if lost.height:
        key, reason = lost.row(0)
        raise UsageError(f"cannot read {shown(key)} in {called}: {reason}; mend that, or take it out")
    opened = samples.filter(pl.col("decodes_truncated"))
    if not opened.height:
        raise UsageError(f"there is no picture in {called}: check the folder")
    others = pictures.join(opened.select("file"), on="file", how="anti")["path"].to_list()
    flat = opened.filter(pl.col("contrast") < FLAT)["path"].to_list()
    said = [
        (others, f"of {pictures.height:,} files in {called} do not open, and nothing is compared with them"),
        (
            flat,
            f"of {opened.height:,} pictures in {called} are flat, and found again only where they have the same size",
        ),
    ]
    return opened, [f"{len(paths):,} {what}: {_some(paths)}" for paths, what in said if paths]


def _some(paths: list[str]) -> str:
    return ", ".join(map(shown, paths[:_NAMED])) + (", …" if len(paths) > _NAMED else "")


def read_hashes(path: str) -> pl.DataFrame:
    """Return the hashes of a list: `name`, `phash` (16 hexadecimal digits), or `checksum` and its `algorithm`; lower case.

    A line is `HASH` or `HASH name`, or what `sha256sum` and the like write; `#`, first on a line or behind a hash, begins a
    comment. Checksums are those of `digest.ALGORITHMS`, told by their length. Who has no name is called by list and line.
    Raises UsageError where the list cannot be read, is a picture, has no hash, or a line is none.
    """
    if Path(path).suffix.lower() in IMAGE_EXTENSIONS:
        raise UsageError(f"`{shown_path(path)}` is no list of hashes: for a picture name the folder that holds it")
    text = read_text(Path(path), "the list of hashes")
    sums = parse(text).drop_nulls("algorithm").select("line", checksum="expected", name="path")
    lines = physical_lines(text.key).str.strip_chars(" \t\r").to_frame("text").with_row_index("line", offset=1)
    lines = lines.filter(~pl.col("text").str.contains("^(#|$)")).join(
        sums, on="line", how="left", maintain_order="left"
    )
    lines = lines.select(
        "line",
        "text",
        phash=_extract(r"^([0-9A-Fa-f]{16})(?:[ \t]|$)"),
        checksum=pl.coalesce("checksum", _extract(rf"^({_CHECKSUM})(?:[ \t]|$)")),
        name=pl.when(~pl.col("text").str.contains(_COMMENTED)).then(
            pl.coalesce("name", pl.col("text").str.extract(r"^[0-9A-Fa-f]+[ \t]+(.*)$"))
        ),
    )
    _check(lines, text)
    name = pl.coalesce("name", pl.format("{}:{}", pl.lit(text.name), "line"))
    return lines.select(name=name, algorithm=algorithm_of("checksum"), checksum="checksum", phash="phash")


def match(facts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the files that are known by their hashes, each once: `file`, `known_bad`, `known_bad_how`, `known_bad_distance`.

    `facts` has `file`, `phash`, `phash_stored` and a column of each algorithm, `known` is what `read_hashes`
    gives. `known_bad` is a name; `known_bad_how` is `bytes`, or `hash` where a phash is near, `known_bad_distance` then the bits
    (Int64) by which it differs, at most FURTHEST. Of several the nearest is named, the first of equals.
    """
    numbered = known.with_row_index("number").drop_nulls("checksum")
    sums = [pl.DataFrame(schema={"file": facts["file"].dtype, **numbered.schema})]
    for (algorithm,), some in numbered.group_by("algorithm"):
        found = facts.select("file", checksum=algorithm).join(some, on="checksum")
        sums.append(found.select(sums[0].columns))
    by_bytes = pl.concat(sums).sort("number").unique("file", keep="first", maintain_order=True)
    by_bytes = by_bytes.select(
        "file", known_bad="name", known_bad_how=pl.lit("bytes"), known_bad_distance=pl.lit(None, pl.Int64)
    )
    # Who makes a list may have turned a picture and put it over white, as it is seen, or not.
    ways = pl.concat(facts.select("file", phash=name) for name in ("phash", "phash_stored"))
    rest = ways.drop_nulls().join(by_bytes, on="file", how="anti")
    near = _nearest(rest, known.drop_nulls("phash").unique("phash", keep="first", maintain_order=True))
    return pl.concat([by_bytes, near]).sort("file")


def mark_by_hash(facts: pl.DataFrame, hashes: pl.DataFrame) -> pl.DataFrame:
    """Return `facts` with `known_bad` and what belongs to it of those whose hashes are known, where nothing is closer."""
    empty = {name: pl.lit(None, dtype=dtype) for name, dtype in COLUMNS.items() if name not in facts.columns}
    facts = facts.with_columns(**empty)
    found = match(facts, hashes)
    free = facts.filter(pl.col("known_bad").is_null())["file"]
    return overlay(facts, found.filter(pl.col("file").is_in(free.implode())))


def mark_shown(ours: pl.DataFrame, known: pl.DataFrame, confirmed: pl.DataFrame) -> pl.DataFrame:
    """Return `ours` with `known_bad` and what belongs to it: which known picture each file shows, by the closest way.

    A copy that is near one need not be in its group: that may have another file in the middle.
    """
    ours = ours.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in COLUMNS.items())
    named = known.sort("path")
    pairs = confirmed.join(named.select(other="file", name="path"), on="other", how="inner").sort("name")
    pairs = pairs.unique("file", keep="first", maintain_order=True)
    ways = [
        (
            how,
            group,
            named.drop_nulls(group).unique(group, keep="first", maintain_order=True).select(group, name="path"),
        )
        for how, group in GROUPS.items()
    ]
    ways.insert(-1, ("near", "file", pairs.select("file", "name")))
    for how, key, names in ways:
        found = ours.select(key).join(names, on=key, how="left", maintain_order="left")["name"]
        new = pl.col("known_bad").is_null() & found.is_not_null()
        ours = ours.with_columns(
            known_bad=pl.when(new).then(found).otherwise("known_bad"),
            known_bad_how=pl.when(new).then(pl.lit(how)).otherwise("known_bad_how"),
        )
    return ours


def _extract(pattern: str) -> pl.Expr:
    return pl.col("text").str.extract(pattern).str.to_lowercase()


def _check(lines: pl.DataFrame, text: Text) -> None:
    if lines.is_empty():
        raise UsageError(f"`{text.name}` has no hash: write one checksum or phash a line, or name a folder of pictures")
    wrong = lines.filter(pl.col("checksum").is_null() & pl.col("phash").is_null())
    if wrong.height:
        line, content = wrong.select("line", "text").row(0)
        raise UsageError(f"`{text.name}` line {line}: {_fault(content)}")
    phashes = lines.select("line", "phash").drop_nulls().rows()
    simple = [(line, phash) for line, phash in phashes if _is_of_many(phash)]
    if simple:
        where = f"line{'s' if len(simple) > 1 else ''} {', '.join(str(line) for line, _phash in simple[:_MOST_LINES])}"
        more = f" and {len(simple) - _MOST_LINES} more" if len(simple) > _MOST_LINES else ""
        raise UsageError(
            f"`{text.name}` {where}{more}: the phash {simple[0][1]} is that of a flat picture or of a few simple shapes,"
            " which others have, too; give the SHA-256 instead"
        )


def _is_of_many(phash: str) -> bool:
    """Tell whether many simple pictures have nearly this phash."""
    count = int(phash, 16).bit_count()
    return min(count, _BITS - count) < _FEWEST_SET


def _fault(content: str) -> str:
    """Return what is wrong with a line without a hash."""
    glued = _GLUED.match(content)
    if glued:
        return f"`{shown(glued[1])}` stands behind the hash, where a blank is to be: write `HASH` or `HASH name`"
    word = cut((content.split() or [""])[0], _SHOWN)
    return (
        f"`{shown(word)}` is no checksum, such as a SHA-256 (64 hexadecimal digits), and no phash (16);"
        " mend or delete the line"
    )


def _nearest(files: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the files whose phash is at most FURTHEST bits from a known one, with the nearest."""
    import numpy as np

    ours, theirs = _as_numbers(files["phash"]), _as_numbers(known["phash"])
    distance, which = np.full(len(ours), _BITS + 1, np.uint8), np.zeros(len(ours), np.uint32)
    rows = max(1, _BLOCK // max(1, len(theirs)))
    for start in range(0, len(ours) if len(theirs) else 0, rows):
        bits = np.bitwise_count(ours[start : start + rows, None] ^ theirs)
        least = bits.argmin(axis=1)
        which[start : start + rows] = least
        distance[start : start + rows] = np.take_along_axis(bits, least[:, None], axis=1)[:, 0]
    table = files.select(
        "file",
        known_bad=known["name"].gather(pl.Series(which)) if known.height else pl.lit(None, pl.String),
        known_bad_how=pl.lit("hash"),
        known_bad_distance=pl.Series(distance, dtype=pl.Int64),
    )
    table = table.filter(pl.col("known_bad_distance") <= FURTHEST).sort("known_bad_distance", maintain_order=True)
    return table.unique("file", keep="first", maintain_order=True)


def _as_numbers(phashes: pl.Series) -> npt.NDArray[Any]:
    import numpy as np

    return np.frombuffer(b"".join(phashes.str.decode("hex").to_list()), ">u8").astype(np.uint64)
