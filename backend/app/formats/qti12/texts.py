"""Texts of QTI 1.2: HTML from nested materials, with the files that it refers to."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Protocol

from app.domain.question_draft import MediaRef
from app.formats.archives import Archive
from app.formats.media_links import relinked
from app.formats.reading import Event
from app.formats.xml_reading import Element, children, descendants, inner_html, local_name, text_of
from app.utils.html import html_of, text_to_html

RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")

_HTML_TYPES = frozenset({"text/html", "text/xhtml", "html", "smart_text"})
_PLAIN_TYPES = frozenset({"text/plain", "plain_text", "plain"})
_MEDIA_TAGS = {"matimage": "img", "mataudio": "audio", "matvideo": "video"}
_CHUNK = 1 << 20
_BLACKBOARD_STUB = re.compile(r"@X@[^@]*@X@")
_BLACKBOARD_NUMBER = re.compile(r"xid-\d+_\d+")


class FileFinder(Protocol):
    def find(self, link: str) -> tuple[MediaRef, list[Event]] | None:
        """Reference to the file that a link means, and the file itself the first time."""
        ...


class Files:
    """The files of a package, by what a text calls them. Without a package no file is known."""

    def __init__(self, archive: Archive | None = None, base: str = "") -> None:
        self._archive = archive
        self._base = base
        self._known: dict[str, MediaRef] = {}

    def beside(self, member: str) -> "Files":
        """The same files seen from another member."""
        other = Files(self._archive, member)
        other._known = self._known
        return other

    def find(self, link: str) -> tuple[MediaRef, list[Event]] | None:
        if self._archive is None or (name := _member(self._archive, link, self._base)) is None:
            return None
        if name in self._known:
            return self._known[name], []
        self._known[name] = MediaRef(name=name, sha256=_digest(self._archive, name))
        return self._known[name], [self._archive.media(name)]


def _member(archive: Archive, link: str, base: str) -> str | None:
    """The member that a link means; Blackboard puts the number of a file into both."""
    if (name := archive.find(_BLACKBOARD_STUB.sub("", link), base)) is not None:
        return name
    number = _BLACKBOARD_NUMBER.search(link)
    return next((name for name in archive.names if number and number[0] in _numbers_in(name)), None)


def _numbers_in(name: str) -> list[str]:
    return _BLACKBOARD_NUMBER.findall(name)


def _digest(archive: Archive, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class ItemTexts:
    """HTML of the parts of one item. What it refers to is collected in ``media`` and ``events``."""

    def __init__(self, files: FileFinder) -> None:
        self.media: dict[str, MediaRef] = {}
        self.events: list[Event] = []
        self._files = files

    def html(self, element: Element | None) -> str:
        """The materials below an element, those of its responses left out."""
        return self._joined(_materials(element) if element is not None else ())

    def whole_html(self, element: Element) -> str:
        """All materials below an element that holds no responses."""
        return self._joined(material_html(material) for material in descendants(element, "material"))

    def _joined(self, parts: Iterable[str]) -> str:
        return self.linked(" ".join(part for part in parts if part).strip())

    def linked(self, html: str) -> str:
        return relinked(html, self._resolved)

    def _resolved(self, link: str) -> str | None:
        if (found := self._files.find(link)) is None:
            return None
        ref, events = found
        self.media[ref.name] = ref
        self.events += events
        return ref.name


def _materials(element: Element) -> Iterator[str]:
    if local_name(element) == "material":
        yield material_html(element)
        return
    for part in children(element):
        if local_name(part) not in RESPONSES and not local_name(part).startswith("render_"):
            yield from _materials(part)


def material_html(material: Element) -> str:
    return "".join(_part_html(part) for part in material.iter() if part is not material).strip()


def _part_html(part: Element) -> str:
    name = local_name(part)
    if name in {"mattext", "matemtext", "mat_formattedtext"}:
        return _text_html(part)
    if name == "matbreak":
        return "<br>"
    link = part.get("uri")
    if name in _MEDIA_TAGS and link:
        tag = _MEDIA_TAGS[name]
        described = f' alt="{escape(part.get("label") or "")}"' if tag == "img" else " controls"
        return f'<{tag} src="{escape(link)}"{described}>' + ("" if tag == "img" else f"</{tag}>")
    if name == "matapplication" and link:
        return f'<a href="{escape(link)}">{escape(part.get("label") or link)}</a>'
    return ""


def _text_html(part: Element) -> str:
    text_type = (part.get("texttype") or part.get("type") or "").lower()
    if any(True for _ in children(part)):
        return inner_html(part).strip()
    text = text_of(part)
    if text_type in _HTML_TYPES:
        return text
    return text_to_html(text) if text_type in _PLAIN_TYPES else html_of(text)
