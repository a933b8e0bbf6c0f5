"""HTML from strangers: an allow-list in, plain text out. TeX stays the text it is."""

import html
import re

import nh3

_TEXT_TAGS = (
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup "
    "table tbody td tfoot th thead tr u ul var wbr audio video source"
)
_MATH_TAGS = (
    "math annotation mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "
    "msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
)
_TAGS = {*_TEXT_TAGS.split(), *_MATH_TAGS.split()}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls"},
    "video": {"src", "controls", "width", "height"},
    "source": {"src", "type"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "math": {"display", "xmlns"},
    "annotation": {"encoding"},
    "mo": {"fence", "stretchy", "separator", "form"},
    "mi": {"mathvariant"},
    "mtable": {"columnalign"},
    "mfrac": {"linethickness"},
    "mspace": {"width"},
}
_EMPTIED_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "head", "title"}
_MEDIA_TAGS = frozenset({"img", "audio", "video", "source"})
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\|/\\|\\/)", re.IGNORECASE)
_MARKUP = re.compile(r"[<&>]")
_BLOCK_TAG = re.compile(
    r"<(?:/?(?:p|div|li|tr|ul|ol|table|h[1-6]|blockquote|pre|dd|dt|figure|figcaption)|br|hr)\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")


def sanitize_html(markup: str) -> str:
    """The allowed subset of `markup`: no scripts, no styles, no SVG, and media only by a relative name."""
    if not _MARKUP.search(markup):
        return markup
    return nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_EMPTIED_WITH_CONTENT,
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src" and tag in _MEDIA_TAGS and _REMOTE.match(value):
        return None
    return value


def text_to_html(text: str) -> str:
    """Plain text as HTML that shows exactly that text, its line breaks included."""
    escaped = html.escape(text, quote=False) if _MARKUP.search(text) else text
    return escaped.replace("\n", "<br>") if "\n" in escaped else escaped


def plain_text(markup: str) -> str:
    """What a reader of `markup` sees, white space collapsed within lines."""
    if not _MARKUP.search(markup):
        return " ".join(markup.split())
    text = html.unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", markup)))
    return " ".join(text.split())
