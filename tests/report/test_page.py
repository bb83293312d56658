"""What stands on the page, how it is marked up, and that it stays small."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from sanitize.report import fill, making, page, pictures, tables, told
from sanitize.report.causes import with_causes
from sanitize.rules import placeholder
from tests.report.conftest import Dump, files_of, finding

PATHS = [f"day{number % 50}/camera{number % 7}/IMG_{number:07}.jpg" for number in range(100_000)]


def render(paths: list[str], findings: list[dict[str, object]], **summary: object) -> str:
    return making.render(files_of(paths, findings, **summary), lambda asked: dict).decode()


def many(count: int, message: str) -> list[dict[str, object]]:
    rules = ["truncated", "corrupt-data", "near-duplicate", "grey"]
    severities = ["error", "error", "warning", "info"]
    return [
        finding(path, rule=rules[row % 4], severity=severities[row % 4], message=f"{message} {row}")
        for row, path in enumerate(PATHS[:count])
    ]


def rows_of(text: str) -> dict[str, object]:
    block = re.search(r'id="data">(.*?)</script>', text, re.S)
    assert block
    data: dict[str, object] = json.loads(block[1])
    return data


def test_a_dataset_without_findings_is_told_fit() -> None:
    text = render(["a.jpg"], [], kept=1, quarantined=0)
    assert "Fit for training: 1 of 1 images is clean." in text
    assert "No findings" in text
    assert 'id="table"' not in text


def test_an_error_makes_it_not_fit() -> None:
    assert "Not fit as it is: 0 of 1 images are clean." in render(["a.jpg"], [finding("a.jpg")])


def test_warnings_alone_leave_it_fit() -> None:
    text = render(["a.jpg"], [finding("a.jpg", rule="blurry", severity="warning")], kept=1, quarantined=0)
    assert "Fit for training" in text


def test_what_the_program_could_not_check_is_not_called_fit() -> None:
    assert "Not fit as it is" in render(["a.jpg"], [], unchecked=1)


def test_it_says_what_a_rule_means_and_what_to_do() -> None:
    text = render(["a.jpg"], [finding("a.jpg")])
    assert "The data ends before the picture does" in text
    assert "Fetch the sample again" in text


def test_a_manual_keeps_its_paragraphs_lists_and_emphasis() -> None:
    text = render(["a.jpg"], [finding("a.jpg", rule="placeholder")])
    manual = text.partition('<div class="manual">')[2].partition("</div>")[0]
    assert "<em>outlier × spread × likeness</em>" in manual
    assert re.findall(r"<li>(\w+):", manual) == ["outlier", "spread", "likeness"]
    assert manual.count("<ul>") == 1
    blocks = inspect.cleandoc(placeholder.__doc__ or "").split("\n\n")[1:]  # the first is said above
    assert manual.count("<p>") == sum(not block.startswith("- ") for block in blocks) > 1
    assert "<code>min-copies</code>" in manual


def test_what_marks_a_manual_marks_nothing_else() -> None:
    assert fill._in_blocks("`*.jpg` is 2 * 3 * 4 <b>\n\n- *one*\n  and\n- `a*b*c`") == (
        "<p><code>*.jpg</code> is 2 * 3 * 4 &lt;b&gt;</p>\n"
        "<ul><li><em>one</em>\n  and</li><li><code>a*b*c</code></li></ul>"
    )


def test_drift_is_told_where_a_scan_has_it() -> None:
    assert "Since the last scan" not in render(["a.jpg"], [])
    assert "<bdi>twice as many dark pictures</bdi>" in render(["a.jpg"], [], drift=["twice as many dark pictures"])
    assert "<bdi>dark: &lt;b&gt;</bdi>" in render(["a.jpg"], [], drift={"dark": "<b>"})


def test_a_hundred_thousand_findings_stay_small_and_are_all_in_the_table() -> None:
    text = render(PATHS, many(100_000, "the data ends early, and a sentence tells where that is: row"))
    assert len(text.encode()) < 20_000_000
    assert rows_of(text)["count"] == 100_000
    assert "are left out of this table" not in text


def test_long_messages_are_shortened_before_rows_are_left_out() -> None:
    text = render(PATHS, many(100_000, "x<&>" * 80))
    assert len(text.encode()) < 20_000_000
    assert rows_of(text)["count"] == 100_000


def test_what_is_too_much_is_left_out_from_the_lightest_and_said() -> None:
    paths = [f"{'<&>' * 80}{number}.jpg" for number in range(20_000)]
    severities = ["info", "error"]
    text = render(paths, [finding(path, severity=severities[row % 2]) for row, path in enumerate(paths)])
    assert len(text.encode()) < 20_000_000
    data = rows_of(text)
    count = data["count"]
    assert isinstance(count, int)
    assert 5_000 < count < 10_000
    assert f"{20_000 - count:,} of 20,000 findings, the lightest, are left out of this table" in text
    assert "all are in findings.jsonl" in text
    severity = data["severity"]
    assert isinstance(severity, dict)
    assert severity["texts"] == ["error"]


def test_a_single_text_cannot_make_it_large() -> None:
    assert len(render(["a" * 4000 + ".jpg"], [finding("a" * 4000 + ".jpg", message="x" * 3_000_000)])) < 100_000


def test_thumbnails_are_few_and_of_small_files() -> None:
    read = tables.read(files_of(PATHS[:1000], []))
    asked: list[int] = []

    def draw(requests: object) -> Callable[[], dict[str, bytes]]:
        assert isinstance(requests, list)
        asked.append(len(requests))
        return dict

    assert len(pictures.begin(read, range(1000), draw)()) == 1000
    assert asked == [pictures.MOST]


def test_headings_go_down_by_one_and_tables_have_heads() -> None:
    text = render(PATHS[:50], many(50, "row"))
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert re.findall(r"<th(?![^>]*scope=)[ >]|<th[^>]*></th>", text) == []
    landmarks = re.findall(r'aria-label(?:ledby)?="([^"]*)"', text)
    assert len(landmarks) == len(set(landmarks))
    for mark in (
        "<main>",
        "<header>",
        "<nav ",
        "<footer>",
        'class="skip" href="#causes"',
        'aria-live="polite"',
        'lang="en"',
    ):
        assert mark in text


def test_colours_can_be_read_in_both_schemes() -> None:
    style = fill._part("style.css")
    light, dark = (dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in style.split("@media", 2)[:2])
    for scheme in (light, dark):
        for name in ("ink", "faint", "link", "error", "warning", "info", "good"):
            assert min(contrast(scheme[name], scheme[ground]) for ground in ("paper", "panel")) >= 4.5, name


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_each_number_of_a_plot_has_a_bar_of_its_share() -> None:
    findings = [finding(path, severity="error") for path in ("a/1.jpg", "a/2.jpg", "a/3.jpg", "b/1.jpg")]
    findings += [finding("b/1.jpg", severity="info")]
    text = render([f"{folder}/{number}.jpg" for folder in "ab" for number in (1, 2, 3)], findings)
    plot = text.partition("Findings by folder")[2].partition("</figure>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", plot)
    bars = [re.findall(r'class="is-(\w+)" x="(\d+)" y="0" width="(\d+)" height="1000"', row) for row in rows]
    assert bars == [[("error", "0", "1000")], [("error", "0", "333"), ("info", "333", "333")]]
    assert [re.findall(r"<td>(\d+)</td>", row) for row in rows] == [["3", "0", "0"], ["1", "0", "1"]]


def test_what_is_little_of_a_bar_is_seen_in_it() -> None:
    marks = ("error", "warning", "info")
    values = tuple(zip((1, 1_000_000, 1), (0, 3, 0), (333, 333, 333), strict=True))
    series = tuple(zip(marks, values, strict=True))
    for bar in fill._draw(told.Bars("", "", ("a", "b", "c"), series, marks, stacked=True)):
        assert all(piece.width > 0 for piece in bar)
        assert max(piece.left + piece.width for piece in bar) <= 1000


def test_rows_are_sorted_by_weight() -> None:
    read = tables.read(files_of(PATHS[:8], many(8, "row")))
    data = json.loads(page.table_data(with_causes(read.findings, read.facts))[0])
    severities = [data["severity"]["texts"][number] for number in data["severity"]["of"]]
    assert severities == ["error"] * 4 + ["warning"] * 2 + ["info"] * 2


def test_a_browser_shows_a_hundred_findings_of_many_at_a_time(dump: Dump, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(render(PATHS, many(100_000, "row")), encoding="utf-8")
    seen = dump(tmp_path / "report.html")
    assert ">100,000 findings<" in seen
    assert "page 1 of 1,000" in seen
    assert seen.partition('id="table"')[2].count("<tr>") == 101


def test_the_table_is_searched_by_words_rule_severity_label_and_cause(dump: Dump, tmp_path: Path) -> None:
    ask = """
    const answers = [];
    const set = (id, value) => { document.getElementById(id).value = value; };
    const ask = (values) => new Promise((done) => {
      for (const [id, value] of Object.entries(values)) set(id, value);
      document.getElementById("filters").dispatchEvent(new Event("input", { bubbles: true }));
      setTimeout(() => { answers.push(document.getElementById("found").textContent); done(); }, 300);
    });
    (async () => {
      await ask({ text: "IMG_0000007" });
      await ask({ text: "day3/camera3" });
      await ask({ text: "ROW 11" });
      await ask({ text: "", rule: "grey" });
      await ask({ rule: "", severity: "error" });
      await ask({ severity: "", label: "cat" });
      document.querySelector("[data-cause]").click();
      await new Promise((done) => setTimeout(done, 300));
      answers.push(document.getElementById("found").textContent);
      document.title = answers.join("|");
    })();
    """
    findings = many(40, "row")
    findings[5]["label"] = "cat"
    text = render(PATHS[:40], findings)
    # What is asked from outside is what the policy would stop.
    text = text.replace("Content-Security-Policy", "none").replace("</body>", f"<script>{ask}</script></body>")
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    title = dump(tmp_path / "report.html").partition("<title>")[2].partition("</title>")[0]
    assert title.split("|") == [
        "1 of 40 findings",
        "1 of 40 findings",
        "1 of 40 findings",
        "10 of 40 findings",
        "20 of 40 findings",
        "1 of 40 findings",
        "10 of 40 findings, of one cause",
    ]


def test_what_a_baseline_accepts_does_not_count() -> None:
    assert "Fit for training" in render(["a.jpg"], [finding("a.jpg", accepted=True)], kept=1, quarantined=0)
    assert "Not fit" in render(["a.jpg", "b.jpg"], [finding("a.jpg", accepted=True), finding("b.jpg")])
