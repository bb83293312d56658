"""Bad originals are moved away and back: nothing is overwritten or lost, whenever the program is cut short."""

from __future__ import annotations

import errno
import json
import ntpath
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import sanitize
from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize import UsageError, systems
from sanitize import names as names_module
from sanitize.moving import undoing
from sanitize.names import to_bytes
from tests.links import needs_links

GOOD = ["good.jpg", "sound/good.jpg"]
OWN = ["cut.jpg", "deep/er/cut.jpg", "empty.jpg"]
OF_LINES = ["bad_label.jpg"]
HOSTILE = b"a\nb 'c' \"=cmd\" <script> \xff.jpg"
WINDOWS = os.name == "nt"

State = dict[bytes, tuple[bytes, int, int]]


class Place:
    """Images, the OUT of a scan of them, and a folder for the bad ones."""

    def __init__(self, folder: Path) -> None:
        self.images, self.out, self.bad = folder / "images", folder / "out", folder / "bad"
        self.kept = folder / "kept"

    def restore(self) -> None:
        for path in (self.images, self.bad):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.kept, self.images, symlinks=True)

    def quarantine(self, *, execute: bool = True, include_label_errors: bool = False) -> sanitize.MoveResult:
        return sanitize.quarantine(self.out, self.bad, execute=execute, include_label_errors=include_label_errors)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("quarantine"))
    whole = {name: jpeg(photo(name)) for name in [*GOOD, *OWN, *OF_LINES]}
    for number, name in enumerate(whole):
        path = place.images / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if name == "empty.jpg" else whole[name][:900] if name in OWN else whole[name])
        path.chmod(0o640 + number % 4)
        os.utime(path, ns=(10**18 + number, 10**18 + 1001 * number + 1))
    for folder in (place.images / "deep" / "er", place.images / "deep", place.images):
        os.utime(folder, ns=(10**18, 10**18 + 7))
    lines = [f"{name} {number % 2}\n" for number, name in enumerate([*GOOD, *OWN])]
    labels = place.images.parent / "train.txt"
    labels.write_text("".join([*lines, *(f"{name} -1\n" for name in OF_LINES)]))
    shutil.copytree(place.images, place.kept)
    sanitize.scan(place.images, labels, out=place.out, no_images=True)
    return place


@pytest.fixture
def place(scanned: Place) -> Iterator[Place]:
    scanned.restore()
    yield scanned
    shutil.rmtree(scanned.bad, ignore_errors=True)


def look(folder: Path) -> State:
    """Return content, time of change and permissions of all files, and of folders but for the content."""
    found: State = {}
    for root, folders, files in os.walk(os.fsencode(folder)):
        for name in [*folders, *files]:
            path = os.path.join(root, name)
            state = os.lstat(path)
            content = os.readlink(path) if os.path.islink(path) else b""
            if name in files and not os.path.islink(path):
                with open(path, "rb") as file:
                    content = file.read()
            found[os.path.relpath(path, os.fsencode(folder))] = (content, state.st_mtime_ns, state.st_mode)
    return found


def names(result: sanitize.MoveResult) -> list[str]:
    return sorted(one.path for one in result.moved)


def files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".sanitize" not in path.parts
    }


def test_without_execute_nothing_is_touched(place: Place) -> None:
    before = look(place.images)
    result = place.quarantine(execute=False)
    assert (names(result), result.executed, result.exit_status) == (sorted(OWN), False, 0)
    assert look(place.images) == before
    assert not place.bad.exists()


def test_what_has_an_error_of_its_own_moves_and_comes_back_with_times_and_permissions(place: Place) -> None:
    before = look(place.images)
    assert names(place.quarantine()) == sorted(OWN)
    assert files_in(place.images) == {*GOOD, *OF_LINES}
    assert files_in(place.bad) == set(OWN)
    moved = look(place.bad)
    assert all(moved[name.encode()] == before[name.encode()] for name in OWN)
    assert names(sanitize.undo(place.bad)) == sorted(OWN)
    assert look(place.images) == before
    assert not place.bad.exists()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_files_move_and_come_back_where_names_are_given_as_on_windows(
    place: Place, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    """There are no second names, `rename` overwrites nothing, and what is read-only is not removed."""
    real_rename, real_unlink = os.rename, os.unlink

    def link(*_paths: object, **_options: object) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    def rename(source: bytes, target: bytes) -> None:
        if source != target and os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "File exists")
        inside = [bytes(place.bad) in path for path in (source, target)]
        if elsewhere and inside[0] != inside[1]:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real_rename(source, target)

    def unlink(path: bytes, **options: int) -> None:
        if not options and not os.lstat(path).st_mode & stat.S_IWRITE:
            raise PermissionError(errno.EACCES, "Permission denied")
        real_unlink(path, **options)

    (place.images / "cut.jpg").chmod(0o440)
    before = look(place.images)
    monkeypatch.setattr(systems, "WINDOWS", True)
    for fake in (link, rename, unlink):
        monkeypatch.setattr(os, fake.__name__, fake)
    assert names(place.quarantine()) == sorted(OWN)
    shutil.copy2(place.bad / "empty.jpg", place.images / "empty.jpg")
    assert names(place.quarantine()) == []
    (place.images / "empty.jpg").unlink()
    result = sanitize.undo(place.bad)
    assert (names(result), result.left) == (sorted(OWN), ())
    assert look(place.images) == before


