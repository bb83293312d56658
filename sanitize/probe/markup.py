"""Finds pages, their scripts and code that servers run among bytes, by their tags and what follows those."""

from __future__ import annotations

import bisect
import re
from itertools import chain, islice

from sanitize.probe import markup_tags
from sanitize.probe.ahead import Ahead
from sanitize.probe.payload import Payload, words


def find(data: bytes, start: int, end: int) -> Payload | None:
    """Return code or a page in the bytes between two places, if any of them is written there as text. Never raises.

    Names, titles and captions in XMP data, and strings in JSON, may hold bits of pages, which no browser sees: in the former
    only what a server runs and whole scripts count, in the latter only what a server runs.
    """
    openings = islice(_OPENING.finditer(data, start, end), _MOST_OPENINGS)
    first = next(openings, None)
    if first is None:  # as in most parts
        return None
    ways, texts = _Ways(data, end), _Json(data, start)
    packets: list[tuple[int, int]] | None = None
    for opening in chain([first], openings):
        kind = ways.kind(opening)
        if kind is None:
            continue
        if kind in _EXCUSED_IN_JSON and texts.holds(opening.start()):
            continue
        if kind in _EXCUSED_IN_XMP:
            packets = _xmp_packets(data, start, end) if packets is None else packets
            before = bisect.bisect(packets, (opening.start(), end))
            if before and opening.start() < packets[before - 1][1]:
                continue
        printed = _PRINTED.match(data, opening.start(), end)
        return Payload(_KINDS[kind], opening.start(), end, f"`{words(printed[0])}`" if printed else None)
    return None


# So many are looked at in a part: the more, the longer a row of openings has to be that would hide what follows it. Each
# takes about 2 µs, and no 16 MB of them were found that take more than 1 s.
_MOST_OPENINGS = 1 << 16
_KINDS = {
    "php": "php",
    "server": "server-page",
    "script": "html-script",
    "running": "html-script",
    "page": "html",
}
_EXCUSED_IN_XMP = frozenset({"running", "page"})
_EXCUSED_IN_JSON = frozenset({"running", "page", "script"})
_PRINTED = re.compile(rb"[\x09-\x0d\x20-\x7e]{0,200}")

