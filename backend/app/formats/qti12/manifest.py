"""The files of a QTI 1.2 package beside the items, as Canvas writes them."""

from collections.abc import Iterable
from html import escape

from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element, serialized, xml_text

MANIFEST = "imsmanifest.xml"

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_CONTENT = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
_QUIZ = "imsqti_xmlv1p2"
_META = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
_FILE = "webcontent"


def assessment_start(ident: str, title: str) -> bytes:
    """Everything before the first item; the items are streamed."""
    named = f'<assessment ident="{ident}" title="{escape(xml_text(title))}">'
    return _HEAD + f'<questestinterop xmlns="{_QTI}">\n{named}\n<section ident="root_section">\n'.encode()


def assessment_meta(ident: str, title: str) -> bytes:
    made = element("quiz", {"xmlns": _CANVAS, "identifier": ident})
    add(made, "title", title)
    add(made, "quiz_type", "assignment")
    return _HEAD + serialized(made)


def manifest(ident: str, files: Iterable[str]) -> bytes:
    made = element("manifest", {"xmlns": _CONTENT, "identifier": f"{ident}_manifest"})
    about = add(made, "metadata")
    add(about, "schema", "IMS Content")
    add(about, "schemaversion", "1.1.3")
    add(made, "organizations")
    resources = add(made, "resources")
    quiz = _add_resource(resources, ident, _QUIZ, f"{ident}/{ident}.xml")
    add(quiz, "dependency", attributes={"identifierref": f"{ident}_meta"})
    _add_resource(resources, f"{ident}_meta", _META, f"{ident}/assessment_meta.xml")
    for place, name in enumerate(files, start=1):
        _add_resource(resources, f"{ident}_file{place}", _FILE, name)
    return _HEAD + serialized(made)


def _add_resource(resources: Element, ident: str, kind: str, member: str) -> Element:
    made = add(resources, "resource", attributes={"identifier": ident, "type": kind, "href": member})
    add(made, "file", attributes={"href": member})
    return made
