"""The command line: words to calls."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sanitize import command_line, cores, streams
from sanitize.engine import launch
from sanitize.errors import InternalError, UsageError
from sanitize.interrupts import Terminated
from sanitize.names import shown_command, shown_path, shown_text
from sanitize.texts import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from sanitize.rules import Option

_NOT_SETTINGS = frozenset({"command", "folder", "config", "set"})


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and end with its exit status."""
    # A scan makes hardly any cycles of objects; to look for them as often as Python does takes 5 % of its time.
    gc.set_threshold(200_000, 20, 20)
    streams.prepare()
    try:
        try:
            status = _run(command_line.parse(arguments))
        except SystemExit as end:  # after --help and --version
            status = int(end.code or 0)
        finally:
            launch.end_early()
        streams.finish()
    except UsageError as error:
        status = _fail(2, str(error))
    except InternalError as error:
        status = _fail(3, f"internal error: {error}; please report it", cause=error)
    except KeyboardInterrupt as interrupt:
        status, word = (143, "terminated") if isinstance(interrupt, Terminated) else (130, "interrupted")
        _fail(status, "; ".join([word, *map(str, interrupt.args)]))
    except Exception as error:  # noqa: BLE001 - the last boundary: what comes here is our mistake
        status = _fail(3, f"internal error: {type(error).__name__}: {error}; please report it", cause=error)
    sys.exit(status)


def _fail(status: int, text: str, cause: BaseException | None = None) -> int:
    if cause:
        import traceback

        streams.say("".join(traceback.format_exception(cause)).rstrip("\n"))
    streams.say("sanitize: " + shown_text(text))
    return status


def _run(arguments: Namespace) -> int:
    command: str = arguments.command
    if command == "scan":
        return _scan(arguments)
    if command == "verify":
        return _verify(arguments)
    if command == "report":
        return _report(arguments)
    if command == "baseline":
        return _baseline(arguments)
    if command in ("quarantine", "undo"):
        return _move(arguments)
    from sanitize import checks, manual, rules, settings, terminal

    colour = terminal.use_colour(sys.stdout)
    if command == "rules":
        streams.show(manual.list_rules(rules.discover(), checks.discover(), colour=colour))
        return 0
    known = {**rules.discover(), **checks.discover()}
    settings.check_rule(arguments.rule, known)
    streams.show(manual.explain(known[arguments.rule], colour=colour))
    return 0


def _scan(arguments: Namespace) -> int:
    from sanitize import early, settings
    from sanitize.engine.start import start
    from sanitize.sources.walk import name_folder

    values = settings.load_file(Path(), Path(arguments.config) if arguments.config else None)
    given = {name: value for name, value in vars(arguments).items() if name not in _NOT_SETTINGS and value is not None}
    options = {rule: dict(table) for rule, table in values.pop("rule_options", {}).items()}
    for text in arguments.set or ():
        rule, name, value = _split_option(text)
        options.setdefault(rule, {})[name] = value
    made = settings.make({**values, **given, "rule_options": options}, _rule_options)
    folder = name_folder(arguments.folder)
    try:
        with start(made) as engine:
            begun = early.begin(folder, made, engine)
            # Heavy: the children have work meanwhile.
            from sanitize import outputs, summaries, terminal
            from sanitize.scanning import scan_folder

            stream = outputs.find_format(made.output_format)
            with terminal.listening(sys.stderr, quiet=made.quiet) as listener:
                result = scan_folder(folder, made, listener, engine, begun)
    except KeyboardInterrupt as interrupt:
        if made.cache:
            raise type(interrupt)("the next scan goes on from here") from None
        raise
    if stream:
        streams.give(stream(result))
    if not made.quiet:
        colour, width = terminal.use_colour(sys.stderr), terminal.terminal_width()
        streams.say(summaries.summarize(result, colour=colour, width=width))
    return result.exit_status


def _verify(arguments: Namespace) -> int:
    from sanitize import outputs, summaries, terminal
    from sanitize.verifying import parse_age, verify_out

    stream = outputs.find_format(arguments.output_format or outputs.TEXT)
    max_age = None if arguments.max_age is None else parse_age(arguments.max_age)
    with terminal.listening(sys.stderr, quiet=bool(arguments.quiet)) as listener:
        result = verify_out(
            Path(arguments.out), listener, deep=bool(arguments.deep), max_age=max_age, workers=cores.usable()
        )
    if stream:
        streams.give(stream(result))
    if not arguments.quiet:
        colour, width = terminal.use_colour(sys.stderr), terminal.terminal_width()
        streams.say(summaries.summarize_verified(result, colour=colour, width=width))
    return result.exit_status


def _report(arguments: Namespace) -> int:
    from sanitize import settings, terminal
    from sanitize.engine.start import start
    from sanitize.reporting import report_out

    made = settings.make({"workers": arguments.workers}, _rule_options)
    to = None if arguments.out is None else Path(arguments.out)
    with start(made) as engine, terminal.listening(sys.stderr, quiet=bool(arguments.quiet)) as listener:
        written = report_out(Path(arguments.scanned), engine, listener, to=to)
    if not arguments.quiet:
        streams.say(f"written: {shown_path(written)}")
    return 0


def _baseline(arguments: Namespace) -> int:
    from sanitize import baseline

    file = Path(arguments.file or baseline.FILE)
    count = baseline.write(Path(arguments.out), file)
    if not arguments.quiet:
        command = shown_command(["sanitize", "scan", "IMAGES", "--baseline", str(file)])
        streams.say(f"{counted(count, 'finding is', 'findings are')} accepted in {shown_path(file)}; next: {command}")
    return 0


def _move(arguments: Namespace) -> int:
    from sanitize import summaries, terminal
    from sanitize.moving.quarantining import quarantine_out
    from sanitize.moving.undoing import undo_folder

    then = "call again to go on"
    try:
        with terminal.listening(sys.stderr, quiet=bool(arguments.quiet)) as listener:
            if arguments.command == "undo":
                result = undo_folder(Path(arguments.folder), listener)
            else:
                then += ", or `sanitize undo` to take it back" if arguments.execute else ""
                result = quarantine_out(
                    Path(arguments.out),
                    Path(arguments.to),
                    listener,
                    execute=bool(arguments.execute),
                    include_label_errors=bool(arguments.include_label_errors),
                )
    except KeyboardInterrupt as interrupt:
        raise type(interrupt)(then) from None
    if not arguments.quiet:
        again = ["sanitize", *sys.argv[1:]] if result.command == "quarantine" else []
        streams.say(summaries.summarize_moved(result, again, colour=terminal.use_colour(sys.stderr)))
    return result.exit_status


def _rule_options() -> Mapping[str, Mapping[str, Option]]:
    from sanitize import rules

    return rules.options()


def _split_option(text: str) -> tuple[str, str, str]:
    key, equals, value = text.partition("=")
    rule, dot, name = key.strip().partition(".")
    if not (equals and dot and name):
        raise UsageError(f"--set takes RULE.OPTION=VALUE, not {text!r}; `sanitize explain RULE` names the options")
    return rule, name, value.strip()
