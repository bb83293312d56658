"""Lists that were written for another folder: what would have to be changed for their paths to fit."""

from __future__ import annotations

import os
import posixpath
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import polars as pl

from sanitize.errors import UsageError
from sanitize.labels.inexact import NOT_THE_SAME_PLACE, SIDECAR, bend
from sanitize.labels.places import Place, by_line, normalise, without_extension
from sanitize.labels.reading import Reading
from sanitize.names import shown, shown_command, shown_path, to_bytes, to_key

#: Share of the lines of a list below which it is hardly about this folder; of a short list no line may be found.
_HARDLY = 0.1
_SHORT = 20
#: So few lines without any explanation are missing files, not the wrong folder.
_FEW = 2
_TRIED = 500  # lines on which changes are tried
_CONVINCING = 0.5  # share of them that a change must mend
_DEEPEST = 16


class Change(NamedTuple):
    """Something that would make paths fit."""

    words: str  #: what is changed, as a message says it
    remedy: str
    fits: pl.DataFrame  #: `line` and `target` of the paths that it mends
    vague: bool = False  #: what a few missing files would look like, too


def check_found(lines: pl.DataFrame, reading: Reading, place: Place, list_name: str, images: Path) -> None:
    """Raise UsageError, with the remedy, where hardly any line of a list leads to a file."""
    usable = lines.filter(pl.col("path").is_not_null() & pl.col("malformed").is_null())
    lost = usable.filter(pl.col("file").is_null())
    if lost.is_empty() or place.samples.is_empty() or not _hardly(usable.height - lost.height, usable.height):
        return
    few = usable.height <= _FEW
    tried = lost.gather_every(-(-lost.height // _TRIED))
    bent = bend(tried, place, guess_extension=reading.table)
    fit = bent["file"].is_not_null() & ~bent["inexact"].is_in(NOT_THE_SAME_PLACE).fill_null(value=False)
    found = usable.height - lost.height + fit.arg_true().len() * lost.height // tried.height
    if not _hardly(found, usable.height):
        return
    tried = tried.select("line", "path")
    known = _changes(tried, reading, place, list_name, images)
    changes = [change for change in known if not (few and change.vague)]
    best = max(changes, key=lambda change: change.fits["line"].n_unique(), default=None)
    number = "none" if found == 0 else f"only {found}"
    message = f"{number} of the {usable.height} lines of `{list_name}` name a file in `{shown_path(images)}`"
    enough = tried.height if few else max(1, _CONVINCING * tried.height)
    fitting = best.fits["line"].n_unique() if best else 0
    if best and fitting >= enough:
        line, target = best.fits.sort("line").row(0)
        they = "they" if fitting == tried.height else f"{100 * fitting // tried.height} % of them"
        path = tried.filter(pl.col("line") == line)["path"].item()
        example = f"line {line}: `{shown(path)}` → `{shown(target)}`"
        raise UsageError(f"{message}, but {best.words} {they} do ({example}): {best.remedy}")
    if found == 0 and not few:
        line, path = tried.row(0)
        raise UsageError(
            f"{message} (line {line}: `{shown(path)[:200]}`): is it the list of another folder?"
            f" `--labels {_value(list_name, b'FOLDER')}` names the folder inside IMAGES that its paths are relative to"
        )


def _value(list_name: str, folder: bytes) -> str:
    """Return the value of `--labels` for a list whose paths are relative to a folder, as a shell takes it."""
    return shown_command([f"{list_name}@{os.fsdecode(folder)}"])


def _hardly(found: int, lines: int) -> bool:
    return found == 0 if lines < _SHORT else found < _HARDLY * lines


def _changes(tried: pl.DataFrame, reading: Reading, place: Place, name: str, images: Path) -> Iterator[Change]:
    """Give all changes that are known, the simplest first."""
    paths = dict(tried.iter_rows())
    anchor = "" if reading.table else "^"
    new = posixpath.splitext(posixpath.basename(name))[0] + "-new" + posixpath.splitext(name)[1]
    for words, rewrite, sed in _FORMS:
        forms = {line: form for line, path in paths.items() if (form := rewrite(path))}
        if not forms or (words and forms == paths):
            continue
        said = words + (", and " if words else "")
        seds = [sed] if sed else []
        if words:
            yield Change(words, _rewrite(name, new, seds, words), _fitting(forms, place.root, place))
        if place.root:
            without = f"relative to IMAGES itself: leave out `@{shown(place.root)}`"
            yield Change(f"{said}without `@{shown(place.root)}`", without, _fitting(forms, "", place))
        for stripped, prefix in _stripped(forms):
            count = max(form.count("/") - stripped[line].count("/") for line, form in forms.items() if line in stripped)
            off = f"s|{anchor}{_escaped(prefix)}||" if prefix else f"s|{anchor}([^/]*/){{{count}}}||"
            what = (
                f"without `{shown(prefix)}`"
                if prefix
                else f"without their first {count} folders"
                if count > 1
                else "without their first folder"
            )
            remedy = _rewrite(name, new, [*seds, off], "")
            if not words and prefix and _ends_with(images, prefix):
                remedy = f"scan the parent folder `{shown_path(_parent(images, count))}`, or take it off: {remedy}"
            yield Change(said + what, remedy, _fitting(stripped, place.root, place))
        yield from _in_folder(forms, place, name, said, _rewrite(name, new, seds, words) + ", then " if words else "")
        yield _with_extension(forms, place, said)
    yield _elsewhere(paths, place)


def _fitting(paths: dict[int, str], root: str, place: Place) -> pl.DataFrame:
    frame = by_line(paths, "path")
    frame = frame.select("line", normalise(frame["path"], root)["target"])
    return frame.join(place.samples, left_on="target", right_on="path", how="semi")


def _stripped(forms: dict[int, str]) -> Iterator[tuple[dict[int, str], str]]:
    """Give the paths without their first one, two, ... folders, and what was taken off where all have the same."""
    for count in range(1, _DEEPEST + 1):
        cut = {line: form.split("/", count) for line, form in forms.items() if form.count("/") >= count}
        if not cut:
            return
        prefixes = {"/".join(parts[:-1]) + "/" for parts in cut.values()}
        yield {line: parts[-1] for line, parts in cut.items()}, prefixes.pop() if len(prefixes) == 1 else ""


def _in_folder(forms: dict[int, str], place: Place, name: str, said: str, first: str) -> Iterator[Change]:
    """Give the folder inside IMAGES that the paths are relative to, where there is one."""
    frame = by_line(forms, "form")
    frame = frame.with_columns(form=pl.col("form").str.strip_chars_start("./"))
    base = r"([^/]*)$"
    frame = frame.with_columns(base=pl.col("form").str.extract(base)).filter(pl.col("base") != "")
    files = place.samples.select(target="path", base=pl.col("path").str.extract(base))
    near = files.join(frame, on="base", how="inner").filter(pl.col("target").str.ends_with("/" + pl.col("form")))
    near = near.with_columns(folder=pl.col("target").str.strip_suffix("/" + pl.col("form")))
    best = near.group_by("folder").agg(pl.col("line").n_unique()).sort(["line", "folder"], descending=[True, False])
    for folder in best["folder"].head(1):
        fits = near.filter(pl.col("folder") == folder).select("line", "target").sort("line")
        yield Change(f"{said}below `{shown(folder)}/`", f"{first}`--labels {_value(name, to_bytes(folder))}`", fits)


def _with_extension(forms: dict[int, str], place: Place, said: str) -> Change:
    frame = by_line(forms, "path")
    frame = frame.select("line", key=normalise(frame["path"], place.root)["target"].str.strip_chars_end("."))
    files = place.samples.filter(~pl.col("path").str.contains(SIDECAR))
    files = files.select(key=without_extension(pl.col("path")), target="path").filter(pl.col("key") != pl.col("target"))
    fits = (
        frame.join(files, on="key", how="inner")
        .select("line", "target")
        .sort("line", "target")
        .unique("line", keep="first")
    )
    extension = str(fits["target"].str.extract(r"(\.[^./]*)$").mode().sort().first() if fits.height else "")
    remedy = f"write the list with extensions (of this folder, mostly `{extension}`)"
    return Change(f"{said}with the extension that they lack", remedy, fits, vague=True)


def _elsewhere(paths: dict[int, str], place: Place) -> Change:
    """Give the files that have the names without their folders, wherever they lie."""
    frame = by_line(paths, "path")
    base = pl.col("path").str.replace_all("\\", "/", literal=True).str.extract(r"([^/]*)$")
    files = place.samples.select(base=base, target="path").unique("base", keep="none")
    fits = frame.select("line", base=base).filter(pl.col("base") != "").join(files, on="base", how="inner")
    return Change(
        "in other folders", "write the list with the paths that the files have in IMAGES", fits.select("line", "target")
    )


def _rewrite(name: str, new: str, seds: list[str], words: str) -> str:
    if not seds:
        return f"write the list {words}"
    script = " ".join(f"-e '{sed}'" for sed in seds)
    return f"sed -E {script} {shlex.quote(name)} > {shlex.quote(new)}"


def _escaped(prefix: str) -> str:
    return re.sub(r"([.*+?^$(){}\[\]|\\])", r"\\\1", shown(prefix)).replace("'", "'\\''")


def _ends_with(images: Path, prefix: str) -> bool:
    return f"{images.resolve()}/".endswith(f"/{prefix}") if prefix != "/" else False


def _parent(images: Path, count: int) -> Path:
    return images.resolve().parents[count - 1]


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def _decoded(path: str) -> str:
    return to_key(unquote_to_bytes(to_bytes(path.removeprefix("file://"))))


def _unquoted(path: str) -> str:
    return path[1:-1] if len(path) > 2 and path[0] == path[-1] == '"' else path


def _single_label(path: str) -> str:
    return re.sub(r"([ \t,;]+[+-]?[0-9.]+)+$", "", path)


#: Ways to read a path: in words, as a function and as a script of sed where it can do that.
_FORMS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("", lambda path: path, ""),
    ("with `/` for each backslash", _slashes, r"s|\\|/|g"),
    ("without `file://` and percent signs", _decoded, ""),
    ("without the quotes around them", _unquoted, r's|^"(.*)"( +[^ ]+)$|\1\2|'),
    ("with a single label", _single_label, ""),
)
