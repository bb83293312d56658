"""The facts of a Targa, whose uncompressed rows and footer have to lie inside the file."""

from __future__ import annotations

from sanitize.probe import generic, raw_rows, tga_header
from sanitize.probe.complaint import BITSTREAM, NO_END, Complaint
from sanitize.probe.raw_rows import Raster

_FOOTER = bytes(8) + tga_header.SIGNATURE
# A cut footer is one from here on.
_KNOWN = 9


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a Targa."""
    said = tga_header.read(data)
    if said is None:
        return generic.probe(data, content="tga", max_pixels=max_pixels, thorough=thorough)
    header: dict[str, object] = {"width": said.width, "height": said.height, "frames": 1}
    complaint = None
    if said.kind in tga_header.PLAIN:
        raster = Raster(said.start, said.stride, said.stride, said.height, bottom_up=not said.flags & 0x20)
        complaint, lost = raw_rows.missing(raster, len(data), of="the Targa")
        header |= lost
        if complaint is None and data.endswith(_FOOTER) and len(data) < raster.end + len(_FOOTER):
            count = raster.end + len(_FOOTER) - len(data)
            complaint = Complaint(f"{count} bytes of the pixels are missing", BITSTREAM)
    if complaint is None:
        cut = next((count for count in range(len(_FOOTER) - 1, _KNOWN, -1) if data.endswith(_FOOTER[:count])), None)
        if cut is not None:
            complaint = Complaint(f"the Targa ends within its footer, after {len(data)} bytes", NO_END)
            header["survives"] = 1.0
    return generic.measure(data, "tga", header, complaint, max_pixels=max_pixels, thorough=thorough)
