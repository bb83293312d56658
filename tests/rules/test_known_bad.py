from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import imagehash
import polars as pl
import pytest
from PIL import Image, ImageDraw, ImageOps

from corrupt_samples.encode import exif, jpeg, png
from corrupt_samples.pictures import photo, screenshot
from sanitize import rules
from sanitize.dataset import Classes, Dataset, LabelList
from sanitize.errors import InternalError, UsageError
from sanitize.facts import Measurement
from sanitize.judge import judge
from sanitize.rules import discover

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

RULE = "known-bad"
Known = tuple[str | None, str | None, int | None]


def find(*known: Known, columns: bool = True, **settings: object) -> dict[int, tuple[str, str]]:
    """Return severity and message by the number of the file, for files that are known so: name, how and distance."""
    rows = [(number, f"{number}.jpg", "jpeg", *row) for number, row in enumerate(known)]
    schema = {"file": pl.UInt32, "path": pl.String, "content": pl.String, "known_bad": pl.String}
    facts = pl.DataFrame(
        rows, schema={**schema, "known_bad_how": pl.String, "known_bad_distance": pl.Int64}, orient="row"
    )
    dataset = Dataset(
        facts=facts if columns else facts.select("file", "path", "content"),
        lines=pl.DataFrame(schema={"list": pl.UInt32, "line": pl.UInt32, "file": pl.UInt32, "label": pl.Int64}),
        lists=(LabelList("images", "images", False, implicit=True),),
        classes=Classes(None, None),
        unreadable_folders=pl.DataFrame(schema={"path": pl.String, "message": pl.String}),
        leak_keep="last",
        max_pixels=178_956_970,
    )
    found = judge(dataset, [discover()[RULE]], {RULE: settings})
    return {file: (severity, message) for file, severity, message in found.select("file", "severity", "message").rows()}


@pytest.mark.parametrize(
    ("how", "distance", "message"),
    [
        ("bytes", None, "the same bytes as `card.png`, which is known to be bad"),
        ("pixels", None, "the same pixels as `card.png`, which is known to be bad"),
        ("near", None, "nearly the same picture as `card.png`, which is known to be bad"),
        ("hash", 2, "a hash 2 of 64 bits from that of `card.png`, which is known to be bad"),
    ],
)
def test_says_how_a_picture_is_known(how: str, distance: int | None, message: str) -> None:
    assert find((None, None, None), ("card.png", how, distance)) == {1: ("error", message)}


def test_only_near_hashes_count_and_how_near_is_a_setting() -> None:
    files: list[Known] = [("a", "hash", 0), ("a", "hash", 4), ("a", "hash", 5), ("a", "bytes", None), ("a", "near", 8)]
    assert find(*files).keys() == {0, 1, 3, 4}
    assert find(*files, distance=5).keys() == {0, 1, 2, 3, 4}
    assert find(*files, distance=0).keys() == {0, 3, 4}


def test_is_silent_where_nothing_is_known() -> None:
    assert find((None, None, None)) == {}
    assert find((None, None, None), columns=False) == {}


