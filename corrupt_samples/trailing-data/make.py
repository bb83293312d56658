"""Sound pictures that something follows: what cameras append, and what they do not."""

import struct

from corrupt_samples.encode import encode, jpeg, jpeg_segment, mpo, png, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted, noise

_APP1, _DQT = 0xE1, 0xDB
_XMP = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description %s/></rdf:RDF></x:xmpmeta>'
_VIDEO = struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0) + struct.pack(">I4s", 108, b"mdat") + noise("video", 100)
_SECOND = jpeg(photo("trailing-data/second", 48, 32))


def _declared(data: bytes, properties: bytes) -> bytes:
    return jpeg_inserted(data, _DQT, jpeg_segment(_APP1, _XMP % properties))


SAMPLES = {
    "second.jpg": lambda picture: jpeg(picture) + _SECOND,
    "noise.jpg": lambda picture: jpeg(picture) + noise("after", 300),
    "text.jpg": lambda picture: jpeg(picture) + b"sent by a server that adds a line\r\n",
    "video.jpg": lambda picture: jpeg(picture) + _VIDEO,
    "progressive.jpg": lambda picture: jpeg(picture, progressive=True) + noise("after", 300),
    "noise.png": lambda picture: png(picture) + noise("after", 300),
    "noise.gif": lambda picture: encode(picture, "GIF") + noise("after", 300),
    "second.webp": lambda picture: webp(picture) + _SECOND,
    "noise.bmp": lambda picture: encode(picture, "BMP") + noise("after", 300),
    "stereo.mpo": mpo,
    "motion_photo.jpg": lambda picture: (
        _declared(jpeg(picture), b'GCamera:MicroVideo="1" GCamera:MicroVideoOffset="%d"' % len(_VIDEO)) + _VIDEO
    ),
    "gain_map.jpg": lambda picture: (
        _declared(jpeg(picture), b'Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="%d"' % len(_SECOND))
        + _SECOND
    ),
    "samsung.jpg": lambda picture: jpeg(picture) + b"SEFH" + bytes(20) + struct.pack("<I", 24) + b"SEFT",
    "one_byte.jpg": lambda picture: jpeg(picture) + b"\x14",
}