def test_what_lies_in_a_quarantine_is_known_by_the_names_of_its_journal_on_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {name: getattr(ntpath, name) for name in ("sep", "curdir", "pardir")}
    walked = [(b"C:\\bad", [b".sanitize", b"deep"], []), (b"C:\\bad\\deep", [], [b"cut.jpg"])]
    fake = SimpleNamespace(
        path=ntpath, fsencode=os.fsencode, fsdecode=os.fsdecode, walk=lambda _folder: walked, **words
    )
    monkeypatch.setattr(undoing, "os", fake)
    monkeypatch.setattr(names_module, "os", fake)
    assert undoing._files_in(Path("C:\\bad")) == {"deep/cut.jpg"}


def test_a_folder_that_somebody_else_changed_does_not_get_its_old_time_back(place: Place) -> None:
    place.quarantine()
    (place.images / "deep" / "new.txt").write_text("new")
    os.utime(place.images / "deep" / "er", ns=(1, 5))
    sanitize.undo(place.bad)
    assert (place.images / "deep" / "er").stat().st_mtime_ns != 10**18 + 7


def test_sound_files_with_bad_lines_move_where_that_is_asked_for(place: Place) -> None:
    assert names(place.quarantine(include_label_errors=True)) == sorted([*OWN, *OF_LINES])
    assert files_in(place.images) == set(GOOD)


def test_a_sound_picture_under_two_class_folders_stays(tmp_path: Path) -> None:
    picture = jpeg(photo("twice"))
    for name, content in {"a/one.jpg": picture, "b/two.jpg": picture, "b/cut.jpg": jpeg(photo("cut"))[:900]}.items():
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / name).write_bytes(content)
    result = sanitize.scan(tmp_path / "images", "folders", out=tmp_path / "out", no_images=True)
    assert result.quarantined == 3
    assert names(sanitize.quarantine(tmp_path / "out", tmp_path / "bad")) == ["b/cut.jpg"]


