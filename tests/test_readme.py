"""The documents say what the program does."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace

import polars as pl
import pytest

from sanitize import cli, command_line, rules, settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
REMEDY = "README.md and sanitize/rules/ disagree: run `make docs`"


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language in a document."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Return the words of every `sanitize ...` that the README shows, without what a shell would take for itself."""
    lines = [line.split("#")[0].split("||")[0] for block in blocks(README, "sh") for line in block.splitlines()]
    return [line.split()[1:] for line in lines if line.startswith("sanitize ")]


def test_the_table_of_rules_is_the_registry() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning|info) \| (.*) \|$", README, flags=re.MULTILINE)
    known = [(rule.name, str(rule.severity), rule.title) for rule in rules.discover().values()]
    assert sorted(rows) == sorted(known), REMEDY


def test_the_table_of_flags_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["scan", "--help"])
    known = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out.partition("options:")[0]))
    section = README.partition("## Flags")[2].partition("\n## ")[0]
    named = set(re.findall(r"--[a-z][a-z-]+", section)) - {"--help"}
    assert named == known | {"--out"}


def test_the_settings_file_that_is_shown_is_valid(tmp_path: Path) -> None:
    [text] = blocks(README, "toml")
    (tmp_path / "sanitize.toml").write_text(text)
    made = settings.make(settings.load_file(tmp_path), rules.options)
    assert made.num_classes == tomllib.loads(text)["num-classes"]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_that_is_shown_is_understood(words: list[str]) -> None:
    arguments = command_line.parse(words)
    assert arguments.command != "explain" or arguments.rule in rules.discover()


def test_the_picture_shows_the_first_command_and_rules_that_exist() -> None:
    picture = (ROOT / "docs" / "scan.svg").read_text(encoding="utf-8")
    shown = set(re.findall(r">([a-z]+(?:-[a-z]+)*)</text>", picture)) - {"error", "warning", "info"}
    assert ">sanitize scan corrupt_samples --labels corrupt_samples/train.txt<" in picture
    assert len(shown) > 10
    assert shown <= set(rules.discover()), "the picture is out of date: run `make docs`"


def test_links_and_folders_that_are_named_exist() -> None:
    for document in (README, CONTRIBUTING):
        for target in re.findall(r"\]\(([^):#]+)\)", document):
            assert (ROOT / target).exists(), target


def load_example(folder: Path) -> ModuleType:
    path = folder / "tiny_picture.py"
    path.write_text(blocks(CONTRIBUTING, "python")[0], encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_of_a_rule_works(tmp_path: Path) -> None:
    rule = load_example(tmp_path)
    facts = pl.DataFrame({"file": [0, 1, 2], "width": [7, 8, None], "height": [64, 8, None]})
    found = rule.find(SimpleNamespace(facts=facts)).collect()
    assert found.rows() == [(0, "7 × 64 pixels", 7, 64)]


def test_the_other_examples_of_code_are_valid() -> None:
    sources = [*blocks(README, "python"), *blocks(CONTRIBUTING, "python")]
    assert sources
    for source in sources:
        compile(source, "example", "exec")
