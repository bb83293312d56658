"""Finds what XMP data say lies behind an image: how it is called, and where."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import NamedTuple

from sanitize.probe.payload import words


class Listed(NamedTuple):
    """What XMP data list: `data[start:end]`."""

    start: int
    end: int
    name: str


def names(xmp: bytes) -> tuple[str, ...]:
    """Return what the XMP data call the pictures behind the image (Google's Container:Directory). Never raises."""
    found = [semantic or place for semantic, place in _NAMES.findall(xmp)]
    return tuple(name.decode("ascii") for name in found if name not in _NO_PICTURES)


_NAMES = re.compile(rb"Semantic(?:=[\"']|>)([A-Za-z]{1,40})[\"'<]|DataURI(?:=[\"']|>)android/([a-z]{1,40})[\"'<]")
_NO_PICTURES = (b"Primary", b"MotionPhoto")


def find(xmp: bytes, data: bytes, start: int) -> list[Listed]:
    """Return what lies between `start`, where the image ends, and the end of the file, in the order of places. Never raises."""
    found = {*_items(xmp, data, start), *_xiaomi(xmp, len(data))} if _ANY.search(xmp) else set()
    return sorted(place for place in found if start <= place.start < place.end <= len(data))


_ANY = re.compile(rb"MiCamera:XMPMeta|Length")
_MOST_ITEMS = 64


def _items(xmp: bytes, data: bytes, start: int) -> Iterator[Listed]:
    """Give the items of Google's directory, which lie one behind the other, to the end of the file or to another trailer.

    The first is the image, behind which comes its padding (Android, "Motion Photo format"; Google, "Dynamic Depth 1.0").
    """
    found = [dict(_PROPERTY.findall(item)) for item in xmp.split(b"<rdf:li")[1 : _MOST_ITEMS + 1]]
    items = [item for item in found if b"Mime" in item]
    lengths = [_number(item, b"Length") + _number(item, b"Padding") for item in items[1:]]
    if not any(lengths):
        return
    first = len(data) - sum(lengths)
    if first < start or data[start:first].strip(b"\0"):
        first = start + _number(items[0], b"Padding")
    for item, at in zip(items[1:], accumulate(lengths, initial=first), strict=False):
        name = item.get(b"Semantic") or item.get(b"DataURI", b"item").removeprefix(b"android/")
        yield Listed(at, at + _number(item, b"Length"), words(name))


def _number(properties: dict[bytes, bytes], name: bytes) -> int:
    text = properties.get(name, b"")
    return int(text) if text.isdigit() and len(text) < 12 else 0


def _xiaomi(xmp: bytes, size: int) -> Iterator[Listed]:
    """Give what phones of Xiaomi list, in an attribute that holds XML: how far before the end of the file it begins.

    The depth map is the last, and before it comes the picture as it was taken.
    """
    if b"MiCamera:XMPMeta" not in xmp:
        return
    try:
        xmp = html.unescape(xmp.decode("latin-1")).encode("latin-1", "replace")
    except ValueError:  # a character's number of thousands of digits
        return
    for element in islice(_ELEMENT.finditer(xmp), _MOST_ITEMS):
        properties = dict(_ATTRIBUTE.findall(element[2]))
        length, depth, raw = (_number(properties, name) for name in (b"length", b"depthlength", b"rawlength"))
        if length and b"offset" in properties:
            first = size - _number(properties, b"offset")
            yield Listed(first, first + length, words(element[1]))
        if depth:
            yield Listed(size - depth, size, "depth map")
        if raw:
            yield Listed(size - depth - raw, size - depth, "the picture as it was taken")


_PROPERTY = re.compile(rb"(?<=[\s<])\w{1,40}:(Semantic|Mime|Length|Padding|DataURI)(?:=[\"']|>)([^\"'<>]{0,100})[\"'<]")
_ELEMENT = re.compile(rb"<(\w{1,40})((?:\s+\w{1,40}=(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}'))+)\s*/?>")
_ATTRIBUTE = re.compile(rb"(\w+)=[\"'](\d{1,11})[\"']")
