"""How tags of pages are written that run something or show another page, and those that sites give away for captions."""

from __future__ import annotations

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
# What these sites show, and the scripts that they have for it, in any size and style.
_SITES = (
    rb"(?:www\.youtube(?:-nocookie)?\.com|player\.vimeo\.com|open\.spotify\.com|w\.soundcloud\.com|embedr\.flickr\.com"
    rb"|platform\.(?:twitter|x)\.com|www\.instagram\.com|www\.tiktok\.com|embed\.reddit\.com|assets\.pinterest\.com)"
)
_ATTRIBUTES = rb"(?:\s{1,9}(?!on|src)[\w-]{1,40}(?:=\"[^\"<>]{0,300}\")?){0,20}"
_GIVEN = _ATTRIBUTES + rb"\s{1,9}src=\"(?:https?:)?//" + _SITES + rb"/[^\"<>\s]{0,300}\"" + _ATTRIBUTES + rb"\s{0,9}>"
#: Stands behind the name of a frame, and of a script, that is none of these.
NO_FRAME_OF_A_CAPTION = rb"(?!" + _SHOWN + rb")(?!" + _GIVEN + rb")"
NO_SCRIPT_OF_A_CAPTION = rb"(?!" + _GIVEN + rb"\s{0,9}</script)"

#: What a frame shows, in its tag.
SOURCE = rb"(?=[^<>]{0,300}?[\s/'\"]src(?:doc)?\s{0,9}=\s{0,9}(?!\.\.|\xe2\x80\xa6)[^\s<>])"
# A call, an assignment or a letter by its number: words about an attribute have none of these in their quotes.
_RUNS = rb"(?:[\w$)\]]\s?[(=`\[]|&(?:#|lpar)|%[0-9a-f])"
# The events of HTML ("Event handler attributes" in the standard), SVG and Internet Explorer.
_EVENTS = (
    rb"(?:abort|activate|afterprint|animation\w+|auxclick|before\w+|begin|blur|bounce|cancel|canplay\w*|change|click|close"
    rb"|contextmenu|copy|cuechange|cut|dblclick|drag\w*|drop|durationchange|emptied|end(?:ed)?|error|finish|focus\w*|formdata"
    rb"|fullscreen\w+|gotpointercapture|hashchange|help|input|invalid|key\w+|load\w*|lostpointercapture|message\w*|mouse\w+"
    rb"|offline|online|page\w+|paste|pause|play\w*|pointer\w+|popstate|progress|propertychange|ratechange|readystatechange"
    rb"|repeat|reset|resize|scroll\w*|search|seek\w+|select\w*|show|slotchange|stalled|start|storage|submit|suspend|timeupdate"
    rb"|toggle|touch\w+|transition\w+|unhandledrejection|unload|volumechange|waiting|webkit\w+|wheel)"
)
#: A tag, without its `<`, that runs code at an event, or when it is followed, or shows a page that it holds.
HANDLER = (
    rb"[a-z][\w:-]{0,30}(?=[\s/'\"])[^<>]{0,300}?[\s/'\"](?:"
    rb"on"
    + _EVENTS
    + rb"\s{0,9}=\s{0,9}(?:\"[^\"<>]{0,200}?|'[^'<>]{0,200}?|[^\s\"'<>]{0,200}?)"
    + _RUNS
    + rb"|(?:src|href|action|formaction|data|values|to|xlink:href)\s{0,9}=\s{0,9}['\"]?\s{0,9}"
    # Links that only look like some lead nowhere.
    rb"(?:data:text/html[;,]|(?:javascript|vbscript):(?!void\s?\(?\s?0\s?\)?\s?;?\s?['\"\s>])[^\s<>]{0,200}?"
    + _RUNS
    + rb"))"
)
