from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanitize import labels
from sanitize.digest import ALGORITHMS
from sanitize.errors import UsageError
from sanitize.settings import Settings

from .conftest import Read
from .test_caffe import SAMPLES


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.lists(
        st.sampled_from(["a", "1", ",", ";", "\t", '"', "\n", "\r", "\0", " ", "path", "label", "é"]), max_size=40
    )
)
def test_any_text_is_refused_or_read(content: list[str], tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes("".join(content).encode())
    try:
        read = labels.read(Settings(labels=(str(tmp_path / "list.csv"),)), images=tmp_path, samples=SAMPLES)
    except UsageError:
        return
    assert read.lines["line"].is_sorted()
    assert read.lines["line"].is_unique().all()


@pytest.mark.parametrize(
    "content",
    [
        "filename,label\na.jpg,4\nz.jpg,5\n",
        "\ufeffFile Name;Class ID;note\r\na.jpg;4;x\r\nz.jpg;5;y\r\n",
        "id\tcategory\na.jpg\t4\nz.jpg\t5",
        "label,image_path\n4,a.jpg\n5,z.jpg\n",
        "a.jpg,4\nz.jpg,5\n",
        "4,a.jpg\n5,z.jpg\n",
        "picture of it,what\na.jpg,4\nz.jpg,5\n",
        "path, label\na.jpg, 4\nz.jpg, 5\n",
        '"path","label"\n"a.jpg","4"\n"z.jpg","5"\n',
        "path|label\na.jpg|4.0\nz.jpg|5.0\n",
        "path,label\ra.jpg,4\rz.jpg,5\r",
    ],
)
def test_columns_are_found_by_their_usual_names_and_by_what_they_hold(content: str, read: Read) -> None:
    lines = read(content, name="t.csv").lines
    assert lines["label"].to_list() == [4, 5]
    assert lines["file"].to_list() == [0, 3]


def boxed(header: str, boxes: tuple[str, str]) -> str:
    """A table of three images, each with a cat and a dog in two boxes."""
    files = ("a.jpg", "b/c.jpg", "z.jpg")
    rows = [f"{file},{label},{box}\n" for file in files for label, box in zip(("cat", "dog"), boxes, strict=True)]
    return f"filename,class,{header}\n" + "".join(rows)


@pytest.mark.parametrize(
    ("header", "boxes"),
    [
        ("xmin,ymin,xmax,ymax", ("1,1,4,4", "5,5,8,8")),
        ("x1,y1,x2,y2", ("0.1,0.1,0.4,0.4", "0.5,0.5,1e-1,0.8")),
        ("BBox_X,BBox_Y,BBox_W,BBox_H", ("1,1,4,4", "5,5,3,3")),
        ("bbox_left,bbox_top,bbox_width,bbox_height", ("1,1,4,4", "5,5,3,3")),
        ("xmin (px),ymin (px),xmax (px),ymax (px)", ("1,1,4,4", "5,5,8,8")),
        ("bbox", ('"[1, 1, 4, 4]"', '"[5.0, 5.0, 3.5, 3]"')),
    ],
)
def test_a_table_of_boxes_of_several_classes_is_no_list_unless_the_column_is_named(
    header: str, boxes: tuple[str, str], read: Read
) -> None:
    content = boxed(header, boxes)
    with pytest.raises(
        UsageError, match=r"is a table of boxes, of several classes of `a\.jpg` and others, and no list: give"
    ):
        read(content, name="boxes.csv")
    assert read(content, name="boxes.csv", label_column="class").lines.height == 6


@pytest.mark.parametrize(
    ("header", "boxes"),
    [
        # One class an image, as of traffic signs, or whose boxes are the same; sides that are none of a box; and no numbers.
        ("Roi.X1,Roi.Y1,Roi.X2,Roi.Y2", ("1,1,8,8", "1,1,8,8")),
        ("left,right", ("1,1", "5,8")),
        ("is_left,is_top,is_right,is_bottom", ("0,1,0,0", "1,0,0,0")),
        ("has_bbox", ("1", "0")),
        ("bbox", ("yes", "no")),
        ("xmin,ymin,xmax,ymax", ("1,1,4,", "5,5,8,")),
    ],
)
def test_other_tables_with_several_classes_of_an_image_are_lists(
    header: str, boxes: tuple[str, str], read: Read
) -> None:
    assert read(boxed(header, boxes), name="t.csv").lines.height == 6


def test_a_few_images_with_boxes_of_two_classes_are_slips_and_boxes_of_one_class_none(read: Read) -> None:
    header = "filename,class,xmin,ymin,xmax,ymax\n"
    one_class = [f"{file},cat,{left},1,9,9\n" for file in ("a.jpg", "b/c.jpg", "z.jpg") for left in (1, 2)]
    assert read(header + "".join(one_class), name="boxes.csv").lines.height == 6
    slips = [f"{number}.jpg,{number % 2},1,1,9,9\n" for number in range(70)]
    slips += [f"{number}.jpg,5,2,2,9,9\n" for number in range(3)]
    files = [f"{number}.jpg" for number in range(70)]
    assert read(header + "".join(slips), name="boxes.csv", files=files).lines.height == 73
    two = [f"{name},{label},{label},1,9,9\n" for name in ("0.jpg", "1.jpg") for label in range(2)]
    assert read(header + "".join(two), name="boxes.csv", files=files).lines.height == 4


def test_a_cell_may_be_longer_than_the_csv_module_takes(read: Read) -> None:
    note = "x" * 200_000
    assert read(f"path,label,note\na.jpg,4,{note}\nz.jpg,5,y\n", name="t.csv").lines["label"].to_list() == [4, 5]


@pytest.mark.parametrize(
    ("content", "path", "label"),
    [
        ("p,q,r\na.jpg,4,9\nz.jpg,5,9\n", "p", "q"),
        ("p,q,r\na.jpg,4,9\nz.jpg,5,9\n", "1", "2"),
        ("a.jpg,4,9\nz.jpg,5,9\n", "1", "2"),
        ("path,label,fine label\na.jpg,9,4\nz.jpg,9,5\n", None, "Fine Label"),
        ("path,label,label\na.jpg,9,4\nz.jpg,9,5\n", None, "3"),
        ("path,Label,label\na.jpg,9,4\nz.jpg,9,5\n", None, None),
        ("path,label,Label\na.jpg,9,4\nz.jpg,9,5\n", None, "Label"),
        ("Path,path,LABEL,Label,label\nx,a.jpg,9,9,4\nx,z.jpg,9,9,5\n", None, None),
    ],
)
def test_columns_are_named_or_numbered(content: str, path: str | None, label: str | None, read: Read) -> None:
    lines = read(content, name="t.csv", path_column=path, label_column=label).lines
    assert lines["label"].to_list() == [4, 5]
    assert lines["file"].to_list() == [0, 3]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("p,q,r\na.jpg,4,9\n", {}, "name one with `--path-column`"),
        ("path,q,r\na.jpg,4,9\n", {}, "name one with `--label-column`"),
        ("path,label\na.jpg,4\n", {"label_column": "klass"}, "has no column `klass`"),
        ("path,label\na.jpg,4\n", {"label_column": "0"}, "has no column `0`"),
        ("path,label\na.jpg,4\n", {"label_column": "path", "path_column": "path"}, "are the same column"),
        ("path,label\n", {}, "no rows"),
        ('path,label\na.jpg,4\n"z.jpg,5\nb/c.jpg,6\n', {}, "the quote on line 3 is never closed"),
        ("path,label\ra.jpg,4\nz.jpg,5\r\n", {}, "give all lines the same end"),
        ("path,Label, LABEL\na.jpg,4,9\n", {}, "has several columns `Label`: name one by its number"),
        ("path,label,label,Label\na.jpg,4,9,9\n", {}, "has several columns `label`: name one by its number"),
        ("path,Label,label\na.jpg,9,4\n", {"label_column": "LABEL"}, "has several columns `LABEL`"),
        ("path,x,x\na.jpg,4,9\n", {"label_column": "x"}, "has several columns `x`: name one by its number"),
        ("path,file,path\na.jpg,4,9\n", {"label_column": "file"}, "with `--path-column`"),
        ("\0" * 5000, {}, "holds zero bytes and no text"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(content: str, options: dict[str, str], words: str, read: Read) -> None:
    with pytest.raises(UsageError, match=r"t\.csv") as error:
        read(content, name="t.csv", **options)
    assert words in str(error.value)


def test_infinity_is_a_number_and_no_class(read: Read) -> None:
    found = read("path,label\na.jpg,inf\nz.jpg,-Infinity\nb/c.jpg,2.5\n", name="t.csv")
    assert found.classes.names is None
    assert found.lines["label"].to_list() == [None, None, None]


@pytest.mark.parametrize("none", ["nan", "inf", "-Infinity"])
def test_the_labels_beside_nan_and_infinity_tell_what_they_are(read: Read, none: str) -> None:
    rows = f"path,label\na.jpg,{none}\nz.jpg,{none}\nx.jpg,{none}\n"
    files = ["a.jpg", "b.jpg", "c.jpg", "x.jpg", "z.jpg"]
    numbers = read(f"{rows}b.jpg,3\nc.jpg,1.0\n", name="t.csv", files=files)
    assert numbers.classes.names is None
    assert numbers.lines["label"].to_list() == [None, None, None, 3, 1]
    names = read(f"{rows}b.jpg,cat\nc.jpg,dog\n", name="t.csv", files=files)
    assert [(names.classes.names or ())[label] for label in names.lines["label"].tail(2)] == ["cat", "dog"]


@pytest.mark.parametrize("classes", [None, "inf\nnan\n"])
def test_infinity_alone_is_a_class_only_where_there_is_one_of_that_name(
    read: Read, classes: str | None, tmp_path: Path
) -> None:
    (tmp_path / "names.txt").write_text(classes or "")
    found = read("path,label\na.jpg,inf\n", name="t.csv", classes=tmp_path / "names.txt" if classes else None)
    assert found.lines["label"].to_list() == [0 if classes else None]


def test_quoted_names_hold_anything_and_line_numbers_stay_those_of_the_file(read: Read) -> None:
    files = ["a,b.jpg", "n\nl.jpg", 'q".jpg', "=cmd|x.jpg", "<script>.jpg", "z.jpg "]
    content = 'path,label\n"a,b.jpg",0\n"n\nl.jpg",1\n"q"".jpg",2\n\n=cmd|x.jpg,3\n<script>.jpg,4\n"z.jpg ",5\n'
    lines = read(content, name="t.csv", files=files).lines
    assert lines["line"].to_list() == [2, 3, 5, 6, 7, 8, 9]
    assert lines["file"].to_list() == [0, 1, 2, None, 3, 4, 5]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("id_code,diagnosis\na0,2\nb1,0\nlost,1\n", None),
        ("id_code,diagnosis\na0,flu\nb1,cold\nlost,flu\n", ("cold", "flu")),
    ],
)
def test_words_over_names_without_extension_are_no_sample_and_no_class(
    content: str, names: tuple[str, ...] | None, read: Read
) -> None:
    found = read(content, name="t.csv", files=["a0.png", "b1.png", "c2.png"])
    assert found.lines.select("line", "file").rows() == [(2, 0), (3, 1), (4, None)]
    assert found.classes.names == names


