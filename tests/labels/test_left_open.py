"""What holds for any table, however its quotes are set."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sanitize import labels
from sanitize.errors import UsageError
from sanitize.settings import Settings

COLUMNS = ["path", "label", "note", "origin", "remark"]
ANY = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.text(alphabet='ab1 ,"\n', max_size=5)
header = st.integers(2, len(COLUMNS)).flatmap(lambda width: st.permutations(COLUMNS[:width]))


def read(content: str, files: Sequence[str], folder: Path) -> pl.DataFrame:
    table = folder / "t.csv"
    table.write_text(content, newline="")
    samples = pl.DataFrame({"file": range(len(files)), "path": files}, schema={"file": pl.UInt32, "path": pl.String})
    return labels.read(Settings(labels=(str(table),)), images=folder, samples=samples).lines


@ANY
@given(
    columns=header,
    rows=st.lists(st.tuples(words, st.sampled_from(["cat", "a\nb", 'e"f', "c,d", "1, 2\n3, 4, 5"]), words), min_size=1),
    affixes=st.lists(words.map(str.lstrip), min_size=1, max_size=4),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_whose_quotes_are_closed_is_read_as_csv_reads_it(
    columns: list[str],
    rows: list[tuple[str, str, str]],
    affixes: list[str],
    quoting: int,
    ending: str,
    tmp_path: Path,
) -> None:
    files = [f"{affixes[at % len(affixes)]}x{at}.{affixes[at % 3 % len(affixes)]}.jpg" for at in range(len(rows))]
    cells = [
        {"path": file, "label": label, "note": first, "origin": second, "remark": second + first}
        for file, (first, label, second) in zip(files, rows, strict=True)
    ]
    content = io.StringIO(newline="")
    writer = csv.writer(content, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in cells)
    lines = read(content.getvalue(), files, tmp_path).filter(~pl.col("empty"))
    assert lines["malformed"].drop_nulls().to_list() == []
    assert lines["file"].to_list() == [*range(len(files))]
    assert lines["label_text"].to_list() == [label for _, label, _ in rows]


@ANY
@given(
    columns=header,
    rows=st.lists(st.tuples(*[st.sampled_from(["", "ok", "5 x 7"])] * 3, st.booleans()), min_size=2, max_size=7),
    names=st.sampled_from(["img{}.jpg", "img{}", "d/it's {}.png"]),
    classes=st.sampled_from([["0", "1"], ["cat", "a dog"]]),
    quotes=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), min_size=1, max_size=5),
    end=st.sampled_from(["", "\n"]),
)
def test_no_sample_is_lost_to_stray_quotes_without_a_finding(
    columns: list[str],
    rows: list[tuple[str, str, str, bool]],
    names: str,
    classes: list[str],
    quotes: list[tuple[int, int]],
    end: str,
    tmp_path: Path,
) -> None:
    files = [names.format(number) for number in range(len(rows))]
    lines = []
    for number, (note, origin, remark, is_quoted) in enumerate(rows):
        row = dict(zip(COLUMNS, [files[number], classes[number % 2], note, origin, remark], strict=True))
        lines.append(",".join(f'"{row[column]}"' if is_quoted else row[column] for column in columns))
    for at, place in quotes:
        line = lines[at % len(lines)]
        lines[at % len(lines)] = line[: place % (len(line) + 1)] + '"' + line[place % (len(line) + 1) :]
    try:
        found = read("\n".join([",".join(columns), *lines]) + end, files, tmp_path)
    except UsageError:
        assume(False)
    # What is malformed or leads to no file is a finding; every other line has the sample that is on it.
    told = pl.col("malformed").is_not_null() | (pl.col("file").is_null() & pl.col("path").is_not_null())
    silent = dict(found.filter(~told).select("line", "file").rows())
    reported = set(found.filter(told)["line"])
    assert {line: line - 2 for line in silent} == silent
    assert {*silent, *reported} >= {number + 2 for number in range(len(files))}
