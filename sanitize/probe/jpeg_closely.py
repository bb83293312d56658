"""Looks closely at a JPEG that is not ordinary, or that the strict decode did not get through, with every reader."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import JpegImagePlugin

from sanitize.probe import jpeg, jpeg_cure, jpeg_mpf, jpeg_rows, jpeg_segments, jpeg_strict, jpeg_zeros, opencv, pillow

#: Frames that hardly any reader takes (ITU T.81, table B.1).
_PROCESSES = {
    0xC3: "lossless",
    0xC5: "hierarchical",
    0xC6: "hierarchical",
    0xC7: "hierarchical",
    0xC9: "arithmetic-coded",
    0xCA: "arithmetic-coded",
    0xCB: "arithmetic-coded lossless",
    0xCD: "arithmetic-coded hierarchical",
    0xCE: "arithmetic-coded hierarchical",
    0xCF: "arithmetic-coded hierarchical",
}

# libjpeg's own limit (JPEG_MAX_DIMENSION in its `jmorecfg.h`); the format's is 65,535.
_LONGEST_SIDE = 65_500
# So many bytes of coded data hardly follow the same byte by chance: each does in 1 of 256 files.
_FEEDS = 4


class Verdict(NamedTuple):
    """What strict readers say of a picture."""

    complaint: str | None = None  #: evidence that pixels are lost
    harmless: str | None = None  #: a complaint that cost none
    sound: bool = False  #: a strict reader got through the whole picture


def look(
    data: bytes,
    header: jpeg_segments.Header,
    reading: jpeg_strict.Reading,
    run: jpeg_zeros.Run | None,
    *,
    max_pixels: int,
    thorough: bool,
) -> dict[str, object]:
    """Return the columns that follow from a strict `reading`, a `run` of zeros and what Pillow and OpenCV say."""
    verdict = judge(data, header, reading)
    # Where libjpeg got through the file as it is, Pillow can only stumble over the header.
    only_open = reading.picture is not None and header.ordinary and run is None and not thorough
    strict = _ask(data, max_pixels, load=not only_open)
    tolerant = _ask(data, max_pixels, tolerant=True) if not strict.loads or thorough else strict
    found: dict[str, object] = {"thorough": thorough, "decoder": jpeg.versions("simplejpeg", "pillow", "opencv")}
    answer = strict if strict.image is not None else tolerant
    if answer.image is not None:
        found |= {"mode": answer.image.mode, "width": answer.image.width, "height": answer.image.height}
        found["frames"] = pillow.frames(answer.image)
    if strict.too_large or tolerant.too_large:
        return found
    found["decodes"], found["decodes_truncated"] = strict.loads, tolerant.loads
    if strict.error is not None:
        found["decode_message"] = _reason(strict, data)
    if tolerant.error is not None:
        found["decode_truncated_message"] = _reason(tolerant, data)
    shape, _words = jpeg_strict.listen(lambda: opencv.unchanged(data))
    if thorough:
        found["decodes_opencv"] = shape is not None
    if reading.fatal and strict.loads and shape is not None:
        # Only the strict reader refuses it outright: its limit, whatever it says.
        verdict = _listen(data, header)
    if not strict.loads:
        reason = _limit(header, sound=verdict.complaint is None and (verdict.sound or shape is not None))
        if reason is not None and verdict.complaint is None:
            found["unsupported"] = f"{reason}: {found['decode_message']}"
    found |= _complain(data, header, verdict, run, found)
    if header.multi_picture and "complaint" not in found and found["decodes_truncated"]:
        found |= _complain_of_later(data, header, max_pixels)
    harmless = [words for words in (verdict.harmless, *strict.warnings) if words]
    if harmless:
        found["harmless"] = "; ".join(harmless)
    found["plain"] = (
        strict.loads
        and not strict.warnings
        and header.orientation == 1
        and found.get("mode") == "RGB"
        and shape == ((found["height"], found["width"], 3), "uint8")
    )
    return found


def judge(data: bytes, header: jpeg_segments.Header, reading: jpeg_strict.Reading) -> Verdict:
    """Grade a strict `reading`: what a cured header makes go away is harmless."""
    if reading.picture is not None:
        return Verdict(sound=True)
    if reading.limit is not None:
        return _listen(data, header)
    if not header.scan or header.shifted:
        return Verdict(complaint=reading.complaint)
    cured = jpeg_cure.cure(data, header)
    again = jpeg_strict.read(cured)
    if again.picture is not None:
        feeds = data.count(b"\n", header.scan)
        if feeds >= _FEEDS and feeds == data.count(b"\r\n", header.scan):
            as_text = f"each of {feeds} line feeds in the scan data follows a carriage return, as in a transfer as text"
            return Verdict(complaint=f"{reading.complaint}; {as_text}")
        return Verdict(harmless=reading.complaint, sound=True)
    if again.limit is not None:
        return _listen(data, header)
    return Verdict(complaint=again.complaint)


def _ask(data: bytes, max_pixels: int, *, tolerant: bool = False, load: bool = True) -> pillow.Answer:
    """Ask Pillow, whose libjpeg may print to standard error."""
    answer, _words = jpeg_strict.listen(
        lambda: pillow.ask(data, "jpeg", max_pixels=max_pixels, tolerant=tolerant, load=load)
    )
    return answer


def _listen(data: bytes, header: jpeg_segments.Header) -> Verdict:
    """Judge by what libjpeg tells OpenCV, where the strict reader does not take the file."""
    _shape, words = jpeg_strict.listen(lambda: opencv.unchanged(data))
    if not header.scan:
        return Verdict(complaint=words)
    if words is None:
        return Verdict(complaint=None if jpeg_segments.read_body(data, header).ended else "no end marker")
    if header.shifted:
        return Verdict(complaint=words)
    cured = jpeg_cure.cure(data, header)
    shape, again = jpeg_strict.listen(lambda: opencv.unchanged(cured))
    return Verdict(harmless=words) if again is None and shape is not None else Verdict(complaint=again or words)


def _complain(
    data: bytes,
    header: jpeg_segments.Header,
    verdict: Verdict,
    run: jpeg_zeros.Run | None,
    found: dict[str, object],
) -> dict[str, object]:
    """Return the columns about lost pixels."""
    words, kind = verdict.complaint, "bitstream"
    if run is not None:
        zeros = f"{run.length} zero bytes in a row in the scan data, from byte {run.offset}"
        words, kind = (zeros, "zero-run") if words is None else (f"{words}; {zeros}", kind)
    refused = found.get("decode_message")
    if words is None and refused is not None and found["decodes_truncated"] and "unsupported" not in found:
        words = str(refused)
    if words is None:
        return {}
    complaint: dict[str, object] = {"complaint": words, "complaint_kind": kind}
    if not header.scan or not found["decodes_truncated"]:
        return complaint
    if jpeg_segments.read_body(data, header).ended:
        if run is None:
            return complaint
        row, _words = jpeg_strict.listen(lambda: jpeg_rows.first_damaged(data, header, run.offset))
        return complaint if row is None else complaint | {"lost_from_row": row, "survives": row / header.height}
    loss, _words = jpeg_strict.listen(lambda: jpeg_rows.find(data, header))
    if loss is None:
        return complaint | {"complaint_kind": "ended-early"}
    if loss.row is not None:
        return complaint | {
            "complaint_kind": "ended-early",
            "lost_from_row": loss.row,
            "survives": loss.row / header.height,
        }
    if loss.whole:
        return complaint | {"complaint_kind": "no-end", "survives": 1.0}
    return complaint | {
        "complaint": f"{words} (in scan {loss.scan} of a progressive picture: every row is there, but coarser)",
        "complaint_kind": "ended-early",
        "survives": 1.0,
    }


def _complain_of_later(data: bytes, header: jpeg_segments.Header, max_pixels: int) -> dict[str, object]:
    """Return the columns about lost pixels of the first damaged picture of several, all together up to `max_pixels`."""
    left = max_pixels
    for number, count, picture in jpeg_mpf.later(data, header):
        own = jpeg_segments.read_header(picture)
        left -= own.width * own.height
        scans = len(jpeg_segments.read_body(picture, own, most=jpeg.MAX_SCANS + 1).scans) if own.scan else 0
        if left < 0 or not 0 < scans <= jpeg.MAX_SCANS:
            continue
        verdict, run = judge(picture, own, jpeg_strict.read(picture)), jpeg_zeros.find(picture, own)
        # Any other complaint may be about a kind of picture that only the reader does not know.
        if run is None and not jpeg_strict.LOST_DATA.search(verdict.complaint or ""):
            continue
        found = _complain(picture, own, verdict, run, {"decodes_truncated": True})
        return {
            "complaint": f"picture {number} of {count}: {found['complaint']}",
            "complaint_kind": found["complaint_kind"],
        }
    return {}


def _limit(header: jpeg_segments.Header, *, sound: bool) -> str | None:
    """Return why a file that Pillow does not read may be sound all the same; None where nothing says so."""
    if header.process in _PROCESSES:
        return f"{_PROCESSES[header.process]} JPEG"
    if header.process and header.bits == 12:
        return f"{header.bits} bits a channel"
    if header.process and header.scan and header.height == 0 and header.width > 0:
        return "the height is given only after the scan"
    if header.process and header.components not in (1, 3, 4) and 2 <= header.components <= 10:
        return f"{header.components} channels"
    if max(header.width, header.height) > _LONGEST_SIDE:
        return f"a side over {_LONGEST_SIDE} pixels"
    return "Pillow refuses what other readers take" if sound else None


def _reason(answer: pillow.Answer, data: bytes) -> str | None:
    """Return why Pillow refuses a file, in the words of its JPEG reader where the file does not open."""
    if answer.image is not None:
        return answer.error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception as raised:  # noqa: BLE001 - a decoder may raise anything over a damaged file
        return f"cannot identify image file: {pillow.message(raised)}"
    return answer.error
