"""Texts of a Moodle question: their formats, and the files embedded beside them."""

import binascii
import hashlib
import io
import re
from base64 import b64decode
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote

from app.domain.question_draft import Location, MediaRef
from app.formats.media_links import relinked
from app.formats.reading import Event, MediaFile
from app.formats.xml_reading import Element, child, inner_html, text_of
from app.utils.html import html_of, text_to_html

FILE_PREFIX = "@@PLUGINFILE@@"
MARKDOWN = "markdown"

_UNSAFE_IN_NAMES = re.compile(r'[\\:?#%"<>|*\x00-\x1f]')
_LONGEST_NAME = 150
_DIGEST_LENGTH = 8


class FileNames:
    """Names of the embedded files of one source: one name never stands for two contents."""

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}

    def name(self, wanted: str, digest: str) -> tuple[str, bool]:
        """The name for a content, and whether it is new."""
        name = _UNSAFE_IN_NAMES.sub("_", wanted).strip("/ ")[-_LONGEST_NAME:] or "file"
        if self._digests.get(name, digest) != digest:
            path = PurePosixPath(name)
            name = str(path.with_name(f"{path.stem}-{digest[:_DIGEST_LENGTH]}{path.suffix}"))
        is_new = name not in self._digests
        self._digests[name] = digest
        return name, is_new


class QuestionTexts:
    """HTML of the parts of one question. Files that it refers to are collected in ``media`` and ``events``.

    A file that is not there, or not valid base64, keeps its name in the HTML and is missing from ``media``.
    """

    def __init__(self, question: Element, names: FileNames, location: Location) -> None:
        self.media: dict[str, MediaRef] = {}
        self.events: list[Event] = []
        self.is_markdown = False
        self._question = question
        self._names = names
        self._location = location
        self._files = {_path(each): each for each in question.iter("file")}
        stem = child(question, "questiontext")
        self._default = (stem.get("format") if stem is not None else None) or "html"
        self._legacy_image = _legacy_image(question)

    @cached_property
    def stem(self) -> str:
        html = self.html(child(self._question, "questiontext"))
        if self._legacy_image is None:
            return html
        name, data = self._legacy_image
        shown = self._stored(name, data) if data is not None else name
        return relinked(f'{html}<br><img src="image" alt="">', lambda link: shown if link == "image" else None)

    def html(self, element: Element | None, default: str | None = None) -> str:
        """HTML of an element that holds ``<text>``; ``default`` is its format where it names none."""
        text = raw_text(element)
        if element is None or not text:
            return ""
        return relinked(self._in_format(text, element.get("format") or default or self._default), self._resolved)

    def _in_format(self, text: str, text_format: str) -> str:
        match text_format:
            case "html":
                return text
            case "plain_text" | "plain":
                return text_to_html(text)
            case "markdown":
                self.is_markdown = True
                return text_to_html(text)
        return html_of(text)

    def _resolved(self, link: str) -> str | None:
        if not link.startswith(FILE_PREFIX):
            return None
        path = unquote(link.removeprefix(FILE_PREFIX).split("?")[0]).strip("/")
        if (found := self._files.get(path)) is None:
            return path
        data = _decoded(found.text or "")
        return self._stored(path, data) if data is not None else path

    def _stored(self, wanted: str, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        name, is_new = self._names.name(wanted, digest)
        self.media[name] = MediaRef(name=name, sha256=digest)
        if is_new:
            self.events.append(MediaFile(name, lambda: io.BytesIO(data), len(data), self._location))
        return name


def raw_text(element: Element | None) -> str:
    """Content of the ``<text>`` in an element. Some writers forget to escape the HTML in it."""
    found = child(element, "text")
    if found is None:
        return ""
    return (inner_html(found) if len(found) else found.text or "").strip()


def _path(file: Element) -> str:
    return f"{file.get('path') or '/'}{file.get('name') or ''}".strip("/")


def _legacy_image(question: Element) -> tuple[str, bytes | None] | None:
    """Name and content of the one image that questions of Moodle 1.9 had."""
    name = text_of(question, "image")
    return (name, _decoded(text_of(question, "image_base64"))) if name else None


def _decoded(text: str) -> bytes | None:
    try:
        return b64decode(text) or None
    except (binascii.Error, ValueError):
        return None
