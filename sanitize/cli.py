"""The command line: words to calls."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sanitize import __version__, cores, streams
from sanitize.engine import launch
from sanitize.errors import InternalError, UsageError
from sanitize.interrupts import Terminated
from sanitize.names import shown, shown_path, to_key

if TYPE_CHECKING:
    from sanitize.rules import Option

_EXAMPLES = """\
examples:
  sanitize scan photos                                 check a folder of images
  sanitize scan photos --labels train.txt              ... and the Caffe list that names them
  sanitize scan photos --labels train.csv --labels test.csv --num-classes 10
  sanitize scan photos --labels folders                one folder per class
  sanitize scan ILSVRC --labels train.txt@train --labels val.txt@val
  sanitize scan photos --labels train.txt --no-images --fail-on error    the gate in front of a training
  sanitize scan photos --labels train.txt --output-format github         findings beside the lines of a pull request
  sanitize verify sanitized --max-age 24h              is everything still as the last scan left it?
  sanitize report sanitized                            make report.html again, without a scan
  sanitize baseline sanitized && sanitize scan photos --baseline baseline.jsonl    count what is new from now on
  sanitize explain truncated                           what a finding means and what to do

exit status: 0 nothing found that matters, 1 found, 2 wrong usage or unreadable input, 3 the program failed,
130 interrupted, 143 terminated
"""

_VERIFY_EXAMPLES = """\
examples:
  sanitize verify sanitized && python train.py         train only on what was scanned
  sanitize verify sanitized --max-age 24h              ... and not longer than a day ago
  sanitize verify sanitized --deep                     read every picture and compare its SHA-256

exit status: 0 nothing has changed, 1 something has or the scan is too old, 2 no scan to compare with, 3 the program failed
"""

_QUARANTINE_EXAMPLES = """\
examples:
  sanitize quarantine sanitized --to bad               tell what would be moved, and touch nothing
  sanitize quarantine sanitized --to bad --execute     move it; called again, it goes on where it was cut short
  sanitize undo bad                                    move everything back

exit status: 0 everything was moved, or would be, 1 some files stay, which are named with the reason, 2 no scan to go by,
3 the program failed
"""

_UNDO_EXAMPLES = """\
examples:
  sanitize undo bad                                    move everything back, and remove `bad` when it is empty

exit status: 0 everything is back, 1 some files stay, which are named with the reason, 2 no such folder, 3 the program failed
"""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and end with its exit status."""
    # A scan makes hardly any cycles of objects; to look for them as often as Python does takes 5 % of its time.
    gc.set_threshold(200_000, 20, 20)
    streams.prepare()
    try:
        try:
            status = _run(_parser().parse_args(arguments))
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
    streams.say("sanitize: " + shown(to_key(" ".join(text.split("\n")).encode("utf-8", "surrogateescape"))))
    return status


def _run(arguments: argparse.Namespace) -> int:
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
    from sanitize import checks, manual, rules, terminal

    colour = terminal.use_colour(sys.stdout)
    known = rules.discover()
    if command == "rules":
        streams.show(manual.list_rules(known, colour=colour))
        return 0
    known = {**known, **checks.discover()}
    if arguments.rule not in known:
        raise UsageError(f"there is no rule {arguments.rule!r}; `sanitize rules` lists them")
    streams.show(manual.explain(known[arguments.rule], colour=colour))
    return 0


def _scan(arguments: argparse.Namespace) -> int:
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
            listener, end = terminal.make_listener(sys.stderr, quiet=made.quiet)
            try:
                result = scan_folder(folder, made, listener, engine, begun)
            finally:
                end()
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


def _verify(arguments: argparse.Namespace) -> int:
    from sanitize import outputs, summaries, terminal
    from sanitize.verifying import parse_age, verify_out

    stream = outputs.find_format(arguments.output_format or outputs.TEXT)
    max_age = None if arguments.max_age is None else parse_age(arguments.max_age)
    listener, end = terminal.make_listener(sys.stderr, quiet=bool(arguments.quiet))
    try:
        result = verify_out(
            Path(arguments.out), listener, deep=bool(arguments.deep), max_age=max_age, workers=cores.usable()
        )
    finally:
        end()
    if stream:
        streams.give(stream(result))
    if not arguments.quiet:
        colour, width = terminal.use_colour(sys.stderr), terminal.terminal_width()
        streams.say(summaries.summarize_verified(result, colour=colour, width=width))
    return result.exit_status


