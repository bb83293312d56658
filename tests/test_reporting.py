"""A scan writes the report, draws nothing twice, and `sanitize report` makes the same again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import sanitize
from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut, filled
from sanitize import cli, reporting
from sanitize.engine.schedule import Engine, Run
from sanitize.result import ScanResult


def write(folder: Path, **files: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.jpg").write_bytes(content)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    whole = jpeg(photo("a"))
    write(
        tmp_path / "in",
        sound=jpeg(photo("b")),
        cut=whole[: len(whole) // 2],
        twin=whole,
        other=whole,
        page=b"<html><title>gone",
    )
    (tmp_path / "train.txt").write_text("sound.jpg 0\ncut.jpg 0\ntwin.jpg 0\nother.jpg 1\npage.jpg 1\n")
    return tmp_path / "in"


def scan(images: Path, **options: Any) -> ScanResult:
    settings = {"out": images.parent / "out", "workers": 1, "no_images": True, **options}
    return sanitize.scan(images, images.parent / "train.txt", **settings)


def report(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(["report", *map(str, arguments)])
    return int(end.value.code or 0)


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which every later run in a child adds the number of pictures that it draws."""
    counts: list[int] = []
    begin = Engine.begin

    def count(self: Engine, function: str, batches: Any, *rest: Any) -> Run:
        if function == reporting._DRAW:
            counts.append(sum(map(len, batches)))
        return begin(self, function, batches, *rest)

    monkeypatch.setattr(Engine, "begin", count)
    return counts


def test_damage_is_shown_and_said(images: Path) -> None:
    text = (scan(images).out / "report.html").read_text(encoding="utf-8")
    sample = re.search(
        r'<img src="data:image/jpeg;base64,[^"]+" alt="damaged picture, (lost: \d+%, from row \d+ of \d+)"', text
    )
    assert sample
    assert f'<span class="lost">{sample[1]}</span>' in text


def test_what_zeros_in_the_middle_cost_is_marked_and_what_costs_no_row_is_said(images: Path) -> None:
    whole = jpeg(photo("c"))
    middle = len(whole) * 2 // 3
    write(images, zeroed=whole[:middle] + bytes(300) + whole[middle + 300 :], endless=whole[:-2])
    text = (scan(images).out / "report.html").read_text(encoding="utf-8")
    said = dict(re.findall(r'alt="damaged picture, ([^"]*)".*?<bdi>(\w+)\.jpg</bdi>', text, re.S))
    assert {name: words.partition(":")[0] for words, name in said.items()} == {
        "cut": "lost",
        "zeroed": "lost",
        "endless": "damaged, but no row is lost",
    }


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, {"filled"}),
        ({"ignore": ["grey-fill"]}, set()),
        ({"rule_options": {"grey-fill": {"min-share": 0.9}}}, set()),
    ],
)
def test_a_filling_is_marked_where_its_rule_finds_it(images: Path, settings: dict[str, Any], words: set[str]) -> None:
    again = jpeg(filled(cut(jpeg(photo("d", 240, 176)), 0.6)))
    write(images, again=again, twin_of_again=again)
    text = (scan(images, **settings).out / "report.html").read_text(encoding="utf-8")
    assert "twin_of_again" in text
    assert set(re.findall(r'<span class="lost">(filled):', text)) == words


