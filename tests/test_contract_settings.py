"""Settings mean the same as a flag, in the settings file and in a call, and what does not fit is refused."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import pytest

from sanitize import UsageError, flags
from sanitize.rules import options as rules
from sanitize.settings import Settings, load_file, make


def made(folder: Path, text: str) -> Settings:
    """Return the settings of a file."""
    (folder / "sanitize.toml").write_text(text)
    return make(load_file(folder), rules)


def test_every_setting_is_a_flag_and_none_has_a_value_that_was_not_given() -> None:
    parser = argparse.ArgumentParser()
    flags.add(parser)
    given = vars(parser.parse_args([]))
    fields = {field.name for field in dataclasses.fields(Settings)} - {"rule_options"}
    assert set(given) == fields | {"set", "config"}
    assert set(given.values()) == {None}
    given = vars(parser.parse_args(["--no-images", "--salvage", "--ignore-label", "1", "--ignore-label", "2"]))
    assert (given["images"], given["salvage"], given["ignore_label"]) == (False, True, ["1", "2"])


def test_what_is_not_done_is_said_in_the_words_of_the_flag(tmp_path: Path) -> None:
    assert not made(tmp_path, "no-images = true\nno-cache = true").images
    assert made(tmp_path, "no-images = false").images
    assert not make({"no_images": True}, rules).images


def test_none_is_as_if_not_given() -> None:
    assert (
        make({"labels": None, "out": None, "num_classes": None, "no_images": None, "rule_options": None}, rules)
        == Settings()
    )


@pytest.mark.parametrize("value", ["2", "label"])
def test_a_column_is_a_name_or_a_number(tmp_path: Path, value: str) -> None:
    assert made(tmp_path, f'label-column = "{value}"').label_column == value
    assert made(tmp_path, "label-column = 2").label_column == "2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no-images = 'x'", "--no-images takes true or false, not 'x'"),
        ("salvage = 1", "--salvage takes true or false, not 1"),
        ("num-classes = true", "--num-classes takes a number above 0 and up to 2147483648, not True"),
        ("workers = 2.5", "--workers takes a number above 0 and up to 1024, not 2.5"),
        ("workers = inf", "--workers takes a number above 0 and up to 1024, not inf"),
        ("timeout = nan", "--timeout takes a number above 0, not nan"),
        ("timeout = 'nan'", "--timeout takes a number above 0, not 'nan'"),
        ("icc = 'drop'", "--icc takes keep or convert, not 'drop'"),
        ("rgb-format = 'gif'", "--rgb-format takes png or jpeg, not 'gif'"),
        ("ignore-label = [2.5]", "--ignore-label takes whole numbers"),
        ("labels = 5", "--labels takes a text or several, not 5"),
        ("out = 5", "--out takes a text, not 5"),
        ("rule-options = 5", "there is no setting 'rule-options'"),
        ("[long-name]\nmax-bytes = 'x'", "long-name.max-bytes takes a value like 502, not 'x'"),
        ("[long-name]\nmax-bytes = 2.5", "long-name.max-bytes takes a value like 502, not 2.5"),
        ("[long-name]\nmax-bytes = true", "long-name.max-bytes takes a value like 502, not True"),
        ("[long-name]\nmax-bytes = -1", "long-name.max-bytes takes a number from 0 on, not -1"),
        ("[dark]\nbrightness = 200", "dark.brightness takes a number from 0 to 96, not 200"),
        ("[odd-size]\nfactor = 0", "odd-size.factor takes a number from 1 on, not 0"),
        ("[odd-size]\nshare = 15", "odd-size.share takes a number from 0 to 1, not 15"),
        ("[odd-size]\nuniform = 99", "odd-size.uniform takes a number from 0 to 1, not 99"),
        ("[odd-aspect]\nshare = 20", "odd-aspect.share takes a number from 0 to 1, not 20"),
        ("[low-information]\nfine-edges = 2", "low-information.fine-edges takes a number from 0 to 1, not 2"),
        ("[bright]\nshade = 999", "bright.shade takes a number from 0 to 255, not 999"),
        ("[dark]\nlight = 999", "dark.light takes a number from 0 to 255, not 999"),
        ("memory-limit = '127MiB'", "--memory-limit takes a size of at least 128MiB such as 4GiB, not '127MiB'"),
        ("[long-name]\nmax-bytes = inf", "long-name.max-bytes takes a value like 502, not inf"),
        ("num_classes = 4294967296", "--num-classes takes a number above 0 and up to 2147483648, not 4294967296"),
        ("workers = 1_000_000", "--workers takes a number above 0 and up to 1024, not 1000000"),
        ("baseline = ''", "--baseline takes a text, not ''"),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        made(tmp_path, text)


def test_options_of_a_rule_are_a_table() -> None:
    with pytest.raises(UsageError, match="long-name takes options such as"):
        make({"rule_options": {"long-name": 5}}, rules)
    with pytest.raises(UsageError, match="rule_options takes the options of rules"):
        make({"rule_options": 5}, rules)


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\nsanitize = 3", "tool = []"])
def test_settings_that_are_no_table_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(UsageError, match="is no table of settings"):
        load_file(tmp_path)
