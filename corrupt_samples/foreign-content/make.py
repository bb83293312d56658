"""What arrives under the name of a picture and is none."""

import base64
import io
import json
import pickle
import struct
import zipfile

import numpy as np

from corrupt_samples.encode import jpeg, png
from corrupt_samples.payloads import gzip_of
from corrupt_samples.surgery import noise


def _zip(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("photo.jpg"), content)
    return target.getvalue()


def _npy() -> bytes:
    target = io.BytesIO()
    np.save(target, np.arange(300, dtype=np.uint8).reshape(10, 10, 3))
    return target.getvalue()


_PAGE = b"""<!DOCTYPE html>
<html><head><title>404 Not Found</title></head>
<body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>
"""
_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>0123456789ABCDEF</RequestId></Error>
"""
_DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96">
<circle cx="48" cy="48" r="40" fill="teal"/></svg>
"""
_POINTER = b"""version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
"""
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 96 96\nnewpath 10 10 moveto 90 90 lineto stroke\nshowpage\n"
_APPLE = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02\0\0\0\x09\0\0\0\x32\0\0\x0e\xb0\0\0\0\x02\0\0\x0e\xe2"
_MP4 = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp41") + struct.pack(">I4s", 408, b"mdat")

SAMPLES = {
    "not_found.jpg": _PAGE,
    "quota.jpg": json.dumps({"error": {"code": 429, "message": "Quota exceeded"}}).encode(),
    "denied.jpg": _XML,
    "words.jpg": b"The image you have asked for is not available any more.\n",
    "list.jpg": b"photos/0001.jpg 0\nphotos/0002.jpg 1\n",
    "script.png": b"#!/bin/sh\necho this is no picture\n",
    "pointer.jpg": _POINTER,
    "._photo.jpg": _APPLE.ljust(4096, b"\0"),
    "archive.jpg": lambda picture: _zip(jpeg(picture)),
    "document.jpg": _PDF,
    "postscript.jpg": _EPS,
    "drawing.png": _DRAWING,
    "base64.jpg": lambda picture: base64.encodebytes(jpeg(picture)),
    "data_uri.png": lambda picture: b"data:image/png;base64," + base64.b64encode(png(picture)),
    "compressed.jpg": lambda picture: gzip_of(jpeg(picture)),
    "zeros.jpg": bytes(4096),
    "ones.jpg": b"\xff" * 4096,
    "film.jpg": _MP4 + noise("film.jpg", 400),
    "array.jpg": _npy(),
    "pickle.jpg": pickle.dumps({"label": 3, "name": "photo.jpg"}, protocol=4),
}
