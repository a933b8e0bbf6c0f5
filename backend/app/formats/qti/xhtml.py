"""HTML of questions as XML elements."""

from lxml import etree, html

from app.formats.xml_reading import Element, local_name
from app.formats.xml_writing import xml_text

MATH = "http://www.w3.org/1998/Math/MathML"

_MATH_ROOT = "math"


def append_html(parent: Element, markup: str) -> Element:
    """Append the content of the markup to the element."""
    fragments = html.fragments_fromstring(xml_text(markup)) if markup.strip() else []
    for fragment in fragments:
        if isinstance(fragment, str):
            _append_text(parent, fragment)
        else:
            parent.append(_copied(fragment, in_math=False))
    return parent


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _copied(source: Element, *, in_math: bool) -> Element:
    in_math = in_math or source.tag == _MATH_ROOT
    tag = f"{{{MATH}}}{local_name(source)}" if in_math else local_name(source)
    attributes = {str(key): str(value) for key, value in source.attrib.items() if str(key) != "xmlns"}
    made = etree.Element(tag, attributes, nsmap={"m": MATH} if source.tag == _MATH_ROOT else None)
    made.text, made.tail = source.text, source.tail
    for child in source:
        if isinstance(child.tag, str):
            made.append(_copied(child, in_math=in_math))
    return made
