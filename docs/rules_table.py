"""Writes the table of rules into README.md, from the rules themselves.

usage: python docs/rules_table.py    (or `make docs`)
"""

from __future__ import annotations

from pathlib import Path

from sanitize import rules
from sanitize.dataset import RANKS

README = Path(__file__).resolve().parent.parent / "README.md"
_START, _END = "<!-- the rules, written by `make docs` -->\n", "<!-- end of the rules -->\n"


def table() -> str:
    """Return the rules as a Markdown table, the gravest first."""
    ordered = sorted(rules.discover().values(), key=lambda rule: (RANKS[rule.severity], rule.name))
    rows = [f"| `{rule.name}` | {rule.severity} | {rule.title} |" for rule in ordered]
    return "\n".join(["| rule | severity | what is found |", "|---|---|---|", *rows]) + "\n"


def main() -> None:
    """Replace the table that stands between the marks."""
    text = README.read_text(encoding="utf-8")
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not (start and end):
        raise SystemExit(f"README.md has lost its marks {_START.strip()} and {_END.strip()}; put them back")
    README.write_text(before + start + table() + end + after, encoding="utf-8")


if __name__ == "__main__":
    main()
