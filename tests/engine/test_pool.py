"""A pool blames what was to blame, whatever an item did to the process before, and leaves no process behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from sanitize.engine import child as child_module
from sanitize.engine import launch
from sanitize.engine import pool as pool_module
from sanitize.engine import process as process_module
from sanitize.engine.pool import Pool
from sanitize.engine.process import Limits
from sanitize.errors import InternalError, UsageError

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how processes end, and are limited, is the system's")

WORK = """
import ctypes, mmap, os, resource, time
kept = []
def work(item):
    if item == "exit":
        raise SystemExit(3)
    if item == "reserve":
        kept.append(mmap.mmap(-1, 900 << 20))
    if item == "open":
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
        try:
            while True:
                kept.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return item
    if item == "spin":
        ctypes.PyDLL(None).sleep(60)
    if item == "hoard":
        kept.append(bytes(os.urandom(1)) * (400 << 20))
        time.sleep(60)
    if item == "file":
        os.close(os.open(os.devnull, os.O_RDONLY))
    if item == "big":
        bytearray(400 << 20)
    return item
"""


@pytest.fixture(params=["forked", "started"])
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Pool]:
    """A pool whose children know `job:work`; each is forked, or started anew as where processes cannot be forked."""
    monkeypatch.setattr(pool_module, "can_fork", lambda: request.param == "forked")
    (tmp_path / "job.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    made = Pool(Limits(20, 700 << 20))
    yield made
    made.close()


def test_an_item_does_not_pay_for_memory_that_another_took(pool: Pool) -> None:
    answers = pool.run("job:work", ["a", "reserve", "big", "b"], {})
    assert answers == [("ok", "a"), ("ok", "reserve"), ("ok", "big"), ("ok", "b")]


def test_an_item_does_not_pay_for_files_that_another_left_open(pool: Pool) -> None:
    assert pool.run("job:work", ["open", "file", "a"], {}) == [("ok", "open"), ("ok", "file"), ("ok", "a")]


def test_an_item_that_ends_the_process_says_how(pool: Pool) -> None:
    answers = pool.run("job:work", ["a", "exit", "b"], {})
    assert answers == [("ok", "a"), ("crash", "the decoding process ended with status 3"), ("ok", "b")]


def test_processes_that_somebody_ends_cost_nothing(pool: Pool) -> None:
    for _ in range(3):
        pool.warm("job:work", 2)
        for child in list(pool._all):
            child.kill()
        assert pool.run("job:work", ["a", "b"], {}) == [("ok", "a"), ("ok", "b")]


def test_a_hanging_process_ends_with_its_parent(pool: Pool, tmp_path: Path) -> None:
    driver = (
        "import sys, threading, time; from sanitize.engine.pool import Pool; from sanitize.engine.process import Limits\n"
        "pool = Pool(Limits(60, 1 << 30))\n"
        "threading.Thread(target=pool.run, args=('job:work', ['spin'], {}), daemon=True).start()\n"
        "while not (children := list(pool._all)) or not children[0]._at(): time.sleep(0.02)\n"
        "print(children[0]._process.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", driver], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert wait_until(lambda: not _runs(child))


def test_a_pool_leaves_no_process_behind(pool: Pool) -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    pool.warm("job:work", 2)
    assert pool.run("job:work", ["a", "exit", "b"], {})[2] == ("ok", "b")
    pool.close()
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_a_fork_server_that_somebody_ends_is_started_again(pool: Pool) -> None:
    assert pool.run("job:work", ["a"], {}) == [("ok", "a")]
    end_server(pool)
    # The child that is there goes on; the next one needs a server.
    assert pool.run("job:work", ["b", "exit", "c"], {})[::2] == [("ok", "b"), ("ok", "c")]
    assert pool.run("job:work", ["d"], {}) == [("ok", "d")]


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_a_system_that_allows_no_further_process_is_the_users_to_help(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os\ndef fork(): raise BlockingIOError(11, 'none')\nos.fork = fork\n"
    )
    with pytest.raises(UsageError, match=r"temporarily unavailable.*--workers"):
        pool.run("job:work", ["a"], {})


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_a_forked_child_has_nothing_to_import(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "heavy.py").write_text(f"open({str(tmp_path / 'imports')!r}, 'a').write('x')\n")
    (tmp_path / "job.py").write_text(WORK.replace("import ctypes", "import heavy, ctypes"))
    pool.warm("job:work", 3)
    assert pool.run("job:work", ["a", "exit", "b", "exit"], {})[2] == ("ok", "b")
    assert (tmp_path / "imports").read_text() == "x"


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_limits_hold_though_the_fork_server_is_gone(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "limits", Limits(1, 300 << 20))
    assert pool.run("job:work", ["a"], {}) == [("ok", "a")]
    end_server(pool)
    assert [status for status, _words in pool.run("job:work", ["spin", "b", "hoard", "c"], {})] == [
        "timeout", "ok", "memory", "ok",
    ]  # fmt: skip


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_limits_hold_though_the_fork_server_is_gone_before_it_has_done_more_than_fork(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "import os, time\nreal = os.fork\nos.fork = lambda: (process := real()) and (time.sleep(5), process)[1]\n"
    (tmp_path / "sitecustomize.py").write_text(slow)
    monkeypatch.setattr(pool, "limits", Limits(1, 700 << 20))
    assert pool.run("job:work", ["a"], {}) == [("ok", "a")]
    end_server(pool)
    (tmp_path / "sitecustomize.py").unlink()
    assert [status for status, _words in pool.run("job:work", ["spin", "b"], {})] == ["timeout", "ok"]


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
@pytest.mark.parametrize("has_child", [True, False])
def test_a_fork_server_that_is_stopped_holds_nobody_up(pool: Pool, has_child: bool) -> None:
    pool.run("job:work", ["a"], {})
    assert pool._server
    assert pool._server._server
    os.kill(pool._server._server.pid, signal.SIGSTOP)
    if not has_child:
        pool._end(pool._idle.pop())
        pool.warm("job:work", 1)
    start = time.monotonic()
    pool.close()
    assert time.monotonic() - start < 2.5


def test_an_import_that_takes_too_long_is_told(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "_START_SECONDS", 0.3)
    (tmp_path / "job.py").write_text("import time; time.sleep(60)")
    with pytest.raises(InternalError, match=r"does not start \(no answer within 0\.3 s\)"):
        pool.run("job:work", ["a"], {})


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_no_file_stays_open_where_there_is_no_room_for_all(pool: Pool) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = set(os.listdir("/proc/self/fd"))
    free = next(number for number in range(3, 1000) if str(number) not in before)
    try:
        for more in range(8):
            resource.setrlimit(resource.RLIMIT_NOFILE, (free + more, hard))
            with pytest.raises(UsageError, match="--workers"):
                pool.run("job:work", ["a"], {})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert set(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_a_fork_server_that_is_started_early_is_the_pool_s_and_ends_with_it(pool: Pool) -> None:
    launch.start_early("json.tool")
    (early,) = launch._waiting
    assert pool.run("job:work", ["a"], {}) == [("ok", "a")]
    assert not launch._waiting
    assert pool._server
    assert pool._server._server is early
    pool.close()
    assert early.returncode is not None


@pytest.mark.parametrize("pool", ["forked"], indirect=True)
def test_a_fork_server_that_was_started_early_and_ended_is_started_again(pool: Pool) -> None:
    launch.start_early("")
    (early,) = launch._waiting
    early.kill()
    early.wait()
    assert pool.run("job:work", ["a"], {}) == [("ok", "a")]


def test_a_fork_server_that_nobody_needs_leaves_nothing_behind() -> None:
    files = set(os.listdir("/proc/self/fd"))
    launch.start_early("sanitize.probe.warm")
    (early,) = launch._waiting
    launch.end_early()
    assert early.returncode == -signal.SIGKILL
    assert set(os.listdir("/proc/self/fd")) == files


def end_server(pool: Pool) -> None:
    assert pool._server
    assert pool._server._server
    pool._server._server.kill()
    pool._server._server.wait()


def wait_until(happened: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    return happened()


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_works_where_the_system_does_not_tell_it_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    asked: list[object] = []

    def refuse(*arguments: object) -> None:
        asked.append(arguments)
        raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    with open(os.devnull, "rb") as source:
        child_module._end_with_parent(source, on=True)
        assert len(asked) == 1
        assert source.read() == b""
