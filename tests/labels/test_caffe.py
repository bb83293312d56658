from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sanitize import labels
from sanitize.errors import UsageError
from sanitize.names import to_key
from sanitize.settings import Settings

from .conftest import Read

PIECES = [b"a", b"a b", b" ", b"\t", b"\r", b"\n", b"1", b"-", b"\0", b"\xff", b"..", b"/"]
SAMPLES = pl.DataFrame({"file": [0, 1], "path": ["a", "a b"]}, schema={"file": pl.UInt32, "path": pl.String})


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join) | st.binary(max_size=60))
@example(content=b"\xef\xbb\xbf1\n\n")
@example(content=b"\xf4\x8f\xbf\xbd 1")
def test_any_bytes_are_refused_or_give_a_row_for_every_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(content)
    try:
        read = labels.read(Settings(labels=(str(tmp_path / "list"),)), images=tmp_path, samples=SAMPLES)
    except UsageError:
        return
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    count = len(lines) - (lines[-1] == b"")
    assert read.lines["line"].to_list() == list(range(1, count + 1))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from([*PIECES, b" 1\n", b"a 0\n", b"./", b"a b 2\n"]), max_size=30))
def test_what_is_read_without_a_finding_is_what_caffe_reads(pieces: list[bytes], tmp_path: Path) -> None:
    content = b"".join(pieces)
    (tmp_path / "list").write_bytes(content)
    images = tmp_path / "images"
    images.mkdir(exist_ok=True)
    for name in SAMPLES["path"]:
        (images / name).touch()
    try:
        lines = labels.read(Settings(labels=(str(tmp_path / "list"),)), images=images, samples=SAMPLES).lines
    except UsageError:
        return
    for line, row in zip(content.split(b"\n"), lines.iter_rows(named=True), strict=False):
        name, label = as_caffe_reads(line)
        opens = os.path.isfile(bytes(images) + b"/" + name)
        bent = row["trailing_blank"] or row["double_blank"] or row["tab"] or row["inexact"] or row["malformed"]
        if b".." in name or row["malformed"]:
            continue
        if opens:
            assert row["file"] is not None
            assert row["label"] in (label, None)
        elif row["file"] is not None:
            assert bent or row["label"] is None


def as_caffe_reads(line: bytes) -> tuple[bytes, int | None]:
    """Split at the last blank; the label is None where atoi reads no number."""
    name, _, text = line.rpartition(b" ") if b" " in line else (line, b"", line)
    number = re.match(rb"[ \t\n\v\f\r]*([+-]?[0-9]+)", text)
    return name, int(number[1]) if number else None


@pytest.mark.parametrize(
    ("line", "path", "label"),
    [
        (b"a.jpg 3", "a.jpg", 3),
        (b"b/d e.jpg 3", "b/d e.jpg", 3),
        (b"a.jpg 3\r", "a.jpg", 3),
        (b"a.jpg +3", "a.jpg", 3),
        (b"a.jpg 007", "a.jpg", 7),
        (b"a.jpg \t7", "a.jpg", 7),
        (b"a.jpg 3 ", "a.jpg", 3),
        (b"a.jpg  3", "a.jpg", 3),
        (b"b/d e.jpg\t3", "b/d e.jpg", 3),
        (b"a.jpg -3", "a.jpg", -3),
        (b"./b/../a.jpg 3", "./b/../a.jpg", 3),
        (b"/a.jpg 3", "/a.jpg", 3),
        (b"a.jpg cat", "a.jpg", None),
        (b"a.jpg 1e3", "a.jpg", None),
        (b"a.jpg", "a.jpg", None),
        (b"b/d e.jpg", "b/d e.jpg", None),
    ],
)
def test_a_line_is_read_as_it_was_meant(line: bytes, path: str, label: int | None, read: Read) -> None:
    first, second = read(b"a.jpg 0\n" + line).lines.iter_rows(named=True)
    assert first["label"] == 0
    assert (second["path"], second["label"]) == (path, label)
    assert second["file"] is not None


