"""The story of the report: made by a scan of what it is about to write, or again of what lies in OUT."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from sanitize import names, record, thumbnail
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.errors import UsageError
from sanitize.listener import Listener
from sanitize.names import shown_path
from sanitize.out import Out, cannot_write, hold
from sanitize.parts import Parts
from sanitize.report import making
from sanitize.report.pictures import Draw
from sanitize.report.tables import READ, REQUIRED

_DRAW = "sanitize.thumbnail:draw"
_KEPT: dict[str, pl.DataType] = {"key": pl.String(), "picture": pl.Binary()}

Files = Mapping[str, bytes]


def of_scan(
    out: Out, images: Path, engine: Engine, listener: Listener, *, cache: bool
) -> Callable[[Files], dict[str, bytes]]:
    """Return a function that gives the report on files that a scan is about to write."""

    def render(files: Files) -> dict[str, bytes]:
        key = making.key(files)
        page = _earlier(out, key) if cache else None
        if page is None:
            page = making.render(files, _draw_by(out, images, engine, listener, cache=cache), engine.call)
        note = f"{key} {record.sha256(page)}\n".encode()
        return {making.NAME: page, making.KEY: note}

    return render


def report_out(folder: Path, engine: Engine, listener: Listener, *, to: Path | None = None) -> Path:
    """Make the report of OUT again without a scan, and return where it is: in OUT, or in the file `to`.

    Raises UsageError where there is no finished scan of this version, what it wrote is not whole, or `to` is anything but
    a report.
    """
    known = record.load(folder)
    images = Path(os.fsdecode(names.to_bytes(known.images)))
    if to is not None:
        _refuse_bad_place(to, folder, images)
        _refuse_other_files(to)
    with hold(folder, images) as out:
        files = _read(folder, record.load(folder))
        page = making.render(files, _draw_by(out, images, engine, listener, cache=True), engine.call)
        try:
            if to is not None:
                to.write_bytes(page)
                return to
            made = {making.NAME: page, making.KEY: f"{making.key(files)} {record.sha256(page)}\n".encode()}
            out.add({**made, record.NAME: record.renew(folder, made)})
        except OSError as error:
            if to is not None:
                raise _cannot_write(to, error) from None
            raise cannot_write(folder, error) from error
    return folder / making.NAME


def _refuse_bad_place(to: Path, folder: Path, images: Path) -> None:
    """Raise UsageError where a report would stand among originals, or in OUT without its record."""
    for place, words in ((images, "the folder of images"), (folder, "OUT, whose report is made without -o")):
        if to.resolve().is_relative_to(place.resolve()):
            raise UsageError(f"{shown_path(to)} lies in {words}; name another file with -o")


def _refuse_other_files(to: Path) -> None:
    """Raise UsageError where writing would cost somebody a file of another kind, such as a list of labels."""
    try:
        if not to.is_file() or not to.stat().st_size:
            return
        with to.open("rb") as there:
            is_report = making.is_report(there.read(making.HEAD))
    except OSError as error:
        raise _cannot_write(to, error) from None
    if not is_report:
        raise UsageError(f"{shown_path(to)} is there and is no report; name another file with -o")


def _cannot_write(to: Path, error: OSError) -> UsageError:
    return UsageError(f"cannot write {shown_path(to)}: {error.strerror or error}; name another file with -o")


def _read(folder: Path, known: record.Record) -> dict[str, bytes]:
    """Return the files that the report is made of; Polars takes damaged bytes for data, so they are compared first."""
    written = {one.name for one in known.outputs}
    return {name: record.content(folder, known, name) for name in READ if name in written or name in REQUIRED}


def _earlier(out: Out, key: str) -> bytes | None:
    """Return the report that was made of the same, if it is whole."""
    try:
        made_of, digest = (out.folder / making.KEY).read_text(encoding="ascii").split()
        page = (out.folder / making.NAME).read_bytes() if made_of == key else b""
    except (OSError, ValueError):
        return None
    return page if page and record.sha256(page) == digest else None


def _draw_by(out: Out, images: Path, engine: Engine, listener: Listener, *, cache: bool) -> Draw:
    """Return a function that draws thumbnails in the children, and keeps in OUT those that are shown."""
    parts = Parts(out.private / "thumbnails", _KEPT)

    def draw(requests: Sequence[tuple[str, int, thumbnail.Item]]) -> Callable[[], dict[str, bytes]]:
        tables, _whole = parts.load() if cache else ([], True)
        kept = {key: picture for table in tables for key, picture in table.iter_rows()}
        begun = _begin_thumbnails([request for request in requests if request[0] not in kept], images, engine, listener)

        def finish() -> dict[str, bytes]:
            drawn = begun()
            shown = {key: (kept | drawn)[key] for key, _size, _item in requests if key in kept or key in drawn}
            if cache and (drawn or len(shown) < len(kept)):
                with contextlib.suppress(OSError):  # kept to be faster; a full disk is told where the report is written
                    parts.replace(pl.DataFrame({"key": list(shown), "picture": list(shown.values())}, schema=_KEPT))
            return shown

        return finish

    return draw


def _begin_thumbnails(
    requests: Sequence[tuple[str, int, thumbnail.Item]], images: Path, engine: Engine, listener: Listener
) -> Callable[[], dict[str, bytes]]:
    ranges = split([size for _key, size, _item in requests], workers=engine.workers)
    drawn: dict[str, bytes] = {}

    def take(number: int, answers: list[Answer]) -> None:
        for index, (status, payload) in zip(ranges[number], answers, strict=True):
            if status == "ok" and payload:
                drawn[requests[index][0]] = payload
        listener.on_progress(len(answers))

    listener.on_start("draw", len(requests))
    root = os.fsencode(images.resolve())
    run = engine.begin(_DRAW, [[requests[index][2] for index in which] for which in ranges], {"root": root})

    def finish() -> dict[str, bytes]:
        run.finish(take)
        return drawn

    return finish
