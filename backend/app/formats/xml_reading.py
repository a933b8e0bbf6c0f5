"""XML from strangers: nothing is loaded from elsewhere, declared entities and deep nesting are refused.

A DOCTYPE that names a DTD, as many question files have, is passed over: the DTD is never loaded or applied.
"""

import html
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from lxml import etree

from app.domain.question_draft import Location
from app.formats.reading import NOWHERE, Limits, Problem, ProblemCode, ReadError, problem

Element = etree._Element  # noqa: SLF001 - the only name that lxml gives to the class of elements

_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)((?:\s+[^<>]*)?)/?>")
_BEFORE_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_VOID_TAGS = frozenset({"br", "hr", "img", "wbr", "col", "source", "input"})
_DEFAULT_LIMITS = Limits()
_EXACT_LINES = 65_535


class Streamed(NamedTuple):
    """An element with all its content, and the line of its start tag."""

    element: Element
    line: int


class RootTag(NamedTuple):
    """Local name and the raw attributes of a root element; both empty where there is no XML."""

    name: str
    attributes: str


def root_tag(text: str) -> RootTag:
    """The root of a document by its beginning, for detection only: nothing is parsed."""
    rest = text.lstrip("\ufeff \t\r\n")
    while (before := _BEFORE_ROOT.match(rest)) is not None:
        rest = rest[before.end() :].lstrip()
    root = _ROOT.match(rest)
    return RootTag(root[1], root[2]) if root else RootTag("", "")


def stream_elements(
    stream: BinaryIO,
    names: Collection[str],
    limits: Limits = _DEFAULT_LIMITS,
    place: Location = NOWHERE,
    encoding: str | None = None,
) -> Iterator[Streamed]:
    """Outermost elements with one of the local ``names``, each emptied once the next one is asked for.

    Ancestors, and earlier siblings with other names, can still be read from an element.

    Raises:
        ReadError: Where the document stops being well-formed, declares entities, or is nested too deeply.
    """
    depth, outer_depth = 0, 0
    given: Element | None = None
    for event, element in _events(stream, limits, place, encoding):
        if event == "start":
            depth += 1
            if not outer_depth and local_name(element) in names:
                outer_depth = depth
            continue
        if depth == outer_depth:
            outer_depth = 0
            yield Streamed(element, _line(element))
            element.clear(keep_tail=True)
            _drop(given)
            given = element
        depth -= 1


def xml_root(
    stream: BinaryIO, limits: Limits = _DEFAULT_LIMITS, place: Location = NOWHERE, encoding: str | None = None
) -> Element:
    """A whole document, for those that are small by nature. Raises `ReadError` as `stream_elements` does."""
    root: Element | None = None
    for _, element in _events(stream, limits, place, encoding):
        root = element
    if root is None:
        raise ReadError(problem(ProblemCode.XML, "There is no XML in it.", place))
    return root


def _events(stream: BinaryIO, limits: Limits, place: Location, encoding: str | None) -> Iterator[tuple[str, Element]]:
    depth = 0
    parser = _parser(stream, encoding)
    try:
        for event, element in parser:
            depth += 1 if event == "start" else -1
            if depth == 1 and event == "start":
                _refuse_entities(element, place)
            if depth > limits.depth:
                message = f"Elements are nested more than {limits.depth} levels deep."
                raise ReadError(problem(ProblemCode.TOO_LARGE, message, _at(place, element.sourceline)))
            yield event, element
    except etree.XMLSyntaxError as error:
        raise ReadError(_problem_of(parser.error_log, place)) from error


def _problem_of(log: etree._ListErrorLog, place: Location) -> Problem:
    """The log knows the place of some errors that the exception does not name."""
    last = next(reversed([*log]), None)
    if last is None:
        return problem(ProblemCode.XML, "There is no XML in it.", _at(place, None))
    if last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return problem(ProblemCode.TOO_LARGE, f"Too large or too deep: {last.message}", _at(place, last.line))
    return problem(ProblemCode.XML, f"Not well-formed XML: {last.message}", _at(place, last.line))


def _parser(stream: BinaryIO, encoding: str | None) -> "etree.iterparse[tuple[str, Element]]":
    return etree.iterparse(
        stream,
        events=("start", "end"),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_entities(root: Element, place: Location) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        message = "The document declares entities of its own, which is not allowed."
        raise ReadError(problem(ProblemCode.XML, message, _at(place, root.sourceline)))


def _at(place: Location, line: int | None) -> Location:
    return place.model_copy(update={"line": line or 1})


def _line(element: Element) -> int:
    """The line of the start tag. From `_EXACT_LINES` on the parser knows only where the first text inside ends."""
    line = element.sourceline or 1
    if line < _EXACT_LINES:
        return line
    first = element
    while not first.text and len(first):
        first = first[0]
    return line - (first.text or "").count("\n")


def _drop(element: Element | None) -> None:
    parent = element.getparent() if element is not None else None
    if element is not None and parent is not None:
        parent.remove(element)


def local_name(element: Element) -> str:
    """The tag without its namespace; empty for an entity that nobody declared."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


@cache
def _in_any_namespace(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{*}}{name}" for name in names or ("*",))


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements with one of the local names, or all."""
    return element.iterchildren(*_in_any_namespace(names))


def child(element: Element | None, *path: str) -> Element | None:
    """The first element on a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren(*_in_any_namespace((name,))), None)
    return element


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Elements with one of the local names in document order, at any depth below."""
    return element.iterdescendants(*_in_any_namespace(names))


def text_of(element: Element | None, *path: str) -> str:
    """All text of the element on the path, its ends trimmed; empty where there is none."""
    found = child(element, *path)
    return "".join(_texts(found)).strip() if found is not None else ""


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        if isinstance(each.tag, str):
            yield from _texts(each)
        else:
            yield html.unescape(each.text or "")
        yield each.tail or ""


def inner_html(element: Element, replaced: Callable[[Element], str | None] = lambda _: None) -> str:
    """The content as HTML without namespaces.

    ``replaced`` may give other markup for an element, such as a blank for an interaction; None keeps the element.
    """
    parts = [html.escape(element.text or "", quote=False)]
    for each in element:
        parts.append(_outer_html(each, replaced))
        parts.append(html.escape(each.tail or "", quote=False))
    return "".join(parts)


def _outer_html(element: Element, replaced: Callable[[Element], str | None]) -> str:
    if not isinstance(element.tag, str):
        return element.text or ""
    if (other := replaced(element)) is not None:
        return other
    name = local_name(element)
    attributes = "".join(
        f' {etree.QName(key).localname}="{html.escape(value)}"' for key, value in element.attrib.items()
    )
    if name in _VOID_TAGS:
        return f"<{name}{attributes}>"
    return f"<{name}{attributes}>{inner_html(element, replaced)}</{name}>"
