"""Draws `docs/scan.svg`: what a terminal shows of the scan of corrupt_samples.

usage: python docs/picture.py    (or `make docs`)
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "scan.svg"
COMMAND = "sanitize scan corrupt_samples --labels corrupt_samples/train.txt"
_COLUMNS = 118
_WIDTH, _HEIGHT, _MARGIN = 7.8, 18, 18  # of a character and around all, pixels
_STYLES = {
    "31": 'fill="#ff7b72"',
    "33": 'fill="#e3b341"',
    "36": 'fill="#76d9e6"',
    "32": 'fill="#7ee787"',
    "1": 'font-weight="bold"',
    "2": 'fill="#9198a1"',
}
_PIECE = re.compile(r"\x1b\[(\d*)m")


def record() -> list[str]:
    """Run the command on a copy of the samples, in a terminal of its own, and return the lines that stay on it."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "corrupt_samples", Path(scratch, "corrupt_samples"), symlinks=True)
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, _COLUMNS, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen(
            [sys.executable, "-m", *COMMAND.split()],
            cwd=scratch,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
        )
        os.close(theirs)
        written = _read(ours)
        if process.wait() != 1:
            raise SystemExit(f"the scan ended with status {process.returncode}; 1 was expected:\n{written}")
    # A progress bar returns to the start of its line and writes over itself.
    return [line.rstrip("\r").rpartition("\r")[2] for line in written.rstrip().split("\n")]


def draw(lines: list[str]) -> str:
    """Return lines with colour codes as an SVG."""
    width = round(_COLUMNS * _WIDTH + 2 * _MARGIN)
    height = len(lines) * _HEIGHT + 2 * _MARGIN
    rows = [_row(line, _MARGIN + (number + 1) * _HEIGHT - 5) for number, line in enumerate(lines)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
            ' font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="13">',
            f"<title>{escape(COMMAND)}</title>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            '<g fill="#e6edf3" xml:space="preserve">',
            *filter(None, rows),
            "</g>",
            "</svg>\n",
        ]
    )


def _read(terminal: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so at the end
            piece = b""
        if not piece:
            return b"".join(pieces).decode()
        pieces.append(piece)


def _row(line: str, y: int) -> str:
    """Return a line as SVG texts, each at its own column, so that no font can shift the columns."""
    texts, column, style = [], 0, ""
    for number, piece in enumerate(_PIECE.split(line)):
        if number % 2:
            style = _STYLES.get(piece, "")
            continue
        for word in re.finditer(r"\S+(?: \S+)*", piece):
            x = _MARGIN + (column + word.start()) * _WIDTH
            length = len(word[0]) * _WIDTH
            texts.append(
                f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
                f"{' ' if style else ''}{style}>{escape(word[0])}</text>"
            )
        column += len(piece)
    return "".join(texts)


if __name__ == "__main__":
    TARGET.write_text(draw([f"$ \x1b[1m{COMMAND}\x1b[0m", *record()]), encoding="utf-8")
