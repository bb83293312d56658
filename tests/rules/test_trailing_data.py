from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import animated, avif, encode, jpeg, jpeg_segment, mpo, png, tiff, webp
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, noise, png_inserted
from tests.embedding import canon, fotostation, photo_mechanic, samsung_trailer

if TYPE_CHECKING:
    from tests.conftest import Fired

APP1, APP2, DQT = 0xE1, 0xE2, 0xDB
RULE = "trailing-data"
NOISE = noise("after", 300)
SECOND = jpeg(photo("second", 48, 32))
VIDEO = struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0) + struct.pack(">I4s", 408, b"mdat") + noise("video", 400)
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:RDF><rdf:Description %s/></rdf:RDF></x:xmpmeta>"


def declared(properties: bytes, seed: str = "a") -> bytes:
    return jpeg_inserted(jpeg(photo(seed)), DQT, jpeg_segment(APP1, XMP % properties))


def camera(order: str, offset: int, length: int) -> bytes:
    """A JPEG with maker notes that hold an offset from the EXIF data's beginning, and a length."""
    notes = b"NOTES\0" + struct.pack(order + "II", offset, length)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHHII", 1, 0x927C, 7, len(notes), 26)
    block = mark + struct.pack(order + "I", 8) + entry + bytes(4) + notes
    return jpeg_inserted(jpeg(photo("a")), DQT, jpeg_segment(APP1, b"Exif\0\0" + block))


def pointing(order: str, gap: bytes, preview: bytes) -> bytes:
    picture = camera(order, 0, 0)
    start = picture.index(b"Exif\0\0") + 6
    return camera(order, len(picture) + len(gap) - start, len(preview)) + gap + preview


@pytest.mark.parametrize(("count", "fires"), [(65_536, False), (65_537, True)])
def test_filling_of_64_kib_is_ordinary(count: int, fires: bool, fired: Fired) -> None:
    assert bool(fired(RULE, {"a.jpg": jpeg(photo("a")) + bytes(count)})) == fires


