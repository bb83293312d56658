"""What a probe finds in damaged JPEGs, and how much of the picture it says is left."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFile

from corrupt_samples.encode import jpeg as jpeg_file
from corrupt_samples.pictures import photo
from sanitize.probe import jpeg, jpeg_rows, jpeg_segments

Damage = Callable[[bytes, random.Random], bytes]


def textured(width: int = 320, height: int = 240, mode: str = "RGB", seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (height // 16 + 2, width // 16 + 2, 3), np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)).astype(int)
    return Image.fromarray((smooth + rng.integers(-25, 26, smooth.shape)).clip(0, 255).astype(np.uint8)).convert(mode)


def saved(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def probe(data: bytes) -> dict[str, object]:
    return jpeg.probe(data, max_pixels=10**8, thorough=False)


def scan_start(data: bytes) -> int:
    at = data.index(b"\xff\xda")
    return at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def zero(count: int) -> Damage:
    def damage(data: bytes, rng: random.Random) -> bytes:
        at = rng.randrange(scan_start(data), len(data) - count - 12)
        return data[:at] + bytes(count) + data[at + count :]

    return damage


def drop(count: int) -> Damage:
    def damage(data: bytes, rng: random.Random) -> bytes:
        at = rng.randrange(scan_start(data), len(data) - count - 12)
        return data[:at] + data[at + count :]

    return damage


def odd_sampling(seed: int = 0) -> bytes:
    """Three columns of luma to one of each colour, one scan each: the strict reader refuses that."""
    planes = [saved(textured(width, 96, "L", seed + width)) for width in (192, 64, 64)]
    frame, scan = planes[0].index(b"\xff\xc0"), planes[0].index(b"\xff\xda")
    components = b"\1\x31\0\2\x11\0\3\x11\0"
    data = planes[0][:frame] + b"\xff\xc0\0\x11\x08\0\x60\0\xc0\3" + components + planes[0][frame + 13 : scan]
    for number, plane in enumerate(planes, 1):
        data += b"\xff\xda\0\x08\1%c\0\0\x3f\0" % number + plane[scan_start(plane) : -2]
    return data + b"\xff\xd9"


KINDS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "optimised": {"optimize": True},
    "restarts": {"restart_marker_rows": 1},
    "grey": {"mode": "L"},
    "cmyk": {"mode": "CMYK"},
    "4:4:4": {"subsampling": 0},
    "progressive": {"progressive": True},
}


def pictures(kind: str, count: int) -> list[bytes]:
    options = dict(KINDS[kind])
    mode = options.pop("mode", "RGB")
    return [saved(textured(mode=mode, seed=seed), **options) for seed in range(count)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [1, 2, 3, 16, 300])
def test_every_cut_tail_is_found(kind: str, cut: int) -> None:
    for data in pictures(kind, 3):
        found = probe(data[:-cut])
        assert found["complaint"]
        assert found["complaint_kind"] == ("no-end" if cut < 3 else found["complaint_kind"])
        assert found["complaint_kind"] in ("no-end", "ended-early")
        assert found["decodes_truncated"] is True


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_a_cut_file_ended_early(kind: str, share: float) -> None:
    for data in pictures(kind, 2):
        found = probe(data[: int(len(data) * share)])
        assert found["complaint_kind"] == "ended-early"
        assert found["decodes"] is False
        assert found["decodes_truncated"] is True


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_progressive_picture_that_ends_behind_any_scan_but_the_last_is_coarser(mode: str) -> None:
    data = saved(textured().convert(mode), progressive=True)
    scans = [match.start() for match in re.finditer(b"\xff\xda", data)]
    kinds = [probe(data[:end])["complaint_kind"] for end in (*scans[1:], len(data) - 2)]
    assert kinds == ["ended-early"] * (len(scans) - 1) + ["no-end"]


def test_nothing_survives_of_a_progressive_picture_that_ends_in_a_segment_between_scans() -> None:
    data = saved(textured(), progressive=True)
    scans = [match.start() for match in re.finditer(b"\xff\xda", data)]
    for start in scans[1:]:
        found = probe(data[: start + 5])
        assert (found["complaint_kind"], found["lost_from_row"], found["survives"]) == ("ended-early", 0, 0)
        assert np.ptp(tolerantly(data[: start + 5])) == 0


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "progressive"])
@pytest.mark.parametrize("count", [64, 512, 4096])
def test_zeroed_bytes_are_always_found(kind: str, count: int) -> None:
    rng = random.Random(count)
    for data in pictures(kind, 4):
        found = probe(zero(count)(data, rng))
        assert found["complaint"], kind
        assert found["complaint_kind"] in ("zero-run", "bitstream")


@pytest.mark.parametrize("kind", KINDS)
def test_dropped_kilobytes_are_always_found(kind: str) -> None:
    rng = random.Random(1)
    for data in pictures(kind, 4):
        assert probe(drop(4096)(data, rng))["complaint"]


def test_zeros_that_decode_without_a_warning_are_found() -> None:
    rng = random.Random(2)
    data = saved(textured(mode="L"), quality=85)
    found = [probe(zero(40)(data, rng)) for _ in range(40)]
    assert all("complaint" in answer for answer in found)
    runs = [str(answer["complaint"]) for answer in found if answer["complaint_kind"] == "zero-run"]
    assert runs
    assert all(" zero bytes in a row in the scan data, from byte " in run for run in runs)


def test_zeros_where_they_mean_flat_areas_are_no_evidence() -> None:
    image = Image.new("L", (800, 800), 255)
    image.paste(textured(40, 40, "L"), (400, 400))
    for options in ({"optimize": True}, {"progressive": True}):
        data = saved(image, **options)
        assert bytes(32) in data[scan_start(data) :]
        assert "complaint" not in probe(data)


def test_zeros_after_the_end_are_no_evidence() -> None:
    assert "complaint" not in probe(saved(textured()) + bytes(100_000))


def test_zeros_in_the_header_are_no_evidence() -> None:
    data = saved(textured(), comment=bytes(5000))
    assert "complaint" not in probe(data)


def test_stray_bytes_after_application_data_are_harmless() -> None:
    data = saved(textured())
    found = probe(data[:20] + b"\r\nstray" + data[20:])
    assert "7 extraneous bytes" in str(found["harmless"])
    assert "complaint" not in found
    assert found["decodes"] is True


def test_stray_bytes_in_the_header_do_not_hide_damage_in_the_scan() -> None:
    rng = random.Random(3)
    data = zero(4096)(saved(textured()), rng)
    found = probe(data[:20] + b"stray" + data[20:])
    assert found["complaint"]
    assert "extraneous bytes before marker 0xdb" not in str(found["complaint"])


def test_bytes_pushed_out_of_a_table_are_damage() -> None:
    data = saved(textured())
    table = data.index(b"\xff\xdb")
    found = probe(data[: table + 30] + b"\r" + data[table + 30 :])
    assert "extraneous" in str(found["complaint"])


def test_line_ends_turned_into_crlf_are_found() -> None:
    for data in pictures("baseline", 8) + pictures("progressive", 8) + pictures("grey", 8):
        found = probe(data.replace(b"\n", b"\r\n"))
        assert found.get("complaint") or found["decodes_truncated"] is False


def test_the_tail_of_another_picture_is_found() -> None:
    one, other = saved(textured()), saved(textured(seed=1))
    assert probe(one[:6000] + other[9000:])["complaint"]


def test_a_header_without_a_scan_is_undecodable() -> None:
    data = saved(textured())
    for cut in (2, 10, 100, data.index(b"\xff\xda")):
        found = probe(data[:cut])
        assert found["decodes"] is found["decodes_truncated"] is False
        assert found["decode_message"]
        assert " at 0x" not in str(found["decode_message"])
        assert "unsupported" not in found


def test_sampling_that_the_strict_reader_refuses_is_sound() -> None:
    for seed in range(5):
        found = probe(odd_sampling(seed))
        assert found["decodes"] is True
        assert found["plain"] is True
        assert not {"complaint", "harmless", "unsupported"} & found.keys()


def test_damage_is_found_under_sampling_that_the_strict_reader_refuses() -> None:
    rng = random.Random(4)
    for seed in range(5):
        data = odd_sampling(seed)
        assert probe(zero(512)(data, rng))["complaint"]
        assert probe(drop(1000)(data, rng))["complaint"]
        assert probe(data[:-2])["complaint_kind"] == "no-end"
        assert probe(data[: len(data) // 2])["complaint_kind"] == "ended-early"


def test_readers_do_not_write_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    for data in (saved(textured())[:-300], zero(512)(saved(textured()), random.Random(5)), odd_sampling()[:-300]):
        assert probe(data)["complaint"]
    assert capfd.readouterr().err == ""


def tolerantly(data: bytes) -> npt.NDArray[np.uint8]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        return np.asarray(Image.open(io.BytesIO(data)))
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def lost_rows(sound: bytes, cut: bytes) -> int:
    """The first row whose pixels are not the original's, by comparison with the original."""
    rest = tolerantly(cut).astype(int)
    whole = np.asarray(Image.open(io.BytesIO(sound))).astype(int)
    return int((np.abs(rest - whole).reshape(len(whole), -1).max(axis=1) > 0).argmax())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "progressive"])
