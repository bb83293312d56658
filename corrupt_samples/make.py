"""Makes every file of `corrupt_samples/` again: `python -m corrupt_samples.make [FOLDER]`.

Each folder is a rule's, and holds a `make.py` of its own with `SAMPLES`: a file's name, and its bytes or a function that
makes them of a picture. The picture is seeded by the sample's path, so that no two samples show the same. `sound/` holds
pictures that nothing is wrong with. Folders with a `sanitize.toml` are scanned by themselves, with these settings: go
there and run `sanitize scan .`.
"""

from __future__ import annotations

import importlib
import platform
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import PIL
from PIL import Image

from corrupt_samples import first_run
from corrupt_samples.pictures import photo

HERE = Path(__file__).parent
#: Written beside the samples: other versions of these encode the same pictures to other bytes.
MADE_WITH = "made_with.txt"

Sample = bytes | Callable[[Image.Image], bytes]


def folders() -> list[str]:
    """Return the names of the folders that can be made."""
    return sorted(path.parent.name for path in HERE.glob("*/make.py"))


def make(folder: str) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    samples: Mapping[str, Sample] = importlib.import_module(f"corrupt_samples.{folder}.make").SAMPLES
    return {
        name: sample if isinstance(sample, bytes) else sample(photo(f"{folder}/{name}"))
        for name, sample in samples.items()
    }


def made_with() -> str:
    """Return what the bytes of samples depend on."""
    machine = f"{platform.system()} {platform.machine()}".lower()
    return f"pillow {PIL.__version__}, zlib {zlib.ZLIB_RUNTIME_VERSION}, {machine}\n"


def make_all() -> dict[str, bytes]:
    """Return all files by their path below `corrupt_samples/`."""
    files = {f"{folder}/{name}": content for folder in folders() for name, content in make(folder).items()}
    return files | {"train.txt": first_run.write_list(sorted(files)), MADE_WITH: made_with().encode()}


def main(target: Path) -> None:
    """Write all files below `target`."""
    sys.dont_write_bytecode = True  # folders of samples hold nothing else
    files = make_all()
    for path, content in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
