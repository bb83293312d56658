"""Batches are split and given out so that every core has some until the end, and each is answered once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitize.engine.child import Answer
from sanitize.engine.process import Limits
from sanitize.engine.schedule import BATCH, Engine, split
from sanitize.errors import InternalError

LIMITS = Limits(20, 1 << 30)


@pytest.mark.parametrize("count", [1, 3, 64, 65, 300])
def test_every_batch_is_answered_once_however_many_there_are(count: int) -> None:
    found: dict[int, list[Answer]] = {}
    with Engine(2, LIMITS) as engine:
        engine.run("builtins:abs", [[-number, number] for number in range(count)], {}, found.__setitem__)
    assert found == {number: [("ok", number), ("ok", number)] for number in range(count)}


@pytest.mark.parametrize("count", [3, 300])
def test_a_function_that_cannot_be_imported_is_told(count: int) -> None:
    with Engine(2, LIMITS) as engine, pytest.raises(InternalError, match="cannot import"):
        engine.run("no_such_module:work", [[number] for number in range(count)], {}, lambda *_: None)


def test_what_is_to_be_done_meanwhile_is_done_once() -> None:
    done: list[str] = []
    with Engine(1, LIMITS) as engine:
        engine.meanwhile(lambda: done.append("once"))
        for _ in range(2):
            engine.run("builtins:abs", [[1]], {}, lambda *_: None)
    assert done == ["once"]


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