def test_what_somebody_has_accepted_stays(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for name in ("known.jpg", "good.jpg"):
        (images / name).write_bytes(jpeg(photo(name)))
    (images / "known.jpg").write_bytes(jpeg(photo("known"))[:900])
    sanitize.scan(images, out=tmp_path / "out", no_images=True)
    sanitize.write_baseline(tmp_path / "out", tmp_path / "accepted.jsonl")
    (images / "new.jpg").write_bytes(b"")
    sanitize.scan(images, out=tmp_path / "out", no_images=True, baseline=tmp_path / "accepted.jsonl")
    assert names(sanitize.quarantine(tmp_path / "out", tmp_path / "bad")) == ["new.jpg"]


def test_a_file_that_changed_or_went_since_the_scan_stays_and_is_told(place: Place) -> None:
    (place.images / "cut.jpg").write_bytes(b"repaired")
    (place.images / "empty.jpg").unlink()
    result = place.quarantine()
    assert names(result) == ["deep/er/cut.jpg"]
    assert result.left == (("cut.jpg", "it has changed since the scan"), ("empty.jpg", "it is gone"))
    assert result.exit_status == 1
    assert (place.images / "cut.jpg").read_bytes() == b"repaired"


def test_undo_overwrites_nothing_and_can_be_called_again(place: Place) -> None:
    before = look(place.images)
    place.quarantine()
    (place.images / "cut.jpg").write_bytes(b"another picture")
    result = sanitize.undo(place.bad)
    assert names(result) == ["deep/er/cut.jpg", "empty.jpg"]
    assert result.left == (("cut.jpg", "there is another file at its place"),)
    assert (place.images / "cut.jpg").read_bytes() == b"another picture"
    assert files_in(place.bad) == {"cut.jpg"}
    (place.images / "cut.jpg").unlink()
    assert names(sanitize.undo(place.bad)) == ["cut.jpg"]
    assert {name: state for name, state in look(place.images).items() if b"." in name} == {
        name: state for name, state in before.items() if b"." in name
    }


def test_a_quarantine_overwrites_nothing(place: Place) -> None:
    (place.images / "cut.jpg").unlink()
    place.quarantine()
    shutil.copy2(place.kept / "cut.jpg", place.images / "cut.jpg")
    (place.bad / "cut.jpg").write_bytes(b"mine")
    result = place.quarantine()
    assert result.left == (("cut.jpg", "there is a file of that name in the quarantine already"),)
    assert (place.images / "cut.jpg").exists()
    sanitize.undo(place.bad)
    assert (place.bad / "cut.jpg").read_bytes() == b"mine"


def test_a_second_night_adds_to_the_first_and_both_come_back(place: Place) -> None:
    before = look(place.images)
    place.quarantine()
    assert names(place.quarantine(include_label_errors=True)) == OF_LINES
    assert files_in(place.bad) == {*OWN, *OF_LINES}
    assert names(sanitize.undo(place.bad)) == sorted([*OWN, *OF_LINES])
    assert {name: look(place.images)[name] for name in before if b"." in name} == {
        name: state for name, state in before.items() if b"." in name
    }


def test_what_somebody_puts_back_by_hand_is_theirs(place: Place) -> None:
    place.quarantine()
    shutil.copy2(place.bad / "cut.jpg", place.images / "cut.jpg")
    result = place.quarantine(include_label_errors=True)
    assert names(result) == OF_LINES
    assert result.left == (("cut.jpg", "there is a file of that name in the quarantine already"),)
    assert files_in(place.images) == {*GOOD, "cut.jpg"}


@pytest.mark.skipif(WINDOWS, reason="names are no bytes there")
def test_names_may_hold_any_bytes_and_links_move_as_links(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    (images / os.fsdecode(HOSTILE)).write_bytes(b"")
    (images / "link.jpg").symlink_to(os.fsdecode(HOSTILE))
    (images / "gone.jpg").symlink_to("nowhere")
    (images / "good.jpg").write_bytes(jpeg(photo("good")))
    before = look(images)
    sanitize.scan(images, out=tmp_path / "out", no_images=True)
    result = sanitize.quarantine(tmp_path / "out", tmp_path / "bad", execute=True)
    assert {to_bytes(one.path) for one in result.moved} == {HOSTILE, b"link.jpg"}
    assert result.left == (("gone.jpg", "it could not be read or copied, which may pass"),)
    assert os.readlink(tmp_path / "bad" / "link.jpg") == os.fsdecode(HOSTILE)
    assert (tmp_path / "bad" / os.fsdecode(HOSTILE)).read_bytes() == b""
    sanitize.undo(tmp_path / "bad")
    assert look(images) == before


@needs_links
def test_links_move_with_their_files_however_many_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = tmp_path / "images"
    images.mkdir()
    (images / "a.jpg").write_bytes(jpeg(photo("cut"))[:900])
    (images / "good.jpg").write_bytes(jpeg(photo("good")))
    for number, name in enumerate(["b.jpg", "c.jpg", "d.jpg"]):
        (images / name).symlink_to(["a.jpg", "b.jpg", "c.jpg"][number])
    before = look(images)
    sanitize.scan(images, out=tmp_path / "out", no_images=True)
    monkeypatch.setattr("sanitize.moving.quarantining._AT_A_TIME", 1)
    result = sanitize.quarantine(tmp_path / "out", tmp_path / "bad", execute=True)
    assert (names(result), result.left) == (["a.jpg", "b.jpg", "c.jpg", "d.jpg"], ())
    sanitize.undo(tmp_path / "bad")
    assert look(images) == before


@needs_links
def test_nothing_outside_the_folder_of_images_moves(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "cut.jpg").write_bytes(jpeg(photo("cut"))[:900])
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "linked").symlink_to(tmp_path / "elsewhere")
    sanitize.scan(tmp_path / "images", out=tmp_path / "out", no_images=True)
    result = sanitize.quarantine(tmp_path / "out", tmp_path / "bad", execute=True)
    assert [path for path, _why in result.left] == ["linked/cut.jpg"]
    assert (tmp_path / "elsewhere" / "cut.jpg").exists()


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no second file system")
def test_files_go_to_another_file_system_and_come_back(place: Place) -> None:
    if os.stat("/dev/shm").st_dev == place.images.stat().st_dev:
        pytest.skip("there is no second file system")
    before = look(place.images)
    bad = Path(f"/dev/shm/sanitize-test-{os.getpid()}")
    try:
        result = sanitize.quarantine(place.out, bad, execute=True)
        assert (names(result), files_in(bad)) == (sorted(OWN), set(OWN))
        sanitize.undo(bad)
    finally:
        shutil.rmtree(bad, ignore_errors=True)
    assert look(place.images) == before


# Runs commands, each in a fork of its own that ends itself by SIGKILL before its n-th call of what changes the disk.
KILLED = """\
import errno, json, os, shutil, signal, sys
import sanitize.cli, sanitize.moving.quarantining, sanitize.summaries, sanitize.moving.undoing
def run(left, apart, images, command):
    def counted(real, is_move):
        def call(*arguments, **options):
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            if is_move and apart and len({os.fsencode(path).startswith(images + b"/") for path in arguments}) == 2:
                raise OSError(errno.EXDEV, "another file system")
            return real(*arguments, **options)
        return call
    for name in ("link", "rename", "unlink", "symlink", "fsync", "mkdir", "rmdir", "utime", "chmod", "chown"):
        setattr(os, name, counted(getattr(os, name), name in ("link", "rename")))
    shutil.copystat = counted(shutil.copystat, False)
    sanitize.cli.main(command)
for line in sys.stdin:
    calls, how, images, *command = json.loads(line)
    child = os.fork()
    if not child:
        run(calls, how == "apart", os.fsencode(images), command)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture
def cut_short(place: Place) -> Iterator[Callable[..., bool]]:
    """Return a function that runs a command, killed before so many calls, and tells whether it was."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def run(calls: int, how: str, *command: object) -> bool:
            assert process.stdin
            assert process.stdout
            line = [calls, how, os.path.realpath(place.images), *map(str, command), "--quiet"]
            print(json.dumps(line), file=process.stdin, flush=True)
            ended = int(process.stdout.readline())
            assert ended in (0, -9)
            return ended == -9

        yield run
        process.stdin.close()


@pytest.mark.skipif(WINDOWS, reason="there is no SIGKILL")
@pytest.mark.parametrize("how", ["together", "apart"])
def test_killed_at_any_step_it_goes_on_or_is_taken_back(place: Place, cut_short: Callable[..., bool], how: str) -> None:
    before = look(place.images)
    command = ("quarantine", place.out, "--to", place.bad, "--execute")
    for calls in range(200):
        place.restore()
        if not cut_short(calls, how, *command):
            break
        both = {**look(place.bad), **look(place.images)}
        assert all(both[name.encode()][0] == before[name.encode()][0] for name in [*GOOD, *OWN, *OF_LINES]), calls
        if calls % 2:
            place.quarantine()
            assert (files_in(place.images), files_in(place.bad)) == ({*GOOD, *OF_LINES}, set(OWN)), calls
        if (place.bad / ".sanitize" / "journal.jsonl").exists():
            sanitize.undo(place.bad)
        assert look(place.images) == before, calls
    assert calls > 10


@pytest.mark.skipif(WINDOWS, reason="there is no SIGKILL")
@pytest.mark.parametrize("how", ["together", "apart"])
def test_an_undo_that_is_killed_at_any_step_goes_on(place: Place, cut_short: Callable[..., bool], how: str) -> None:
    before = look(place.images)
    for calls in range(200):
        place.restore()
        place.quarantine()
        if not cut_short(calls, how, "undo", place.bad):
            break
        if calls % 2:
            place.quarantine()
            assert (files_in(place.images), files_in(place.bad)) == ({*GOOD, *OF_LINES}, set(OWN)), calls
        if (place.bad / ".sanitize" / "journal.jsonl").exists():
            sanitize.undo(place.bad)
        if not calls % 2:
            assert look(place.images) == before, calls
        assert not files_in(place.bad), calls
    assert calls > 10


def journal(place: Place) -> Path:
    return place.bad / ".sanitize" / "journal.jsonl"


def test_a_torn_last_line_of_the_journal_was_never_acted_on(place: Place) -> None:
    before = look(place.images)
    place.quarantine()
    with journal(place).open("ab") as file:
        file.write(b'{"move": ["good.jp')
    assert names(place.quarantine(include_label_errors=True)) == OF_LINES
    assert names(sanitize.undo(place.bad)) == sorted([*OWN, *OF_LINES])
    assert files_in(place.images) == {name.decode() for name in before if name.endswith(b".jpg")}


def test_what_a_journal_has_lost_is_told_and_stays(place: Place) -> None:
    place.quarantine()
    lines = journal(place).read_bytes().splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if b"cut.jpg" in line)
    journal(place).write_bytes(b"".join(lines[: first + 1]) + b'{"move": ["de')
    result = sanitize.undo(place.bad)
    why = "the journal does not know it; move it away by hand"
    assert (names(result), result.left) == (["cut.jpg"], (("deep/er/cut.jpg", why), ("empty.jpg", why)))
    assert (result.exit_status, files_in(place.bad)) == (1, {"deep/er/cut.jpg", "empty.jpg"})
    journal(place).write_bytes(b"")
    with pytest.raises(UsageError, match="has lost its beginning; put a copy of it there, or move what lies in"):
        sanitize.undo(place.bad)
    assert files_in(place.bad) == {"deep/er/cut.jpg", "empty.jpg"}


