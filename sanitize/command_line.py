"""The commands and what may follow them, as they are typed, with the examples that `--help` shows."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from sanitize import __version__, streams
from sanitize.errors import UsageError

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

_REPORT_EXAMPLES = """\
examples:
  sanitize report sanitized                            make sanitized/report.html again
  sanitize report sanitized -o today.html              write it elsewhere, and leave OUT as it is

exit status: 0 it is written, 2 no scan to tell of, or no room, 3 the program failed
"""

_BASELINE_EXAMPLES = """\
examples:
  sanitize baseline sanitized                          accept all findings of the last scan
  sanitize scan photos --baseline baseline.jsonl       count what is new from now on

exit status: 0 it is written, 2 no scan to accept, or no room, 3 the program failed
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


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what a command line asks for, that of the process by default.

    Raises UsageError where it makes no sense, and SystemExit after `--help` and `--version`.
    """
    return _parser().parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def _print_message(self, message: str, file: object = None) -> None:
        streams.show(message.removesuffix("\n"))


def _parser() -> argparse.ArgumentParser:
    # Imported when `cli.main` can answer an interrupt: it takes the settings along.
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
    flags.add_for("verify", verify)
    report = add("report", "make report.html again, without a scan", _REPORT_EXAMPLES)
    report.add_argument("scanned", metavar="OUT", help="folder that a scan wrote")
    flags.add_for("report", report)
    accept = add(
        "baseline", "accept what a scan has found, so that the next one counts what is new", _BASELINE_EXAMPLES
    )
    accept.add_argument("out", metavar="OUT", help="folder that a scan wrote")
    flags.add_for("baseline", accept)
    quarantine = add("quarantine", "move the originals that a scan found bad out of the way", _QUARANTINE_EXAMPLES)
    quarantine.add_argument("out", metavar="OUT", help="folder that a scan wrote")
    flags.add_for("quarantine", quarantine)
    undo = add("undo", "move everything back from a quarantine", _UNDO_EXAMPLES)
    undo.add_argument("folder", metavar="DIR", help="folder that `sanitize quarantine --to` has filled")
    flags.add_for("undo", undo)
    commands.add_parser("rules", help="list the rules", allow_abbrev=False)
    explain = commands.add_parser("explain", help="say what a rule means and what to do", allow_abbrev=False)
    explain.add_argument(
        "rule", metavar="RULE", help="a rule, or a check of `sanitize verify`: `sanitize rules` names all"
    )
    return parser
