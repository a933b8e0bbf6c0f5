"""Building XML elements from any text."""

import re
from collections.abc import Mapping

from lxml import etree

from app.formats.xml_reading import Element

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def element(name: str, attributes: Mapping[str, str] | None = None, text: str = "") -> Element:
    made = etree.Element(name, {key: xml_text(value) for key, value in (attributes or {}).items()})
    made.text = xml_text(text) or None
    return made


def add(parent: Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> Element:
    made = element(name, attributes, text)
    parent.append(made)
    return made


def serialized(made: Element) -> bytes:
    """The element, indented, with a line feed at its end; texts are not touched."""
    etree.indent(made, "  ")
    return etree.tostring(made, encoding="utf-8") + b"\n"
