"""Which pickles beside a picture are told to run code, and which hold numbers and containers alone."""

from __future__ import annotations

import array
import builtins
import collections
import datetime
import decimal
import fractions
import io
import operator
import os
import pickle
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import noise
from sanitize.probe import beside, pickles
from tests.embedding import COM, places, with_chunk, with_segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Fired

RULE = "embedded-payload"
NOISE = noise("after", 300)
KIND = "a Python pickle that runs code when loaded"
PROTOCOLS = range(6)


class Calls:
    """An object whose pickle calls a function when it is loaded."""

    def __init__(self, function: Callable[..., object] = print, *values: object) -> None:
        self.reduced = function, values or ("hello",)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.reduced


NUMBERS: dict[str, object] = {
    "array": np.arange(50),
    "number": np.float32(3),
    "arrays": {"a": np.arange(9.0), "b": np.zeros((3, 4), np.uint8), "c": np.arange(6).reshape(2, 3).T},
    "records": np.zeros(3, [("a", "i4"), ("b", "f8")]),
    "objects": np.array([1, "a", None], object),
    "texts": np.array(["a", "bb"]),
    "masked": np.ma.array([1, 2, 3], mask=[0, 1, 0]),
    "type": [np.dtype("f4"), np.float32, np.datetime64("2020-01-01")],
    "ordered": collections.OrderedDict(a=1, b=np.arange(3)),
    "default": collections.defaultdict(list, a=[1]),
    "builtins": [{1, 2}, frozenset("ab"), 1 + 2j, bytearray(b"abc"), range(4), slice(1, 2)],
    "others": [datetime.datetime(2020, 1, 1), decimal.Decimal("1.5"), fractions.Fraction(1, 3), array.array("i", [1])],
}
# As PyTorch keeps the weights of a layer.
WEIGHTS = (
    b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(X\x01\0\0\0wq\x02ctorch._utils\n_rebuild_tensor_v2\nq\x03(("
    b"X\x07\0\0\0storageq\x04ctorch\nFloatStorage\nq\x05X\x01\0\0\x000q\x06X\x03\0\0\0cpuq\x07K\x04tq\x08QK\0K\x04\x85q\tK\x01"
    b"\x85q\n\x89ccollections\nOrderedDict\nq\x0b)Rq\x0ctq\rRq\x0eu."
)


def test_finds_them_behind_the_end_and_where_a_part_begins(fired: Fired) -> None:
    content = pickle.dumps(Calls())
    files = {
        "a.jpg": jpeg(photo("a")) + content,
        "a.png": png(photo("a")) + bytes(7) + content,
        "comment.jpg": with_segment(COM, content),
        "segment.jpg": with_segment(0xE4, b"NAME\0" + content),
    }
    assert places(fired(RULE, files)) == {
        "a.jpg": f"{KIND} after the end of the JPEG",
        "a.png": f"{KIND} after the end of the PNG",
        "comment.jpg": f"{KIND} in the comment of the JPEG",
        "segment.jpg": f"{KIND} in the APP4 of the JPEG",
    }


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickles_of_every_protocol_are_told_by_what_they_call(fired: Fired, protocol: int) -> None:
    content = pickle.dumps([np.arange(9), {"a": Calls()}], protocol)
    found = fired(RULE, {"a.jpg": jpeg(photo("a")) + content + NOISE})
    assert found["a.jpg"][1].split(": ", 1)[1].startswith(f"{len(content)} bytes from byte")
    assert ".print`" in found["a.jpg"][1]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "function", [os.system, os.popen, builtins.eval, builtins.exec, builtins.__import__, getattr, operator.attrgetter]
)
def test_functions_of_python_and_others_are_payloads(function: Callable[..., object], protocol: int) -> None:
    check = dict(pickles.AT_START)
    for value in (Calls(function, "a"), {"a": np.arange(3), "b": [1, Calls(function, "a")]}):
        data = pickle.dumps(value, protocol)
        found = check[data[:2]](data, 0, len(data))
        assert found is not None
        assert found.detail is not None
        assert found.detail.endswith(f".{function.__name__}`")


def test_a_name_is_found_in_what_the_pickle_has_kept_and_one_that_is_not_followed_is_no_value() -> None:
    check = dict(pickles.AT_START)
    kept = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x940h\x00h\x01\x93\x8c\x02id\x85R."
    popped = b"\x80\x04\x8c\x02os\x8c\x06system\x8c\x05numpy\x8c\x05dtype00\x93\x8c\x02id\x85R."
    lost = b"\x80\x04\x8c\x05numpy\x8c\x05dtype00\x8c\x02os\x8c\x06system\x86\x30\x8c\x05numpy\x94N\x93\x8c\x02id\x85R."
    for data in (kept, lost, popped):
        assert check[data[:2]](data, 0, len(data)) is not None


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickles_of_numbers_are_other_data(fired: Fired, protocol: int) -> None:
    contents = {name: pickle.dumps(value, protocol) for name, value in NUMBERS.items()} | {"weights": WEIGHTS}
    contents["older"] = pickle.dumps(np.arange(9), protocol).replace(b"\x16numpy._core", b"\x15numpy.core")
    files = {f"{name} behind.png": png(photo("a")) + content for name, content in contents.items()}
    files |= {f"{name} comment.jpg": with_segment(COM, content) for name, content in contents.items()}
    files |= {f"{name} text.png": with_chunk(b"tEXt", b"Comment\0" + content) for name, content in contents.items()}
    assert fired(RULE, files) == {}
    behind = {name for name in files if name.endswith("behind.png")}
    sound = {f"sound {number}.png": png(photo(str(number))) for number in range(3)}
    told = fired("trailing-data", {name: files[name] for name in behind} | sound)
    assert {name: severity for name, (severity, _message) in told.items()} == dict.fromkeys(behind, "warning")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_called_before_a_pickle_is_cut_or_goes_on_for_long_is_told(protocol: int) -> None:
    check = dict(pickles.AT_START)
    calls = pickle.dumps(Calls(os.system, "a"), protocol)[:-1]
    behind = pickle.dumps([bytes(5_000_000), Calls(os.system, "a")], protocol)
    for data in (calls, calls + b"N0" * 100_000, calls + b"B\xff\xff\xff\x7f", behind):
        assert check[data[:2]](data, 0, len(data)) is not None


def test_pickles_of_mere_values_and_those_cut_before_a_call_are_none(fired: Fired) -> None:
    values = {"text": ["builtins", "print", 1.5, True], "numbers": list(range(999)), "none": None}
    whole = [pickle.dumps(value, protocol) for value in values.values() for protocol in PROTOCOLS]
    cut = [pickle.dumps(Calls(), protocol).partition(b"hello")[0] for protocol in PROTOCOLS]
    named = [pickle.dumps(print, protocol) for protocol in PROTOCOLS]
    within = [b"text before " + pickle.dumps(Calls())]
    tails = whole + cut + named + within
    assert fired(RULE, {f"{number}.jpg": jpeg(photo("a")) + data for number, data in enumerate(tails)}) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"ccopy_reg\n_reconstructor\np0\n(c__main__\nA\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n(dp5\nVa\np6\nI1\nsb.",
        b"(i__main__\nA\np0\n(dp1\nS'a'\np2\nI1\nsb.",
        b"\x80\2c__main__\nA\nq\0)\x81q\1}q\2X\1\0\0\0aq\3K\1sb.",
        b"\x80\4\x8c\x08__main__\x94\x8c\1A\x94\x93\x94)\x81\x94}\x94\x8c\1a\x94K\1sb.",
    ],
)
def test_objects_of_classes_of_the_program_that_kept_them_are_values_and_its_functions_are_none(content: bytes) -> None:
    check = dict(pickles.AT_START)[content[:2]]
    assert check(content, 0, len(content)) is None
    for name in (b"a", b"sys"):
        other = content.replace(b"\x8c\1A", b"\x8c%c%s" % (len(name), name)).replace(
            b"__main__\nA", b"__main__\n" + name
        )
        assert check(other, 0, len(other)) is not None