def test_what_is_no_picture_is_told_in_words(images: Path) -> None:
    text = (scan(images).out / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<span class="none">HTML page[^<]*</span>', text)


def test_what_is_too_large_to_decode_is_not_decoded_for_a_thumbnail(
    images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = drawn(monkeypatch)
    text = (scan(images, max_pixels=1000).out / "report.html").read_text(encoding="utf-8")
    assert "too-large" in text
    assert "data:image" not in text
    assert sum(counts) == 0


def test_conflicts_stand_side_by_side_with_their_labels(images: Path) -> None:
    text = (scan(images).out / "report.html").read_text(encoding="utf-8")
    group = text.partition('<div class="group"')[2].partition("</div>")[0]
    assert "One picture under different labels" in group
    assert re.findall(r"<bdi>(.*?)</bdi>", group) == ["other.jpg", "1 (train)", "twin.jpg", "0 (train)"]


def test_no_report_leaves_it_out_and_takes_the_old_one_away(images: Path) -> None:
    out = scan(images).out
    assert (out / "report.html").exists()
    scan(images, no_report=True)
    assert not (out / "report.html").exists()


def test_a_second_scan_draws_nothing_and_writes_the_same(images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan(images)
    counts = drawn(monkeypatch)
    second = (scan(images).out / "report.html").read_bytes()
    assert (scan(images).out / "report.html").read_bytes() == second
    assert sum(counts) == 0


def test_only_new_pictures_are_drawn(images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan(images)
    whole = jpeg(photo("c"))
    write(images, new=whole[: len(whole) // 3])
    counts = drawn(monkeypatch)
    scan(images)
    assert counts == [1]


def test_it_is_made_again_byte_for_byte(images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = scan(images).out
    first = (out / "report.html").read_bytes()
    (out / "report.html").unlink()
    counts = drawn(monkeypatch)
    assert report(out) == 0
    assert (out / "report.html").read_bytes() == first
    assert counts in ([], [0])
    assert sanitize.verify(out).exit_status == 0


def test_thumbnails_that_are_lost_are_drawn_again(images: Path) -> None:
    out = scan(images).out
    first = (out / "report.html").read_bytes()
    for part in (out / ".sanitize" / "thumbnails").iterdir():
        part.write_bytes(b"PAR1 no more PAR1")
    assert report(out) == 0
    assert (out / "report.html").read_bytes() == first


def test_it_is_made_after_a_scan_without_one(images: Path) -> None:
    out = scan(images, no_report=True).out
    assert report(out) == 0
    assert (out / "report.html").exists()
    assert sanitize.verify(out).exit_status == 0
    assert "report.html" in (out / ".sanitize" / "written").read_text()


def test_it_can_be_written_elsewhere(images: Path, tmp_path: Path) -> None:
    out = scan(images).out
    before = {path: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file()}
    assert report(out, "-o", tmp_path / "elsewhere.html") == 0
    assert (tmp_path / "elsewhere.html").read_bytes() == (out / "report.html").read_bytes()
    assert {path: path.stat().st_mtime_ns for path in out.iterdir() if path.is_file()} == before


def test_it_is_written_over_a_report_and_over_no_other_file(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = scan(images).out
    labels = (tmp_path / "train.txt").read_bytes()
    (tmp_path / "page.html").write_bytes(b"<!DOCTYPE html>\n<title>sanitize</title>")
    (tmp_path / "empty.html").touch()
    for name in ("train.txt", "page.html"):
        assert report(out, "-o", tmp_path / name) == 2
        told = capsys.readouterr().err.splitlines()
        assert len(told) == 1
        assert f"{name} is there and is no report; name another file with -o" in told[0]
    assert (tmp_path / "train.txt").read_bytes() == labels
    for name in ("empty.html", "new.html", "new.html"):
        assert report(out, "-o", tmp_path / name) == 0
        assert (tmp_path / name).read_bytes() == (out / "report.html").read_bytes()


@pytest.mark.parametrize("name", ["facts.parquet", "findings.jsonl", "summary.json", ".sanitize/lines.parquet"])
@pytest.mark.parametrize(
    "spoil", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: data[:-9] + b"123456789"]
)
def test_a_damaged_file_is_refused_with_its_remedy(
    images: Path, name: str, spoil: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    out = scan(images).out
    first = (out / "report.html").read_bytes()
    (out / name).write_bytes(spoil((out / name).read_bytes()))
    assert report(out) == 2
    assert f"{name} is gone, damaged or half-written, or may not be read; scan again" in capsys.readouterr().err
    assert (out / "report.html").read_bytes() == first


def test_a_file_that_is_gone_is_refused(images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = scan(images).out
    (out / "facts.parquet").unlink()
    assert report(out) == 2
    assert "facts.parquet is gone" in capsys.readouterr().err


def test_an_out_of_another_version_is_refused(images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = scan(images).out
    record = out / ".sanitize" / "record.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "version": "0.0.1"}))
    assert report(out) == 2
    assert "was written by version 0.0.1" in capsys.readouterr().err


def test_what_is_no_out_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(tmp_path / "nowhere") == 2
    assert report(tmp_path) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert "there is no folder" in told[0]
    assert "is not the OUT of a scan" in told[1]


def test_a_scan_of_nothing_leaves_nothing_to_report_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(sanitize.UsageError, match="nothing to scan"):
        sanitize.scan(tmp_path / "empty", out=tmp_path / "out")
    assert report(tmp_path / "out") == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = scan(images).out
    assert report(out, "-o", tmp_path / "no" / "report.html") == 2
    assert "name another file with -o" in capsys.readouterr().err


def test_it_is_written_neither_among_originals_nor_past_the_record(
    images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = scan(images).out
    before = (images / "sound.jpg").read_bytes()
    assert report(out, "-o", images / "sound.jpg") == 2
    assert report(out, "-o", out / "train.txt") == 2
    told = capsys.readouterr().err.splitlines()
    assert "lies in the folder of images; name another file with -o" in told[0]
    assert "lies in OUT, whose report is made without -o" in told[1]
    assert (images / "sound.jpg").read_bytes() == before
    assert sanitize.verify(out).exit_status == 0


def test_pictures_that_are_gone_are_told_in_words(images: Path) -> None:
    out = scan(images, cache=False).out
    for path in images.iterdir():
        path.unlink()
    assert report(out) == 0
    text = (out / "report.html").read_text(encoding="utf-8")
    assert "data:image" not in text
    assert '<span class="none">JPEG</span>' in text


def test_a_decoder_that_dies_over_a_thumbnail_costs_that_thumbnail(images: Path, spoil_drawing: Any) -> None:
    (images / "cut.jpg").write_bytes(
        (images / "cut.jpg").read_bytes() + spoil_drawing("os.kill(os.getpid(), signal.SIGKILL)")
    )
    text = (scan(images).out / "report.html").read_text(encoding="utf-8")
    assert "data:image/jpeg" in text
    assert "cut.jpg" in text
