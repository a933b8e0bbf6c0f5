"""The members of a written package: its manifest, its items and their files."""

import zipfile
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from lxml import etree

from app.domain.question_draft import MediaRef, QuestionDraft
from app.formats.archives import is_safe_name
from app.formats.reading import Event, Loss, WriteOptions
from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element

MANIFEST = "imsmanifest.xml"

_OWN_MEMBERS = (MANIFEST, "item")
_FASTEST = 1  # XML shrinks enough, and a reader may take a very high ratio for a bomb


class Version(NamedTuple):
    """The names by which the generations of packages differ."""

    item_namespace: str
    manifest_namespace: str
    resource_type: str
    schema: str
    schema_version: str


VERSION_21 = Version(
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "imsqti_item_xmlv2p1",
    "QTIv2.1 Package",
    "1.0.0",
)
VERSION_30 = Version(
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "imsqti_item_xmlv3p0",
    "QTI Package",
    "3.0.0",
)


class PackageWriter:
    def __init__(self, out: BinaryIO, version: Version, options: WriteOptions) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST)
        self._version = version
        self._options = options
        self._media: dict[str, MediaRef] = {}
        self._items: dict[str, Sequence[str]] = {}

    def add_item(self, item: Element, files: Sequence[str]) -> None:
        name = f"item{len(self._items) + 1:05}.xml"
        self._items[name] = files
        self._write(name, _serialized(item, self._version.item_namespace))

    def add_media(self, ref: MediaRef) -> bool:
        """Whether the file is in the package now: it is there, and no other file has its name."""
        if ref.name in self._media:
            return self._media[ref.name].sha256 == ref.sha256
        if not is_safe_name(ref.name) or ref.name.startswith(_OWN_MEMBERS):
            return False
        stream = self._options.media(ref)
        if stream is None:
            return False
        with stream:
            self._write(ref.name, stream.read())
        self._media[ref.name] = ref
        return True

    def close(self) -> None:
        self._write(MANIFEST, _serialized(self._manifest(), self._version.manifest_namespace))
        self._zip.close()

    def _manifest(self) -> Element:
        manifest = element("manifest", {"identifier": "manifest"})
        metadata = add(manifest, "metadata")
        add(metadata, "schema", self._version.schema)
        add(metadata, "schemaversion", self._version.schema_version)
        add(manifest, "organizations")
        resources = add(manifest, "resources")
        for name, files in self._items.items():
            kind = self._version.resource_type
            attributes = {"identifier": name.removesuffix(".xml"), "type": kind, "href": name}
            resource = add(resources, "resource", attributes=attributes)
            for file in (name, *files):
                add(resource, "file", attributes={"href": quote(file)})
        return manifest

    def _write(self, name: str, data: bytes) -> None:
        with self._zip.open(name, "w") as member:  # unlike writestr, this leaves out the time
            member.write(data)


def _serialized(root: Element, namespace: str) -> bytes:
    for each in root.iter():
        if isinstance(each.tag, str) and not each.tag.startswith("{"):
            each.tag = f"{{{namespace}}}{each.tag}"
    wrapped = etree.Element(root.tag, dict(root.attrib), nsmap={None: namespace})
    wrapped.text = root.text
    wrapped.extend([*root])
    return etree.tostring(wrapped, encoding="utf-8", xml_declaration=True)


class ItemFiles:
    """The files of one question: those in the package, by the address that its HTML uses for them."""

    def __init__(self, draft: QuestionDraft, package: PackageWriter) -> None:
        self.names: dict[str, str] = {}
        self.missing = [ref.name for ref in draft.media if not self._add(ref, package)]

    def _add(self, ref: MediaRef, package: PackageWriter) -> bool:
        is_there = package.add_media(ref)
        if is_there:
            self.names[quote(ref.name)] = ref.name
        return is_there

    def find(self, link: str) -> tuple[MediaRef, list[Event]] | None:
        """As `FileFinder.find`, for reading back."""
        name = self.names.get(link)
        return (MediaRef(name=name), []) if name is not None else None

    def losses(self, position: int) -> list[Loss]:
        return [
            Loss(position, "media", f"The file {name} is not there or cannot keep its name.") for name in self.missing
        ]
