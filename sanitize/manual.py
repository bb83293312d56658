"""The manual of the rules: all of them in a list, and each in full."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sanitize.dataset import RANKS
from sanitize.rules import Option, Rule
from sanitize.terminal import painter


def list_rules(rules: Mapping[str, Rule], checks: Mapping[str, Rule], *, colour: bool) -> str:
    """Return one line per rule: severity, name, title; then the same of the checks of `sanitize verify`."""
    paint = painter(colour=colour)
    wide = max(map(len, [*rules, *checks]))

    def lines(some: Mapping[str, Rule]) -> list[str]:
        ordered = sorted(some.values(), key=lambda rule: (RANKS[rule.severity], rule.name))
        return [f"{paint(rule.severity, f'{rule.severity:<8}')} {rule.name:<{wide}}  {rule.title}" for rule in ordered]

    return "\n".join([*lines(rules), "", "What `sanitize verify` checks:", *lines(checks)])


def explain(rule: Rule, *, colour: bool) -> str:
    """Return the manual of a rule, with its severity and options."""
    paint = painter(colour=colour)
    options = [
        f"  {rule.name}.{name.replace('_', '-')} = {option.default!r}{_limits(option)}"
        for name, option in rule.options.items()
    ]
    text = [f"{paint('strong', rule.name)} ({paint(rule.severity, rule.severity)})", "", rule.manual]
    if options:
        text += ["", "Options and their defaults, for --set or the settings file:", *options]
    elif rule.settings_of:
        text += ["", f"Its options are those of {rule.settings_of}."]
    return "\n".join(text)


def _limits(option: Option) -> str:
    return "" if option.least == 0 and option.most == math.inf else f"  # {option.limits}"
