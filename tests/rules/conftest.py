"""Lists and folders in the hands of one rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from sanitize import labels
from sanitize.dataset import Dataset
from sanitize.judge import give_verdicts, judge
from sanitize.labels.reading import Folders
from sanitize.names import to_bytes
from sanitize.rules import discover
from sanitize.settings import Settings

#: What a rule found: number of the line, severity and message.
Found = list[tuple[int | None, str, str]]
JudgeLists = Callable[..., Found]


@pytest.fixture
def judge_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JudgeLists:
    """A function that gives lists, by their names and content, to one rule."""
    monkeypatch.chdir(tmp_path)

    def judge_lists(
        rule: str,
        lists: dict[str, str | bytes],
        *,
        files: Sequence[str] = ("a.jpg", "b.jpg", "c.jpg"),
        specs: Sequence[str] = (),
        classes: str = "",
        before: Sequence[str] = (),
        settings: dict[str, object] | None = None,
        same: Mapping[str, Mapping[str, int]] | None = None,
        leak_keep: str = "last",
        unlisted: Sequence[str] = (),
        folders: Folders = lambda _: (),
        **options: object,
    ) -> Found:
        (tmp_path / "images").mkdir(exist_ok=True)
        for name, content in lists.items():
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        if classes:
            (tmp_path / "names.txt").write_text(classes)
            options["classes"] = tmp_path / "names.txt"
        samples = pl.DataFrame(
            {"file": range(len(files)), "path": files}, schema={"file": pl.UInt32, "path": pl.String}
        )
        wanted = Settings(labels=tuple(specs or lists), **options)  # type: ignore[arg-type]
        read = labels.read(wanted, images=tmp_path / "images", samples=samples, folders=folders)
        facts = samples.with_columns(
            pl.Series("path_bytes", [to_bytes(path) for path in files], pl.Binary),
            *same_pictures(files, same or {}),
            status=pl.lit("ok"),
            content=pl.lit("jpeg"),
            rgb_path="path",
        )
        dataset = Dataset(
            facts=facts,
            lines=read.lines,
            lists=read.lists,
            classes=read.classes,
            unreadable_folders=pl.DataFrame(
                [(path, "Permission denied") for path in unlisted],
                schema={"path": pl.String, "message": pl.String},
                orient="row",
            ),
            max_pixels=178_956_970,
            leak_keep=leak_keep,
            ignore_label=frozenset(options.get("ignore_label", ())),  # type: ignore[call-overload]
            class_texts=read.class_texts,
        )
        rules = discover()
        if rules[rule].after_verdicts:
            dataset = give_verdicts(dataset, judge(dataset, [rules[name] for name in before], {}), listed_only=True)
        found = judge(dataset, [rules[rule]], {rule: settings or {}})
        assert found.filter(pl.col("file").is_not_null()).is_empty()
        return list(found.select("line", "severity", "message").iter_rows())

    return judge_lists


def same_pictures(files: Sequence[str], same: Mapping[str, Mapping[str, int]]) -> list[pl.Series]:
    """Return the columns that say which files show the same picture.

    `{"pixels": {"a.jpg": 1, "b.jpg": 1}}` puts two files into a group of the same pixels; what is the same at one level
    (`bytes`, `pixels`, `near`) is so at those after it.
    """
    columns = []
    groups: dict[str, object] = {}
    names = {"bytes": ("same_bytes",), "pixels": ("same_pixels",), "near": ("same_picture", "same_closely")}
    for level in names:
        groups |= same.get(level, {})
        first: dict[object, int] = {}
        for number, path in enumerate(files):
            if path in groups:
                first.setdefault(groups[path], number)
        numbers = [first.get(groups.get(path)) for path in files]
        columns.extend(pl.Series(name, numbers, pl.UInt32) for name in names[level])
    return columns
