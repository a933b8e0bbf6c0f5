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
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_ANY_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)(?:[\s/](?:[^<>"']|"[^"]*"|'[^']*')*+)?>""", re.IGNORECASE)
_VOID_TAGS = frozenset({"br", "hr", "img", "wbr", "col", "source"})
_KNOWN_TAGS = _TAGS | {"font", "center", "u", "tt", "big", "strike", "o"}
_BREAKING_NAMES = "p div li tr td th ul ol table h1 h2 h3 h4 h5 h6 blockquote pre dd dt figure figcaption br hr"
_BREAKING_TAGS = frozenset(_BREAKING_NAMES.split())


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
    if name == "src" and tag in _MEDIA_TAGS and is_remote(value):
        return None
    return value


def is_remote(name: str) -> bool:
    """Whether a file reference names another place than the question's own files."""
    return _REMOTE.match(name) is not None


def text_to_html(text: str) -> str:
    """Plain text as HTML that shows exactly that text, its line breaks included."""
    escaped = html.escape(text, quote=False) if _MARKUP.search(text) else text
    return escaped.replace("\n", "<br>") if "\n" in escaped else escaped


def looks_like_html(text: str) -> bool:
    """Whether text of a source that says nothing about it is HTML: known tags that close, or entities.

    "the <body> tag" and "a < b" are text.
    """
    if "<" not in text:
        return "&" in text and _ENTITY.search(text) is not None
    tags = [(tag[1], tag[2].lower()) for tag in _ANY_TAG.finditer(text)]
    if not tags:
        return _ENTITY.search(text) is not None
    closed = {name for slash, name in tags if slash}
    return all(name in _KNOWN_TAGS and (name in closed or name in _VOID_TAGS) for _, name in tags)


def html_of(text: str) -> str:
    """HTML of a text that may be either."""
    return text if looks_like_html(text) else text_to_html(text)


def text_of(markup: str) -> str:
    """The shortest text from which `html_of` makes `markup` again: plain where that is enough, else `markup`."""
    if not _MARKUP.search(markup):
        return markup.replace("\n", " ")  # to HTML a space, to text a line break
    text = html.unescape(markup.replace("<br>", "\n"))
    return text if html_of(text) == markup else markup


def plain_text(markup: str) -> str:
    """What a reader of `markup` sees, white space collapsed."""
    if not _MARKUP.search(markup):
        return " ".join(markup.split())
    text = html.unescape(_ANY_TAG.sub(lambda tag: " " if tag[2].lower() in _BREAKING_TAGS else "", markup))
    return " ".join(text.split())