# Words on PHP's tag are several in a row, and go on without a call, a variable, a string or a comment to the end of their text,
# which is in sight, and there without a last semicolon, or to the closing tag: what PHP would refuse.
_PROSE = (
    rb"(?:\s{1,9}[a-z]{1,30}\b(?:[,.;:](?=\s{1,9}\w))?){3}"
    rb"(?:[\w\s,.!%&+)~\x80-\xff]|\?(?!>)|[/;:-](?=\s{0,9}\w)){0,1000}(?=[^\x09-\x0d\x20-\x7e\x80-\xff]|</|\Z)"
    rb"|(?!\s{1,9}(?:echo|print|include|require|return|new|use|throw|class|namespace)\b)"
    rb"(?:\s{1,9}[a-z]{1,30}\b[,.;:]?){3}[\w\s,.;:!+~\x80-\xff]{0,300}\?>"
)
# What runs in a script: a call, an assignment, an import. Words stand before brackets, too, but go on behind them.
_RUNS = re.compile(
    rb"[\w\])]\(|[\w\])]\s{1,9}\([^()<>]{0,200}\)\s{0,9}(?:[;.]|</script)|[\w\])]`[^`<>]{0,200}`|=|\bimport\s{0,9}['\"]",
    re.IGNORECASE,
)
_TAGS = rb"(?:html|head|body|title|meta|script|style|div|p|table|h[1-6]|center|frameset|form|img|a)[\s/>]"
# Letters in any case: no server and no browser minds. Neither words about a tag nor binary data that happen to hold one
# go on as code or a page does. Only what cannot lie inside another opening is here, so that each byte is read about once.
_OPENING = re.compile(
    rb"<(?:"
    rb"(?P<php>\?php(?=[\s/])(?!" + _PROSE + rb"))"
    # Dark pixels are such signs in any order: behind a short tag a variable or a call is to follow, and an end.
    rb"|(?P<short>\?(?:=|\s)\s*(?:[@`]?\$[a-z_]\w*\s?(?:[;\[=(.-]|(?=\?>))|(?:print|include|require)\b|@?[a-z_]\w{2,}\s?\()"
    rb"|\?\s\s*(?:echo|if|foreach)\b|\?(?:include|require)\s?[('\"$])"
    rb"|(?P<server>%(?:@\s*(?:(?:page|import|include|taglib|language)\b"
    rb"|(?:webhandler|webservice|control|assembly)\s+\w+\s*=\s*['\"])"
    # A declaration: words before a type are Java's own.
    rb"|!(?=\s{0,9}(?:(?:public|protected|private|static|final|synchronized|abstract|volatile|transient)\s{1,9}){0,4}"
    rb"(?:class\s[^%]{1,200}\{|\w[\w<>\[\].,]{0,60}\s{1,9}\w{1,60}\b\s{0,9}"
    rb"(?:\([^()%]{0,200}\)[^;%{]{0,100}\{|(?:=[^;%]{1,300})?;)))"
    rb"|[@=!]?\s*(?:language\s*=|import\s|eval\b|execute\b|response\.|request\b|runtime\b|out\.print|system\.|process\.start"
    rb"|server\.createobject|dim\s+\w|set\s+\w+\s*=)))"
    rb"|script(?P<script>" + markup_tags.NO_SCRIPT_OF_A_CAPTION + rb"(?:[\s/][^<>]{0,620})?)>"
    rb"|(?P<application>hta:application\b)"
    rb"|iframe(?P<frame>" + markup_tags.NO_FRAME_OF_A_CAPTION + markup_tags.SOURCE + rb"[\s/][^<>]{1,300}>)"
    rb"|(?P<doctype>!doctype\s+html\b[^<>]{0,200}>)"
    rb"|(?P<page>html(?:\s[^<>]{0,300})?>)"
    rb"|(?P<handler>" + markup_tags.HANDLER + rb")"
    rb")",
    re.IGNORECASE,
)
_LINK = rb"[\s/'\"](?:xlink:)?(?:src|href)\s*="
_SOURCE = re.compile(_LINK + rb"[^<>]", re.IGNORECASE)
# Where a script is that is not closed: words about the tag name a file beside the page, if any.
_ELSEWHERE = re.compile(_LINK + rb"\s{0,9}['\"]?\s{0,9}(?:\w{1,9}:|//)", re.IGNORECASE)
_LONGEST_TAG = 301
_NO_TEXT = re.compile(rb"[^\x09-\x0d\x20-\x7e\x80-\xff]")
_NOT_PRINTED = re.compile(rb"[^\x09-\x0d\x20-\x7e]")
_SCRIPT_END = re.compile(rb"</script", re.IGNORECASE)
_TAG_END = re.compile(rb"</" + _TAGS, re.IGNORECASE)
# Words about tags name several of them, between blanks, and go on behind the last.
_PAGE_END = re.compile(rb"</html\s{0,9}>(?![.,;:)'\"]|[ \t]{1,200}[a-z])", re.IGNORECASE)
_NAMED = re.compile(rb"[\w,.:;]\x20<html>", re.IGNORECASE)
_NEXT_TAG = re.compile(rb"(?:[ \t]{0,200}[\r\n]\s{0,200})?<" + _TAGS, re.IGNORECASE)
_NEXT_TAG_OF_DOCUMENT = re.compile(rb"\s{0,200}<" + _TAGS, re.IGNORECASE)
_PAGE = re.compile(rb"\s{0,200}<html(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_LETTER = re.compile(rb"[a-zA-Z\x80-\xff]")


class _Ways:
    """How an opening in `data[:end]` may go on as code or a page does; to be asked in order."""

    def __init__(self, data: bytes, end: int) -> None:
        self._data, self._end = data, end
        self._no_text, self._not_printed, self._runs, self._script_end, self._tag_end, self._page_end = (
            Ahead(expression, data, end)
            for expression in (_NO_TEXT, _NOT_PRINTED, _RUNS, _SCRIPT_END, _TAG_END, _PAGE_END)
        )
        self._short_end, self._server_end, self._php_end = (
            Ahead(expression, data, end) for expression in (_SHORT_END, _SERVER_END, _PHP_END)
        )

    def kind(self, opening: re.Match[bytes]) -> str | None:
        """Return what it is: a key of `_KINDS`, or nothing."""
        group, at = opening.lastgroup, opening.end()
        if group == "script":
            return self._script(*opening.span("script"))
        if group in ("page", "doctype"):
            return "page" if self._is_page(at, is_document=group == "doctype") else None
        if group == "php":
            return "php" if self._is_printed(at + 1, self._php_end, 1, 200) and self._does(at) else None
        if group == "short":
            return "php" if self._is_printed(at, self._short_end, 0, 300) else None
        if group == "server":
            return "server" if self._is_printed(at, self._server_end, 2, 400) else None
        if group == "handler" and not markup_tags.RUNNING.match(self._data, at, self._end):
            return None
        return "script" if group == "application" else "running"

    def _does(self, at: int) -> bool:
        """Tell whether PHP's tag is followed by a call, a variable or another end of a statement, or by one that needs none."""
        return (
            self._data[self._php_end.of(at + 2)] != _QUESTION or _STATEMENT.match(self._data, at, self._end) is not None
        )

    def _script(self, tag: int, tag_end: int) -> str | None:
        body = tag_end + 1
        is_sourced = _SOURCE.search(self._data, tag, tag_end) is not None
        closing = self._script_end.of(body)
        is_closed = self._is_text(body, closing, 1000)
        # A script ends where it is closed, whatever runs behind that.
        runs = self._runs.of(body) if tag_end - tag <= _LONGEST_TAG else closing
        if is_closed and (is_sourced or runs < closing):
            return "script"
        is_loaded = _ELSEWHERE.search(self._data, tag, tag_end) is not None
        return "running" if is_loaded or (runs < closing and self._is_text(body, runs, 200)) else None

    def _is_page(self, at: int, *, is_document: bool) -> bool:
        data, end = self._data, self._end
        begun = _PAGE.match(data, at, end) if is_document else None
        at = begun.end() if begun else at
        if _NEXT_TAG.match(data, at, end) or (is_document and _NEXT_TAG_OF_DOCUMENT.match(data, at, end)):
            return True
        if _LETTER.match(data, at, end) and self._is_text(at, self._tag_end.of(at), 1000):
            return True
        is_named = _NAMED.match(data, max(0, at - len(b", <html>")), at)
        return not is_named and self._is_text(at, self._page_end.of(at), 1000)

    def _is_text(self, start: int, stop: int, most: int) -> bool:
        return stop <= start + most and self._no_text.of(start) >= stop

    def _is_printed(self, start: int, ahead: Ahead, least: int, most: int) -> bool:
        stop = ahead.of(start + least)
        return stop <= start + most and self._not_printed.of(start) >= stop


_PHP_END, _SERVER_END = re.compile(rb"[;($]|\?>"), re.compile(rb"%>")
# Without a closing tag a semicolon is needed.
_SHORT_END = re.compile(rb"\?>|[)`\]]\s{0,9};")
_QUESTION = ord("?")
# What does something before a closing tag without a call, a variable or a semicolon: no words, which stand beside each other.
_STATEMENT = re.compile(
    rb"\s*@?\s*(?:`|(?:echo|new|print|include(?:_once)?|require(?:_once)?)\b\s*"
    rb"(?:['\"`\d/_@.-]|(?:new\s+)?[\w\\]+\s*(?:\?>|[.,+*/-]\s*['\"\w])))",
    re.IGNORECASE,
)

# JSON may begin behind a length or a name.
_JSON = re.compile(rb"[^{\[]{0,24}[{\[]\s*(?:[{\[]\s*)*\"")
_BEFORE_JSON = 40
_OUTSIDE_TEXT = [bytes([value]) for value in (*range(9), 11, *range(14, 32), 127, 254, 255)]


class _Json:
    """Which places behind `start` lie in a string of a text in JSON; to be asked in order, for places of a `<`."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data, self._read = data, start
        self._begin(start)

    def _begin(self, start: int) -> None:
        """Begin a text, which is JSON as long as nothing is known of it."""
        self._start, self._is_json, self._quotes = start, True, 0

    def holds(self, place: int) -> bool:
        """Tell whether a place lies in a string."""
        last = max(self._data.rfind(value, self._read, place) for value in _OUTSIDE_TEXT)
        if last >= 0:
            self._begin(last + 1)
        if self._is_json and not self._quotes:
            begins = _JSON.match(self._data, self._start, place)
            self._is_json = begins is not None or place < self._start + _BEFORE_JSON
            self._quotes, self._read = (1, begins.end()) if begins else (0, place)
        if self._quotes:
            text = self._data[self._read : place].replace(rb"\\", b"")
            self._quotes += text.count(b'"') - text.count(rb"\"")
        self._read = place
        return self._quotes % 2 == 1


_XMP_MARK = re.compile(rb"(?P<begins><\?xpacket begin|<x:xmpmeta|<rdf:RDF)|<\?xpacket end|</x:xmpmeta|</rdf:RDF")


def _xmp_packets(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return where XMP packets, or pieces of them, lie between two places, in order."""
    packets: list[tuple[int, int]] = []
    begun: int | None = None
    for mark in _XMP_MARK.finditer(data, start, data.rfind(b"</rdf:RDF", start, end) + len(b"</rdf:RDF")):
        if not mark["begins"]:
            packets += [] if begun is None else [(begun, mark.start())]
            begun = None
        elif begun is None:
            begun = mark.start()
    return packets