def test_damaged_and_random_bytes_are_none_and_never_raise() -> None:
    chance = random.Random(1)
    content = pickle.dumps([np.arange(3), Calls()])
    for magic, check in pickles.AT_START:
        for _ in range(300):
            data = magic + chance.randbytes(chance.randrange(200))
            assert check(data, 0, len(data)) is None
        for length in range(content.index(b"hello")):
            assert check(content[:length], 0, length) is None


def test_long_texts_are_no_names_however_often_they_are_taken_for_one() -> None:
    check = dict(pickles.AT_START)
    data = b"\x80\x04X" + (8_000_000).to_bytes(4, "little") + b"a" * 8_000_000 + b"q\0" + b"h\0h\0\x93" * 43_000
    assert check[data[:2]](data, 0, len(data)) is None


def test_the_first_of_several_pickles_that_calls_something_is_told_and_arrays_of_objects_are() -> None:
    check = dict(pickles.AT_START)
    numbers = [pickle.dumps(value, 2) for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    saved = io.BytesIO()
    np.save(saved, np.array([1, Calls(os.system, "a")], object))
    for data in (b"".join(numbers) + pickle.dumps(Calls(os.system, "a"), 2), saved.getvalue()):
        found = check[data[:2]](data + NOISE, 0, len(data) + len(NOISE))
        assert found is not None
        assert (found.start, found.end, found.detail) == (0, len(data), f"`{os.system.__module__}.system`")
    saved = io.BytesIO()
    np.save(saved, np.array([1, "a", None], object))
    for data in (b"".join(numbers) + WEIGHTS, saved.getvalue(), saved.getvalue()[:20]):
        assert check[data[:2]](data, 0, len(data)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"cos\nsystem\n(S'id'\ntR.",
        b"(S'id'\nios\nsystem\n.",
        b"(cos\nsystem\nS'id'\no.",
        b"]q\0cos\nsystem\n(U\2idtRa.",
    ],
)
def test_pickles_that_show_as_text_are_told_by_what_they_call(content: bytes) -> None:
    found = beside.look(jpeg(photo("a")) + content, "jpeg").payload
    assert found is not None
    assert (found.kind, found.detail) == ("pickle", "`os.system`")


@pytest.mark.parametrize(
    "text",
    [
        b"cat\ndog\nRed fox",
        b"cat\ndog\nR.",
        b"(lp0 is how one begins)",
        b"(S'id' is a text",
        b"canon\nEOS\nN.",
        b"(dp0\n.",
    ],
)
def test_texts_that_begin_like_an_old_pickle_are_none(text: bytes) -> None:
    assert beside.look(jpeg(photo("a"), comment=text) + text, "jpeg").payload is None