def test_a_first_row_whose_file_is_missing_is_a_sample_where_its_name_is_like_the_others(read: Read) -> None:
    found = read("id0,wolf\nid1,dog\nid2,cat\nid3,dog\n", name="t.csv", files=["id1.png", "id2.png", "id3.png"])
    assert found.lines.select("line", "file").rows() == [(1, None), (2, 0), (3, 1), (4, 2)]
    assert found.classes.names == ("cat", "dog", "wolf")


def test_a_first_row_whose_class_others_have_is_a_sample_though_its_name_is_like_no_other(read: Read) -> None:
    found = read("lost,dog\na.jpg,cat\nz.jpg,dog\n", name="t.csv")
    assert found.lines.select("line", "file").rows() == [(1, None), (2, 0), (3, 3)]


@pytest.mark.parametrize("first", ['a.jpg",cat', "a.jpg ,cat", '"a.jpg\n",cat', 'a "one,cat', '"b" one ,cat'])
def test_a_first_row_with_a_stray_quote_or_blank_is_a_sample(read: Read, first: str) -> None:
    found = read(f"{first}\nb.jpg,dog\nc.jpg,dog\n", name="t.csv", files=["a.jpg", "b.jpg", "c.jpg", "a one", "b one"])
    assert found.lines["line"].to_list()[0] == 1
    assert found.lines.height == 3