def test_pictures_of_a_folder_are_found_renamed_saved_anew_and_scaled(
    fired: Fired, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, other = screenshot("card"), photo("lost")
    saved = jpeg(card)
    (tmp_path / "bad" / "cards").mkdir(parents=True)
    (tmp_path / "bad" / "cards" / "card.jpg").write_bytes(saved)
    (tmp_path / "bad" / "lost.png").write_bytes(png(other))
    (tmp_path / "bad" / "why.txt").write_text("shown instead of photos")
    monkeypatch.chdir(tmp_path)
    files = {
        "a.jpg": saved,
        "b.png": png(Image.open(io.BytesIO(saved))),
        "c.jpg": jpeg(card.resize((120, 90)), quality=60),
        "d.png": png(other),
        "good.jpg": jpeg(photo("good")),
        "window.jpg": jpeg(screenshot("window")),
    }
    assert fired(RULE, files, known_bad="bad") == {
        "a.jpg": ("error", "the same bytes as `bad/cards/card.jpg`, which is known to be bad"),
        "b.png": ("error", "the same pixels as `bad/cards/card.jpg`, which is known to be bad"),
        "c.jpg": ("error", "nearly the same picture as `bad/cards/card.jpg`, which is known to be bad"),
        "d.png": ("error", "the same bytes as `bad/lost.png`, which is known to be bad"),
    }


def test_hashes_and_folders_may_be_given_together(fired: Fired, tmp_path: Path) -> None:
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")), "c.jpg": jpeg(photo("c")), "d.jpg": jpeg(photo("d"))}
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.jpg").write_bytes(files["a.jpg"])
    sha = hashlib.sha256(files["b.jpg"]).hexdigest()
    (tmp_path / "bad.txt").write_text(f"{sha}  b\n{imagehash.phash(photo('c'))} c\n")
    assert fired(RULE, files, known_bad=[tmp_path / "bad", tmp_path / "bad.txt"]).keys() == {"a.jpg", "b.jpg", "c.jpg"}


def cut_out(picture: Image.Image) -> Image.Image:
    """A picture of which an ellipse is left, and black, but transparent, around it."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).ellipse((20, 20, picture.width - 20, picture.height - 20), fill=255)
    return Image.composite(picture.convert("RGBA"), Image.new("RGBA", picture.size), mask)


@pytest.mark.parametrize("is_seen", [False, True])
def test_a_hash_may_be_made_of_what_pillow_opens_or_of_what_is_seen(
    fired: Fired, tmp_path: Path, is_seen: bool
) -> None:
    files = {f"{turn}.jpg": jpeg(photo(f"{turn}"), exif=exif(turn)) for turn in (3, 6, 8)}
    files |= {"cut.png": png(cut_out(photo("cut"))), "good.jpg": jpeg(photo("good"))}
    files["turned.jpg"] = jpeg(photo("turned"), exif=exif(6))
    hashes = []
    for name in ("3.jpg", "6.jpg", "8.jpg", "cut.png"):
        picture = Image.open(io.BytesIO(files[name]))
        if is_seen:
            turned = ImageOps.exif_transpose(picture).convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned).convert("RGB")
        hashes.append(f"{imagehash.phash(picture)}  {name}\n")
    (tmp_path / "bad.txt").write_text("".join(hashes))
    found = fired(RULE, files, known_bad=[tmp_path / "bad.txt"])
    assert {name: f"`{name}`" in message for name, (_severity, message) in found.items()} == dict.fromkeys(
        ["3.jpg", "6.jpg", "8.jpg", "cut.png"], True
    )


def test_a_symmetric_drawing_is_found_by_the_hash_that_imagehash_makes_of_it(fired: Fired, tmp_path: Path) -> None:
    files = {}
    for radius in (60, 120, 180):
        flag = Image.new("RGB", (900, 600), "white")
        ImageDraw.Draw(flag).circle((450, 300), radius, fill=(188, 0, 45))
        files[f"{radius}.png"] = png(flag)
    files |= {"page.png": png(screenshot("page")), "photo.jpg": jpeg(photo("photo", 300, 200))}
    listed = ["180.png", "page.png", "photo.jpg"]
    hashes = [f"{imagehash.phash(Image.open(io.BytesIO(files[name])))}  {name}\n" for name in listed]
    (tmp_path / "bad.txt").write_text("".join(hashes))
    assert sorted(fired(RULE, files, known_bad=[tmp_path / "bad.txt"])) == listed


def test_a_hash_of_what_pillow_opens_is_kept_as_long_as_the_other_is(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(jpeg(photo("a"), exif=exif(6)))
    (tmp_path / "bad.txt").write_text(f"{imagehash.phash(photo('a'))}\n")

    def found() -> list[str]:
        result = scan(tmp_path / "in", known_bad=[tmp_path / "bad.txt"], cache=True)
        return [rule for rule in result.findings["rule"].to_list() if rule == RULE]

    assert found() == [RULE]
    monkeypatch.setattr("sanitize.known_files.AS_STORED", "sanitize.probe.stored_hashes:none_such")
    assert found() == [RULE]
    now = rules.measurements

    def newer(some: Iterable[rules.Rule]) -> list[Measurement]:
        return [one._replace(version=one.version + (one.module == "sanitize.probe.hashes")) for one in now(some)]

    monkeypatch.setattr(rules, "measurements", newer)
    with pytest.raises(InternalError, match="cannot import its function"):  # it is asked for again
        found()


def test_a_hash_of_what_transparent_parts_hide_or_of_nothing_finds_no_picture(fired: Fired, tmp_path: Path) -> None:
    hidden, files = photo("hidden"), {}
    for left in (20, 60, 100):
        mask = Image.new("L", hidden.size)
        ImageDraw.Draw(mask).ellipse((left, 20, left + 60, 90), fill=255)
        cut = hidden.convert("RGBA")
        cut.putalpha(mask)
        shape = Image.new("RGBA", hidden.size, (90, 90, 90))
        shape.putalpha(mask)
        files |= {f"{left}.png": png(cut), f"shape {left}.png": png(shape)}
    (tmp_path / "bad.txt").write_text(f"{imagehash.phash(hidden)}\n80808080808080fe\n")
    assert fired(RULE, files, known_bad=[tmp_path / "bad.txt"], rule_options={RULE: {"distance": 12}}) == {}


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize("form", ["{} *lost.jpg", "{}", "{} lost.jpg", "{}  lost.jpg"])
def test_a_list_of_checksums_finds_the_same_bytes(fired: Fired, tmp_path: Path, algorithm: str, form: str) -> None:
    files = {"a.jpg": jpeg(photo("a")), "b.png": png(photo("a")), "c.jpg": jpeg(photo("c"))}
    known = form.format(hashlib.new(algorithm, files["a.jpg"]).hexdigest())
    other = hashlib.new(algorithm, b"another").hexdigest()
    (tmp_path / "bad.txt").write_text(f"{other}  another.jpg\n{known}\n")
    assert fired(RULE, files, known_bad=[tmp_path / "bad.txt"]).keys() == {"a.jpg"}


def test_several_folders_may_be_given(fired: Fired, tmp_path: Path) -> None:
    files = {"a.jpg": jpeg(photo("a")), "b.jpg": jpeg(photo("b")), "c.jpg": jpeg(photo("c"))}
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("no picture")
        (tmp_path / name / "x.jpg").write_bytes(files[f"{name}.jpg"])
    assert fired(RULE, files, known_bad=[tmp_path / "a", tmp_path / "b"]).keys() == {"a.jpg", "b.jpg"}


@pytest.mark.parametrize("given", ["none", "empty", "empty.txt"])
def test_nothing_to_know_is_the_user_s_mistake(fired: Fired, tmp_path: Path, given: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.txt").write_text("# soon\n")
    with pytest.raises(UsageError, match=given):
        fired(RULE, {"a.jpg": jpeg(photo("a"))}, known_bad=tmp_path / given)


def test_each_of_many_copies_is_found_whatever_stands_in_the_middle_of_them(tmp_path: Path, fired: Fired) -> None:
    chance = random.Random(0)
    picture = photo("a", 300, 225)
    files = {}
    for number in range(120):
        side = chance.uniform(0.5, 2)
        copy = picture.resize((round(300 * side), round(225 * side)))
        files[f"{number}.jpg"] = jpeg(copy, quality=chance.randrange(40, 91))
    files["other.jpg"] = jpeg(photo("b"))
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "card.png").write_bytes(png(picture))
    found = fired(RULE, files, known_bad=tmp_path / "bad")
    assert found.keys() == files.keys() - {"other.jpg"}
