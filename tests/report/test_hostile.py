"""Names, labels and messages are text in the report, whatever they hold."""

from __future__ import annotations

import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo
from sanitize.report import making
from tests.conftest import Scan
from tests.report.conftest import Dump, files_of, finding

#: Each would set the page's title, or show as something else than itself.
SCRIPT = "document.title='hacked'"
HOSTILE = [
    f"<script>{SCRIPT}<", f"<img src=x onerror={SCRIPT}>.jpg", f'"onmouseover="{SCRIPT}" x=".jpg',
    f"' autofocus onfocus={SCRIPT} '.jpg", "<!--.jpg", "]]>.jpg", "{{7*7}}.jpg", "{% raw %}.jpg", "javascript:alert(1).jpg",
    "&lt;b&gt;&amp;.jpg", "a\nb.jpg", "\u202egpj.exe.jpg", "\u2028\u2029.jpg", "=cmd.jpg", "`code`.jpg",
    'class="series serie-99" style="x".jpg',
]  # fmt: skip
LABELS = ["</script><script>document.title='hacked'</script>", "<!--<script>", '"><svg/onload=alert(1)>', "{{7*7}}"]


@pytest.fixture
def page(tmp_path: Path, scan: Scan) -> Path:
    """The report on damaged pictures in folders and under names that are hostile, with such labels."""
    if os.name == "nt" or sys.platform == "darwin":
        pytest.skip("names there are text")
    folder = tmp_path / "images"
    picture = jpeg(photo("a"))
    named = [b"%d.jpg" % number for number in range(len(LABELS))]
    for number, name in enumerate(
        [*(name.encode() for name in HOSTILE), b"\xff\xfe.jpg", b"</title>/script>.jpg", *named]
    ):
        path = os.path.join(os.fsencode(folder), name if number % 2 else b"f" + name.replace(b"/", b""), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(picture[: len(picture) // 2])
    paths = {path.name: path.relative_to(folder).as_posix() for path in folder.rglob("?.jpg")}
    doubled = [label.replace('"', '""') for label in LABELS]
    rows = ["path,label", *(f'{paths[f"{number}.jpg"]},"{label}"' for number, label in enumerate(doubled))]
    (tmp_path / "train.csv").write_text("\n".join(rows) + "\n")
    return scan(folder, tmp_path / "train.csv", report=True).out / "report.html"


class _Reader(HTMLParser):
    """Notes the elements and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: Path) -> _Reader:
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


def test_no_name_makes_an_element_or_a_handler(page: Path) -> None:
    found = read(page)
    assert found.tags.count("script") == 2  # the data, and our own
    assert found.tags.count("style") == 1
    assert found.tags.count("title") == 1
    assert not [name for name in found.attributes if name.startswith("on") or name == "style"]


def test_names_stand_there_as_they_are_shown(page: Path) -> None:
    text = read(page).text
    for name in ("{{7*7}}.jpg", "&lt;b&gt;&amp;.jpg", "<!--.jpg", "a\\x0ab.jpg", "\\xff\\xfe.jpg"):
        assert name in text


def test_signs_that_turn_or_hide_what_follows_are_written_out(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "\\u202egpj.exe.jpg" in read(page).text
    assert not set("\u202e\u2028\u2029") & set(text)
    label = "gpj.\u2066\u200b"
    made = making.render(files_of(["a\u202e.jpg"], [finding("a\u202e.jpg", label=label)]), lambda asked: dict).decode()
    assert not set("\u202e\u2066\u200b") & set(made)


def test_the_page_names_nothing_outside_itself(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(
        r"https?:|//[a-z]|@import|url\(|\bsrcset=", text.partition('id="data"')[0].replace("image/svg", "")
    )
    assert set(re.findall(r'\bsrc="([^"]{5})', text)) <= {"data:"}
    assert set(re.findall(r'<a [^>]*href="(.)', text)) == {"#"}


def test_the_policy_allows_nothing_inline_but_our_own(page: Path) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page.read_text(encoding="utf-8"))
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].count("sha256-") == 2


def test_a_browser_runs_none_of_them(page: Path, dump: Dump) -> None:
    seen = dump(page)
    assert "<title>Not fit as it is" in seen
    assert "hacked</title>" not in seen
    body = seen.partition('<table id="table">')[2].partition("</table>")[0]
    assert body.count("<tr>") > len(HOSTILE)  # our own script did run
    assert "<script" not in body
    assert "<img" not in body
    assert "<svg" not in body
    assert "{{7*7}}" in body


def test_the_policy_stops_what_the_template_would_let_through(page: Path, dump: Dump) -> None:
    spoiled = page.with_name("spoiled.html")
    text = page.read_text(encoding="utf-8")
    attack = f"<script>{SCRIPT}</script><img src=x onerror=\"{SCRIPT}\"><p style='color: red'>"
    spoiled.write_text(text.replace("<main>", f"<main>{attack}", 1), encoding="utf-8")
    assert "<title>Not fit as it is" in dump(spoiled)


def test_the_data_cannot_end_its_block() -> None:
    message = "</script><script>alert(1)</script><!--\u2028\u2029&"
    page = making.render(files_of(["a.jpg"], [finding("a.jpg", message=message)]), lambda asked: dict).decode()
    data = page.partition('id="data">')[2].partition("</script>")[0]
    assert "\\u003c/script\\u003e" in data
    assert not set("<>&\u2028\u2029") & set(data)
