"""Which members of a package hold the items."""

import posixpath
import re

from app.formats.archives import Archive
from app.formats.qti12 import pool
from app.formats.reading import Sample
from app.formats.xml_reading import root_tag
from app.utils.text import decode

_MANIFEST = "imsmanifest.xml"
ROOTS = frozenset({"questestinterop", pool.ROOT})

_EXTENSIONS = (".xml", ".qti", ".dat")
_RESOURCE_TYPE = re.compile(r'"(?:imsqti_xmlv1p[12]|assessment/x-bb-|[^"]*x-bb-qti)|\.xml\.qti"', re.IGNORECASE)
_HEAD_BYTES = 4096
_TRIED_MEMBERS = 20


def looks_like_package(sample: Sample) -> bool:
    for name in sample.members:
        if posixpath.basename(name).lower() == _MANIFEST:
            manifest = decode(sample.member_head(name))
            if _RESOURCE_TYPE.search(manifest):
                return True
    candidates = [name for name in sample.members if name.lower().endswith(_EXTENSIONS)][:_TRIED_MEMBERS]
    return any(root_tag(decode(sample.member_head(name))).name in ROOTS for name in candidates)


def question_members(archive: Archive) -> list[str]:
    """Files of items in the order of the archive.

    Canvas cartridges hold a quiz twice, once reduced to what every system understands; that copy is left out.
    """
    found = [name for name in archive.names if name.lower().endswith(_EXTENSIONS) and _has_items(archive, name)]
    return [name for name in found if _full_copy(name) not in found]


def _has_items(archive: Archive, name: str) -> bool:
    with archive.open(name) as stream:
        return root_tag(decode(stream.read(_HEAD_BYTES))).name in ROOTS


def _full_copy(name: str) -> str:
    folder, base = posixpath.split(name)
    return f"non_cc_assessments/{folder}.xml.qti" if base == "assessment_qti.xml" else ""
