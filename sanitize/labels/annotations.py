"""Files of annotations that are no lists, by what they hold: what they are, and what to give instead."""

from __future__ import annotations

import re

import polars as pl

from sanitize.errors import UsageError
from sanitize.labels.places import normalise
from sanitize.labels.reading import Source

_HEAD = 65_536
_JSON = re.compile(r'\s*((\[\s*)?\{\s*"[^"\n]*"\s*:|\[\s*(\[\s*)?"[^"\n]*"\s*[,\]])')
_COCO = re.compile(r'"(images|annotations|categories)"\s*:\s*\[')
_XML = re.compile(r"\s*<(\?xml\s|annotations?\b[^>\n]*>\s*<)")
# A class, then a box or the corners of a polygon, as shares of the picture's sides, in one file per picture.
_SHARE = r"-?([01]?\.[0-9]+(e[+-]?[0-9]+)?|[0-9](\.[0-9]+)?e-[0-9]+|[01])"
_YOLO_ROW = re.compile(rf"[0-9]+(\.0+)?([ \t]+{_SHARE}){{4,}}[ \t\r]*")
_YOLO_CONFIG = re.compile(r"^(train|val|names|nc)[ \t]*:(?=\s|$)", re.MULTILINE)


def check_is_list(source: Source, paths: pl.Series) -> None:
    """Raise UsageError where a source is a file of annotations, and says what is taken in its place.

    Any of its lines may be the path of a sample, if an odd one: it is a list where one of the `paths`, which are all that
    its lines may name, is that of a sample.
    """
    kind = _kind(source.text.key[:_HEAD]) if source.text is not None else None
    if source.text is None or kind is None:
        return
    if not normalise(paths.drop_nulls(), source.root)["target"].is_in(source.samples["path"].implode()).any():
        raise UsageError(
            f"`{source.text.name}` {kind}, and no list: give a .csv with a line `path,class` for each image, or leave"
            " `--labels` out"
        )


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