def test_the_first_lost_row_is_right_within_one_row_of_blocks(kind: str) -> None:
    unit = 16 if kind in ("baseline", "optimised", "restarts") else 8
    for number, data in enumerate(pictures(kind, 3)):
        start = scan_start(data)
        for share in (0.02, 0.2, 0.41, 0.63, 0.87, 0.98):
            cut = data[: start + int((len(data) - start) * share) + number]
            found = probe(cut)
            assert found["complaint_kind"] == "ended-early"
            row = found["lost_from_row"]
            assert isinstance(row, int)
            assert abs(row - lost_rows(data, cut)) <= unit, (kind, share)
            assert found["survives"] == row / 240


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("progressive", "restarts")])
def test_the_first_row_that_zeroed_bytes_cost_is_right_within_one_row_of_blocks(kind: str) -> None:
    unit = 16 if kind in ("baseline", "optimised") else 8
    for data in pictures(kind, 3):
        start = scan_start(data)
        for share in (0.02, 0.2, 0.41, 0.63, 0.87):
            at = start + int((len(data) - start) * share)
            zeroed = data[:at] + bytes(400) + data[at + 400 :]
            found = probe(zeroed)
            row = found["lost_from_row"]
            assert isinstance(row, int)
            assert abs(row - lost_rows(data, zeroed)) <= unit, (kind, share)
            assert found["survives"] == row / 240


