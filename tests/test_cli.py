"""The command line, as a process of its own."""

from __future__ import annotations

import csv
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .engine.conftest import write_photo


def sanitize(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run(
        [sys.executable, "-m", "sanitize", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two sound pictures."""
    for number, name in enumerate("ab"):
        write_photo(tmp_path / "photos" / f"{name}.jpg", number)
    return tmp_path / "photos"


def test_a_good_folder_ends_with_0_and_prints_nothing_on_stdout(photos: Path, tmp_path: Path) -> None:
    done = sanitize("scan", photos, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "")
    assert "2 images of 2 kept" in done.stderr
    assert "\x1b" not in done.stderr
    assert "written to" in done.stderr


def test_quiet_says_nothing(photos: Path, tmp_path: Path) -> None:
    done = sanitize("scan", photos, "-o", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMAND"),
        (["scan"], "IMAGES"),
        (["scan", "nowhere"], "cannot list nowhere"),
        (["scan", ""], "IMAGES is empty"),
        (["scan", "photos", "--labels", "nothing.txt"], "nothing.txt"),
        (["scan", "photos", "--worker", "2"], "--worker"),
        (["scan", "photos", "--set", "truncated"], "--set takes RULE.OPTION=VALUE"),
        (["scan", "photos", "--salvage", "--no-images"], "leave one of them out"),
        (["scan", "photos", "-o", "photos"], "name another place with -o"),
        (["scan", "empty"], "nothing to scan"),
        (
            ["scan", "photos", "--exclude", "*.jpg"],
            "nothing to scan: there is no file in photos but what --exclude *.jpg",
        ),
        (["scan", "photos", "--config", "none.toml"], "--config"),
        (["explain", "no-such-rule"], "sanitize rules"),
    ],
)
def test_wrong_usage_is_one_line_and_2(photos: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "empty").mkdir()
    done = sanitize(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
    assert done.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_message_shows_control_bytes_and_bytes_that_are_no_text_escaped(tmp_path: Path) -> None:
    done = sanitize("scan", "no\x1b[31m\udcff", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "cannot list no\\x1b[31m\\xff: " in done.stderr
    (tmp_path / "x").mkdir()
    done = sanitize("scan", "x", "-o", "x\x1b[31m\udcff/..", cwd=tmp_path)
    assert "x\\x1b[31m\\xff/.. is, or holds" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="links need POSIX")
def test_a_place_that_cannot_be_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "round").symlink_to("about")
    (tmp_path / "about").symlink_to("round")
    for out in ("round/out", "x" * 300):
        done = sanitize("scan", "images", "-o", out, cwd=tmp_path)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert done.stderr.startswith("sanitize: cannot write ")


def test_only_other_files_is_nothing_to_scan(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "readme.txt").write_text("no image here")
    done = sanitize("scan", tmp_path / "texts", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "nothing to scan: none of 1 files" in done.stderr


def test_settings_come_from_a_file_and_flags_win(photos: Path, tmp_path: Path) -> None:
    # Editors of Windows put a byte-order mark before it.
    (tmp_path / "sanitize.toml").write_text(
        '\ufeffout = "from-file"\nno-images = true\nfail-on = "never"\n', encoding="utf-8"
    )
    (photos / "bad.jpg").write_bytes(b"")
    assert sanitize("scan", "photos", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "from-file" / "images").exists()
    assert sanitize("scan", "photos", "--fail-on", "error", "-o", "flag", cwd=tmp_path).returncode == 1
    assert (tmp_path / "flag" / "summary.json").exists()


def test_images_that_no_images_takes_away_are_told(photos: Path, tmp_path: Path) -> None:
    said = [sanitize("scan", "photos", *flags, cwd=tmp_path).stderr for flags in ([], ["--no-images"], ["--no-images"])]
    assert ["images/ of the last scan is taken away" in text for text in said] == [False, True, False]
    assert not (tmp_path / "sanitized" / "images").exists()


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (
            ["--num-classes", "3", "--ignore-label", "255"],
            ["num-classes without --labels", "ignore-label without --labels"],
        ),
        (["--link", "copy", "--icc", "convert"], ["link with --no-images", "icc with --no-images"]),
        (
            ["--background", "black", "--rgb-format", "png"],
            ["background with --no-images", "rgb-format with --no-images"],
        ),
        (["--max-bad", "1%", "--fail-on", "never"], ["max-bad with --fail-on never"]),
        (["--leak-keep", "first"], ["leak-keep without a second list"]),
        (["--near-distance", "4", "--select", "tiny"], ["near-distance without `near-duplicate` or"]),
        (["--near-distance", "4", "--select", "split-leak"], []),
    ],
)
def test_flags_that_change_nothing_are_told_to_be_in_vain(
    photos: Path, tmp_path: Path, flags: list[str], told: list[str]
) -> None:
    said = (
        sanitize("scan", "photos", "--no-images", *flags, cwd=tmp_path).stderr.replace(" says nothing", "").splitlines()
    )
    assert len([line for line in said if line.startswith("--")]) == len(told)
    assert all(line.startswith(f"--{start}") for line, start in zip(said, told, strict=False))


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--class-order", "natural"], "--class-order natural says nothing: no list has names of classes"),
        (["--labels", "folders", "--class-order", "natural"], ""),
        (
            ["--labels", "folders", "--class-order", "natural", "--classes", "classes.txt"],
            "--class-order natural says nothing: --classes has an order",
        ),
        (["--rebase-labels"], ""),
        (
            ["--exclude", "b.jp?", "--exclude", "/tmp/b.jpg"],
            "--exclude /tmp/b.jpg leaves nothing out",
        ),
    ],
)
def test_flags_that_change_nothing_as_the_lists_and_files_are_are_told_to_be_in_vain(
    photos: Path, tmp_path: Path, flags: list[str], told: str
) -> None:
    for name in "ab":
        (photos / name).mkdir()
        (photos / f"{name}.jpg").rename(photos / name / f"{name}.jpg")
    (tmp_path / "classes.txt").write_text("b\na\n")
    (tmp_path / "train.txt").write_text("a/a.jpg 1\nb/b.jpg 2\n")
    lists = [] if "--labels" in flags else ["--labels", "train.txt"]
    said = sanitize("scan", "photos", "--no-images", *lists, *flags, cwd=tmp_path).stderr.splitlines()
    assert [line for line in said if line.startswith("--")] == ([told] if told else [])


def test_rebasing_names_is_told_to_be_in_vain(photos: Path, tmp_path: Path) -> None:
    flags = ["--no-images", "--labels", "folders", "--rebase-labels"]
    (photos / "a").mkdir()
    (photos / "a.jpg").rename(photos / "a" / "a.jpg")
    said = sanitize("scan", "photos", *flags, cwd=tmp_path).stderr
    assert "--rebase-labels says nothing: the labels of all lists are names\n" in said


def test_a_scan_that_ignores_all_that_it_selects_says_so(photos: Path, tmp_path: Path) -> None:
    flags = ["--no-images", "--select", "tiny", "--ignore", "tiny"]
    assert "--ignore leaves out all that --select names" in sanitize("scan", "photos", *flags, cwd=tmp_path).stderr


def test_flags_for_rules_that_are_left_out_are_told_to_be_in_vain(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "x.jpg").write_bytes(next(photos.iterdir()).read_bytes())
    flags = ["--no-images", "--known-bad", "bad", "--select", "truncated"]
    done = sanitize("scan", "photos", *flags, cwd=tmp_path)
    assert done.stderr.startswith(
        "--known-bad says nothing without `known-bad`, which --select or --ignore leaves out\n"
    )
    assert "says nothing" not in sanitize("scan", "photos", *flags[:-2], cwd=tmp_path).stderr


def test_copies_that_are_not_dropped_as_their_rule_is_left_out_are_told(photos: Path, tmp_path: Path) -> None:
    flags = ["--no-images", "--drop-duplicates", "--ignore", "near-duplicate"]
    told = "--drop-duplicates drops nothing by `near-duplicate`, which --select or --ignore leaves out\n"
    assert told in sanitize("scan", "photos", *flags, cwd=tmp_path).stderr
    assert "drops nothing" not in sanitize("scan", "photos", *flags[:-2], cwd=tmp_path).stderr


@pytest.mark.parametrize("text", ["out = ", "colour = 1", "[no-such-rule]\noption = 1", "[tool.sanitize]\nout = 'o'"])
def test_a_wrong_settings_file_is_one_line_and_2(photos: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "sanitize.toml").write_text(text)
    done = sanitize("scan", "photos", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is no text in UTF-8, as settings are; is it the right file?"),
        (b"labels = " + b"[" * 3000 + b"]" * 3000, "has brackets within brackets, too many to be read; mend it"),
    ],
)
def test_a_settings_file_that_cannot_be_read_is_told_in_our_own_words(
    photos: Path, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "mine").write_bytes(content)
    done = sanitize("scan", photos.name, "--config", "mine", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"sanitize: mine {words}\n")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder in use stays")
def test_a_current_folder_that_is_gone_is_one_line_and_2(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = "cd gone && rmdir ../gone && exec {} -m sanitize scan photos"
    done = subprocess.run(
        ["sh", "-c", script.format(shlex.quote(sys.executable))],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "sanitize: the current folder is gone: go to one that is there\n")


def test_rules_and_explain_print_on_stdout() -> None:
    rules = sanitize("rules")
    manual = sanitize("explain", "truncated")
    assert (rules.returncode, manual.returncode) == (0, 0)
    assert any(line.split()[:2] == ["error", "truncated"] for line in rules.stdout.splitlines())
    assert "error    changed-file " in rules.stdout.partition("\nWhat `sanitize verify` checks:\n")[2]
    assert "--salvage" in manual.stdout
    assert "dark.brightness = 80  # a number from 0 to 96\n" in sanitize("explain", "dark").stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("trunctaed", "; did you mean truncated?"),
        ("changed-fil", "; did you mean changed-file?"),
        ("nothing-like-it", "; `sanitize rules` lists them"),
        ("truncated,dark", "; name each rule by itself"),
        ("truncated,", "; did you mean truncated?"),
    ],
)
def test_explain_names_the_rule_or_check_that_was_meant(name: str, hint: str) -> None:
    done = sanitize("explain", name)
    assert (done.returncode, done.stderr) == (2, f"sanitize: there is no rule {name!r}{hint}\n")


def test_help_teaches_by_examples() -> None:
    done = sanitize("--help")
    assert done.returncode == 0
    assert "sanitize scan photos --labels train.txt" in done.stdout


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are text")
def test_hostile_names_are_shown_escaped_and_listed_as_they_are(tmp_path: Path) -> None:
    names = [b"\xff\xfe.jpg", b"=cmd.jpg", b"<script>.jpg", b"q\"'.jpg", b"\x1b[31m.jpg", b"a\nb.jpg"]
    for number, name in enumerate(names):
        write_photo(tmp_path / "photos" / "x.jpg", number)
        os.rename(tmp_path / "photos" / "x.jpg", os.fsencode(tmp_path / "photos") + b"/" + name)
    (tmp_path / "list.txt").write_bytes(b"".join(name + b" 0\n" for name in names[:-1]))
    done = sanitize("scan", tmp_path / "photos", "--labels", tmp_path / "list.txt", "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert (tmp_path / "out" / "list.txt").read_bytes() == (tmp_path / "list.txt").read_bytes()
    rows = list(csv.DictReader((tmp_path / "out" / "quarantine.csv").read_text().splitlines()))
    assert [(row["path"], row["rule"]) for row in rows] == [("a\\x0ab.jpg", "unlistable-name")]
    findings = [json.loads(line) for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines()]
    assert {finding["path_bytes"] for finding in findings if finding["rule"] == "unlistable-name"} == {"YQpiLmpwZw=="}


def test_the_result_depends_neither_on_workers_nor_on_the_cache(photos: Path, tmp_path: Path) -> None:
    (photos / "c.jpg").write_bytes((photos / "a.jpg").read_bytes()[:-90])
    outputs = []
    for number, flags in enumerate((["--workers", "1"], ["--workers", "3"], ["--no-cache"])):
        out = tmp_path / f"out{number}"
        sanitize("scan", photos, "-o", out, "--no-images", *flags)
        sanitize("scan", photos, "-o", out, "--no-images", *flags)
        outputs.append({name: (out / name).read_bytes() for name in ("images.txt", "quarantine.csv", "findings.jsonl")})
    assert outputs[0] == outputs[1] == outputs[2]
    assert outputs[0]["quarantine.csv"].count(b"\n") == 2


def test_a_full_disk_is_one_line_and_leaves_the_last_result(photos: Path, tmp_path: Path) -> None:
    pytest.importorskip("resource")
    assert sanitize("scan", photos, "-o", tmp_path / "out", "--no-images").returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    (photos / "c.jpg").write_bytes(b"")
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    )
    done = sanitize("scan", photos, "-o", tmp_path / "out", "--no-images", PYTHONPATH=str(tmp_path / "hook"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no server is started early")
def test_an_interrupt_at_the_end_of_the_server_that_was_started_early_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    program = (
        "import os, signal, sys\n"
        "from sanitize import cli\n"
        "from sanitize.engine import launch\n"
        "real = launch.end_early\n"
        "def interrupted():\n    real()\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "launch.end_early = interrupted\n"
        "launch.start_early('')\n"
        f"sys.argv[1:] = ['scan', {str(tmp_path)!r}, '--no-images', '--quiet', '-o', {str(tmp_path / 'out')!r}]\n"
        "cli.main()\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (130, "sanitize: interrupted\n")