def test_a_first_row_that_takes_in_the_next_is_a_sample(read: Read) -> None:
    found = read('"img0,dog\n"img1","dog"\nimg2,cat\n', name="t.csv", files=["img0", "img1", "img2"])
    assert found.lines.select("line", "file").rows() == [(1, 0), (2, 1), (3, 2)]
    assert found.lines["malformed"].is_not_null().to_list() == [True, True, False]


def test_a_first_row_with_a_stray_quote_in_its_number_is_a_sample(read: Read) -> None:
    assert read('lost,0"\na.jpg,1\nz.jpg,2\n', name="t.csv").lines["line"].to_list() == [1, 2, 3]


def test_class_names_are_numbered_in_their_plain_order_over_all_tables(read: Read, tmp_path: Path) -> None:
    (tmp_path / "val.csv").write_text("path,label\nz.jpg,ant\n")
    names = "path,label\na.jpg,dog\nb/c.jpg,Cat\n"
    found = read(names, "train.csv", "val.csv", name="train.csv")
    assert found.classes.names == ("Cat", "ant", "dog")
    assert found.lines["label"].to_list() == [2, 0, 1]
    assert found.class_texts == {"Cat": 1, "ant": 1, "dog": 1}


def test_one_typing_error_does_not_turn_numbers_into_names(read: Read) -> None:
    found = read("path,label\na.jpg,0\nb/c.jpg,O\nz.jpg,1\n", name="t.csv")
    assert found.classes.names is None
    assert found.lines["label"].to_list() == [0, None, 1]