def test_tells_of_what_follows_and_how_much(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    files = {
        "noise.jpg": picture + NOISE,
        "text.jpg": picture + b"sent by a careless server\r\n",
        "second.jpg": picture + SECOND,
        "png.jpg": picture + png(photo("b", 32, 32)),
        "video.jpg": picture + VIDEO,
        "sound.jpg": picture + b"RIFF" + struct.pack("<I", 104) + b"WAVE" + bytes(100),
        "both.jpg": picture + SECOND + NOISE,
    }
    many = len(png(photo("b", 32, 32)))
    assert fired(RULE, files) == {
        "noise.jpg": ("warning", f"300 bytes after the end of the JPEG: unknown data (from {NOISE[:8].hex(' ')} on)"),
        "text.jpg": ("warning", "27 bytes after the end of the JPEG: text (`sent by a careless server`)"),
        "second.jpg": (
            "warning",
            f"{len(SECOND)} bytes after the end of the JPEG: another picture (a JPEG of 48 × 32 pixels)",
        ),
        "png.jpg": ("warning", f"{many} bytes after the end of the JPEG: another picture (a PNG)"),
        "video.jpg": ("warning", "424 bytes after the end of the JPEG: a video (brand mp42)"),
        "sound.jpg": ("warning", "112 bytes after the end of the JPEG: sound (WAV)"),
        "both.jpg": (
            "warning",
            f"{len(SECOND) + 300} bytes after the end of the JPEG: unknown data (a JPEG of 48 × 32 pixels,"
            f" from {NOISE[:8].hex(' ')} on)",
        ),
    }


def test_finds_it_after_every_format_whose_end_is_known(fired: Fired) -> None:
    picture = photo("a")
    pictures = {
        "a.png": png(picture),
        "animated.png": animated(picture, "PNG"),
        "a.gif": encode(picture, "GIF"),
        "animated.gif": animated(picture, "GIF"),
        "a.webp": webp(picture),
        "animated.webp": animated(picture, "WEBP"),
        "a.bmp": encode(picture, "BMP"),
        "a.tif": tiff(picture),
        "pages.tif": animated(picture, "TIFF"),
        "big.tif": tiff(picture, big_tiff=True),
        "a.avif": avif(picture),
        "a.jp2": encode(picture, "JPEG2000"),
        "a.j2k": encode(picture, "JPEG2000", no_jp2=True),
        "a.ico": encode(picture, "ICO", sizes=[(32, 32), (16, 16)]),
        "a.qoi": encode(picture, "QOI"),
        "a.ppm": encode(picture, "PPM"),
        "a.pgm": encode(picture.convert("L"), "PPM"),
        "a.pbm": encode(picture.convert("1"), "PPM"),
        "a.pfm": encode(picture.convert("F"), "PPM"),
        "a.sgi": encode(picture, "SGI"),
        "cmyk.jpg": jpeg(picture.convert("CMYK")),
        "progressive.jpg": jpeg(picture, progressive=True, optimize=True),
        "restarts.jpg": jpeg(picture, restart_marker_rows=1),
    }
    tailed = fired(
        RULE,
        {name: data + NOISE for name, data in pictures.items()}
        | {f"sound {name}": data for name, data in pictures.items()},
    )
    assert {name: (severity, message.split()[0]) for name, (severity, message) in tailed.items()} == dict.fromkeys(
        pictures, ("warning", "300")
    ) | {"pages.tif": ("warning", "304")}  # Pillow fills up every page


def test_what_cameras_append_is_named_and_only_told(fired: Fired) -> None:
    samsung = b"SEFH" + bytes(20) + struct.pack("<I", 24) + b"SEFT"
    depth = samsung_trailer(NOISE, b'{"a": 1}')
    preview = jpeg(photo("preview", 64, 48))
    gain = len(SECOND)
    files = {
        "mpo.jpg": mpo(photo("a")),
        "pixel.jpg": declared(b'GCamera:MicroVideo="1" GCamera:MicroVideoOffset="424"') + VIDEO,
        "motion.jpg": declared(b'GCamera:MotionPhoto="1" Item:Semantic="MotionPhoto" Item:Length="424"') + VIDEO,
        "gain.jpg": declared(b'Item:Semantic="GainMap" Item:Length="%d"' % gain) + SECOND,
        "both.jpg": declared(b'GCamera:MotionPhoto="1" Item:Semantic="GainMap" Item:Semantic="MotionPhoto"')
        + SECOND
        + VIDEO,
        "samsung.jpg": jpeg(photo("a")) + samsung,
        "depth.jpg": jpeg(photo("a")) + depth,
        "within.jpg": jpeg(photo("a")) + samsung_trailer(b"1600000000000", VIDEO),
        "sound.jpg": jpeg(photo("a")) + depth + NOISE + struct.pack("<I", len(NOISE)) + b"QDIOBS",
        "moving.jpg": jpeg(photo("a")) + VIDEO + samsung,
        "huawei.jpg": jpeg(photo("a")) + VIDEO + b"v3_f30_c   0:0  LIVE_1234567",
        "fotostation.jpg": jpeg(photo("a")) + fotostation(NOISE),
        "mechanic.jpg": jpeg(photo("a")) + photo_mechanic(NOISE),
        "afcp.jpg": jpeg(photo("a")) + b"AXS!" + bytes(8) + NOISE + b"AXS!" + bytes(8),
        "canon.jpg": jpeg(photo("a")) + canon(NOISE),
        "at once.jpg": pointing("<", b"", preview),
        "later.jpg": pointing(">", noise("gap", 24), preview),
    }
    found = fired(RULE, files | {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)})
    assert {name: severity for name, (severity, _message) in found.items()} == dict.fromkeys(files, "info")
    named = {name: message.partition(": ")[2] for name, (_severity, message) in found.items()}
    assert named == {
        "mpo.jpg": "a further picture of the same shot (MPF) (a JPEG of 96 × 96 pixels)",
        "pixel.jpg": "a motion photo's video (brand mp42)",
        "motion.jpg": "a motion photo's video (brand mp42)",
        "gain.jpg": "a picture that the XMP data list (a JPEG of 48 × 32 pixels: GainMap)",
        "both.jpg": "a motion photo's video (a JPEG of 48 × 32 pixels: GainMap, brand mp42)",
        "samsung.jpg": "a camera's own notes (a Samsung trailer)",
        "depth.jpg": "a camera's own notes (a Samsung trailer)",
        "within.jpg": "a motion photo's video (a Samsung trailer, brand mp42, a Samsung trailer)",
        "sound.jpg": "a camera's own notes (a Samsung trailer)",
        "moving.jpg": "a motion photo's video (brand mp42, a Samsung trailer)",
        "huawei.jpg": "a motion photo's video (brand mp42, a Huawei trailer)",
        "fotostation.jpg": "a camera's own notes (a FotoStation trailer)",
        "mechanic.jpg": "a camera's own notes (a Photo Mechanic trailer)",
        "afcp.jpg": "a camera's own notes (an AFCP trailer)",
        "canon.jpg": "a camera's own notes (a Canon VRD trailer)",
        "at once.jpg": "the camera's preview (a JPEG of 64 × 48 pixels)",
        "later.jpg": "the camera's preview (a JPEG of 64 × 48 pixels)",
    }


def test_what_stands_behind_a_camera_s_data_is_told_all_the_same(fired: Fired) -> None:
    files = {
        "mpo.jpg": mpo(photo("a")) + NOISE,
        "motion.jpg": declared(b'GCamera:MotionPhoto="1"') + VIDEO + NOISE,
    }
    assert {name: severity for name, (severity, _message) in fired(RULE, files).items()} == dict.fromkeys(
        files, "warning"
    )


