"""Links of an item, pointed at the files of its package."""

from app.domain.question_draft import MediaRef
from app.formats.qti12.texts import FileFinder
from app.formats.reading import Event
from app.formats.xml_reading import Element, local_name
from app.utils.html import is_remote

_ATTRIBUTES = ("src", "href", "data", "poster")
_LINKED_TAGS = frozenset({"img", "object", "audio", "video", "source", "track", "a", "imageinput"})
_ASSET = "asset-v1:"  # an address inside a course of Open edX


class LinkedFiles:
    """Collects in ``media`` and ``events`` what the links of one item mean."""

    def __init__(self, finder: FileFinder) -> None:
        self.media: dict[str, MediaRef] = {}
        self.events: list[Event] = []
        self._finder = finder

    def link(self, element: Element) -> None:
        """Every link to a file of the package becomes its name there; others stay as they are."""
        for each in element.iterdescendants():
            if local_name(each) in _LINKED_TAGS:
                for name in _ATTRIBUTES:
                    self._link(each, name)

    def _link(self, element: Element, attribute: str) -> None:
        link = element.get(attribute) or ""
        is_elsewhere = link.startswith("#") or (is_remote(link) and not link.startswith(_ASSET))
        if not link or is_elsewhere or (found := self._finder.find(link)) is None:
            return
        reference, events = found
        element.set(attribute, reference.name)
        self.media[reference.name] = reference
        self.events += events