def _damage(text: str) -> str:
    first, *others = text.splitlines(keepends=True)
    return "".join([first, "}{\n", *others])


def _of_other_layout(text: str) -> str:
    return text.replace('"layout": 1', '"layout": 99', 1).replace(sanitize.__version__, "9.9", 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_damage, "line 2 of .* is damaged; put a copy"),
        (_of_other_layout, r"was written by version 9\.9"),
        (lambda text: text.replace("images", "other"), "holds files from .*; name another folder"),
    ],
)
def test_a_journal_that_does_not_fit_is_refused(place: Place, change: Callable[[str], str], words: str) -> None:
    place.quarantine()
    first, *rest = journal(place).read_text().splitlines()
    head = json.loads(first)
    changed = change("\n".join([json.dumps({"layout": 1, **head}), *rest, ""]))
    journal(place).write_text(changed.replace('"other":', '"images":', 1))
    with pytest.raises(UsageError, match=words):
        place.quarantine()
    assert files_in(place.bad) == set(OWN)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("images/bad", "lies in, or holds the folder of images"),
        ("out/bad", "lies in, or holds the OUT of the scan"),
        (".", "lies in, or holds the folder of images"),
        ("train.txt", "is a file"),
        ("kept", "holds files that were not moved there"),
        ("other_out", "holds files that were not moved there"),
    ],
)
def test_a_folder_that_is_no_place_for_them_is_refused(place: Place, where: str, words: str) -> None:
    if where == "other_out" and not (place.images.parent / where).exists():
        sanitize.scan(place.kept, out=place.images.parent / where, no_images=True)
    with pytest.raises(UsageError, match=words):
        sanitize.quarantine(place.out, place.images.parent / where, execute=True)
    assert files_in(place.images) == {*GOOD, *OWN, *OF_LINES}


