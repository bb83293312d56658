"""Batches are split and given out so that every core has some until the end, and each is answered once."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitize import systems
from sanitize.engine.child import Answer
from sanitize.engine.process import Limits
from sanitize.engine.schedule import BATCH, Engine, split
from sanitize.errors import InternalError

LIMITS = Limits(20, 1 << 30)


@pytest.mark.parametrize("count", [1, 3, 64, 65, 300])
@pytest.mark.parametrize("wait", [None, 0.001])
def test_every_batch_is_answered_once_however_many_there_are_and_however_it_is_waited(
    monkeypatch: pytest.MonkeyPatch, count: int, wait: float | None
) -> None:
    monkeypatch.setattr(systems, "LONGEST_WAIT", wait)
    found: dict[int, list[Answer]] = {}
    with Engine(2, LIMITS) as engine:
        engine.run("builtins:abs", [[-number, number] for number in range(count)], {}, found.__setitem__)
    assert found == {number: [("ok", number), ("ok", number)] for number in range(count)}


@pytest.mark.parametrize("count", [3, 300])
def test_a_function_that_cannot_be_imported_is_told(count: int) -> None:
    with Engine(2, LIMITS) as engine, pytest.raises(InternalError, match="cannot import"):
        engine.run("no_such_module:work", [[number] for number in range(count)], {}, lambda *_: None)


def test_two_runs_that_have_begun_share_the_children_and_are_finished_in_any_order() -> None:
    found: dict[str, dict[int, list[Answer]]] = {"first": {}, "second": {}}
    with Engine(2, LIMITS) as engine:
        first = engine.begin("builtins:abs", [[-number] for number in range(200)], {})
        second = engine.begin("builtins:abs", [[-number] for number in range(200)], {})
        second.finish(found["second"].__setitem__)
        first.finish(found["first"].__setitem__)
        assert engine._pool is not None
        assert len(engine._pool._all) == 2
    assert found["first"] == found["second"] == {number: [("ok", number)] for number in range(200)}


def test_a_run_that_is_abandoned_leaves_room_for_others() -> None:
    found: dict[int, list[Answer]] = {}
    with Engine(1, LIMITS) as engine:
        slow = engine.begin("time:sleep", [[0.5] for _ in range(100)], {})
        slow.abandon()
        began = time.monotonic()
        engine.run("builtins:abs", [[-1]], {}, found.__setitem__)
        assert time.monotonic() - began < 10
    assert found == {0: [("ok", 1)]}


def test_a_call_is_answered_by_a_child_where_there_is_one_and_here_where_there_is_none_or_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import os\ndef who(parent):\n    return os.getpid()\ndef fail(parent):\n"
    code += "    if os.getpid() != parent:\n        raise ValueError\n    return os.getpid()\n"
    (tmp_path / "job.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with Engine(1, LIMITS) as engine:
        assert engine.call("job:who", os.getpid())() == os.getpid()
        engine.run("job:who", [[0]], {}, lambda *_: None)
        assert engine.call("job:who", os.getpid())() != os.getpid()
        assert engine.call("job:fail", os.getpid())() == os.getpid()


def test_children_that_are_released_end_by_themselves_and_others_answer_where_more_is_asked() -> None:
    found: dict[int, list[Answer]] = {}
    with Engine(2, LIMITS) as engine:
        engine.run("builtins:abs", [[-1], [-2]], {}, lambda *_: None)
        engine.release()
        engine.run("builtins:abs", [[-3], [-4]], {}, found.__setitem__)
    assert found == {0: [("ok", 3)], 1: [("ok", 4)]}


def test_an_engine_that_is_left_ends_what_has_begun() -> None:
    began = time.monotonic()
    with Engine(2, LIMITS) as engine:
        engine.begin("time:sleep", [[15], [15], [15]], {})
    assert time.monotonic() - began < 10


@given(st.lists(st.integers(0, 50_000_000), max_size=400), st.integers(1, 64))
def test_batches_hold_every_item_once_in_order(sizes: list[int], workers: int) -> None:
    batches = split(sizes, workers=workers)
    assert [number for batch in batches for number in batch] == list(range(len(sizes)))
    assert all(0 < len(batch) <= BATCH for batch in batches)


def test_the_last_batches_are_short_and_all_workers_have_some() -> None:
    lengths = [len(batch) for batch in split([20_000] * 6_000, workers=2)]
    assert lengths[0] == BATCH
    assert lengths[-1] < BATCH / 8
    assert len(split([20_000] * 10, workers=5)) >= 5
