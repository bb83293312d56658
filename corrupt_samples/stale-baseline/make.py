"""A sound picture that was accepted when it was truncated, and other bytes than those that were accepted."""

import hashlib
import json

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo


def _accepted(name: str) -> str:
    parts = ("truncated", "", "", name)
    return json.dumps(
        {
            "path": name,
            "rule": "truncated",
            "severity": "error",
            "message": "the data ends early",
            "sha256": hashlib.sha256(jpeg(photo(f"stale-baseline/{name}"))[:-800]).hexdigest(),
            "fingerprint": hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32],
        }
    )


_LINES = ('{"sanitize-baseline": 1}', _accepted("mended.jpg"), _accepted("worse.jpg"), "")

SAMPLES = {
    "sanitize.toml": b'baseline = "accepted.jsonl"\n',
    "accepted.jsonl": "\n".join(_LINES).encode(),
    "mended.jpg": jpeg,
    "worse.jpg": lambda picture: jpeg(picture)[:-900],
}
