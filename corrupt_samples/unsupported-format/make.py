"""Pictures, or what begins like them, of formats that are never opened here."""

import struct

from corrupt_samples.encode import jpeg, tiff
from corrupt_samples.surgery import jpeg_patched, noise


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _with_tag(data: bytes, tag: int) -> bytes:
    """Return a TIFF whose last directory entry has another tag."""
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    last = at + 2 + 12 * (count - 1)
    return data[:last] + struct.pack("<HHI4B", tag, 1, 4, 1, 4, 0, 0) + data[last + 12 :]


SAMPLES = {
    "phone.heic": _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"mdat", noise("phone.heic", 500)),
    "phone.jpg": _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _box(b"mdat", noise("phone.jpg", 500)),
    "photo.jxl": b"\xff\x0a" + noise("photo.jxl", 500),
    "render.exr": b"\x76\x2f\x31\x01\x02\0\0\0" + noise("render.exr", 500),
    "radiance.hdr": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 96 +X 96\n" + noise("radiance.hdr", 500),
    "camera.dng": lambda picture: _with_tag(tiff(picture), 50706),
    "camera.cr2": b"II*\0\x10\0\0\0CR\x02\0" + noise("camera.cr2", 500),
    "lossless.jpg": lambda picture: jpeg_patched(jpeg(picture), 0xC0, 0, b"\xff\xc3"),
    "hierarchical.jpg": lambda picture: jpeg_patched(jpeg(picture), 0xC0, 0, b"\xff\xc5"),
    "twelve_bits.jpg": lambda picture: jpeg_patched(jpeg(picture), 0xC0, 0, b"\xff\xc1\0\x11\x0c"),
}
