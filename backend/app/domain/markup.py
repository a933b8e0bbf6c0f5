"""Reading the HTML of questions: visible text, referred files, blanks. Nothing here makes HTML safe."""

import re
from collections.abc import Callable, Mapping
from html import unescape

GAP_MARKER = re.compile(r"\[\[([^\[\]]{1,64})\]\]")

_TAG = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*+)>""", re.DOTALL)
_SOURCE = re.compile(r"""\b(?:src|data|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s][^"]*"|'\s*[^'\s][^']*'|[^\s"'>]+)""", re.IGNORECASE)

_MEDIA_TAGS = frozenset({"img", "audio", "video", "source", "object"})
# Everything else separates words.
_INLINE_TAGS = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
     "s", "samp", "small", "span", "strike", "strong", "tt", "u", "var")
)  # fmt: skip
# Tags without which x<sup>2</sup> and x<sub>2</sub> would read the same.
_MEANINGFUL_TAGS = {"sup": "^", "sub": "_"} | {
    name: f" {name} " for name in ("msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mover", "munder")
}


def visible_text(html: str, file_names: Mapping[str, str] | None = None) -> str:
    """Text without tags, entities resolved, white space collapsed; an image stands as ``[image name]``.

    ``file_names`` replaces the names of referred files, for instance by their hash.
    """
    if "<" in html:
        html = _TAG.sub(lambda tag: _text_of_tag(tag, file_names or {}), html)
    if "&" in html:
        html = unescape(html)
    return " ".join(html.split())


def referred_files(html: str) -> set[str]:
    """Names in ``src``, ``data`` and ``poster`` attributes of media tags."""
    if "<" not in html:
        return set()
    return {name for tag in _TAG.finditer(html) if (name := _source_of(tag))}


def images_without_alt(html: str) -> list[str]:
    """Names of the images whose ``alt`` is missing or blank."""
    if "<" not in html:
        return []
    images = (tag for tag in _TAG.finditer(html) if (tag[2] or "").lower() == "img")
    return [_source_of(tag) for tag in images if not _ALT.search(tag[3])]


def gap_ids(stem: str) -> list[str]:
    """Ids of the blanks in reading order."""
    return GAP_MARKER.findall(stem)


def replace_gaps(stem: str, replacement: Callable[[str], str]) -> str:
    return GAP_MARKER.sub(lambda marker: replacement(marker[1]), stem)


def _text_of_tag(tag: re.Match[str], file_names: Mapping[str, str]) -> str:
    name = (tag[2] or "").lower()
    if name in _INLINE_TAGS:
        return ""
    if name in _MEDIA_TAGS:
        source = _source_of(tag)
        return f" [image {file_names.get(source, source)}] " if source else " "
    if tag[1]:
        return "" if name in {"sup", "sub"} else " "
    return _MEANINGFUL_TAGS.get(name, " ")


def _source_of(tag: re.Match[str]) -> str:
    if (tag[2] or "").lower() not in _MEDIA_TAGS or (source := _SOURCE.search(tag[3])) is None:
        return ""
    return unescape(source[1] or source[2] or source[3] or "")
