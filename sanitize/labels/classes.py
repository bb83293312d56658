"""Class names and their indices, as the user's file gives them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from sanitize.errors import UsageError
from sanitize.labels.reading import check_line_ends, read_text
from sanitize.names import shown

_SYNSET = re.compile(r"([a-z][0-9]{8})[ \t]+(\S.*)")
_NUMBERED = re.compile(r"([0-9]{1,9})[ \t:]+(\S.*)")


class ClassFile(NamedTuple):
    """The content of `--classes`."""

    names: tuple[str, ...]  #: in index order, as keys
    numbers: dict[str, int]  #: every text that names one class, its synset too
    ambiguous: frozenset[str]  #: texts that name several


def read_classes(path: Path) -> ClassFile:
    """Return the classes of a file with one name per line; `n01491361 tiger shark` and `0 tench` are known forms.

    Where all lines are numbered, from 0 or from 1, the numbers are no part of the names.

    Raises UsageError where it cannot be read, is empty, ends its lines in CR alone or has an empty line among the others.
    """
    text = read_text(path, "the class file")
    check_line_ends(text)
    lines = [line.strip(" \t\r") for line in text.key.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise UsageError(f"`{text.name}` is empty: `--classes` takes a file with one class name per line")
    if "" in lines:
        raise UsageError(
            f"line {lines.index('') + 1} of `{text.name}` is empty: every line is one class, in the order of the labels"
        )
    synsets = [_SYNSET.fullmatch(line) for line in lines]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    aliases: list[tuple[str, int]] = []
    if all(synsets):
        aliases = [(match[group], index) for index, match in enumerate(synsets) if match for group in (1, 2)]
    elif all(numbered) and {int(match[1]) - index for index, match in enumerate(numbered) if match} in ({0}, {1}):
        lines = [match[2] for match in numbered if match]
    named = Counter(text for text, _ in {*aliases, *((line, index) for index, line in enumerate(lines))})
    index = {text: index for text, index in aliases if named[text] == 1}
    index |= {line: index for index, line in enumerate(lines) if named[line] == 1}
    return ClassFile(tuple(lines), index, frozenset(text for text, count in named.items() if count > 1))


def check_unambiguous(classes: ClassFile, texts: set[str]) -> None:
    """Raise UsageError where a label names two classes of the file."""
    for text in sorted(texts & classes.ambiguous):
        raise UsageError(f"`--classes` has the class `{shown(text)}` more than once: a label cannot say which is meant")