def mpf(count: int) -> bytes:
    """An MPF index of so many pictures, whose places nobody looks up."""
    index = b"MM\0*" + struct.pack(">IHHHII", 8, 1, 0xB002, 7, 16 * count, 26) + bytes(4) + bytes(16 * count)
    return jpeg_segment(APP2, b"MPF\0" + index)


def listing(*semantics: bytes) -> bytes:
    """XMP data that list what follows the picture."""
    return jpeg_segment(APP1, XMP % b" ".join(b'Item:Semantic="%s"' % name for name in (b"Primary", *semantics)))


def test_so_many_pictures_as_are_declared_are_excused_and_no_more(fired: Fired) -> None:
    two, three, gain_map = mpf(2), mpf(3), listing(b"GainMap")
    both = gain_map + two
    # The header, how many pictures that excuses, and what they are then.
    headers = {
        "mpf 2": (two, 1, "a further picture"),
        "mpf 3": (three, 2, "a further picture"),
        "xmp 1": (gain_map, 1, "a picture that the XMP data list"),
        "xmp 2": (listing(b"GainMap", b"DepthMap"), 2, "a picture that the XMP data list"),
        "same twice": (both, 1, "a picture that the XMP data list"),
        "mpf has more": (gain_map + three, 2, "a picture that the XMP data list"),
        "xmp has more": (listing(b"GainMap", b"DepthMap") + two, 2, "a picture that the XMP data list"),
        "motion": (listing(b"MotionPhoto"), 0, ""),
    }
    pictures = [jpeg(photo(str(number), 48, 32)) for number in range(4)]
    files, kinds = {}, {}
    for name, (header, count, kind) in headers.items():
        picture = jpeg_inserted(jpeg(photo("a")), DQT, header)
        for between in (b"", bytes(1000)):
            files |= {
                f"{name} {len(between)} {more}.jpg": picture
                + b"".join(between + later for later in pictures[: count + more])
                for more in range(2)
            }
            kinds[f"{name} {len(between)} 1.jpg"] = ("warning", "another picture")
            if count:
                kinds[f"{name} {len(between)} 0.jpg"] = ("info", kind)
    sound = {f"sound {number}.jpg": jpeg(photo(f"sound {number}")) for number in range(3)}
    found = fired(RULE, files | sound)
    assert found.keys() == kinds.keys()
    for name, (severity, kind) in kinds.items():
        assert (found[name][0], kind in found[name][1]) == (severity, True), name


def test_a_preview_takes_the_place_of_no_picture_that_is_declared(fired: Fired) -> None:
    preview = jpeg(photo("preview", 64, 48))

    def file(offset: int) -> bytes:
        return jpeg_inserted(camera("<", offset, len(preview)), DQT, mpf(2))

    start = file(0).index(b"Exif\0\0") + 6
    files = {"a.jpg": file(len(file(0)) - start) + preview + SECOND}
    sound = {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)}
    assert {name: severity for name, (severity, _message) in fired(RULE, files | sound).items()} == {"a.jpg": "info"}


def test_a_motion_photo_with_a_gain_map_is_one(fired: Fired) -> None:
    header = listing(b"GainMap", b"MotionPhoto") + mpf(2)
    picture = jpeg_inserted(jpeg(photo("a")), DQT, header)
    files = {"a.jpg": picture + SECOND + VIDEO, "b.jpg": picture + SECOND + jpeg(photo("c")) + VIDEO}
    sound = {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)}
    found = {name: severity for name, (severity, _message) in fired(RULE, files | sound).items()}
    assert found == {"a.jpg": "info", "b.jpg": "warning"}


def test_filling_is_worth_a_word_only_where_there_is_much(fired: Fired) -> None:
    picture = jpeg(photo("a"))
    fillings = [b"\0" * 70_000, b"\xff" * 70_000, b" \r\n" * 30_000, b"\xe5" * 70_000, b"\xff\xd9" * 40_000]
    much = {f"{number}.jpg": picture + filling for number, filling in enumerate(fillings)}
    some = {f"{number}.png": png(photo("a")) + filling[:3000] for number, filling in enumerate(fillings)}
    sound = {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)}
    found = fired(RULE, much | some | sound)
    assert found.keys() == much.keys()
    assert found["0.jpg"] == ("info", "70000 bytes after the end of the JPEG: filling")
    assert fired(RULE, some, rule_options={RULE: {"padding": 100}}).keys() == much.keys() | some.keys()


