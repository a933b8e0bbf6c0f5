"""Packages of QTI 2 and 3: which members are items, in which order, and the texts that several of them share."""

import posixpath
import re
from collections.abc import Iterator

from app.domain.question_draft import Location, Passage
from app.formats.archives import Archive
from app.formats.qti.body import content
from app.formats.qti.files import LinkedFiles
from app.formats.qti.names import ROOTS, canonical
from app.formats.qti12.texts import Files
from app.formats.reading import Event, Limits, Problem, ProblemCode, ReadError, Sample, problem
from app.formats.xml_reading import Element, child, descendants, root_tag, xml_root
from app.utils.text import decode

_MANIFEST = "imsmanifest.xml"
_RESOURCE_TYPE = re.compile(r"imsqti_(?:item|test|section)_xmlv(?:2p[0-2]|3p0)", re.IGNORECASE)
_ITEM_TYPE = re.compile(r"imsqti_(?:apip)?item_xmlv", re.IGNORECASE)
_HEAD_BYTES = 4096
_TRIED_MEMBERS = 20


def looks_like_package(sample: Sample) -> bool:
    for name in sample.members:
        if posixpath.basename(name).lower() == _MANIFEST and _RESOURCE_TYPE.search(decode(sample.member_head(name))):
            return True
    candidates = [name for name in sample.members if name.lower().endswith(".xml")][:_TRIED_MEMBERS]
    return any(root_tag(decode(sample.member_head(name))).name in ROOTS for name in candidates)


class Package:
    """``problems`` says which items of the manifest are not there."""

    def __init__(self, archive: Archive, file: str, limits: Limits) -> None:
        self.problems: list[Problem] = []
        self._archive = archive
        self._file = file
        self._limits = limits
        self._files = Files(archive)
        self._passages: dict[str, Passage] = {}

    def items(self) -> list[str]:
        """Members that hold an item: those of the manifest in its order, then the others."""
        found = [name for name in self._archive.names if name.lower().endswith(".xml") and self._is_item(name)]
        listed = [name for name in self._listed() if name in found]
        return list(dict.fromkeys([*listed, *found]))

    def files_of(self, member: str) -> Files:
        return self._files.beside(member)

    def passage_of(self, item: Element, member: str) -> tuple[Passage | None, list[Event]]:
        """The text that the item refers to, and the files in it the first time."""
        for reference in descendants(item, "assessmentStimulusRef"):
            name = self._archive.find(reference.get("href") or "", member)
            if name in self._passages:
                return self._passages[name], []
            if name is not None:
                files = LinkedFiles(self._files.beside(name))
                self._passages[name] = self._read_passage(name, files)
                return self._passages[name], files.events
        return None, []

    def _read_passage(self, name: str, files: LinkedFiles) -> Passage:
        root = canonical(xml_root(self._archive.open(name), self._limits, self._place(name)))
        files.link(root)
        html = content(child(root, "stimulusBody"))
        return Passage(external_id=root.get("identifier") or name, title=root.get("title") or "", html=html)

    def _is_item(self, name: str) -> bool:
        with self._archive.open(name) as stream:
            return root_tag(decode(stream.read(_HEAD_BYTES))).name in ROOTS

    def _listed(self) -> Iterator[str]:
        for manifest in self._archive.names:
            if posixpath.basename(manifest).lower() == _MANIFEST:
                yield from self._resources(manifest)

    def _resources(self, manifest: str) -> Iterator[str]:
        try:
            root = xml_root(self._archive.open(manifest), self._limits, self._place(manifest))
        except ReadError as error:
            self.problems.append(error.problem)
            return
        for resource in descendants(root, "resource"):
            if not _ITEM_TYPE.match(resource.get("type") or ""):
                continue
            link = resource.get("href") or ""
            if (name := self._archive.find(link, manifest)) is not None:
                yield name
            else:
                message = "An item that the manifest lists is not in the package."
                self.problems.append(problem(ProblemCode.MISSING_MEDIA, message, self._place(manifest), text=link))

    def _place(self, member: str) -> Location:
        return Location(file=self._file, member=member)
