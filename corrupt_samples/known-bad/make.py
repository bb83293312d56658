"""Cards whose hashes are on a list: one as it is, one saved again and smaller."""

import hashlib

import imagehash

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import screenshot

_CARD = screenshot("known-bad/card.jpg")
_LOST = jpeg(screenshot("known-bad/lost.jpg"))

SAMPLES = {
    "sanitize.toml": b'known-bad = "bad.txt"\n',
    "bad.txt": f"# SHA-256 or phash, name\n{hashlib.sha256(_LOST).hexdigest()} lost photo\n"
    f"{imagehash.phash(_CARD)} card\n".encode(),
    "lost.jpg": _LOST,
    "card.jpg": jpeg(_CARD.resize((120, 90)), quality=70),
}
