"""What a person reads at the end: the summary of a scan, of telling whether it still holds, and of moving files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from sanitize.dataset import Severity
from sanitize.names import shown, shown_command, shown_path
from sanitize.out import FACTS
from sanitize.result import Reported, ScanResult
from sanitize.terminal import Paint, painter
from sanitize.texts import counted, cut

if TYPE_CHECKING:
    from sanitize.moving.quarantine_folder import MoveResult
    from sanitize.verifying import VerifyResult

_MOST_RULES, _MOST_NAMES, _MOST_NEWS = 20, 10, 3


def summarize(result: ScanResult, *, colour: bool, width: int = 100) -> str:
    """Return one screen: how many, how many kept, findings by rule with an example each, what was written, what next."""
    paint = painter(colour=colour)
    lines = ["", _headline(result, paint), *_counts(result), *_drift(result, width), ""]
    lines += _findings(result, paint, width)
    lines += _written(result, paint)
    return "\n".join(lines)


def summarize_verified(result: VerifyResult, *, colour: bool, width: int = 100) -> str:
    """Return one screen: whether everything is as the scan left it, what is not, what the scan had found, what next."""
    paint = painter(colour=colour)
    scanned, scan = result.scanned, result.scanned.summary
    verdict = paint("good", "✔ as the scan left it") if result.fit else paint("error", "✘ not as it should be")
    compared = counted(scanned.files.height, "image")
    if scanned.entries.height:
        compared += f" and {counted(scanned.entries.height, 'entry of', 'entries of')} images/"
    ended = f"{scanned.record.finished:%Y-%m-%d %H:%M} UTC, {timedelta(seconds=round(scanned.age.total_seconds()))} ago"
    lines = ["", f"{verdict}: {compared} compared  {paint('faint', f'({result.seconds:.1f} s)')}"]
    lines.append(f"  the scan ended {ended}: {scan.get('kept', 0):,} of {scan.get('images', 0):,} images kept")
    if result.fit:
        return "\n".join(lines)
    lines += ["", *_findings(result, paint, width)]
    again = shown_command(["sanitize", "scan", result.images_root, "-o", result.out])
    is_there = pl.col("evidence").str.json_path_match("$.gone") == "false"
    strange = result.found.filter(is_there, rule="changed-copy").height
    first = "remove those entries of images/, then " if strange else ""
    lines.append(
        f"  next: {first}{paint('strong', again)} with the flags of before; what is unchanged is not decoded again"
    )
    return "\n".join(lines)


def summarize_moved(result: MoveResult, again: Sequence[str], *, colour: bool) -> str:
    """Return what was moved, or would be by the command `again` with `--execute`, what stays and why, and what next."""
    paint = painter(colour=colour)
    count, folder = counted(len(result.moved), "file"), shown_path(result.folder)
    size = f"{result.bytes / 1e6:,.1f} MB"
    back = result.command == "undo"
    if back:
        head = f"{count} ({size}) back from {folder} in {shown_path(result.images_root)}"
    elif result.executed:
        head = f"{count} ({size}) moved to {folder}"
    else:
        head = f"{count} ({size}) would be moved to {folder}; nothing was touched"
    lines = ["", paint("strong", head)]
    if not back:
        lines += [f"  {number:>7,}  {rule}" for rule, number in result.by_rule.items()]
        lines += [paint("faint", f"  {shown(one.path)}") for one in result.moved[:_MOST_NAMES]]
        if len(result.moved) > _MOST_NAMES:
            lines.append(paint("faint", f"  … and {len(result.moved) - _MOST_NAMES:,} more"))
    if result.left:
        lines.append(
            paint("warning", f"  {counted(len(result.left), 'file')} stay{'s' if len(result.left) == 1 else ''}:")
        )
        lines += [f"  {shown(path)}: {why}" for path, why in result.left[:_MOST_NAMES]]
        if len(result.left) > _MOST_NAMES:
            lines.append(f"  … and {len(result.left) - _MOST_NAMES:,} more")
    if result.moved and not back:
        command = ["sanitize", "undo", str(result.folder)] if result.executed else [*again, "--execute"]
        next_word = "to take it back" if result.executed else "next"
        lines.append(f"  {next_word}: {paint('strong', shown_command(command))}")
    return "\n".join(lines)


def _headline(result: ScanResult, paint: Paint) -> str:
    rate = f"{result.seconds:.1f} s, {result.images / max(result.seconds, 1e-9):,.0f} images/s"
    settings, errors = result.settings, result.errors.height
    if result.exit_status == 0 and not errors:
        verdict = paint("good", "✔ fit for training")
    elif result.exit_status == 0 and settings.fail_on == "never":
        verdict = paint("error", "✘ not fit as it is, and let pass by --fail-on never")
    elif result.exit_status == 0:
        verdict = paint("good", f"✔ fit for training, as --max-bad {settings.max_bad * 100:.4g}% allows")
    elif result.exit_status == 1:
        verdict = paint("error", "✘ not fit as it is")
    else:
        verdict = paint("error", "✘ some images could not be checked")
    return f"{verdict}: {counted(result.kept, 'image')} of {result.images:,} kept  {paint('faint', f'({rate})')}"


def _counts(result: ScanResult) -> list[str]:
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (result.quarantined, "quarantined"),
            (result.unlisted, "on no list"),
            (result.unchecked, "unchecked"),
            (result.converted, "copied as RGB") if result.settings.images else (0, ""),
            (int(result.found["accepted"].sum()), "findings accepted"),
            (result.ignored, "other file ignored" if result.ignored == 1 else "other files ignored"),
        )
        if count
    ]
    reused = result.images - result.probed
    if reused > 0:
        parts.append(f"{reused:,} unchanged since the last scan")
    lines = [f"  {', '.join(parts)}"] if parts else []
    if result.settings.labels:
        dataset = result.dataset
        kept = dataset.lines.group_by("list").agg(pl.len(), kept=pl.col("kept").sum())
        counts = {row["list"]: (row["kept"], row["len"]) for row in kept.to_dicts()}
        for index, label_list in enumerate(dataset.lists):
            good, all_of_it = counts.get(index, (0, 0))
            lines.append(f"  {label_list.name}: {counted(good, 'line')} of {all_of_it:,} kept")
    return lines


def _drift(result: ScanResult, width: int) -> list[str]:
    drift = result.drift
    if drift is None:
        return []
    since = f"{drift.since:%Y-%m-%d %H:%M} UTC"
    if drift.is_none:
        return [f"  nothing has changed since the scan of {since}"]
    samples = _told(drift.samples, {"new": "new", "gone": "gone", "changed": "changed"})
    findings = _told(drift.findings, {"new": "new", "gone": "gone", "standing": "still there"})
    lines = [f"  since the scan of {since}: samples {samples}; findings {findings}"]
    rules = list(drift.new_by_rule.items())
    news = [f"{rule} {count:,}{_such_as(drift.examples[rule])}" for rule, count in rules[:_MOST_NEWS]]
    if len(rules) > _MOST_NEWS:
        news.append(f"{len(rules) - _MOST_NEWS} more rules")
    if news:
        lines.append(cut(f"new findings: {', '.join(news)}", max(width - 4, 30)))
    if drift.settings:
        lines.append(f"settings changed since then: {', '.join(name.replace('_', '-') for name in drift.settings)}")
    return [lines[0], *(f"    {line}" for line in lines[1:])]


def _told(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    return ", ".join(f"{counts[name]:,} {word}" for name, word in words.items() if counts[name]) or "as they were"


def _such_as(path: str) -> str:
    return f" ({path})" if path else ""


def _findings(result: Reported, paint: Paint, width: int) -> list[str]:
    groups = (
        result.findings.group_by("rule", "severity", "accepted")
        .agg(
            pl.len(),
            path=pl.col("path").first(),
            list=pl.col("list").first(),
            line=pl.col("line").first(),
            message=pl.col("message").first(),
        )
        .with_columns(order=pl.col("severity").cast(pl.Enum(Severity)))
        .sort("accepted", "order", "len", "rule", descending=[False, False, True, False])
    )
    if not groups.height:
        return ["  no findings", ""]
    wide = max(len(name) for name in groups["rule"])
    lines = []
    for row in groups.head(_MOST_RULES).to_dicts():
        start = f"  {row['severity']:<7} {row['len']:>7,}  {row['rule']:<{wide}}  "
        place = f"{row['list']}:{row['line']}" if row["line"] is not None else row["path"] or row["list"] or ""
        said = "(accepted) " if row["accepted"] else ""
        example = said + _example(place, row["message"], max(width - len(start) - len(said), 30))
        lines.append(paint(row["severity"], start[:9]) + start[9:] + paint("faint", example))
    if groups.height > _MOST_RULES:
        lines.append(f"  … and {groups.height - _MOST_RULES} more rules; all are in findings.jsonl")
    return [*lines, ""]


def _example(place: str, message: str, width: int) -> str:
    """Return where a finding is, and its message, in so many columns; of a long path the end tells most."""
    room = max(width // 2, width - len(message) - 2)
    place = place if len(place) <= room else f"…{place[1 - room :]}"
    return cut(f"{place}: {message}" if place else message, width)


def _written(result: ScanResult, paint: Paint) -> list[str]:
    out = str(result.out)
    names = [f"{label_list.name}.txt" for label_list in result.dataset.lists]
    names = [
        *(["images/"] if result.settings.images else []),
        *names,
        *(["classes.txt"] if result.dataset.classes.names else []),
        "quarantine.csv",
        "findings.jsonl",
        "summary.json",
        FACTS,
        *(["report.html"] if result.settings.report else []),
    ]
    lines = [f"  written to {shown_path(out)}: {', '.join(names)}"]
    if result.errors.height:
        rule = result.errors.group_by("rule").len().sort("len", "rule", descending=[True, False])["rule"][0]
        lines.append(f"  next: {paint('strong', f'sanitize explain {rule}')}")
    elif result.dataset.lists[0].labelled:
        root = os.path.join(out, "images", "") if result.settings.images else os.path.join(result.images_root, "")
        clean = result.dataset.lists[0].name
        command = shown_command(["convert_imageset", root, os.path.join(out, f"{clean}.txt"), f"{clean}_lmdb"])
        lines.append(f"  next: {paint('strong', command)}")
    return lines
