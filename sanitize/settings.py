"""The settings of a scan: every flag with its one default, and the file that may hold them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanitize import memory, setting_values
from sanitize.errors import UsageError
from sanitize.formats import MAX_PIXELS

if TYPE_CHECKING:
    from sanitize.rules import Option

#: Memory of a process that decodes, bytes: unless the user says otherwise, where there is enough and where there is not; and
#: the least that may be asked for, as one with all its libraries holds about 80 MiB before its first file.
MEMORY_LIMIT, SMALL_MEMORY_LIMIT = 4 << 30, 256 << 20
OUT = "sanitized"
#: Our own folder in OUT, and the file in it that marks a folder as written by a scan.
PRIVATE = ".sanitize"
MARKER = os.path.join(PRIVATE, "marker")

FAIL_ON = ("error", "warning", "never")
LINKS = ("symlink", "hardlink", "copy")
LEAK_KEEP = ("last", "first")
CLASS_ORDERS = ("plain", "natural")
ICC = ("keep", "convert")
RGB_FORMATS = ("png", "jpeg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a scan is told; each field is a flag of the same name."""

    labels: tuple[str, ...] = ()
    out: str = OUT
    num_classes: int | None = None
    classes: str | None = None
    class_order: str = "plain"
    path_column: str | None = None
    label_column: str | None = None
    rebase_labels: bool = False
    ignore_label: tuple[int, ...] = ()
    images: bool = True
    link: str = "symlink"
    background: str = "#ffffff"
    icc: str = "keep"
    rgb_format: str | None = None
    salvage: bool = False
    near_distance: int | None = None  #: bits of 64; None for the search's own default
    transforms: bool = False
    drop_duplicates: bool = False
    leak_keep: str = "last"
    known_bad: tuple[str, ...] = ()
    checksums: tuple[str, ...] = ()
    baseline: str | None = None
    keep_accepted: bool = False
    rehash: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    max_bad: float = 0.0
    exclude: tuple[str, ...] = ()
    max_pixels: int = MAX_PIXELS
    max_unreadable: float = 0.01
    workers: int | None = None
    timeout: float = 60.0
    memory_limit: int | None = None
    scheduler: str | None = None
    thorough: bool = False
    cache: bool = True
    config: str | None = None  #: the file that settings were read from
    report: bool = True  #: whether `report.html` is made
    output_format: str = "text"
    quiet: bool = False
    rule_options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


#: Words allowed for a field.
CHOICES: dict[str, tuple[str, ...]] = {
    "fail_on": FAIL_ON,
    "link": LINKS,
    "class_order": CLASS_ORDERS,
    "leak_keep": LEAK_KEEP,
    "icc": ICC,
    "rgb_format": RGB_FORMATS,
}
#: Flags that say what is not done.
_NEGATED = {"no_images": "images", "no_cache": "cache", "no_report": "report"}
# Frameworks keep labels in 32 bits, with a sign.
_RANGES = {"near_distance": (0, 64), "workers": (1, 1024), "num_classes": (1, 1 << 31)}


def load_file(folder: Path, explicit: Path | None = None) -> dict[str, Any]:
    """Return the settings in `sanitize.toml`, or in `[tool.sanitize]` of `pyproject.toml`, of a folder; empty without one.

    Raises UsageError where a file is no TOML or cannot be read.
    """
    for path in [explicit] if explicit else [folder / "sanitize.toml", folder / "pyproject.toml"]:
        try:
            text = path.read_text(encoding="utf-8-sig")
            import tomllib  # most often there is no such file

            table = tomllib.loads(text)
        except FileNotFoundError:
            if explicit:
                raise UsageError(f"no settings file {path}; check --config") from None
            continue
        except UnicodeDecodeError:
            raise UsageError(f"{path} is no text in UTF-8, as settings are; is it the right file?") from None
        except RecursionError:
            raise UsageError(f"{path} has brackets within brackets, too many to be read; mend it") from None
        except ValueError as error:
            raise UsageError(f"{path} is not valid TOML ({error}); mend it") from None
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from None
        if path.name == "pyproject.toml":
            tools = table.get("tool", {})
            own = tools.get("sanitize") if isinstance(tools, dict) else tools
            if own is None:
                continue
            if not isinstance(own, dict):
                raise UsageError(f"`tool.sanitize` in {path} is no table of settings; mend it")
            table = own
        elif isinstance(table.get("tool"), dict) and "sanitize" in table["tool"]:
            raise UsageError(
                f"`[tool.sanitize]` is read from pyproject.toml only; in {path} settings stand without a table"
            )
        return {**_flatten(table, str(path)), "config": str(path)}
    return {}


def make(values: Mapping[str, Any], rules: Callable[[], Mapping[str, Mapping[str, Option]]]) -> Settings:
    """Return the settings that `values` (by field name) stand for.

    `rules` gives the options of all rules, and is asked only where a rule is named. A value of None
    is as if it were not given. Raises UsageError for a name or value that does not fit.
    """
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if value is None and (name in _KINDS or name == "rule_options"):
            continue
        if name == "rule_options":
            if not isinstance(value, Mapping):
                raise UsageError(f"rule_options takes the options of rules, by rule, not {value!r}")
            checked[name] = {rule: _check_options(rule, given, rules()) for rule, given in value.items()}
        elif name in _NEGATED:
            checked[_NEGATED[name]] = not _check(name, value)
        else:
            checked[name] = _check(name, value)
    for name in ("select", "ignore"):
        for rule in checked.get(name, ()):
            check_rule(rule, rules())
    made = Settings(**checked)
    if made.salvage and not made.images:
        raise UsageError(
            "--salvage keeps damaged pictures as copies, and --no-images makes none; leave one of them out"
        )
    if made.keep_accepted and made.baseline is None:
        raise UsageError("--keep-accepted keeps what a baseline accepts; name it with --baseline FILE")
    if made.rehash and not made.cache:
        raise UsageError(
            "--rehash reads what is not measured again, and --no-cache measures everything; leave one of them out"
        )
    return made


