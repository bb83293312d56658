"""Files that hold several pictures: damage to a later one is found, and an index that leads nowhere is no damage."""

from __future__ import annotations

import pytest
from PIL import Image

from corrupt_samples.encode import mpo
from sanitize.probe import jpeg_mpf, jpeg_segments
from tests.probe.test_damage import is_damaged, textured
from tests.probe.test_damage_parts import saved
from tests.probed import probe_bytes

NEXT = b"\xff\xd8\xff"


def stereo() -> tuple[bytes, int]:
    """Return a file of two pictures, and where the second begins."""
    data = mpo(textured().resize((320, 240)))
    return data, data.index(NEXT, 1)


def test_the_index_leads_to_the_second_picture() -> None:
    data, second = stereo()
    [(number, count, picture)] = jpeg_mpf.later(data, jpeg_segments.read_header(data))
    assert (number, count) == (2, 2)
    assert picture == data[second:]
    assert not is_damaged(probe_bytes(data))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_damage_to_the_second_picture_of_a_jpeg_is_found(share: float) -> None:
    data, second = stereo()
    at = second + int((len(data) - second) * share)
    found = probe_bytes(data[:at])
    assert found["complaint_kind"] == "ended-early"
    assert str(found["complaint"]).startswith("picture 2 of 2: ")
    assert is_damaged(probe_bytes(data[:at] + bytes(64) + data[at + 64 :]))
    assert (found["decodes"], "lost_from_row" in found) == (True, False)


def test_the_last_two_bytes_of_a_second_picture_are_missed() -> None:
    assert probe_bytes(stereo()[0][:-2])["complaint_kind"] == "no-end"


def test_an_index_that_does_not_lead_to_a_picture_says_nothing() -> None:
    data, second = stereo()
    for changed in (data[:second], data[:second] + b"12" + data[second:], data[:second] + bytes(len(data) - second)):
        assert not is_damaged(probe_bytes(changed))
    index = data.index(b"MPF\0")
    for length in (4, 20, 40):
        assert not is_damaged(probe_bytes(data[: index + 4] + b"\xff" * length + data[index + 4 + length :]))


def test_later_pictures_of_any_size_and_what_follows_them_are_left_alone() -> None:
    image = textured().resize((320, 240))
    gain = image.convert("L").resize((80, 60))
    for options in ({"quality": 30}, {"quality": 100}, {"progressive": True}, {"optimize": True}):
        data = saved(image, "MPO", save_all=True, append_images=[gain, Image.new("L", (64, 64), 255)], **options)
        assert not is_damaged(probe_bytes(data)), options
        assert not is_damaged(probe_bytes(data + b"written behind it" * 9)), options


def test_later_pictures_over_the_limit_are_not_decoded() -> None:
    data, second = stereo()
    cut = data[: second + 3000]
    assert is_damaged(probe_bytes(cut, max_pixels=320 * 240))
    assert not is_damaged(probe_bytes(saved(textured(), "MPO", save_all=True, append_images=[textured()] * 3)))


def icon() -> bytes:
    return saved(textured().convert("RGBA").resize((128, 128)), "ICNS")


def test_damage_to_any_size_of_an_apple_icon_is_found() -> None:
    data = icon()
    assert not is_damaged(probe_bytes(data))
    for cut in (2, 16, len(data) // 100, len(data) // 2):
        assert probe_bytes(data[:-cut])["complaint_kind"] == "ended-early", cut
    for at in range(200, len(data) - 600, len(data) // 17):
        assert is_damaged(probe_bytes(data[:at] + bytes(512) + data[at + 512 :])), at


def test_bytes_behind_an_apple_icon_are_left_alone() -> None:
    assert not is_damaged(probe_bytes(icon() + b"more bytes" * 50))
