"""Whole pictures in files that were written carelessly."""

from corrupt_samples.encode import jpeg, jpeg_segment
from corrupt_samples.surgery import jpeg_inserted

_JPEG, _ADOBE = b"\xff\xd8", jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\x09")
_AFTER_JFIF = 20  # a marker of JFIF would settle the colours

SAMPLES = {
    "stray_bytes.jpg": lambda picture: jpeg_inserted(jpeg(picture), 0xDB, b"\0\0\0"),
    "stray_bytes_progressive.jpg": lambda picture: jpeg_inserted(jpeg(picture, progressive=True), 0xDB, b"\x12\x34"),
    "revision.jpg": lambda picture: jpeg(picture)[:11] + b"\x07" + jpeg(picture)[12:],
    "unknown_transform.jpg": lambda picture: _JPEG + _ADOBE + jpeg(picture)[_AFTER_JFIF:],
}
