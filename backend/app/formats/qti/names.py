"""One spelling for both generations of QTI: ``qti-simple-choice`` of version 3 is ``simpleChoice`` of version 2."""

import re

from app.formats.xml_reading import Element, local_name

ROOTS = frozenset({"assessmentItem", "qti-assessment-item"})

_PREFIX = "qti-"
_HYPHEN = re.compile(r"-([a-z])")
_KEPT_ATTRIBUTES = ("data-", "aria-", "xml:", "{")


def canonical(root: Element) -> Element:
    """The element with the names of version 2 in place of those of version 3; HTML inside it is not touched."""
    for element in root.iter():
        name = local_name(element)
        if name.startswith(_PREFIX):
            element.tag = _camel_case(name.removeprefix(_PREFIX))
            for key in [key for key in element.attrib if "-" in key and not key.startswith(_KEPT_ATTRIBUTES)]:
                element.set(_camel_case(key), element.attrib.pop(key))
    return root


def _camel_case(name: str) -> str:
    return _HYPHEN.sub(lambda hyphen: hyphen[1].upper(), name)
