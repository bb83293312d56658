"""JUnit XML: that it can be read, and that a CI system shows what the exit status says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitize import rules
from sanitize.outputs.junit import stream, xml_attribute, xml_text
from sanitize.result import Reported, ScanResult
from tests.conftest import Scan

from .conftest import write_sound

Cases = dict[str, tuple[str, str]]


def read(result: Reported) -> tuple[ElementTree.Element, Cases]:
    """Return the root, and by rule what its test case holds: `failure`, `error` or `system-out`, and the text."""
    root = ElementTree.fromstring("".join(stream(result)).encode())
    cases = {case.attrib["name"]: case for case in root.iter("testcase")}
    assert len(cases) == len(list(root.iter("testcase"))) == int(root.attrib["tests"])
    assert {case.attrib["classname"] for case in cases.values()} == {f"sanitize.{result.command}"}
    held = {name: (case[0].tag, case[0].text or "") if len(case) else ("", "") for name, case in cases.items()}
    assert int(root.attrib["failures"]) == sum(tag == "failure" for tag, _text in held.values())
    assert int(root.attrib["errors"]) == sum(tag == "error" for tag, _text in held.values())
    return root, held


#: What XML cannot hold at all.
LOST = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(LOST + "\r\n\t<>&'\"]"))))
def test_any_text_gives_xml_that_can_be_read_and_is_what_it_was(text: str) -> None:
    element = ElementTree.fromstring(f"<a b={xml_attribute(text)}>{xml_text(text)}</a>")
    expected = "".join(f"\\u{ord(character):04x}" if character in LOST else character for character in text)
    assert (element.text or "") == expected
    assert element.attrib["b"] == expected


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two pictures, the second empty, and a list with a second blank."""
    write_sound(tmp_path / "photos" / "a.jpg")
    (tmp_path / "photos" / "b.jpg").write_bytes(b"")
    (tmp_path / "train.txt").write_text("a.jpg  0\nb.jpg 0\n")
    return tmp_path / "photos"


def test_every_rule_is_a_test_that_fails_where_its_findings_do(photos: Path, tmp_path: Path, scan: Scan) -> None:
    root, cases = read(scan(photos, tmp_path / "train.txt"))
    assert set(cases) == set(rules.discover())
    assert root.attrib["failures"] == "1"
    tag, text = cases["empty-file"]
    assert (tag, text) == ("failure", "error: b.jpg: the file is empty (0 bytes)")
    tag, text = cases["double-blank"]
    assert tag == "system-out"
    assert text.startswith(f"warning: {tmp_path / 'train.txt'}:1: a.jpg: ")
    assert cases["truncated"] == ("", "")


@pytest.mark.parametrize(
    ("options", "failing"),
    [
        ({"fail_on": "warning"}, {"empty-file", "double-blank"}),
        ({"fail_on": "never"}, set()),
        ({"max_bad": "50%"}, set()),
        ({"ignore": ["empty-file"]}, set()),
    ],
)
def test_what_fails_is_what_the_exit_status_counts(
    photos: Path, tmp_path: Path, scan: Scan, options: dict[str, object], failing: set[str]
) -> None:
    result = scan(photos, tmp_path / "train.txt", **options)
    _root, cases = read(result)
    assert {name for name, (tag, _text) in cases.items() if tag == "failure"} == failing
    assert result.exit_status == (1 if failing else 0)
    assert ("empty-file" in cases) == ("ignore" not in options)


def test_hostile_names_are_told(hostile: ScanResult) -> None:
    _root, cases = read(hostile)
    tag, text = cases["empty-file"]
    assert tag == "failure"
    assert "error: <script>.jpg: the file is empty" in text
    assert "error: x\\x0ay.jpg: the file is empty" in text
    assert "error: ü\\ufffe😀.jpg: the file is empty" in text
    assert "error: ]]>.jpg: " in text


def test_of_very_many_a_hundred_are_told(many: Callable[[int], Reported]) -> None:
    written = "".join(stream(many(100_000)))
    assert len(written) < 100_000
    _tag, text = read(many(100_000))[1]["label-out-of-range"]
    lines = text.splitlines()
    assert len(lines) == 101
    assert lines[-1] == "... and 9,900 more; `--output-format jsonl` prints all"


def test_a_file_that_the_program_failed_on_is_an_error_and_no_failure(
    photos: Path, scan: Scan, spoil_probe: Callable[[str], bytes]
) -> None:
    mark = spoil_probe("raise RuntimeError('a mistake of ours')")
    (photos / "b.jpg").write_bytes((photos / "a.jpg").read_bytes() + mark)
    result = scan(photos, ignore="trailing-data")
    _root, cases = read(result)
    assert cases["internal-error"] == ("error", "error: b.jpg: not checked: RuntimeError: a mistake of ours")
    assert {tag for tag, _text in cases.values()} == {"", "error"}
    assert result.exit_status == 3
