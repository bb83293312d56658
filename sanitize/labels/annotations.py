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

# Names of columns that together hold a box, and of one that does, without case and all but letters and digits; before the former
# may stand what is boxed.
_CORNERS = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("minx", "miny", "maxx", "maxy"),
    ("x1", "y1", "x2", "y2"),
    ("x0", "y0", "x1", "y1"),
    ("xtl", "ytl", "xbr", "ybr"),
    ("left", "top", "right", "bottom"),
    ("left", "top", "width", "height"),
    ("x", "y", "width", "height"),
    ("x", "y", "w", "h"),
    ("xcenter", "ycenter", "width", "height"),
)
_BOXES = frozenset({"bbox", "bboxes", "box", "boxes", "boundingbox", "bndbox"})
_BEFORE = re.compile(r"^(?:boundingbox|bndbox|bbox|box|roi)(?=.)")
_FOUR_NUMBERS = r"^[^A-Za-z\d]*(?:\d[\d.eE+-]*[^A-Za-z\d]+){3}\d[\d.eE+-]*[^A-Za-z\d]*$"
# A table is one of boxes where so many images, and such a share of them, have boxes of several classes; fewer are slips.
_FEWEST_OF_SEVERAL, _SHARE_OF_SEVERAL = 3, 0.05
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
    whole = [index for index, name in enumerate(names) if name in _BOXES]
    places = {_BEFORE.sub("", name).removesuffix("px"): index for index, name in enumerate(names)}
    apart = next((corners for corners in _CORNERS if places.keys() >= {*corners}), ())
    return [places[corner] for corner in apart] or whole[:1]


def check_boxes(rows: pl.DataFrame, name: str) -> None:
    """Raise UsageError where a table has boxes of several classes of many images, and says what is taken in its place.

    `rows` has the `path`, the `label_text` and the `box` of each row. One class may well have several boxes.
    """
    boxed = rows.drop_nulls().filter(pl.col("box").str.contains(_FOUR_NUMBERS))
    of_image = boxed.group_by("path", maintain_order=True).agg(pl.col("label_text", "box").n_unique())
    several = of_image.filter((pl.col("label_text") > 1) & (pl.col("box") > 1))["path"]
    if len(several) >= max(_FEWEST_OF_SEVERAL, _SHARE_OF_SEVERAL * of_image.height):
        raise UsageError(
            f"`{name}` is a table of boxes, of several classes of `{shown(several[0])}` and others, and no list: {_MEANT}; or"
            " name the column with `--label-column` to take each row for a sample"
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