def test_what_caffe_sees_wins_where_it_is_a_file(read: Read) -> None:
    files = ["a", "a 3", "a\t3", "a "]
    lines = read("a 3 4\na 3 \na\t3\na  5\na 6\n", files=files).lines
    assert [files[file] for file in lines["file"]] == ["a 3", "a 3", "a\t3", "a ", "a"]
    assert lines["label"].to_list() == [4, None, None, 5, 6]
    assert not lines.select(pl.any_horizontal("trailing_blank", "double_blank", "tab").any()).item()


def test_names_are_bytes(read: Read) -> None:
    files = [to_key(b"caf\xe9.jpg"), "\U0010fffd.jpg", to_key("\U0010fffd.jpg".encode()), "日本.jpg"]
    lines = read(b"caf\xe9.jpg 0\n\xf4\x8f\xbf\xbd.jpg 1\n\xe6\x97\xa5\xe6\x9c\xac.jpg 2\n", files=files).lines
    assert lines["file"].to_list() == [0, 2, 3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" \n\n", "is empty"),
        (b"a.jpg\nb/c.jpg\n", "without labels leave `--labels` out"),
        (b"a.jpg cat\nz.jpg dog\n", "class names are read from a table"),
        (b"a.jpg\tcat\nz.jpg\tdog\n", "is named .csv or .tsv"),
        (b"a.jpg;cat\nz.jpg;dog\n", "is named .csv or .tsv"),
        (b"3 a.jpg\n4 z.jpg\n", "the label stands before the path"),
        (b"a.jpg 0\rz.jpg 1\r", r"tr '\r' '\n' < train.txt"),
        ("a.jpg 0\n".encode("utf-16"), "iconv -f UTF-16"),
        ("a.jpg 0\n".encode("utf-16-le"), "iconv -f UTF-16LE "),
        ("a.jpg 0\n".encode("utf-16-be"), "iconv -f UTF-16BE "),
        ("a.jpg 0\n".encode("utf-32"), "iconv -f UTF-32"),
        ("a.jpg 0\n".encode("utf-32-le"), "iconv -f UTF-32LE "),
        ("a.jpg 0\n".encode("utf-32-be"), "iconv -f UTF-32BE "),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 4, "binary data"),
    ],
)
def test_what_is_no_list_is_refused_with_a_remedy(content: bytes, words: str, read: Read) -> None:
    with pytest.raises(UsageError) as error:
        read(content)
    assert words in str(error.value)
    assert "train.txt" in str(error.value)


def test_a_list_is_binary_data_where_more_than_a_twentieth_of_it_are_control_bytes(read: Read) -> None:
    listed = b"a.jpg 0\nz.jpg 0\n"
    assert read(listed + b"x" * 79 + b"\x01" * 5).lines["file"].to_list() == [0, 3, None]
    with pytest.raises(UsageError, match="binary data"):
        read(listed + b"x" * 78 + b"\x01" * 6)


def test_a_name_may_begin_with_what_marks_utf_16(read: Read) -> None:
    assert read(b"\xff\xfe.jpg 0\na.jpg 0\nz.jpg 0\n").lines["file"].to_list() == [None, 0, 3]


