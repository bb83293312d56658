"""Files of the same bytes are decoded once, and each has all facts that it would have alone."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from corrupt_samples.pictures import photo
from sanitize.children import PROBE
from sanitize.engine.calls import find
from sanitize.facts import PROBE_COLUMNS
from sanitize.probe import examine, read, same_bytes
from tests.conftest import Scan

CARD = photo("card", 64, 64)


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_bytes, "_batches", deque(maxlen=8))


def saved(image: Image.Image, form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


def fill(folder: Path, contents: list[bytes], names: str) -> Path:
    folder.mkdir()
    for number, content in enumerate(contents):
        (folder / names.format(number)).write_bytes(content)
    return folder


def facts_of(folder: Path, names: list[str], **options: object) -> list[dict[str, object]]:
    """Return the facts of files as a child gives them that is asked for all at once."""
    probe, measure = map(find, PROBE.split())
    asked = {"root": bytes(folder), "max_pixels": 1 << 20, "thorough": False, "shades": True}
    asked |= {"measures": ["sanitize.probe.hashes", "sanitize.probe.statistics"], **options}
    rows = measure([probe((name.encode(), True), **asked) for name in names], **asked)
    return [
        {name: column[row.number] for name, column in row.table.items() if column[row.number] is not None}
        | {"shades": row.shades}
        for row in rows
    ]


def test_a_picture_under_many_names_is_decoded_once_a_process_after_its_first_batch(
    tmp_path: Path, scan: Scan, spoil_decoder: Callable[[str], bytes]
) -> None:
    log = tmp_path / "decoded"
    mark = spoil_decoder(f"open({str(log)!r}, 'a').write('x')")
    card = saved(CARD) + mark
    folder = fill(tmp_path / "images", [card] * 100, "{}.jpg")
    result = scan(folder, select=["exact-duplicate"])
    assert result.summary["images"] == 100
    assert 1 <= len(log.read_text()) <= 50
    facts = pl.read_parquet(tmp_path / "out" / "facts.parquet")
    assert facts.select(*PROBE_COLUMNS, "tail_bytes", "phash").unique().height == 1


def test_copies_have_all_facts_that_each_has_alone(tmp_path: Path) -> None:
    one, other = saved(CARD), saved(photo("other", 80, 48), "PNG")
    folder = fill(tmp_path / "images", [one, other, b"no image", one[:-200]] * 2, "{}.jpg")
    names = [f"{number}.jpg" for number in range(8)]
    alone = []
    for name in names:
        same_bytes._batches.clear()
        alone += facts_of(folder, [name])
    same_bytes._batches.clear()
    assert [*facts_of(folder, names[:3]), *facts_of(folder, names[3:])] == alone
    assert {"phash", "entropy"} <= alone[5].keys()


def test_copies_among_pictures_that_are_new_keep_what_they_are(tmp_path: Path) -> None:
    pictures = [saved(photo(str(number), 64, 64)) for number in range(4)]
    folder = fill(tmp_path / "images", [*pictures[:2], pictures[2], pictures[1], pictures[3], pictures[0]], "{}.jpg")
    first = facts_of(folder, ["0.jpg", "1.jpg"])
    second = facts_of(folder, ["2.jpg", "3.jpg", "4.jpg", "5.jpg"])
    assert (second[1], second[3]) == (first[1], first[0])
    assert len({str(facts["phash"]) for facts in second}) == 4


def test_a_name_asks_anew_only_where_it_tells_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fill(tmp_path / "images", [saved(CARD)] * 4, "card.{}")
    (folder / "card.3").rename(folder / "card.tga")
    first = facts_of(folder, ["card.0"])
    asked: list[str] = []
    monkeypatch.setattr(
        read, "examine", lambda data, name, **options: asked.append(name) or examine(data, name=name, **options)
    )
    assert facts_of(folder, ["card.1", "card.2", "card.tga"]) == first * 3
    assert asked == ["card.tga"]


def test_what_else_facts_come_of_is_asked_anew(tmp_path: Path) -> None:
    picture = bytearray(saved(CARD, "PCX"))
    picture[80] = 1  # where most have zeros, without which the name must say what it is
    folder = fill(tmp_path / "images", [bytes(picture)] * 2, "{}.pcx")
    (folder / "1.pcx").rename(folder / "1.dat")
    named, unnamed = (facts_of(folder, [name])[0] for name in ("0.pcx", "1.dat"))
    assert named["content"] == "pcx" != unnamed["content"]
    assert "decodes" not in facts_of(folder, ["0.pcx"], max_pixels=100)[0]
    assert facts_of(folder, ["0.pcx"], thorough=True)[0]["thorough"] is True
    assert facts_of(folder, ["0.pcx"], shades=False)[0]["shades"] == b""
    assert "entropy" not in facts_of(folder, ["0.pcx"], measures=["sanitize.probe.hashes"])[0]


def test_what_comes_again_stays_in_mind_and_what_does_not_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [b"P5 1 1 255\n" + bytes([number]) for number in range(60)]
    folder = fill(tmp_path / "images", contents, "{}")
    asked: list[str] = []
    monkeypatch.setattr(
        read, "examine", lambda data, name, **options: asked.append(name) or examine(data, name=name, **options)
    )
    for number in range(1, 60):
        facts_of(folder, ["0", str(number)])
    facts_of(folder, ["0", "59", "1"])
    assert asked == [*map(str, range(60)), "1"]
