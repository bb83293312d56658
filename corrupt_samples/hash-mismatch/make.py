"""Sound pictures that were saved again after their checksums were taken."""

import hashlib

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import photo


def _before(name: str) -> bytes:
    return jpeg(photo(f"hash-mismatch/{name}"), quality=90)


_SUMS = (
    f"{hashlib.sha256(_before('a.jpg')).hexdigest()}  a.jpg\n"
    f"{hashlib.md5(_before('b.jpg')).hexdigest()} *b.jpg\n"
    f"SHA512 (c.jpg) = {hashlib.sha512(_before('c.jpg')).hexdigest()}\n"
)

SAMPLES = {
    "sanitize.toml": b'checksums = "sums.txt"\n',
    "sums.txt": _SUMS.encode(),
    "a.jpg": jpeg,
    "b.jpg": jpeg,
    "c.jpg": jpeg,
}
