"""The flags of the commands, as they are shown."""

from __future__ import annotations

import argparse
from typing import Any

from sanitize.settings import Settings

_DEFAULT = Settings()

#: By group: the flag as it is typed, and what it does. A word after it is its value; `...`: it may be given several
#: times; none: it is a switch, and `--no-x` switches the setting x off.
FLAGS: dict[str, dict[str, str]] = {
    "labels": {
        "--labels LIST...": (
            "a Caffe list, CSV or TSV, or `folders`; NAME=LIST names the clean list, LIST@ROOT the folder, in"
            " IMAGES, that its paths start from"
        ),
        "--num-classes N": "number of classes (default: of --classes, else the largest label + 1)",
        "--classes FILE": "class names in index order, one per line",
        "--class-order ORDER": "of class folders: plain (torchvision, default) or natural (timm)",
        "--path-column COLUMN": "name or number of a table's column of paths",
        "--label-column COLUMN": "name or number of a table's column of labels",
        "--rebase-labels": "shift labels that start at 1 so that they start at 0",
        "--ignore-label N...": "a label that training ignores, such as 255",
    },
    "same pictures": {
        "--near-distance N": (
            "how different, in bits of 64, the phashes of the same picture may be (default: 8, or 8 of a second hash, which"
            " does not count where a number is given)"
        ),
        "--transforms": "also find mirrored and rotated copies",
        "--drop-duplicates": "keep one of the pictures that are the same on a list under one label",
        "--leak-keep WHICH": "which list keeps a picture that is on two: last (default) or first",
    },
    "what is known of the files": {
        "--known-bad PATH...": "a folder of pictures, or a list of hashes, that must not be in the dataset",
        "--checksums FILE...": "the output of sha256sum or md5sum, which the files must agree with",
    },
    "what is written": {
        "-o --out OUT": f"folder for the clean lists, images and reports (default: {_DEFAULT.out})",
        "--no-images": "write lists and reports only, with the originals' paths",
        "--no-report": "leave out report.html, which `sanitize report OUT` makes at any time",
        "--link HOW": "symlink (default), hardlink or copy what needs no conversion",
        "--background COLOUR": f"what transparent pixels are composed over (default: {_DEFAULT.background})",
        "--icc WHAT": "keep (default) or convert RGB pictures with another profile than sRGB",
        "--rgb-format FORMAT": "png or jpeg for all copies (default: JPEGs stay JPEGs, all else becomes PNG)",
        "--salvage": "keep damaged pictures as far as they decode, as copies",
    },
    "what counts": {
        "--select RULE...": "report these rules only",
        "--ignore RULE...": "do not report this rule; damaged files stay off the list",
        "--set RULE.OPTION=VALUE...": "an option of a rule; `sanitize explain RULE` names them",
        "--baseline FILE": "findings that are accepted, as `sanitize baseline OUT` writes them, do not count",
        "--keep-accepted": "put what has no other errors on the clean lists, damaged pictures as far as they decode",
        "--fail-on SEVERITY": "exit with 1 from this severity on: error (default), warning, never",
        "--max-bad SHARE": "exit with 0 while no larger share of images and lines is bad, such as 0.1%",
        "--exclude GLOB...": "leave out files and folders of that name, or of that path",
        "--max-pixels N": f"more than these are too large (default: {_DEFAULT.max_pixels:,})",
        "--max-unreadable SHARE": (
            f"stop where more files cannot be read (default: {_DEFAULT.max_unreadable:.0%}); 100 are always let pass"
        ),
        "--thorough": "ask every decoder about every file",
    },
    "how it runs": {
        "--workers N": "decoding processes (default: one per core)",
        "--timeout SECONDS": f"for one file (default: {_DEFAULT.timeout:g})",
        "--memory-limit SIZE": (
            "of one decoding process (default: 4GiB, at most half of the memory divided by the workers, at least 256MiB)"
        ),
        "--scheduler ADDRESS": "of a Dask cluster, such as tcp://host:8786",
        "--rehash": "read unchanged files too, without decoding them: finds other bytes of the same size and time",
        "--no-cache": "measure everything again, keep nothing",
        "--config FILE": "settings (default: sanitize.toml or [tool.sanitize] of pyproject.toml here)",
        "--output-format FORMAT": (
            "print the result on stdout for another program, as json, jsonl, sarif, junit, github or gitlab (default:"
            " text, a summary on stderr only)"
        ),
        "--quiet": "print nothing but why it could not run",
    },
}

_QUIET = {"--quiet": FLAGS["how it runs"]["--quiet"]}
#: The flags of the other commands, likewise.
OTHERS: dict[str, dict[str, str]] = {
    "verify": {
        "--deep": "read every picture and compare its SHA-256, rather than its size and time of change",
        "--max-age AGE": "a scan that ended longer ago, such as 90m, 24h or 7d, is an error (old-scan)",
        "--output-format FORMAT": FLAGS["how it runs"]["--output-format FORMAT"],
        **_QUIET,
    },
    "report": {
        "-o --out FILE": "write it there, and leave OUT as it is",
        "--workers N": FLAGS["how it runs"]["--workers N"],
        **_QUIET,
    },
    "baseline": {"-o --file FILE": "where to write it (default: baseline.jsonl)", **_QUIET},
    "quarantine": {
        "--to DIR": "folder outside IMAGES where they go, under the same relative paths",
        "--execute": "move them; without it nothing is touched, and what would be moved is told",
        "--include-label-errors": "also files that are sound but for their lines: bad labels, conflicts, leaked copies",
        **_QUIET,
    },
    "undo": _QUIET,
}
_REQUIRED = frozenset({"--to DIR"})


def add(parser: argparse.ArgumentParser) -> None:
    """Add all flags of a scan to a parser, each None where it is not given, so that the settings file may say it."""
    for title, flags in FLAGS.items():
        group = parser.add_argument_group(title)
        for spelling, text in flags.items():
            names, words = _read(spelling, text)
            group.add_argument(*names, **words)


def add_for(command: str, parser: argparse.ArgumentParser) -> None:
    """Add all flags of a command other than `scan` to a parser."""
    for spelling, text in OTHERS[command].items():
        names, words = _read(spelling, text)
        parser.add_argument(*names, **(words | {"required": True} if spelling in _REQUIRED else words))


def _read(spelling: str, text: str) -> tuple[list[str], dict[str, Any]]:
    """Return the names and the keyword arguments of argparse that a flag as it is typed stands for."""
    names = [word for word in spelling.split() if word.startswith("-")]
    text = text.replace("%", "%%")
    metavar = spelling.split()[-1]
    if metavar in names:
        negated = names[-1].startswith("--no-")
        words: dict[str, Any] = {"action": "store_false" if negated else "store_true", "default": None}
        return names, {**words, "dest": names[-1].removeprefix("--no-").lstrip("-").replace("-", "_"), "help": text}
    if metavar.endswith("..."):
        words = {"action": "append", "metavar": metavar.removesuffix("...")}
        return names, {**words, "help": f"{text}; may be given several times"}
    return names, {"metavar": metavar, "help": text}
