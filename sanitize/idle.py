"""Tells which settings change nothing as the others are: who gives them may not know."""

from __future__ import annotations

from collections.abc import Sequence

from sanitize import rules
from sanitize.labels import Labels
from sanitize.names import shown_command
from sanitize.settings import Settings

# What is said of labels, and of copies of pictures, and of nothing else.
_OF_LABELS = ("num_classes", "classes", "class_order", "path_column", "label_column", "rebase_labels", "ignore_label")
_OF_IMAGES = ("link", "background", "icc", "rgb_format")
# The rules that look for files that show the same picture, those of them that find what `--drop-duplicates` drops, and those for
# which a near picture is enough.
_OF_DROPPING = ("exact-duplicate", "pixel-duplicate", "near-duplicate")
_OF_NEAR = ("near-duplicate", "conflicting-labels", "split-leak", "placeholder", "known-bad")
# What only some rules look at.
_OF_RULES = {
    "known_bad": ("known-bad",),
    "checksums": ("hash-mismatch",),
    "leak_keep": ("split-leak",),
    "near_distance": _OF_NEAR,
    "transforms": (*_OF_DROPPING[1:], *_OF_NEAR[1:]),
}
_LISTS_OF_A_LEAK = 2


def remarks(settings: Settings) -> list[str]:
    """Return what to say of flags that change nothing as the others are."""
    default, silenced = Settings(), rules.silenced(settings.select, settings.ignore)
    given = {name for name in settings.__slots__ if getattr(settings, name) != getattr(default, name)}
    said = [
        f"--{name.replace('_', '-')} says nothing {why}"
        for name, why in _idle(settings, silenced).items()
        if name in given
    ]
    blind = [f"`{rule}`" for rule in _OF_DROPPING if settings.drop_duplicates and rule in silenced]
    if blind:
        said.append(f"--drop-duplicates drops nothing by {', '.join(blind)}, which --select or --ignore leaves out")
    if settings.select and set(settings.select) <= silenced:
        said.append("--ignore leaves out all that --select names: nothing but damage is looked for")
    return said


def remarks_on_lists(settings: Settings, lists: Labels) -> list[str]:
    """Return what to say of flags that change nothing for the lists there are; without any, `remarks` tells."""
    said = []
    if settings.labels and settings.class_order == "natural" and (settings.classes or not lists.named):
        why = "--classes has an order" if settings.classes else "no list has names of classes"
        said.append(f"--class-order natural says nothing: {why}")
    if settings.rebase_labels and len(lists.named) == len(lists.lists):
        said.append("--rebase-labels says nothing: the labels of all lists are names")
    return said


def remarks_on_excludes(settings: Settings, unused: Sequence[str]) -> list[str]:
    """Return what to say of patterns that have left nothing out; those of a settings file are for other scans, too."""
    return (
        [] if settings.config else [f"{shown_command(['--exclude', pattern])} leaves nothing out" for pattern in unused]
    )


def _idle(settings: Settings, silenced: set[str]) -> dict[str, str]:
    """Return the names of the settings that would change nothing, if they were given, with why."""
    found: dict[str, str] = {}
    if not settings.labels:
        found |= dict.fromkeys(_OF_LABELS, "without --labels: no label is checked")
    # What stands in a settings file is for other scans, too.
    if not settings.images and not settings.config:
        found |= dict.fromkeys(_OF_IMAGES, "with --no-images: no link and no copy is made")
    if settings.fail_on == "never" and not settings.config:
        found["max_bad"] = "with --fail-on never: the exit status tells of nothing"
    if len(settings.labels) < _LISTS_OF_A_LEAK:
        found["leak_keep"] = "without a second list"
    for name, asked in _OF_RULES.items():
        if silenced.issuperset(asked):
            which = " or ".join(f"`{rule}`" for rule in asked)
            found[name] = f"without {which}, which --select or --ignore leaves out"
    return found
