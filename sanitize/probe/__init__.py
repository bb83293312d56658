"""What the bytes of one file are and what came out of decoding them."""

from __future__ import annotations

import importlib
import os
import re
import sys
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sanitize import formats
from sanitize.probe import sniff

if TYPE_CHECKING:
    from sanitize.probe.batch import Grey
    from sanitize.probe.jpeg_segments import Start

#: Version of the code below this package; kept facts of another version are void.
VERSION = 14
#: Where a probe of one format puts the pictures that its decoder gave, reduced and detailed, and that of a JPEG its segments.
PICTURE, DETAIL, START = "picture", "detail", "start"

# Names of readers and the distributions, in order of preference, that hold them.
_DISTRIBUTIONS = {
    "pillow": ("pillow",),
    "opencv": ("opencv-python-headless", "opencv-python", "opencv-contrib-python-headless", "opencv-contrib-python"),
    "simplejpeg": ("simplejpeg",),
}


class Examined(NamedTuple):
    """What came out of examining one file."""

    facts: dict[str, object]  #: a subset of `facts.PROBE_COLUMNS`
    picture: Grey | None = None  #: reduced, grey, rows × columns, as stored: where decoding gave it anyway
    detail: Grey | None = None  #: the same, less reduced
    start: Start | None = None  #: the segments of a JPEG to its first scan


def examine(data: bytes, *, name: str = "", max_pixels: int = formats.MAX_PIXELS, thorough: bool = False) -> Examined:
    """Return what the bytes of one file are, and what came out of decoding them.

    Nothing is decoded where the header promises more than `max_pixels`. `thorough` asks every decoder whatever the
    first one said. Raises MemoryError, and nothing else whatever the bytes.
    """
    content, detail = sniff.sniff(data, name=name)
    found: dict[str, object] = {"content": content}
    if detail is not None:
        found["content_detail"] = detail
    if not formats.is_image(content):
        return Examined(found)
    if not formats.is_opened(content):
        return Examined(found | {"unsupported": f"{formats.CONTENTS[content]} is not opened here"})
    found["thorough"] = thorough
    module = _module(formats.OPENED[content].probe)
    options = {"content": content} if formats.OPENED[content].probe == "generic" else {}
    measured: dict[str, object] = module.probe(data, max_pixels=max_pixels, thorough=thorough, **options)
    beside: list[Any] = [measured.pop(name, None) for name in (PICTURE, DETAIL, START)]
    return Examined(found | measured, *beside)


@cache
def _module(name: str) -> Any:
    return importlib.import_module(f"sanitize.probe.{name}")


@cache
def decoder_versions() -> dict[str, str]:
    """Return the version of every reader by its name, without importing any."""
    installed = _installed()
    found = {
        reader: next((installed[name] for name in distributions if name in installed), None) or _ask(distributions)
        for reader, distributions in _DISTRIBUTIONS.items()
    }
    return {"zlib": zlib.ZLIB_RUNTIME_VERSION} | {reader: version for reader, version in found.items() if version}


def _installed() -> dict[str, str]:
    """Return the versions of distributions, by the names of the folders in which their metadata lie."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # an archive, or nothing
            continue
        for name in filter(_METADATA.fullmatch, names):
            distribution, version = name.removesuffix(".dist-info").split("-", 1)
            found.setdefault(re.sub("[-_.]+", "-", distribution).lower(), version)
    return found


def _ask(distributions: Sequence[str]) -> str | None:
    """Return the version of the first of some distributions that is there, its metadata wherever they lie.

    To import `importlib.metadata` takes as long as to decode hundreds of pictures; it is asked where no folder tells.
    """
    metadata = importlib.import_module("importlib.metadata")
    return next((str(each.version) for name in distributions for each in metadata.distributions(name=name)), None)


_METADATA = re.compile(r"[^-]+-[^-]+\.dist-info")
