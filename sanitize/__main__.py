"""Runs the command line as a program of its own: `sanitize`, or `python -m sanitize`."""

from __future__ import annotations

import os
import sys

# A file in the folder where this is called must not stand in for a module, unless that is where we lie ourselves.
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if __name__ == "__main__" and not sys.flags.safe_path and sys.path[0] != _OWN:
    del sys.path[0]

import signal  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

# Until the command line listens, and once it has ended, an interrupt ends the process without a traceback.
_LISTENS = signal.getsignal(signal.SIGINT) is signal.default_int_handler
# So does SIGTERM; the first process of a container would not hear of it without a handler.
_ENDS = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
if _LISTENS:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# NumPy's threads would spin while children decode on the same cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from sanitize.children import LIBRARIES, PROBE  # noqa: E402
from sanitize.engine import launch  # noqa: E402


def main() -> NoReturn:
    """Run the command line, and end the process with its status."""
    if sys.argv[1:2] == ["scan"] and None not in (sys.stdin, sys.stdout, sys.stderr):
        # The process that children are forked from imports what they need while this one imports the command line.
        launch.start_early(f"{PROBE} {LIBRARIES}")
    from sanitize import cli, interrupts

    if _LISTENS:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if _ENDS:
        signal.signal(signal.SIGTERM, interrupts.terminate)
    try:
        cli.main()
    except SystemExit as end:
        # All that was to be written is on the disk; to take tables and modules apart would cost another tenth of a second.
        os._exit(end.code if isinstance(end.code, int) else 0)
    finally:
        if _LISTENS:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        if _ENDS:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


if __name__ == "__main__":
    main()
