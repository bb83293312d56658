"""Which columns of a table are the path and the label."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from sanitize.errors import UsageError
from sanitize.formats import IMAGE_EXTENSIONS, extension_of
from sanitize.names import shown

#: Usual names, without case, blanks and hyphens being underscores; the first that is there is taken, and of columns that
#: differ in no more than that the one that is spelled so, which is what `table["label"]` gives everywhere else.
PATH_NAMES = (
    *("path", "filepath", "file_path", "file", "filename", "file_name", "files", "filenames", "fname"),
    *("image", "image_path", "imagepath", "image_file", "image_filename", "image_name", "imagename", "images"),
    *(
        "img",
        "img_path",
        "img_name",
        "img_file",
        "image_id",
        "imageid",
        "img_id",
        "picture",
        "photo",
        "sample",
        "name",
        "id",
    ),
)
LABEL_NAMES = (
    *(
        "label",
        "labels",
        "label_id",
        "label_idx",
        "class_id",
        "class_idx",
        "class_index",
        "classid",
        "class",
        "classes",
    ),
    *("category_id", "category", "target", "targets", "y", "class_name", "classname", "label_name", "category_name"),
    *("ground_truth", "gt", "breed", "species", "emotion"),
)
# Columns of checksums that tell their algorithm, and those that do not, by their letters and digits; which kind one is, its
# cells tell (`digests`). Of an image, `hash` is most often one of what it shows.
_CHECKSUM_OF_A_KIND = re.compile(
    "(?=.*(?:md5|sha[0-9]))(?:md5|sha(?:1|2|224|256|384|512)|file|image|img|photo|picture|jpe?g|png|content"
    "|hash|checksum|hexdigest|digest|hex|sum|base64|b64|value|of)+"
)
_CHECKSUM = re.compile("(?:file|content)?(?:hash|checksum|digest)(?:value|hex|base64|b64)?|(?:image|img)checksum")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_LIKE_A_PATH = re.compile(r"[/\\]|\.[A-Za-z][A-Za-z0-9]{0,4}$")


class Columns(NamedTuple):
    """Where a table holds what is needed."""

    path: int  #: counted from 0
    label: int
    header: bool  #: whether the first row names the columns
    checksums: tuple[tuple[int, ...], ...] = ()  #: that tell their algorithm, and that do not


def find_columns(
    rows: Sequence[Sequence[str]], path_column: str | None, label_column: str | None, known: Set[str], name: str
) -> Columns:
    """Return the columns of a table by its first rows; a column is given as its name or its number, from 1.

    `known` are paths of samples, with or without their extension, `name` is the table in messages. Raises UsageError
    where that cannot be told, or the labels are paths, as of masks.
    """
    columns = _find(rows, path_column, label_column, known, name)
    labels = [row[columns.label].strip() for row in rows[columns.header :] if len(row) > columns.label]
    if label_column is None and labels and all(map(_is_image_name, labels)):
        raise UsageError(
            f"`{name}` has paths, such as `{shown(labels[0])}`, where labels are expected: name the column of labels with"
            " `--label-column`, or list the images alone"
        )
    return columns


def plain(cell: str) -> str:
    """Return what a cell says if its quotes are stray ones, and the blanks around it, too."""
    return cell.replace('"', "").strip()


def _find(
    rows: Sequence[Sequence[str]], path_column: str | None, label_column: str | None, known: Set[str], name: str
) -> Columns:
    first = rows[0]
    path = _given(path_column, first, "--path-column", name)
    label = _given(label_column, first, "--label-column", name)
    path_by_name = _first_named(first, PATH_NAMES, {label})
    label_by_name = _first_named(first, LABEL_NAMES, {path, path_by_name if path is None else None})
    for found, given, flag in ((path_by_name, path, "--path-column"), (label_by_name, label, "--label-column")):
        if found is not None and given is None and _is_ambiguous(first[found], first):
            raise _ambiguous(first[found], flag, name)
    by_name = any(_names_a_column(given, first) for given in (path_column, label_column))
    if by_name or path_by_name is not None or label_by_name is not None:
        path = path_by_name if path is None else path
        label = label_by_name if label is None else label
        if len(first) == 2:
            path, label = _other(label) if path is None else path, _other(path) if label is None else label
        return _complete(path, label, True, first, name)
    body = rows[1:]
    if len(first) == 2:
        path = _other(label) if path is None else path
        path = _path_of_two(rows, known) if path is None else path
        label = _other(path) if label is None else label
    complete = _complete(path, label, False, first, name)
    return Columns(complete.path, complete.label, _is_header(first, body, complete, known))


def _given(column: str | None, first: Sequence[str], flag: str, name: str) -> int | None:
    if column is None:
        return None
    if first.count(column) > 1:
        raise _ambiguous(column, flag, name)
    if column in first:
        return first.index(column)
    usual = [_usual(cell) for cell in first]
    if usual.count(_usual(column)) > 1:
        raise _ambiguous(column, flag, name)
    if _usual(column) in usual:
        return usual.index(_usual(column))
    if column.isascii() and column.isdigit() and 1 <= int(column) <= len(first):
        return int(column) - 1
    raise UsageError(f"`{name}` has no column `{shown(column)}` ({flag}); its first row is {_listed(first)}")


def _ambiguous(column: str, flag: str, name: str) -> UsageError:
    return UsageError(
        f"`{name}` has several columns `{shown(column)}`: name one by its number, counted from 1, with `{flag}`"
    )


def _is_ambiguous(column: str, first: Sequence[str]) -> bool:
    usual = _usual(column)
    return first.count(column) > 1 if column == usual else list(map(_usual, first)).count(usual) > 1


def _names_a_column(column: str | None, first: Sequence[str]) -> bool:
    return column is not None and (column in first or _usual(column) in map(_usual, first))


def _usual(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _first_named(first: Sequence[str], names: Sequence[str], taken: Set[int | None]) -> int | None:
    header = [_usual(cell) for cell in first]
    for name in names:
        found = [index for index, cell in enumerate(header) if cell == name and index not in taken]
        if found:
            return next((index for index in found if first[index] == name), found[0])
    return None


def _complete(path: int | None, label: int | None, header: bool, first: Sequence[str], name: str) -> Columns:
    if path is not None and label is not None and path != label:
        return Columns(path, label, header, _of_checksums(first, {path, label}) if header else ())
    if path is not None and path == label:
        raise UsageError(f"`{name}`: `--path-column` and `--label-column` are the same column")
    what, flag = ("the paths", "--path-column") if path is None else ("the labels", "--label-column")
    raise UsageError(
        f"which column of `{name}` holds {what}? Its first row is {_listed(first)}: name one with `{flag}`"
    )


def _of_checksums(first: Sequence[str], taken: Set[int]) -> tuple[tuple[int, ...], ...]:
    """Return the columns of checksums that tell their algorithm, and those that do not."""
    header = [(index, re.sub(r"[\W_]+", "", name.casefold())) for index, name in enumerate(first) if index not in taken]
    return tuple(
        tuple(index for index, name in header if like.fullmatch(name)) for like in (_CHECKSUM_OF_A_KIND, _CHECKSUM)
    )


def _listed(first: Sequence[str]) -> str:
    cells = [f"`{shown(cell)[:40]}`" for cell in first[:12]]
    return ", ".join([*cells, *(["..."] if len(first) > len(cells) else [])])


def _other(column: int | None) -> int | None:
    return None if column is None else 1 - column


def _path_of_two(rows: Sequence[Sequence[str]], known: Set[str]) -> int:
    """Return which of two columns holds paths: names of samples count most, then what looks like a path."""
    scores = [0.0, 0.0]
    for row in rows:
        for index, cell in enumerate(map(plain, row[:2])):
            scores[index] += (
                2 * (cell in known or row[index] in known)
                + bool(_LIKE_A_PATH.search(cell))
                - 0.5 * bool(_NUMBER.fullmatch(cell))
            )
    return int(scores[1] > scores[0])


def _is_header(first: Sequence[str], body: Sequence[Sequence[str]], columns: Columns, known: Set[str]) -> bool:
    """Whether the first row is unlike the others: no path where they have paths, no label that they have."""
    if not body or _is_path(first[columns.path], known):
        return False
    paths = [row[columns.path] for row in body if len(row) > columns.path]
    labels = [row[columns.label].strip() for row in body if len(row) > columns.label]
    # Most of them: the files of some may be missing, and then nothing tells a name without extension from a word.
    if 2 * sum(_is_path(path, known) for path in paths) <= len(paths):
        return False
    own = plain(first[columns.label])
    if labels and all(_NUMBER.fullmatch(label) for label in labels if label):
        return not _NUMBER.fullmatch(own)
    # A sample whose file is missing may be the only one of its class: lost without a word, it would be missed by nobody.
    numbered = all(_has_digit(path) for path in paths if path in known) and not _has_digit(first[columns.path])
    odd = numbered or any(map(_LIKE_A_PATH.search, paths))
    return odd and own not in labels


def _is_image_name(cell: str) -> bool:
    return extension_of(cell) in IMAGE_EXTENSIONS


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _is_path(cell: str, known: Set[str]) -> bool:
    return cell in known or plain(cell) in known or bool(_LIKE_A_PATH.search(plain(cell)))