def check_rule(rule: str, known: Collection[str]) -> None:
    """Raise UsageError, with a name that may be meant, where `rule` is none of those that are known."""
    if rule not in known:
        import difflib

        near = difflib.get_close_matches(rule, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `sanitize rules` lists them"
        several = [part.strip() for part in rule.split(",")]
        hint = "; name each rule by itself" if len(several) > 1 and {*several} <= {*known} else hint
        raise UsageError(f"there is no rule {rule!r}{hint}")


def default_memory_limit(workers: int) -> int:
    """Return the memory a child may use, bytes: 4 GiB, at most half of what there is divided by the workers, at least 256 MiB."""
    return max(min(MEMORY_LIMIT, memory.available() // 2 // max(1, workers)), SMALL_MEMORY_LIMIT)


def _flatten(table: Mapping[str, Any], source: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if isinstance(value, dict):
            values.setdefault("rule_options", {})[key] = value
        elif name in _KINDS and name != "config":
            values[name] = value
        else:
            raise UsageError(f"{source}: there is no setting {key!r}; see `sanitize scan --help`")
    return values


def _check(name: str, value: Any) -> Any:
    kind = _KINDS.get(name)
    if kind is None:
        raise UsageError(f"there is no setting {name.replace('_', '-')!r}; see `sanitize scan --help`")
    try:
        if isinstance(value, bool) != (kind is bool) or (name in CHOICES and value not in CHOICES[name]):
            raise ValueError
        return _READERS.get(name, _READERS_OF_KINDS[kind])(value)
    except (ValueError, TypeError, OverflowError):
        wanted = " or ".join(CHOICES[name]) if name in CHOICES else _WANTED.get(name, _WANTED_KINDS[kind])
        raise UsageError(f"--{name.replace('_', '-')} takes {wanted}, not {value!r}") from None


def _check_options(rule: str, given: Any, rules: Mapping[str, Mapping[str, Option]]) -> dict[str, object]:
    check_rule(rule, rules)
    if not isinstance(given, Mapping):
        raise UsageError(f"{rule} takes options such as `{rule}.option = value`, not {given!r}")
    options: dict[str, object] = {}
    for key, value in given.items():
        name = key.replace("-", "_")
        if name not in rules[rule]:
            known = ", ".join(sorted(rules[rule])).replace("_", "-") or "none"
            raise UsageError(f"rule {rule} has no option {key!r} (it has: {known}): see `sanitize explain {rule}`")
        option = rules[rule][name]
        try:
            options[name] = _like(option.default, value)
        except (ValueError, TypeError, OverflowError):
            raise UsageError(f"{rule}.{key} takes a value like {option.default!r}, not {value!r}") from None
        number = options[name]
        if isinstance(number, int | float) and not option.least <= number <= option.most:
            raise UsageError(f"{rule}.{key} takes {option.limits}, not {value!r}")
    return options


def _like(default: object, value: Any) -> object:
    """Return a value, which may be the text of a flag, as the type of the default; raises ValueError where it is none."""
    if isinstance(default, bool):
        words = {"true": True, "yes": True, "false": False, "no": False}
        if str(value).lower() not in words:
            raise ValueError
        return words[str(value).lower()]
    if isinstance(default, int | float):
        number = type(default)(value)
        if isinstance(value, bool) or math.isnan(number) or (isinstance(value, float) and number != value):
            raise ValueError
        return number
    return str(value) if isinstance(default, str) else value


_TYPES: dict[str, type] = {kind.__name__: kind for kind in (bool, int, float, str, tuple)}
# Of what kind each setting is, as its annotation begins.
_KINDS = {
    name: _TYPES[annotation.partition("[")[0].partition(" ")[0]]
    for name, annotation in Settings.__annotations__.items()
    if name != "rule_options"
} | dict.fromkeys(_NEGATED, bool)
# How the values of each kind are read, and those of settings that are read otherwise.
_READERS_OF_KINDS: dict[type, Callable[[Any], Any]] = {
    bool: bool,
    int: setting_values.number,
    float: partial(setting_values.number, kind=float),
    str: setting_values.text,
    tuple: setting_values.several,
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "max_bad": setting_values.share,
    "max_unreadable": setting_values.share,
    "memory_limit": setting_values.size,
    "path_column": setting_values.column,
    "label_column": setting_values.column,
    "background": setting_values.background,
    "ignore_label": partial(setting_values.several, item=lambda one: int(str(one))),
    **{name: partial(setting_values.number, least=least, most=most) for name, (least, most) in _RANGES.items()},
}
_WANTED_KINDS = {
    bool: "true or false", int: "a number above 0", float: "a number above 0", str: "a text", tuple: "a text or several",
}  # fmt: skip
_WANTED = {
    "max_bad": "a share such as 0.1% or 0.001", "max_unreadable": "a share such as 1% or 0.01",
    "memory_limit": f"a size of at least {setting_values.LEAST_MEMORY_LIMIT >> 20}MiB such as 4GiB",
    "near_distance": "a number of bits, at most 64", "ignore_label": "whole numbers such as 255",
    "workers": "a number above 0 and up to 1024", "num_classes": "a number above 0 and up to 2147483648",
}  # fmt: skip
