from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import ImageOps

from corrupt_samples.codes import code, on_photo
from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from sanitize.manual import explain
from sanitize.rules import discover

if TYPE_CHECKING:
    from tests.conftest import Fired

MAKER = "https://maker.example/1"


def test_a_code_in_the_corner_is_an_info(fired: Fired) -> None:
    files = {"a.jpg": jpeg(on_photo(code(MAKER), "a", width=640, height=480, share=0.3, at=(0.8, 0.8)))}
    ((severity, message),) = fired("contains-code", files).values()
    assert severity == "info"
    assert "says `https://maker.example/1`" in message


def test_a_code_that_is_the_picture_is_another_finding_and_a_photo_is_none(fired: Fired) -> None:
    files = {"a.png": png(code(MAKER)), "b.jpg": jpeg(photo("b", 640, 480))}
    assert fired("contains-code", files) == {}


@pytest.mark.parametrize(
    ("width", "share"),
    [(400, 0.25), (400, 0.35), (500, 0.25), (640, 0.2), (640, 0.3), (800, 0.16), (1000, 0.15), (1600, 0.2)],
)
def test_a_code_that_is_a_small_part_of_a_photo_is_found(fired: Fired, width: int, share: float) -> None:
    height = width * 3 // 4
    places = {"a": (0.2, 0.3), "b": (0.8, 0.7), "c": (0.5, 0.5)}
    scenes = {
        seed: on_photo(code(MAKER, module=8), seed, width=width, height=height, share=share, at=place)
        for seed, place in places.items()
    }
    found = fired("contains-code", {f"{seed}.jpg": jpeg(scene) for seed, scene in scenes.items()})
    found |= fired("qr-takeover", {f"{seed}.jpg": jpeg(scene) for seed, scene in scenes.items()})
    assert found.keys() == {"a.jpg", "b.jpg", "c.jpg"}


@pytest.mark.parametrize("share", [0.3, 0.4, 0.5])
def test_an_inverted_code_on_a_photo_is_found(fired: Fired, share: float) -> None:
    scene = on_photo(ImageOps.invert(code(MAKER)), "a", width=500, height=375, share=share, at=(0.35, 0.6))
    assert fired("contains-code", {"a.jpg": jpeg(scene)}) or fired("qr-takeover", {"a.jpg": jpeg(scene)})


@pytest.mark.parametrize(
    "thresholds",
    [{}, {"min_share": 1.0, "min_share_in_centre": 1.0}, {"max_offset": 0.0, "min_share": 0.7}, {"min_share": 0.0}],
)
def test_a_code_that_is_read_is_one_of_the_two_findings_whatever_the_thresholds(
    fired: Fired, thresholds: dict[str, float]
) -> None:
    places = {"corner.jpg": (0.8, 0.8), "centre.jpg": (0.5, 0.5), "beside.jpg": (0.42, 0.6)}
    files = {
        name: jpeg(on_photo(code(MAKER), name, width=640, height=480, share=0.35, at=place))
        for name, place in places.items()
    }
    files |= {"all.png": png(code(MAKER)), "photo.jpg": jpeg(photo("photo", 320, 240))}
    options = {"rule_options": {"qr-takeover": thresholds}}
    found = [*fired("contains-code", files, **options), *fired("qr-takeover", files, **options)]
    assert sorted(found) == ["all.png", "beside.jpg", "centre.jpg", "corner.jpg"]


def test_its_thresholds_are_those_of_the_other_rule() -> None:
    rule = discover()["contains-code"]
    assert not rule.options
    assert "Its options are those of qr-takeover." in explain(rule, colour=False)