def test_a_few_bytes_are_left_over_from_a_buffer(fired: Fired) -> None:
    found = fired(RULE, {"one.jpg": jpeg(photo("a")) + b"\x14", "five.jpg": jpeg(photo("a")) + b"\1\2\3\4\5"})
    assert found["one.jpg"] == ("info", "1 byte after the end of the JPEG: left over from a buffer")
    assert found["five.jpg"][0] == "warning"


def test_leaves_archives_and_programs_to_the_rule_for_them(fired: Fired) -> None:
    assert fired(RULE, {f"{kind}.jpg": jpeg(photo("a")) + hidden for kind, hidden in ALL.items()}) == {}


def test_a_script_elsewhere_does_not_silence_it(fired: Fired) -> None:
    assert fired(RULE, {"a.jpg": jpeg(photo("a"), comment=ALL["php"]) + NOISE}).keys() == {"a.jpg"}


def test_an_end_marker_behind_it_hides_nothing(fired: Fired) -> None:
    picture = jpeg(photo("a"), quality=95, subsampling=0)
    large = jpeg(photo("a", 320, 240), quality=95)
    files = {
        f"{name} {shift}.jpg": data + bytes(range(1, 40 + shift)) + b"\xff\xd9"
        for name, data in {"small": picture, "large": large}.items()
        for shift in range(2)
    }
    assert fired(RULE, files).keys() == files.keys()


def test_is_silent_where_nothing_follows(fired: Fired) -> None:
    files = {f"{quality}.jpg": jpeg(photo("a"), quality=quality) for quality in range(5, 100, 10)}
    files |= {f"p{quality}.jpg": jpeg(photo("a"), quality=quality, progressive=True) for quality in range(5, 100, 10)}
    files |= {
        "thumbnail.jpg": jpeg_inserted(jpeg(photo("a")), DQT, jpeg_segment(APP1, b"Exif\0\0" + SECOND)),
        "comment.jpg": jpeg(photo("a"), comment=b"\xff\xd9 is the end"),
        "profile.jpg": jpeg_inserted(
            jpeg(photo("a")), DQT, jpeg_segment(APP2, b"ICC_PROFILE\0\1\1" + b"\xff\xd9" * 500)
        ),
    }
    assert fired(RULE, files) == {}


def test_an_end_marker_in_tables_between_scans_is_none(fired: Fired) -> None:
    picture = jpeg(photo("a"), progressive=True)
    second = picture.index(b"\xff\xda", picture.index(b"\xff\xda") + 2)
    place = picture.rindex(b"\xff\xc4", 0, second)
    between = picture[:place] + jpeg_segment(0xFE, b"\xff\xd9 in a comment") + picture[place:]
    assert fired(RULE, {"a.jpg": between}) == {}
    assert fired(RULE, {"b.jpg": between + NOISE})["b.jpg"][1].startswith("300 bytes")


def test_is_silent_about_what_belongs_to_the_format(fired: Fired) -> None:
    picture = photo("a")
    bitmap = encode(picture, "BMP")
    targa = encode(picture, "TGA")
    two = encode(picture, "PPM") + encode(photo("b"), "PPM")
    files = {
        "two.ppm": two,
        "footer.tga": targa[:-26] + NOISE + targa[-26:],
        "photoshop.bmp": bitmap[:2] + struct.pack("<I", len(bitmap) + 2) + bitmap[6:] + b"\0\0",
        "wrong size.bmp": bitmap[:2] + struct.pack("<I", 7) + bitmap[6:],
        "no size.bmp": bitmap[:2] + bytes(4) + bitmap[6:],
        "fax.tif": tiff(picture.convert("1"), compression="group4"),
        "lzw.tif": tiff(picture, compression="tiff_lzw"),
        "apple.png": png_inserted(png(picture), b"IDAT", struct.pack(">I", 4) + b"iDOT" + NOISE[:4] + bytes(4)),
    }
    assert fired(RULE, files) == {}


def test_is_silent_where_the_end_cannot_be_told(fired: Fired) -> None:
    stack = tiff(photo("a"), description="ImageJ=1.53\nimages=2\n") + photo("b").tobytes()
    files = {"stack.tif": stack, "private.tif": tiff(photo("a"), tiffinfo={65000: "private"}) + NOISE}
    ended = encode(photo("a"), "DDS", pixel_format="DXT1")
    files["a.dds"] = ended[:84] + b"NONE" + ended[88:] + NOISE
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("seed", range(3))
def test_coded_pictures_are_walked_to_their_very_end(fired: Fired, seed: int) -> None:
    chance = random.Random(seed)
    files = {}
    for number in range(30):
        picture = photo(f"{seed} {number}", chance.randrange(32, 200), chance.randrange(32, 200))
        kind = chance.choice(["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "QOI", "SGI"])
        picture = picture if chance.random() < 0.6 or kind == "QOI" else picture.convert("L")
        files[f"{number}.{kind.lower()}"] = encode(picture, kind)
    assert fired(RULE, files) == {}
