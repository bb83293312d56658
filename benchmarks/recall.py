"""Counts how much damage a scan finds, by format and kind of damage, against what other readers notice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import tables
from benchmarks.damage import KINDS
from benchmarks.encodings import ENCODINGS, encode, read
from benchmarks.pictures import find
from benchmarks.readers import ask

_SOUND = "(sound: false alarms)"
_OURS = "sanitize"


def measure(folder: str, *, pictures: int, seed: int = 0) -> None:
    """Damage copies of some pictures in every format and print, by format, what share each reader notices."""
    every = find(folder)
    paths = every[:: max(1, len(every) // pictures)][:pictures]
    behind: list[str] = []
    alarms = sound = 0
    for name in ENCODINGS:
        counts = count(paths, name, seed=seed)
        _show(name, counts)
        files, noticed = counts.pop(_SOUND)
        sound, alarms = sound + files, alarms + noticed[_OURS]
        behind += [
            f"{name}, {kind}: {noticed[_OURS]} against {noticed[best]} of {files} by {best}"
            for kind, (files, noticed) in counts.items()
            if noticed[best := max(noticed, key=noticed.__getitem__)] > noticed[_OURS]
        ]
    print(f"sanitize called {alarms} of {sound} sound files damaged")
    print("it notices less than the best other reader in: " + ("; ".join(behind) or "no row"))


def count(paths: Sequence[str], name: str, *, seed: int) -> dict[str, tuple[int, dict[str, int]]]:
    """Return, by kind of damage, the number of files in one format and how many of them each reader notices."""
    with tempfile.TemporaryDirectory() as scratch:
        samples = _make(paths, name, Path(scratch), random.Random(seed))
        everything = [path for made in samples.values() for path in made]
        noticed = {_OURS: scan(Path(scratch)), **ask(everything, jpeg=ENCODINGS[name][0] == ".jpg")}
    return {
        kind: (len(made), {who: len(seen.intersection(made)) for who, seen in noticed.items()})
        for kind, made in samples.items()
    }


def scan(folder: Path) -> set[str]:
    """Return the paths of the files below a folder that a scan calls wrong."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "sanitize", "scan", str(folder), "--no-images", "--no-cache", "--quiet"]
        subprocess.run([*command, "--fail-on", "never", "-o", out], check=True)
        lines = Path(out, "findings.jsonl").read_text(encoding="utf-8").splitlines()
    findings = [json.loads(line) for line in lines]
    return {str(folder / finding["path"]) for finding in findings if finding["severity"] == "error"}


def _make(paths: Sequence[str], name: str, folder: Path, chance: random.Random) -> dict[str, list[str]]:
    """Write the pictures in one format, sound and damaged in every way; returns the paths by kind of damage."""
    encoded = [encode(read(path), name) for path in paths]
    samples: dict[str, list[str]] = {}
    for number, (kind, damage) in enumerate({_SOUND: lambda data, other, chance: data, **KINDS}.items()):
        (folder / str(number)).mkdir()
        samples[kind] = []
        for index, data in enumerate(encoded):
            damaged = damage(data, encoded[index - 1], chance)
            if kind == _SOUND or damaged != data:
                target = folder / str(number) / f"{index}{ENCODINGS[name][0]}"
                target.write_bytes(damaged)
                samples[kind].append(str(target))
    return samples


def _show(name: str, counts: dict[str, tuple[int, dict[str, int]]]) -> None:
    header = ["damage", "files", *counts[_SOUND][1]]
    rows = [
        [kind, str(files), *(f"{100 * seen / max(files, 1):.3g}" for seen in noticed.values())]
        for kind, (files, noticed) in counts.items()
    ]
    tables.show(f"{name}: noticed, in %", header, rows)
