"""Files of annotations that are no lists, by what they hold: what they are, and what to give instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from sanitize.errors import UsageError
from sanitize.labels.places import normalise
from sanitize.labels.reading import Source
from sanitize.names import shown

_HEAD = 65_536
_JSON = re.compile(r'\s*((\[\s*)?\{\s*"[^"\n]*"\s*:|\[\s*(\[\s*)?"[^"\n]*"\s*[,\]])')
_COCO = re.compile(r'"(images|annotations|categories)"\s*:\s*\[')
_XML = re.compile(r"\s*<(\?xml\s|annotations?\b[^>\n]*>\s*<)")
# A class, then a box or the corners of a polygon, as shares of the picture's sides, in one file per picture.
_SHARE = r"-?([01]?\.[0-9]+(e[+-]?[0-9]+)?|[0-9](\.[0-9]+)?e-[0-9]+|[01])"
_YOLO_ROW = re.compile(rf"[0-9]+(\.0+)?([ \t]+{_SHARE}){{4,}}[ \t\r]*")
_YOLO_CONFIG = re.compile(r"^(train|val|names|nc)[ \t]*:(?=\s|$)", re.MULTILINE)

# Names of columns that hold a box, by how they end, without case and all but letters and digits: a dataset, or what is boxed,
# may be named before it.
_BOXES: tuple[tuple[str, ...], ...] = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("x1", "y1", "x2", "y2"),
    ("left", "top", "right", "bottom"),
    ("boxx", "boxy", "boxw", "boxh"),
    ("boxx", "boxy", "boxwidth", "boxheight"),
    ("bbox",),
)
_MEANT = "give a .csv with a line `path,class` for each image, or leave `--labels` out"


def check_is_list(source: Source, paths: pl.Series) -> None:
    """Raise UsageError where a source is a file of annotations, and says what is taken in its place.

    Any of its lines may be the path of a sample, if an odd one: it is a list where one of the `paths`, which are all that
    its lines may name, is that of a sample.
    """
    kind = _kind(source.text.key[:_HEAD]) if source.text is not None else None
    if source.text is None or kind is None:
        return
    if not normalise(paths.drop_nulls(), source.root)["target"].is_in(source.samples["path"].implode()).any():
        raise UsageError(f"`{source.text.name}` {kind}, and no list: {_MEANT}")


def columns_of_box(header: Sequence[str]) -> list[int]:
    """Return the columns, counted from 0, that hold a box by their names; none where there is no whole one."""
    names = [re.sub(r"[\W_]+", "", cell.casefold()) for cell in header]
    for corners in _BOXES:
        found = [next((index for index, name in enumerate(names) if name.endswith(end)), None) for end in corners]
        there = [index for index in found if index is not None]
        if len(there) == len(corners):
            return there
    return []


def check_boxes(rows: pl.DataFrame, name: str) -> None:
    """Raise UsageError where a table has boxes of several classes of an image, and says what is taken in its place.

    `rows` has the `path`, the `label_text` and the `box` of each row. One class may well have several boxes.
    """
    of_image = rows.drop_nulls().group_by("path", maintain_order=True).agg(pl.col("label_text", "box").n_unique())
    several = of_image.filter((pl.col("label_text") > 1) & (pl.col("box") > 1))["path"]
    if len(several):
        raise UsageError(
            f"`{name}` is a table of boxes, of several classes of `{shown(several[0])}`, and no list: {_MEANT}; or name the"
            " column with `--label-column` to take each row for a sample"
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