@pytest.mark.skipif(not (shutil.which("iconv") and shutil.which("tr")), reason="remedies call these programs")
@pytest.mark.parametrize("name", ["train.txt", "my 'own'.txt", "my list;x"])
@pytest.mark.parametrize(
    ("encoding", "end"),
    [
        ("ascii", "\r"),
        *((f"utf-{width}{order}", "\n") for width in (16, 32) for order in ("", "-le", "-be")),
    ],
)
def test_remedies_can_be_pasted_whatever_the_list_is_called(
    name: str, encoding: str, end: str, read: Read, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as error:
        read(f"b/c.jpg 1{end}z.jpg 0{end}".encode(encoding), f"images={name}", name=name)
    subprocess.run(["sh", "-c", str(error.value).partition("write it anew: ")[2]], check=True, cwd=tmp_path)
    (mended,) = tmp_path.glob("*-*")
    assert mended.suffix == Path(name).suffix
    assert read("", f"images={mended.name}").lines.select("file", "label").rows() == [(1, 1), (3, 0)]


def test_a_name_that_a_list_has_already_is_no_remedy(read: Read) -> None:
    for content, words in ((b"path\na.jpg\n", "leave `--labels` out"), (b"a.jpg cat\n", "each line as `path,label`")):
        with pytest.raises(UsageError) as error:
            read(content, name="t.csv")
        assert words in str(error.value)


def test_an_empty_file_is_refused(read: Read, tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_bytes(b"")
    with pytest.raises(UsageError, match="is empty"):
        read()


def test_a_tab_list_is_no_table_unless_its_name_says_so(read: Read) -> None:
    assert read("a.jpg\t0\nz.jpg\t1\n").lines["tab"].all()
    assert not read("a.jpg\t0\nz.jpg\t1\n", name="train.tsv").lines["tab"].any()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": []}', "is JSON with annotations of COCO"),
        ('{\n "info": {\n  "year": 2017\n },\n "images": [\n', "is JSON with annotations of COCO"),
        ('{"file_name": "a.jpg", "label": 0}\n', "is JSON,"),
        ('[\n {"path": "a.jpg",\n  "label": 4\n }\n]\n', "is JSON,"),
        ("<annotation>\n<filename>a.jpg</filename>\n</annotation>\n", "is XML, as of Pascal VOC"),
        ("0 0.5 0.5 0.25 0.3\n11 0.5 0.5 1 1\n", "holds YOLO labels"),
        ("0 0.1 0.1 0.9 0.1 0.9 0.9", "holds YOLO labels"),
        ("0 5e-05 0.5 0.2 1.5e-3\n1.0 0.1 0.1 -0.0 1.000\n", "holds YOLO labels"),
        ('[["a.jpg", 1], ["b/c.jpg", 0]]', "is JSON,"),
        ('["a.jpg", "b/c.jpg"]', "is JSON,"),
        ("path: ../data\ntrain: images/train\nval: images/val\nnc: 2\n", "is the YAML of a YOLO dataset"),
    ],
)
@pytest.mark.parametrize("name", ["train.txt", "train.json", "train.csv"])
def test_annotations_of_other_kinds_are_refused_by_their_names(content: str, kind: str, name: str, read: Read) -> None:
    with pytest.raises(UsageError) as error:
        read(content, name=name)
    assert kind in str(error.value)
    assert "give a .csv with a line `path,class` for each image" in str(error.value)


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ("{a}.jpg 4\n", "{a}.jpg"),
        ("[0].jpg 4\n", "[0].jpg"),
        ("<annotation>.jpg 4\n", "<annotation>.jpg"),
        ("0 0.5 0.5 0.2.jpg 4\n", "0 0.5 0.5 0.2.jpg"),
        ("1 0 1 0 4\n", "1 0 1 0"),
        ("train:a.jpg 4\n", "train:a.jpg"),
        ("0 0.5 0.5 0.5 4\n", "0 0.5 0.5 0.5"),
        ('{"a": 1}.jpg 4\n', '{"a": 1}.jpg'),
        ("<annotation> <a>.jpg 4\n", "<annotation> <a>.jpg"),
        ("train: a.jpg 4\nval: b.jpg 4\n", "val: b.jpg"),
    ],
)
@pytest.mark.parametrize("name", ["train.txt", "train.csv"])
def test_names_that_look_like_annotations_are_names(content: str, file: str, name: str, read: Read) -> None:
    if name.endswith(".csv"):
        content = content.replace(" 4\n", ",4\n")
    assert (0, 4) in read(content, files=[file], name=name).lines.select("file", "label").rows()
