"""Files with the same bytes, under two names, and in three formats."""

from corrupt_samples.encode import jpeg, png, webp
from corrupt_samples.pictures import photo

_JPEG, _PNG, _WEBP = (encode(photo(f"exact-duplicate/{encode.__name__}")) for encode in (jpeg, png, webp))

SAMPLES = {
    "photo.jpg": _JPEG,
    "photo_1.jpg": _JPEG,
    "photo.png": _PNG,
    "photo_copy.png": _PNG,
    "photo.webp": _WEBP,
    "photo_again.webp": _WEBP,
}