def _report(arguments: argparse.Namespace) -> int:
    from sanitize import settings, terminal
    from sanitize.engine.start import start
    from sanitize.reporting import report_out

    made = settings.make({"workers": arguments.workers}, _rule_options)
    with start(made) as engine:
        listener, end = terminal.make_listener(sys.stderr, quiet=bool(arguments.quiet))
        to = None if arguments.out is None else Path(arguments.out)
        try:
            written = report_out(Path(arguments.scanned), engine, listener, to=to)
        finally:
            end()
    if not arguments.quiet:
        streams.say(f"written: {shown_path(written)}")
    return 0


def _baseline(arguments: argparse.Namespace) -> int:
    from sanitize import baseline

    file = Path(arguments.file or baseline.FILE)
    count = baseline.write(Path(arguments.out), file)
    streams.say(f"{count:,} findings are accepted in {shown_path(file)}; scan with --baseline {shown_path(file)}")
    return 0


def _move(arguments: argparse.Namespace) -> int:
    from sanitize import summaries, terminal
    from sanitize.quarantining import quarantine_out
    from sanitize.undoing import undo_folder

    listener, end = terminal.make_listener(sys.stderr, quiet=bool(arguments.quiet))
    try:
        if arguments.command == "undo":
            result = undo_folder(Path(arguments.folder), listener)
        else:
            result = quarantine_out(
                Path(arguments.out),
                Path(arguments.to),
                listener,
                execute=bool(arguments.execute),
                include_label_errors=bool(arguments.include_label_errors),
            )
    except KeyboardInterrupt as interrupt:
        raise type(interrupt)("call again to go on, or `sanitize undo` to take it back") from None
    finally:
        end()
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def _print_message(self, message: str, file: object = None) -> None:
        streams.show(message.removesuffix("\n"))


_NOT_SETTINGS = frozenset({"command", "folder", "config", "set"})


def _parser() -> argparse.ArgumentParser:
    from sanitize import flags

    layout = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="sanitize",
        description="Checks every sample of an image dataset before training, and leaves off what cannot be trained on.",
        epilog=_EXAMPLES,
        formatter_class=layout,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sanitize {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, purpose: str, examples: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=purpose, epilog=examples, formatter_class=layout, allow_abbrev=False)

    scan = add("scan", "check a dataset", _EXAMPLES)
    scan.add_argument("folder", metavar="IMAGES", help="folder of images")
    flags.add(scan)
    verify = add("verify", "tell whether all is still as a scan left it", _VERIFY_EXAMPLES)
    verify.add_argument("out", metavar="OUT", help="folder that a scan wrote")
    flags.add_verify(verify)
    report = commands.add_parser("report", help="make report.html again, without a scan", allow_abbrev=False)
    report.add_argument("scanned", metavar="OUT", help="folder that a scan wrote")
    flags.add_report(report)
    accept = commands.add_parser(
        "baseline", help="accept what a scan has found, so that the next one counts what is new", allow_abbrev=False
    )
    accept.add_argument("out", metavar="OUT", help="folder that a scan wrote")
    accept.add_argument("-o", "--file", metavar="FILE", help="where to write it (default: baseline.jsonl)")
    quarantine = add("quarantine", "move the originals that a scan found bad out of the way", _QUARANTINE_EXAMPLES)
    quarantine.add_argument("out", metavar="OUT", help="folder that a scan wrote")
    flags.add_quarantine(quarantine)
    undo = add("undo", "move everything back from a quarantine", _UNDO_EXAMPLES)
    undo.add_argument("folder", metavar="DIR", help="folder that `sanitize quarantine --to` has filled")
    flags.add_undo(undo)
    commands.add_parser("rules", help="list the rules", allow_abbrev=False)
    explain = commands.add_parser("explain", help="say what a rule means and what to do", allow_abbrev=False)
    explain.add_argument("rule", metavar="RULE")
    return parser