def test_a_text_file_with_a_header_or_commas_is_a_table(read: Read) -> None:
    for content in ("filename,label\na.jpg,4\nz.jpg,5\n", "a.jpg,4\nz.jpg,5\n", "a.jpg, 4\nz.jpg,  5\n"):
        assert read(content).lines["label"].to_list() == [4, 5]


def test_commas_in_a_caffe_list_do_not_make_it_a_table(read: Read) -> None:
    assert read("a,1.jpg 4\nb,2.jpg 5\n", files=["a,1.jpg", "b,2.jpg"]).lines["file"].to_list() == [0, 1]
    assert read("a, 4\nb, 5\n", files=["a,", "b,"]).lines["file"].to_list() == [0, 1]
    assert read("a,b.jpg, 4\nc.jpg, 5\n", files=["a,b.jpg", "c.jpg"]).lines["label"].to_list() == [4, 5]


@pytest.mark.parametrize("name", ["sha256", "SHA-256", "md5", "Checksum", "hash"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_column_of_checksums_goes_with_the_files_that_are_there(read: Read, name: str, quote: str) -> None:
    sha, md5 = "AB" * 32, "cd" * 16
    rows = [
        ("label", name, "path"),
        ("0", sha, "a.jpg"),
        ("1", "", "b/c.jpg"),
        ("2", "n/a", "z.jpg"),
        ("3", md5, "x.jpg"),
        ("5", md5[:-1] + "g", "a.jpg"),
    ]
    content = "".join(
        f"{label},{quote}{digest}{quote},{path}\n" for label, digest, path in [*rows, ("4", md5, "z.jpg")]
    )
    found = read(content, name="t.csv").checksums.select("file", "algorithm", "expected", "source", "line", "list")
    assert found.rows() == [
        (0, "sha256", sha.lower(), "t.csv", 2, 0),
        (0, None, None, "t.csv", 6, 0),
        (3, "md5", md5, "t.csv", 7, 0),
    ]


@pytest.mark.parametrize("algorithm", ALGORITHMS.values())
def test_checksums_are_read_in_every_form(read: Read, algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"any", usedforsecurity=False)
    plain, urls = (to(digest.digest()).decode() for to in (base64.b64encode, base64.urlsafe_b64encode))
    named = [f"{algorithm}:{digest.hexdigest()}", f"{algorithm.upper()}:{digest.hexdigest()}", f"{algorithm}-{plain}"]
    # Without `=` at its end it might as well be a hexadecimal one of another algorithm, damaged.
    spelled = base64.b64encode(digest.hexdigest().encode()).decode()
    cells = [digest.hexdigest(), *named, *(cell for cell in (plain, urls, spelled) if cell.endswith("="))]
    for cell in cells:
        found = read(f"path,label,md5Hash\na.jpg,0,{cell}\nb/c.jpg,1,n/a\n", name="t.csv").checksums
        assert found.select("file", "algorithm", "expected").rows() == [(0, algorithm, digest.hexdigest())]


def test_a_checksum_of_another_algorithm_than_its_name_says_or_of_too_few_bytes_is_none(read: Read) -> None:
    good, other, short = "md5:" + "ab" * 16, "sha256:" + "ab" * 16, base64.b64encode(bytes(15)).decode() + "="
    content = f"path,label,hash\na.jpg,0,{good}\nb/c.jpg,1,{other}\nz.jpg,2,{short}\n"
    found = read(content, name="t.csv").checksums
    assert found.select("line", "algorithm").rows() == [(2, "md5"), (3, None), (4, None)]


def test_lines_that_a_quote_left_open_takes_in_keep_their_samples_and_give_no_class(read: Read) -> None:
    digests = ["ab" * 16, "cd" * 16, "ef" * 16]
    rows = [f"a.jpg,dog,{digests[0]}", f'b/c.jpg,"cat,{digests[1]}', f'z.jpg,"dog,{digests[2]}']
    found = read("path,label,md5\n" + "\n".join(rows) + "\n", name="t.csv")
    assert found.lines.select("line", "file", "label").rows() == [(2, 0, 0), (3, 1, None), (4, 3, None)]
    assert found.classes.names == ("dog",)
    assert found.checksums.select("file", "expected").rows() == [(0, digests[0])]


@pytest.mark.parametrize("remark", ['"see\n""it"""', '"first\rsecond"'])
def test_a_quoted_line_that_only_another_delimiter_would_break_is_read(read: Read, remark: str) -> None:
    found = read(f'path,label,note\na.jpg,4,"cat\n"\nz.jpg,5,{remark}\nb/c.jpg,6,"\n"\n', name="t.csv")
    assert found.lines["label"].to_list() == [4, 5, 6]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_breaks_around_a_quoted_cell_are_no_part_of_it(read: Read, ending: str) -> None:
    rows = ["path,label", 'a.jpg,"dog', '"', 'b/c.jpg,"', " wild", "dog ", '"', '"z.jpg', '","cat"']
    found = read(ending.join(rows) + ending, name="t.csv")
    assert found.lines.select("line", "file", "label").rows() == [(2, 0, 1), (4, 1, 2), (8, 3, 0)]
    assert found.classes.names == ("cat", "dog", "wild\ndog")
    numbers = read('path,label\na.jpg,"4\n"\nz.jpg,"\n5"\nb/c.jpg,"\n"\n', name="t.csv").lines
    assert numbers.select("label", "label_text").rows() == [(4, "4"), (5, "5"), (None, None)]


def test_a_class_with_a_line_break_is_the_one_that_classes_txt_has(read: Read, tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("cat\nwild\\x0adog\n")
    content = 'path,label\na.jpg,"wild\ndog"\nz.jpg,cat\n'
    assert read(content, name="t.csv", classes=tmp_path / "classes.txt").lines["label"].to_list() == [1, 0]


def test_paths_of_masks_are_no_labels(read: Read) -> None:
    rows = "a.jpg,m/a.png\nb/c.jpg,m/c.png\n"
    with pytest.raises(UsageError, match=r"has paths, such as `m/a.png`, where labels are expected"):
        read(f"image,mask\n{rows}", name="t.csv")
    assert read("image,label\na.jpg,dog/tame\nb/c.jpg,cat/wild\n", name="t.csv").classes.names == (
        "cat/wild",
        "dog/tame",
    )


@pytest.mark.parametrize(
    "name", ["sha384", "img_md5", "image_md5_hash", "hash_sha256", "SHA2", "filehash", "content hash"]
)
def test_columns_of_checksums_have_many_names(read: Read, name: str) -> None:
    digest = hashlib.sha384(b"a").hexdigest()
    found = read(f"path,label,{name}\na.jpg,0,{digest}\n", name="t.csv").checksums
    assert found["expected"].to_list() == [digest]


def test_all_columns_of_checksums_that_say_of_which_kind_are_read(read: Read) -> None:
    old, new = (hashlib.new(kind, b"a").hexdigest() for kind in ("md5", "sha256"))
    content = f"path,label,hash,sha256,md5\na.jpg,0,{'0' * 32},,0x{old}\nb/c.jpg,1,{'0' * 32},{new},\n"
    found = read(content, name="t.csv").checksums.sort("line")
    kinds = found.filter(vague=False)
    assert kinds.select("line", "algorithm", "expected").rows() == [(2, "md5", old), (3, "sha256", new)]
    assert found.filter("vague")["expected"].to_list() == ["0" * 32] * 2


@pytest.mark.parametrize("other", ["sha", "image_hash", "md5", "commit_sha1"])
def test_a_column_without_checksums_hides_no_other_one(read: Read, other: str) -> None:
    digest = hashlib.sha256(b"a").hexdigest()
    cell = "" if other == "md5" else "a1b2c3d"
    found = read(f"path,label,{other},checksum\na.jpg,0,{cell},{digest}\n", name="t.csv").checksums
    assert found["expected"].to_list() == [digest]


def test_hashes_of_what_is_seen_and_of_commits_are_no_checksums(read: Read) -> None:
    for name in ("sha", "image_hash", "img_hash", "phash", "commit_sha1"):
        assert read(f"path,label,{name}\na.jpg,0,{'ab' * 20}\n", name="t.csv").checksums.is_empty()


def test_other_columns_and_other_lists_have_no_checksums(read: Read) -> None:
    assert read("path,label,md5\na.jpg,0\nz.jpg,1,x\n", name="t.csv").checksums.is_empty()
    assert read("path,label,hash\na.jpg,0,c3a5963c5a69f00f\n", name="t.csv").checksums.is_empty()
    assert read("a.jpg 0\n").checksums.is_empty()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_line_that_names_the_delimiter_is_no_sample(read: Read, ending: str, quote: str) -> None:
    rows = ["sep=;", "path;label", f"{quote}a.jpg{quote};1", f"{quote}b/c.jpg{quote};0"]
    found = read(ending.join(rows) + ending, name="train.csv")
    assert found.lines.select("line", "path", "label").rows() == [(3, "a.jpg", 1), (4, "b/c.jpg", 0)]
    assert not found.lines["empty"].any()
    assert found.lines["malformed"].null_count() == 2
