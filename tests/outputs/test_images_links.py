"""Links are made as asked for or as the system takes them, and no original is ever touched."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sanitize import names
from sanitize.outputs import images
from tests.image_folder import Dataset
from tests.links import needs_links

pytestmark = needs_links


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path)


def test_a_link_becomes_a_copy_and_the_original_stays(dataset: Dataset) -> None:
    dataset.add("a.png")
    dataset.scan(dataset.wanted(a="a.png"))
    dataset.scan(dataset.wanted(a="a.png > a.png"))
    assert dataset.tree() == {"a.png": "copy of original a.png"}
    assert (dataset.images / "a.png").read_text() == "original a.png"
    dataset.scan(dataset.wanted(a="a.png"))
    assert dataset.tree() == {"a.png": "-> a.png"}


def test_folders_that_are_links_are_replaced_and_never_entered(dataset: Dataset) -> None:
    dataset.add("x/a.jpg", "x/c.gif", "y/d.jpg")
    root = dataset.out / "images"
    root.mkdir()
    (root / "x").symlink_to(dataset.images / "x", target_is_directory=True)
    (root / "z").symlink_to(dataset.images / "y", target_is_directory=True)
    originals = sorted(dataset.images.rglob("*"))
    dataset.scan(dataset.wanted(a="x/a.jpg", c="x/c.gif > x/c.png"))
    assert sorted(dataset.images.rglob("*")) == originals
    assert (dataset.images / "x" / "a.jpg").read_text() == "original x/a.jpg"
    assert dataset.tree() == {"x/a.jpg": "-> x/a.jpg", "x/c.png": "copy of original x/c.gif"}


def test_a_link_in_place_of_the_whole_folder_is_replaced(dataset: Dataset) -> None:
    dataset.add("a.jpg", "c.gif", "stale.png")
    (dataset.out / "images").symlink_to(dataset.images, target_is_directory=True)
    (dataset.out / ".sanitize" / "images-waiting").symlink_to(dataset.images, target_is_directory=True)
    dataset.scan(dataset.wanted(a="a.jpg", c="c.gif > c.png"))
    assert sorted(path.name for path in dataset.images.iterdir()) == ["a.jpg", "c.gif", "stale.png"]
    assert dataset.tree() == {"a.jpg": "-> a.jpg", "c.png": "copy of original c.gif"}
    images.remove_stale(dataset.out, None)
    assert (dataset.images / "a.jpg").read_text() == "original a.jpg"


@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", b" .jpg", b"a\nb.jpg", b"-rf", b"a\\b.jpg", "ö😀.jpg".encode(), b"\xf4\x8f\xbe\xbf"]
)
def test_names_are_bytes(dataset: Dataset, name: bytes) -> None:
    source = os.path.join(os.fsencode(dataset.images), b"d\xff", name)
    os.mkdir(os.path.dirname(source))
    with open(source, "wb") as file:
        file.write(b"original")
    key = names.to_key(b"d\xff/" + name)
    wanted = dataset.wanted(a=key, c=f"{key} > {key}.png")
    dataset.scan(wanted)
    root = os.path.join(os.fsencode(dataset.out), b"images", b"d\xff")
    assert sorted(os.listdir(root)) == [name, name + b".png"]
    assert os.readlink(os.path.join(root, name)) == os.path.realpath(source)
    dataset.scan(wanted)
    assert dataset.requests == []
    dataset.scan(wanted.clear())
    assert dataset.tree() == {}


@pytest.mark.parametrize("link", ["hardlink", "copy"])
def test_other_ways_of_linking(dataset: Dataset, link: str) -> None:
    dataset.add("a.jpg", "b.jpg")
    (dataset.images / "to-b.jpg").symlink_to("b.jpg")
    wanted = dataset.wanted(a="a.jpg", b="to-b.jpg")
    dataset.scan(wanted, link=link)
    assert dataset.tree() == {"a.jpg": "original a.jpg", "to-b.jpg": "original b.jpg"}
    assert (dataset.images / "a.jpg").samefile(dataset.out / "images" / "a.jpg") == (link == "hardlink")
    before = (dataset.out / "images" / "a.jpg").stat()
    dataset.scan(wanted, link=link)
    assert (dataset.out / "images" / "a.jpg").stat() == before


@pytest.mark.parametrize("link", ["hardlink", "copy"])
def test_no_copy_is_made_of_a_file_that_has_changed_since_it_was_decoded(dataset: Dataset, link: str) -> None:
    dataset.add("x/a.jpg", "b.jpg")
    wanted = dataset.wanted(a="x/a.jpg", b="b.jpg")
    dataset.add("x/a.jpg", content="another")
    told = [(0, "cannot be linked: the file has changed since it was decoded")]
    assert dataset.scan(wanted, link=link) == told
    assert dataset.tree() == {"b.jpg": "original b.jpg"}


def test_no_conversion_of_a_file_that_has_changed_since_it_was_decoded_is_kept(dataset: Dataset) -> None:
    dataset.add("a.gif", "b.gif")
    wanted = dataset.wanted(a="a.gif > a.png", b="b.gif > b.png")
    dataset.add("a.gif", content="another")
    assert dataset.scan(wanted) == [(0, "the file has changed since it was decoded")]
    assert dataset.tree() == {"b.png": "copy of original b.gif"}


@pytest.mark.parametrize("first", ["symlink", "hardlink", "copy"])
@pytest.mark.parametrize("then", ["symlink", "hardlink", "copy"])
def test_another_way_of_linking_replaces_entries_and_leaves_originals(dataset: Dataset, first: str, then: str) -> None:
    dataset.add("a.jpg")
    wanted = dataset.wanted(a="a.jpg")
    dataset.scan(wanted, link=first)
    dataset.scan(wanted, link=then)
    entry = dataset.out / "images" / "a.jpg"
    assert entry.is_symlink() == (then == "symlink")
    assert entry.samefile(dataset.images / "a.jpg") == (then != "copy")
    assert entry.read_text() == (dataset.images / "a.jpg").read_text() == "original a.jpg"


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EINVAL])  # the latter is what Windows says of exFAT
def test_links_fall_back_to_what_the_system_takes(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    dataset.add("a.jpg")
    monkeypatch.setattr(os, "symlink", refusing(errno.EPERM))
    wanted = dataset.wanted(a="a.jpg")
    dataset.scan(wanted)
    assert dataset.messages[0].startswith("OUT takes no symbolic links")
    assert (dataset.out / "images" / "a.jpg").samefile(dataset.images / "a.jpg")
    dataset.scan(wanted)
    assert dataset.messages == []
    (dataset.images / "a.jpg").unlink()
    dataset.add("a.jpg", content="changed")
    wanted = dataset.wanted(a="a.jpg")
    dataset.scan(wanted)
    assert dataset.tree() == {"a.jpg": "changed a.jpg"}

    monkeypatch.setattr(os, "link", refusing(number))
    dataset.scan(wanted, link="hardlink")
    assert not (dataset.out / "images" / "a.jpg").samefile(dataset.images / "a.jpg")
    assert dataset.tree() == {"a.jpg": "changed a.jpg"}


def test_another_folder_of_images_makes_new_links(dataset: Dataset) -> None:
    dataset.add("a.jpg")
    dataset.scan(dataset.wanted(a="a.jpg"))
    dataset.images = dataset.images.rename(dataset.images.with_name("moved"))
    dataset.scan(dataset.wanted(a="a.jpg"))
    assert (dataset.out / "images" / "a.jpg").readlink() == dataset.images.resolve() / "a.jpg"
