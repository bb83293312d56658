"""What XMP data list behind an image is told as information, by the name that they give it."""

from __future__ import annotations

import html
import struct
from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, jpeg_segment, png
from corrupt_samples.payloads import ALL
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, noise
from sanitize.probe import xmp_places
from tests.embedding import APP1, DQT, XMP

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "trailing-data"
NOISE = noise("listed", 400)
SECOND = jpeg(photo("second", 48, 32))
VIDEO = struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0) + struct.pack(">I4s", 408, b"mdat") + noise("video", 400)
SOUND = {f"sound {number}.jpg": jpeg(photo(str(number))) for number in range(3)}


def with_xmp(text: str) -> bytes:
    return jpeg_inserted(jpeg(photo("a")), DQT, jpeg_segment(APP1, XMP + text.encode()))


def directory(*items: tuple[str, str, int], padding: int = 0, elements: bool = False) -> bytes:
    """A JPEG whose XMP data list items behind it: what each is, of which type, and its length."""
    told = ""
    for name, mime, length in (("Primary", "image/jpeg", 0), *items):
        properties = {"Mime": mime, "Length": length, "Padding": padding if name == "Primary" else 0}
        properties |= {"DataURI" if "/" in name else "Semantic": name}
        if elements:
            inner = "".join(f"<Item:{key}>{value}</Item:{key}>" for key, value in properties.items())
            item = f"<Container:Item>{inner}</Container:Item>"
        else:
            item = "<Container:Item " + " ".join(f'Item:{key}="{value}"' for key, value in properties.items()) + "/>"
        told += f'<rdf:li rdf:parseType="Resource">{item}</rdf:li>'
    return with_xmp(f"<Container:Directory><rdf:Seq>{told}</rdf:Seq></Container:Directory>")


def xiaomi(*elements: str) -> bytes:
    """A JPEG with an attribute that holds XML."""
    return with_xmp(f'<rdf:Description MiCamera:XMPMeta="{html.escape("<?xml?>" + "".join(elements))}"/>')


def test_what_a_directory_lists_is_named_whatever_it_is(fired: Fired) -> None:
    depth = png(photo("b", 32, 32))
    files = {
        "bytes.jpg": directory(("Depth", "application/octet-stream", 400)) + NOISE,
        "zeros.jpg": directory(("Depth", "application/octet-stream", 400)) + bytes(200) + NOISE[:200],
        "picture.jpg": directory(("Depth", "image/png", len(depth))) + depth,
        "webp.jpg": directory(("Depth", "image/webp", len(encode(photo("b"), "WEBP")))) + encode(photo("b"), "WEBP"),
        "uri.jpg": directory(("android/depthmap", "image/jpeg", len(SECOND))) + SECOND,
        "padded.jpg": directory(("Depth", "a/b", 400), padding=9) + bytes(9) + NOISE,
        "elements.jpg": directory(("Depth", "a/b", 400), elements=True) + NOISE,
        "several.jpg": directory(("GainMap", "image/jpeg", len(SECOND)), ("Depth", "a/b", 400)) + SECOND + NOISE,
        "video.jpg": directory(("MotionPhoto", "video/mp4", len(VIDEO)), ("Depth", "a/b", 400)) + VIDEO + NOISE,
        "behind.jpg": directory(("Depth", "a/b", 400)) + bytes(30) + NOISE,
    }
    found = fired(RULE, files | SOUND)
    assert {name: severity for name, (severity, _message) in found.items()} == dict.fromkeys(files, "info")
    assert found["bytes.jpg"][1].endswith(": a camera's own notes (data that the XMP data list: Depth)")
    assert found["picture.jpg"][1].endswith(": a picture that the XMP data list (a PNG: Depth)")
    assert found["uri.jpg"][1].endswith("(a JPEG of 48 × 32 pixels: depthmap)")


def test_what_phones_of_xiaomi_list_is_named(fired: Fired) -> None:
    size = len(SECOND)
    files = {
        "depth.jpg": xiaomi('<depthmap version="1" depthlength="400"/>') + NOISE,
        "raw.jpg": xiaomi(f"<depthmap rawlength='{size}' depthlength='400'></depthmap>") + SECOND + NOISE,
        "sub.jpg": xiaomi(f'<subimage offset="{size}" length="{size}" paddingx="0"/>') + SECOND,
        "mark.jpg": xiaomi(
            f'<lenswatermark offset="{400 + size}" length="400" width="3"/>',
            f'<timewatermark offset="{size}" length="{size}"/>',
        )
        + NOISE
        + SECOND,
        "video.jpg": with_xmp('<rdf:Description MiCamera:VideoLength="424"/>') + VIDEO,
        "oppo.jpg": with_xmp('<rdf:Description OpCamera:VideoLength="424"/>') + VIDEO,
    }
    found = fired(RULE, files | SOUND)
    assert {name: severity for name, (severity, _message) in found.items()} == dict.fromkeys(files, "info")
    assert found["depth.jpg"][1].endswith("(data that the XMP data list: depth map)")
    assert found["sub.jpg"][1].endswith(": subimage)")


def test_what_stands_elsewhere_or_goes_on_is_not_what_is_listed(fired: Fired) -> None:
    files = {
        "more.jpg": directory(("Depth", "a/b", 400)) + NOISE * 3,
        "less.jpg": directory(("Depth", "a/b", 9000)) + NOISE,
        "none.jpg": directory() + NOISE,
        "picture.jpg": xiaomi('<subimage offset="9" length="9"/>') + SECOND,
        "no numbers.jpg": xiaomi('<subimage offset="-9" length="x"/>') + NOISE,
        "no place.jpg": xiaomi('<subimage length="400"/>') + NOISE,
    }
    found = fired(RULE, files | SOUND)
    assert {name: severity for name, (severity, _message) in found.items()} == dict.fromkeys(files, "warning")


def test_what_is_listed_is_looked_into(fired: Fired) -> None:
    files = {
        "whole.jpg": directory(("Depth", "a/b", len(ALL["elf"]))) + ALL["elf"],
        "within.jpg": directory(("Depth", "a/b", 400 + len(ALL["elf"]))) + NOISE + ALL["elf"],
        "xiaomi.jpg": xiaomi(f'<depthmap depthlength="{len(ALL["zip"])}"/>') + ALL["zip"],
    }
    assert fired("embedded-payload", files).keys() == files.keys()


def test_places_lie_behind_the_image_and_within_the_file() -> None:
    items = b"<rdf:li Item:Mime='a/b'/>" + b"<rdf:li Item:Mime='a/b' Item:Semantic='Depth' Item:Length='%d'/>"
    data = b"a" * 140
    assert xmp_places.find(items % 40, data, 100) == [xmp_places.Listed(100, 140, "Depth")]
    assert xmp_places.find(items % 30, data, 100) == [(100, 130, "Depth")]
    assert xmp_places.find(items % 30, data[:100] + bytes(40), 100) == [(110, 140, "Depth")]
    assert xmp_places.find(items % 50, data, 100) == []
    assert xmp_places.find(items % 0 * 9999, data, 100) == []


def test_numbers_of_characters_with_thousands_of_digits_list_nothing() -> None:
    xmp = b'MiCamera:XMPMeta="&#' + b"1" * 6000 + b';&lt;depthmap length=&quot;9&quot; offset=&quot;9&quot;/>"'
    assert xmp_places.find(xmp, bytes(100), 50) == []
