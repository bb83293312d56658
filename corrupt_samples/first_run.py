"""The list that the first scan reads: most samples with labels, then a few lines that are wrong themselves."""

from __future__ import annotations

#: Lines that are wrong, by what is wrong with them.
_DEFECTS = (
    b"sound/vanished.jpg 0",  # no such file
    b"sound/photo_grey.jpg",  # no label
    b"sound/photo_optimised.jpg cat",
    b"sound/photo_444.jpg -1",
    b"sound/photo_restarts.jpg\t2",  # a tab for the blank
    b"sound/photo_comment.jpg  1",  # two blanks
    b"sound/product.jpg 2 ",  # a blank after the label
    b"sound/Letterbox.jpg 1",  # case
    b"sound/line_art.jpg 0\r",
    b"",
    b"../elsewhere.jpg 1",
)
_CLASSES = 3
_NO_SAMPLES = (".txt", ".csv", ".tsv", ".toml", ".py")


def write_list(paths: list[str]) -> bytes:
    """Return a Caffe list of the samples in folders that have no list of their own."""
    own = {path.partition("/")[0] for path in paths if path.endswith("/sanitize.toml")}
    with_defect = {line.partition(b" ")[0].partition(b"\t")[0].lower() for line in _DEFECTS[1:]}
    listed = [
        path
        for path in paths
        if path.partition("/")[0] not in own
        and not path.endswith(_NO_SAMPLES)
        and path.encode().lower() not in with_defect
    ]
    folders = sorted({path.partition("/")[0] for path in listed})
    labels = {path: folders.index(path.partition("/")[0]) % _CLASSES for path in listed}
    twice, torn = "sound/photo_progressive.jpg", "sound/photo_baseline.jpg"
    lines = [
        f"{path} {label}" for path, label in [*labels.items(), (twice, labels[twice]), (torn, 1 - labels[torn] % 2)]
    ]
    return b"\n".join([line.encode() for line in lines] + [*_DEFECTS, b""])
