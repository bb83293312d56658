"""The layers of the code hold: each imports only from those before it, and heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import sanitize
from sanitize.rules import discover, measurements

ROOT = Path(sanitize.__file__).parent
#: What decodes, and what runs where it is done.
DECODERS = {"PIL", "cv2", "simplejpeg", "zxingcpp", "imagehash"}
IN_CHILDREN = ("run in the processes that decode", "run there too")


def layers() -> dict[str, set[str]]:
    """Return the layers as CONTRIBUTING.md has them, by what they do; each may import from itself and those before it."""
    text = (ROOT.parent / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("| layer |")[2].partition("\n\n")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines()[2:]]
    return {does.strip(): {name.strip("/") for name in re.findall("`([^`]+)`", names)} for names, does in rows}


LAYERS = layers()


def modules() -> dict[str, Path]:
    """Return all modules by dotted name below `sanitize`."""
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in ROOT.rglob("*.py")}


def imports(path: Path) -> set[str]:
    """Return the full names of all that a module imports, wherever in it, but for annotations."""
    found: set[str] = set()
    tree = ast.parse(path.read_text())
    checked_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checked_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer(name: str) -> int | None:
    """Return the number of a module's layer; None where it has no place in the table."""
    top = name.split(".")[0]
    return next((number for number, names in enumerate(LAYERS.values()) if top in names), None)


def test_every_module_has_one_place_in_the_table_of_contributing() -> None:
    named = [name for names in LAYERS.values() for name in names]
    assert sorted(named) == sorted({name.split(".")[0] for name in modules()})


def test_modules_import_only_from_layers_before_them() -> None:
    wrong = []
    for name, path in modules().items():
        own = layer(name)
        for imported in imports(path):
            other = layer(imported.removeprefix("sanitize.")) if imported.startswith("sanitize.") else None
            if own is not None and other is not None and other > own:
                wrong.append(f"{name} imports {imported}")
    assert not wrong


def test_decoders_are_imported_where_the_processes_that_decode_run_alone() -> None:
    allowed = {name for does, names in LAYERS.items() if does.startswith(IN_CHILDREN) for name in names}
    users = {name for name, path in modules().items() if {each.split(".")[0] for each in imports(path)} & DECODERS}
    assert users
    assert {name.split(".")[0] for name in users} <= allowed


def test_the_engine_alone_imports_dask() -> None:
    users = {
        name for name, path in modules().items() if {i.split(".")[0] for i in imports(path)} & {"dask", "distributed"}
    }
    assert users == {"engine.schedule", "engine.cluster"}


def test_the_driver_imports_neither_decoders_nor_arrays(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    code = (
        "import sys, sanitize\n"
        f"sanitize.scan({str(tmp_path)!r}, out={str(tmp_path / 'out')!r})\n"
        "print(sorted({'PIL', 'cv2', 'simplejpeg', 'imagehash', 'numpy', 'distributed'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_hashes_are_compared_without_a_decoder() -> None:
    code = "import sys, sanitize.copies.nearness; print(sorted({'PIL', 'cv2', 'simplejpeg'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_what_fills_a_page_imports_no_tables() -> None:
    code = "import sys, sanitize.report.fill; print(sorted({'polars', 'numpy', 'dask'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_children_import_neither_polars_nor_dask(tmp_path: Path) -> None:
    code = (
        "import sys, sanitize.probe.read, sanitize.convert, sanitize.thumbnail\n"
        "from sanitize.probe.measurements import measure_all\n"
        "from corrupt_samples.encode import jpeg\n"
        "from corrupt_samples.pictures import photo\n"
        f"open({str(tmp_path / 'a.jpg')!r}, 'wb').write(jpeg(photo('a')))\n"
        f"modules = {[one.module for one in measurements(discover().values())]!r}\n"
        f"options = dict(root={os.fsencode(tmp_path)!r}, max_pixels=1 << 20, thorough=False, measures=modules)\n"
        "seen = sanitize.probe.read.probe_path((b'a.jpg', True), **options)\n"
        "assert 'phash' in measure_all([seen], measures=modules)[0].table\n"
        "assert type(sys.modules.pop('polars')).__name__ == 'module' and 'polars._plr' not in sys.modules\n"
        "print(sorted({'polars', 'dask', 'distributed'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
