"""Files of annotations that are no lists, by what they hold: what they are, and what to give instead."""

from __future__ import annotations

import re

_HEAD = 65_536
_JSON = re.compile(r'\s*(\[\s*)?\{\s*"[^"\n]*"\s*:')
_COCO = re.compile(r'"(images|annotations|categories)"\s*:\s*\[')
_XML = re.compile(r"\s*<(\?xml\s|annotations?\b[^>\n]*>\s*<)")
# A class, then a box or the corners of a polygon, as shares of the picture's sides, in one file per picture.
_YOLO_ROW = re.compile(r"[0-9]+([ \t]+[01]?\.[0-9]+|[ \t]+[01]){4,}[ \t\r]*")
_YOLO_CONFIG = re.compile(r"^(train|val|names|nc)[ \t]*:(?=\s|$)", re.MULTILINE)


def describe(text: str) -> str | None:
    """Return what a file of annotations is and what is taken in its place, as a message has it after the file's name.

    `text` is the whole file; None where it is none that is known. Any line may be the path of a sample, if an odd one: it
    takes more than a word to tell.
    """
    kind = _kind(text[:_HEAD])
    if kind is None:
        return None
    return f"{kind}, and no list: give a .csv with a line `path,class` for each image, or leave `--labels` out"


def _kind(head: str) -> str | None:
    if _JSON.match(head):
        return "is JSON with annotations of COCO" if _COCO.search(head) else "is JSON"
    if _XML.match(head):
        return "is XML, as of Pascal VOC"
    # The last line may be cut.
    rows = [row for row in head.split("\n")[:-1] or [head] if row.strip()]
    if rows and "." in head and all(map(_YOLO_ROW.fullmatch, rows)):
        return "holds YOLO labels, the boxes of one image"
    return "is the YAML of a YOLO dataset" if len(set(_YOLO_CONFIG.findall(head))) > 1 else None
