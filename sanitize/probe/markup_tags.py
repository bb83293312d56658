"""How tags of pages are written that run something or show another page, and those that sites give away for captions."""

from __future__ import annotations

import re

# A frame that shows a page of a net is what sites give away for captions: of a size to be seen, and with nothing that could
# hide it or run.
_LOOKS = (
    rb"(?:\s(?:(?:width|height)=\"(?:[1-9]\d{2,3}|[1-9]\d%|100%)\"|style=\"border:\s?(?:0|none);?\""
    rb"|(?:title|frameborder|allow|allowfullscreen|loading|referrerpolicy)(?:=\"[^\"<>]*\")?))*"
)
_SHOWN = (
    rb"(?=[^<>]{0,300}\swidth=)(?=[^<>]{0,300}\sheight=)"
    + _LOOKS
    + rb"\ssrc=\"(?:https?:)?//[^\"<>\s]+\""
    + _LOOKS
    + rb">"
)
# What these sites show, and the scripts that they have for it, in any size and style; of sites that also keep what anybody
# gives them, the paths of these alone.
_SITES = (
    rb"(?:(?:www\.youtube(?:-nocookie)?\.com|player\.vimeo\.com|open\.spotify\.com|w\.soundcloud\.com|embedr\.flickr\.com"
    rb"|platform\.(?:twitter|x)\.com|www\.instagram\.com|www\.tiktok\.com|embed\.reddit\.com|www\.redditmedia\.com"
    rb"|assets\.pinterest\.com|embed\.ted\.com|connect\.facebook\.net)/"
    rb"|www\.facebook\.com/plugins/|www\.openstreetmap\.org/export/embed|giphy\.com/embed/|codepen\.io/[\w-]{1,60}/embed/"
    rb"|archive\.org/embed/|bandcamp\.com/EmbeddedPlayer|sketchfab\.com/models/|s\.imgur\.com/min/embed\.js"
    rb"|gist\.github\.com/[\w-]{1,60}/\w{1,60}\.js)"
)
_ATTRIBUTES = rb"(?:\s{1,9}(?!on|src)[\w-]{1,40}(?:=(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'))?){0,20}"
_SOURCE_OF_SITE = rb"(?:https?:)?//" + _SITES + rb"[^\"'<>\s]{0,300}"
_GIVEN = (
    _ATTRIBUTES
    + rb"\s{1,9}src=(?:\""
    + _SOURCE_OF_SITE
    + rb"\"|'"
    + _SOURCE_OF_SITE
    + rb"')"
    + _ATTRIBUTES
    + rb"\s{0,9}>"
)
#: Stands behind the name of a frame, and of a script, that is none of these.
NO_FRAME_OF_A_CAPTION = rb"(?!" + _SHOWN + rb")(?!" + _GIVEN + rb")"
NO_SCRIPT_OF_A_CAPTION = rb"(?!" + _GIVEN + rb"\s{0,9}</script)"

# Words about an attribute have dots or nothing in its place.
_VALUE = rb"\s{0,9}=\s{0,9}(?!['\"]?(?:\.\.\.|\xe2\x80\xa6))"
#: What a frame shows, in its tag.
SOURCE = rb"(?=[^<>]{0,300}?[\s/'\"]src(?:doc)?" + _VALUE + rb"[^\s<>])"
# The elements of HTML ("Index of elements" in the standard), with those that it no longer has, and of SVG that hold others:
# tags of other names are somebody's data, or words.
_ELEMENTS = (
    rb"(?:a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|bgsound|big|blink|blockquote|body|br"
    rb"|button|canvas|caption|center|circle|cite|code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|ellipse"
    rb"|em|embed|fieldset|figcaption|figure|font|footer|foreignobject|form|frame|frameset|g|h[1-6]|head|header|hgroup|hr|html|i"
    rb"|iframe|image|img|input|ins|isindex|kbd|keygen|label|layer|legend|li|line|link|listing|main|map|mark|marquee|math|menu"
    rb"|menuitem|meta|meter|nav|nobr|noscript|object|ol|optgroup|option|output|p|param|path|picture|plaintext|polygon|polyline"
    rb"|pre|progress|q|rb|rect|rp|rt|ruby|s|samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub"
    rb"|summary|sup|svg|switch|symbol|table|tbody|td|template|text|textarea|tfoot|th|thead|time|title|tr|track|tspan|tt|u|ul"
    rb"|use|var|video|wbr|xmp)"
)
# The events of HTML ("Event handler attributes" in the standard) and Internet Explorer that nobody has to do anything for,
# as to click, to point or to send.
_EVENTS = (
    rb"(?:abort|after(?:print|scriptexecute)|animation\w{3,9}|before(?:load|print|scriptexecute|toggle|unload)|canplay\w*"
    rb"|contentvisibility\w+|cuechange|durationchange|emptied|ended|error|hashchange|load\w*|message\w*|offline|online"
    rb"|page(?:hide|reveal|show|swap)|play\w*|popstate|progress|propertychange|ratechange|readystatechange|resize|scroll\w*"
    rb"|seek\w+|slotchange|stalled|storage|suspend|timeupdate|toggle|transition\w{3,6}|unhandledrejection|unload|volumechange"
    rb"|waiting|webkit\w+)"
)
# What stands before an attribute in its tag; in quotes, signs that would end the tag, too.
_BEFORE = (
    rb"(?=[\s/'\"])(?:[^<>]{0,1000}?"
    rb"|(?:[^<>'\"]{0,300}(?:\"[^\"]{0,300}\"|'[^']{0,300}')){1,20}?[^<>'\"]{0,300}?)[\s/'\"]"
)
_RUN = _VALUE + rb"(?:\"\s{0,9}[^\s\"<>]|'\s{0,9}[^\s'<>]|[^\s\"'<>])"
_LINK = rb"(?:src|data)\s{0,9}=\s{0,9}['\"]?\s{0,9}(?:data:text/html[;,]|(?:java|vb)script:)"
#: A tag, without its `<`, that has an event or such a link: a cheap look at what nearly no tag has.
HANDLER = rb"(?=[a-z][a-z\d]{0,15}" + _BEFORE + rb"(?:on[a-z]{3,40}\s{0,9}=|" + _LINK + rb"))"
#: One that runs code by itself: at an event, or as what it shows.
RUNNING = re.compile(
    rb"(?:" + _ELEMENTS + _BEFORE + rb"on" + _EVENTS
    # A part of a page gets the focus by a click, or asks for it.
    + rb"|(?:" + _ELEMENTS + rb"(?=[^<>]{0,1000}?[\s/'\"]autofocus)|body|frameset)" + _BEFORE + rb"onfocus(?:in)?"
    rb"|(?:animate\w{0,9}|set)" + _BEFORE + rb"on(?:begin|end|repeat)"
    rb"|marquee" + _BEFORE + rb"on(?:bounce|finish|start))" + _RUN
    + rb"|(?:embed|i?frame|object)" + _BEFORE + _LINK,
    re.IGNORECASE,
)  # fmt: skip