@pytest.mark.parametrize("name", ["facts.parquet", "findings.jsonl"])
def test_a_half_written_report_is_refused(place: Place, name: str) -> None:
    content = (place.out / name).read_bytes()
    (place.out / name).write_bytes(content[: len(content) // 2])
    try:
        with pytest.raises(
            UsageError, match=f"{name} is gone, damaged or half-written, or may not be read; scan again"
        ):
            place.quarantine()
    finally:
        (place.out / name).write_bytes(content)


def test_undo_of_what_is_no_quarantine_is_refused(place: Place) -> None:
    with pytest.raises(UsageError, match="is not a folder that"):
        sanitize.undo(place.kept)


def test_the_command_tells_what_it_would_do_and_how_to_do_it(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanitize import cli

    arguments = ["quarantine", str(place.out), "--to", str(place.bad)]
    monkeypatch.setattr(sys, "argv", ["sanitize", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 0
    assert "3 files (0.0 MB) would be moved to" in said
    assert "--execute" in said
    assert files_in(place.images) == {*GOOD, *OWN, *OF_LINES}
    with pytest.raises(SystemExit):
        cli.main([*arguments, "--execute"])
    assert "to take it back: sanitize undo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "call", "told"),
    [
        (["quarantine", "out", "--to", "bad"], "quarantining.quarantine_out", "call again to go on"),
        (
            ["quarantine", "out", "--to", "bad", "--execute"],
            "quarantining.quarantine_out",
            "call again to go on, or `sanitize undo` to take it back",
        ),
        (["undo", "bad"], "undoing.undo_folder", "call again to go on"),
    ],
)
def test_who_interrupts_is_told_what_can_be_done_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str], call: str, told: str
) -> None:
    from sanitize import cli

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"sanitize.moving.{call}", interrupt)
    with pytest.raises(SystemExit) as ended:
        cli.main(command)
    assert ended.value.code == 130
    assert capsys.readouterr().err == f"sanitize: interrupted; {told}\n"
