"""Rewrites a JPEG's header in memory, so that what is harmless in it cannot hide what is not."""

from __future__ import annotations

from sanitize.probe import jpeg_segments as segments

_JFIF = b"JFIF\0\x01\x01"


def cure(data: bytes, header: segments.Header) -> bytes:
    """Return the same picture with nothing in its header but what decoding needs.

    Stray bytes, application data, unknown versions and colour transforms, and the scan parameters that a sequential
    picture does not have, go. The strict reader stops at its first warning, and these may be the first.
    """
    pieces = [b"\xff\xd8"]
    for marker, start, end in header.segments:
        payload = data[start:end]
        if marker == segments.APP0 and payload.startswith(b"JFIF\0") and len(payload) >= 14:
            payload = _JFIF + payload[7:14]
        elif marker == segments.APP14 and payload.startswith(b"Adobe") and len(payload) >= 12:
            # libjpeg's own reading of an unknown transform: YCbCr, or YCCK.
            known = payload[11] in ((0, 1) if header.components == 3 else (0, 2))
            payload = payload[:11] + (payload[11:12] if known else bytes([2 if header.components == 4 else 1]))
        elif marker == segments.SOS and header.process in segments.SEQUENTIAL:
            payload = payload[:-3] + b"\0\x3f\0"
        elif 0xE0 <= marker <= 0xEF or marker == segments.COM:
            continue
        pieces.append(b"\xff%c%b%b" % (marker, (len(payload) + 2).to_bytes(2, "big"), payload))
    return b"".join(pieces) + data[header.scan :]