def test_where_a_decoder_finds_its_way_again_no_row_is_said_to_be_the_first_lost() -> None:
    for options in ({"restart_marker_rows": 1}, {"progressive": True}):
        data = saved(textured(), quality=90, **options)
        at = scan_start(data) + 2000
        assert "lost_from_row" not in probe(data[:at] + bytes(400) + data[at + 400 :])


def test_a_progressive_picture_cut_in_a_later_scan_has_all_its_rows() -> None:
    data = saved(textured(), progressive=True)
    found = probe(data[: len(data) * 2 // 3])
    assert found["complaint_kind"] == "ended-early"
    assert "every row is there" in str(found["complaint"])
    assert found["survives"] == 1.0
    assert "lost_from_row" not in found


def test_a_progressive_picture_cut_in_its_first_scan_lost_rows() -> None:
    data = saved(textured(), progressive=True)
    start = scan_start(data)
    second = data.index(b"\xff\xc4", start)
    found = probe(data[: (start + second) // 2])
    assert 80 <= int(str(found["lost_from_row"])) <= 160


def test_a_file_that_only_lacks_its_end_lost_no_row() -> None:
    found = probe(saved(textured())[:-2])
    assert found["complaint_kind"] == "no-end"
    assert found["survives"] == 1.0
    assert "lost_from_row" not in found


def test_a_transfer_as_text_is_told_though_a_strict_reader_gets_through() -> None:
    got_through = 0
    for seed in range(30):
        data = jpeg_file(photo(f"t{seed}", 160, 120), optimize=True, quality=50 + seed)
        # By themselves blanks behind application data are harmless.
        data = data[:20] + b"  " + data[20:]
        scan = scan_start(data)
        text = data[:scan] + data[scan:].replace(b"\n", b"\r\n")
        if text.count(b"\n", scan) >= 4:
            found = probe(text)
            assert found["complaint_kind"] == "bitstream"
            got_through += "transfer as text" in str(found["complaint"])
    assert got_through >= 3


def test_what_lacks_whole_components_is_no_whole_picture() -> None:
    data = saved(textured(), progressive=True)
    scans = jpeg_segments.read_body(data, jpeg_segments.read_header(data)).scans
    assert jpeg_rows._are_all(scans, 3)
    # As where components follow each other, and the file ends behind the first of them.
    of_luma = [scan._replace(components=b"\1", band=(0, 63), left=0) for scan in scans]
    assert jpeg_rows._are_all(of_luma, 1)
    assert not jpeg_rows._are_all(of_luma, 3)
