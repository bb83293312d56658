"""The rules: each module says which rows of the tables are wrong, and why.

A module is a rule because it lies here: its file name is its name, its docstring its manual, the keyword defaults of
its `find(dataset, **options)` its settings; numbers are from 0 on, unless `LIMITS` says from where to where. `SEVERITY`
is the severity of its findings unless a row says otherwise; `AFTER_VERDICTS` rules judge what is kept; those with
`CHOOSES` choose which of several samples stays, and are asked when all others have been: where there is a choice,
`kept` says which lines have no error so far. An `INTEGRITY` rule may be silenced, but never lists a file by that.
`NEEDS` names columns of facts or lines: where none of them has a value, or True, there is nothing to find, and it is
not asked. A rule that finds what another leaves has no settings of its own: `SETTINGS_OF` names that one, whose settings
both are asked with.

The result of `find` has a `message` and says what it concerns: `file` (number of a file), `list` and `line`, `list`
alone, `path` (key of what is no sample), or nothing: all lists. `severity` and `drops` (take the line off though it
is no error) are optional. Every other column is evidence.

A rule that needs more measured than `facts.PROBE_COLUMNS` exports `COLUMNS` (`facts.Column` by name), `VERSION` and
`measure(batch)`, or imports them from where another rule has them too: they are run once. `measure` runs in a child,
where nothing of Polars may be asked for when the module is imported, and gives one value per file and column. `ALSO` is a
module of which it needs that, too.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sanitize.dataset import Severity
from sanitize.facts import Measurement


class Option(NamedTuple):
    """A setting of a rule."""

    default: object
    least: float = 0
    most: float = math.inf

    @property
    def limits(self) -> str:
        """What values it takes where it is a number, in words."""
        return f"a number from {self.least:g} " + ("on" if self.most == math.inf else f"to {self.most:g}")


class Rule(NamedTuple):
    """A rule as its module states it."""

    name: str
    manual: str  #: the module's docstring
    severity: Severity
    find: Callable[..., object]
    options: Mapping[str, Option] = MappingProxyType({})  #: its settings by name
    after_verdicts: bool = False
    chooses: bool = False
    integrity: bool = False
    measurement: Measurement | None = None  #: what it needs beside the columns of every file
    also: Measurement | None = None  #: what it needs beside that
    needs: Collection[
        str
    ] = ()  #: columns without a value in any of which it finds nothing; empty where that is unknown
    settings_of: str = ""  #: the rule with whose settings it is asked, where these are not its own

    @property
    def title(self) -> str:
        """The first line of the manual, without its full stop."""
        return self.manual.partition("\n")[0].removesuffix(".")


@cache
def discover() -> Mapping[str, Rule]:
    """Return all rules by name, in alphabetical order."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {rule.name: rule for rule in map(_load, modules)}


def options() -> Mapping[str, Mapping[str, Option]]:
    """Return the settings of all rules."""
    return {name: rule.options for name, rule in discover().items()}


def active(select: Collection[str], ignore: Collection[str], *, after_verdicts: bool | None = None) -> list[Rule]:
    """Return the rules that run, all or those of one stage: those that are silenced but decide about integrity run too."""
    quiet = silenced(select, ignore)
    return [
        rule
        for rule in discover().values()
        if after_verdicts in (None, rule.after_verdicts) and (rule.integrity or rule.name not in quiet)
    ]


def silenced(select: Collection[str], ignore: Collection[str]) -> set[str]:
    """Return the names of the rules that are not reported: all but the selected, where there are some, and the ignored."""
    unselected = set(discover()) - set(select) if select else set()
    return unselected | set(ignore)


def measurements(rules: Iterable[Rule]) -> list[Measurement]:
    """Return what rules need to have measured, each once, in alphabetical order of the modules."""
    found = {one.module: one for rule in rules for one in (rule.measurement, rule.also) if one}
    return [found[module] for module in sorted(found)]


def _load(module_name: str) -> Rule:
    import inspect  # heavy, and this package is imported by children too

    module = importlib.import_module(f"{__name__}.{module_name}")
    own = module if hasattr(module, "measure") else None
    parameters = inspect.signature(module.find).parameters.values()
    limits = getattr(module, "LIMITS", {})
    return Rule(
        name=module_name.replace("_", "-"),
        manual=inspect.cleandoc(module.__doc__ or ""),
        severity=module.SEVERITY,
        find=module.find,
        options={p.name: Option(p.default, *limits.get(p.name, ())) for p in parameters if p.kind is p.KEYWORD_ONLY},
        after_verdicts=getattr(module, "AFTER_VERDICTS", False),
        chooses=getattr(module, "CHOOSES", False),
        integrity=getattr(module, "INTEGRITY", False),
        needs=getattr(module, "NEEDS", ()),
        settings_of=getattr(module, "SETTINGS_OF", ""),
        measurement=_measurement(own),
        also=_measurement(getattr(module, "ALSO", None)),
    )


def _measurement(of: Any) -> Measurement | None:
    """Return the measurement that a module has, be it another one's."""
    return Measurement(of.measure.__module__, of.VERSION, of.COLUMNS) if of else None
